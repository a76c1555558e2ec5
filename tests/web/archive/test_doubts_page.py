"""The page of an archive asks which transcript belongs to which sound: by keyboard and finger, in French too."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from werkzeug.test import TestResponse

from media.errors import Message
from tests.attack.full_library import open_pairs
from tests.web.archive.test_page import form
from tests.web.planting import plant_sample
from tests.web.targets import assert_met_by_a_finger
from tests.web.visiting import assert_accessible
from web.app import create_app
from web.archive.doubts import choices
from web.archive.doubts.kept import kept_of
from web.archive.doubts.record import DOUBTS, Counts, Doubts, Stay, doubts_in, key_of, leave
from web.archive.doubts.said import said
from web.archive.pairing.items import Clues, File, Sound, Text
from web.archive.pairing.pairs import Candidate, Pair, Pairing
from web.languages import catalogue
from web.library.folders import id_of
from web.settings import Settings

WORDS = catalogue("en")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Nothing is made of it yet."""
    library = tmp_path / "library"
    folder(library).mkdir(parents=True)
    leave(folder(library), open_pairs(), 0.9, [], is_whole=True)
    return library


def folder(library: Path) -> Path:
    return library / ".quotecast" / "archive"


def choose(client: FlaskClient, sound: str, **fields: str) -> TestResponse:
    return client.post("/archive/choice?state=failed", data=form(client, sound=key_of(sound), **fields))


def test_each_candidate_is_told_with_what_speaks_for_it_and_against_it(client: FlaskClient) -> None:
    page = client.get("/archive", headers={"Accept-Language": "fr"}).text
    assert page.count("Pour\u00a0: numéro 2") == 4
    assert page.count("Contre\u00a0: dans d’autres dossiers") == 4
    assert "sûr à 50\u00a0%" in page
    assert "0.txt peut aussi être celle de E03.mp3." in page
    assert "1\u00a0son sans transcription" in page
    assert "0.srt est le même que 0.txt" in page


def test_a_choice_is_left_for_the_next_update_and_told(client: FlaskClient, library: Path) -> None:
    answer = choose(client, "E01", text=key_of("text 1"))
    assert (answer.status_code, answer.location) == (303, "/archive?state=failed#doubts")
    assert choices.choice_of(folder(library), key_of("E01")).text == key_of("text 1")
    page = client.get("/archive").text
    assert "E01.mp3 goes with 1.txt." in page
    assert page.count('class="hint reasons"') == 2
    choose(client, "E02", text="none")
    assert "E02.mp3 goes with none of what was proposed." in client.get("/archive").text
    client.post("/archive/choice/back", data=form(client, sound=key_of("E01")))
    assert "E01.mp3 goes with" not in client.get("/archive").text


def test_of_two_who_choose_at_once_the_second_is_told(client: FlaskClient, library: Path) -> None:
    assert choose(client, "E01", text=key_of("text 1")).status_code == 303
    assert choose(client, "E01", text=key_of("text 1")).status_code == 303
    for other in (key_of("text 0"), "none"):
        answer = choose(client, "E01", text=other)
        assert (answer.status_code, WORDS["archive.doubts.chosen"] in answer.text) == (409, True)
    assert choices.choice_of(folder(library), key_of("E01")).text == key_of("text 1")


@pytest.mark.parametrize(
    ("sound", "text", "status"),
    [("E01", key_of("text 2"), 409), ("E09", "none", 409), ("E01", "../../x", 409), ("E01", "", 422)],
)
def test_what_is_not_asked_cannot_be_chosen(
    client: FlaskClient, library: Path, sound: str, text: str, status: int
) -> None:
    assert choose(client, sound, text=text).status_code == status
    assert client.post("/archive/choice", data={"sound": key_of("E01"), "text": "none"}).status_code == 403
    assert choices.choices_in(folder(library)) == []


def test_what_was_settled_meanwhile_can_neither_be_chosen_nor_taken_back(client: FlaskClient, library: Path) -> None:
    fields = form(client, sound=key_of("E01"), text="none")
    leave(folder(library), Pairing(), 0.9, [], is_whole=True)
    for way in ("", "/back"):
        answer = client.post(f"/archive/choice{way}", data=fields)
        assert (answer.status_code, WORDS["archive.doubts.gone"] in answer.text) == (409, True)
    assert WORDS["archive.doubts.title"] not in client.get("/archive").text


@pytest.mark.nightly
def test_a_transcript_that_is_chosen_for_two_sounds_is_told_at_both(client: FlaskClient, library: Path) -> None:
    pairs = open_pairs().pairs
    both = tuple(Pair(each.sound, pairs[0].text, 0.5, each.reasons) for each in pairs)
    leave(folder(library), Pairing(both), 0.9, [], is_whole=True)
    for name in ("E01", "E02"):
        choose(client, name, text=key_of("text 0"))
    assert client.get("/archive").text.count(WORDS["archive.doubts.contested"]) == 2


def test_what_an_update_could_not_use_stays_with_the_way_to_take_it_back(client: FlaskClient, library: Path) -> None:
    choose(client, "E01", text=key_of("text 0"))
    choose(client, "E02", text="none")
    there = frozenset(map(key_of, ("E01", "E02", "text 1", "text 2", "text 3")))
    kept = kept_of(doubts_in(folder(library)), choices.choices_in(folder(library)), there, (), ())
    leave(folder(library), Pairing(), 0.9, [], is_whole=True, beside=Doubts(kept=kept))
    page = client.get("/archive").text
    assert "E01.mp3 goes with 0.txt." in page
    assert WORDS["archive.doubts.lost"] in page
    assert WORDS["archive.doubts.without.all"] in page
    assert WORDS["archive.doubts.hint"] in page
    assert page.count(f">{WORDS['archive.doubts.back']}<") == 2
    for sound in ("E01", "E02"):
        assert client.post("/archive/choice/back", data=form(client, sound=key_of(sound))).status_code == 303
    page = client.get("/archive").text
    assert 'value="none"' in page
    assert key_of("text 1") in page
    assert key_of("text 0") not in page
    answer = choose(client, "E01", text=key_of("text 0"))
    assert (answer.status_code, WORDS["error.archive"] in answer.text) == (409, True)


@pytest.mark.nightly
def test_of_many_answers_the_first_are_shown_and_the_others_counted(client: FlaskClient, library: Path) -> None:
    pair = open_pairs().pairs[0]
    sounds = [Sound(f"{n}", Clues(), File(Path(f"/{n}.mp3"), 1, 1, f"{n}")) for n in range(210)]
    leave(folder(library), Pairing(tuple(Pair(each, pair.text, 0.5, ()) for each in sounds)), 0.9, [], True)
    for question in doubts_in(folder(library)).questions:
        choices.choose(folder(library), question, None)
    page = client.get("/archive").text
    assert page.count(f">{WORDS['archive.doubts.back']}<") == 200
    assert "and 10\u00a0others" in page


def test_candidates_are_in_the_order_of_their_confidence(client: FlaskClient, library: Path) -> None:
    pair = open_pairs().pairs[0]
    other = Candidate(pair.others[0].text, 0.7, ())
    leave(folder(library), Pairing((replace(pair, others=(other,)),)), 0.9, [], is_whole=True)
    page = client.get("/archive").text
    assert page.index("70% sure") < page.index("50% sure")
    assert "0.txt may also be that of E03.mp3." in page


def test_a_choice_of_a_sound_that_is_not_told_claims_its_transcript_too(client: FlaskClient, library: Path) -> None:
    choose(client, "E01", text=key_of("text 0"))
    assert WORDS["archive.doubts.contested"] not in client.get("/archive").text
    lost = msgspec.structs.replace(doubts_in(folder(library)).questions[0], key=key_of("lost"))
    choices.choose(folder(library), lost, key_of("text 0"))
    assert WORDS["archive.doubts.contested"] in client.get("/archive").text


def test_each_name_in_a_sentence_runs_its_own_way(client: FlaskClient, library: Path) -> None:
    pair = replace(open_pairs().pairs[0], claimants=("שלום.mp3", "E03.mp3", "سلام.mp3"))
    twice = (("שלום", "E01"),)
    leave(folder(library), Pairing((pair,), twice=twice, beside=(("E01.txt", "E01.srt"),)), 0.9, [], is_whole=True)
    page = client.get("/archive").text
    assert "that of \u2068שלום.mp3\u2069, E03.mp3, \u2068سلام.mp3\u2069." in page
    assert "E01 is \u2068שלום\u2069 once more" in page
    assert "<h3>1 transcript beside another one of that name, which is taken</h3>" in page
    assert "<li>E01.srt: E01.txt is taken</li>" in page


@pytest.mark.parametrize(
    ("language", "expected", "counts"),
    [
        ("en", "What is left over", "1 sound without a transcript · 1 transcript without a sound"),
        ("fr", "Ce qui reste", "1\u00a0son sans transcription · 1\u00a0transcription sans son"),
    ],
)
def test_where_no_question_is_open_what_is_left_over_is_what_it_is_called(
    client: FlaskClient, library: Path, language: str, expected: str, counts: str
) -> None:
    sound, text = open_pairs().pairs[0].sound, open_pairs().pairs[0].text
    leave(folder(library), Pairing((), (sound,), (text,)), 0.9, [], is_whole=True)
    page = client.get("/archive", headers={"Accept-Language": language}).text
    assert f'<h2 id="doubts-title">{expected}</h2>' in page
    assert f"<summary>{counts}</summary>" in page
    assert catalogue(language)["archive.doubts.title"] not in page


OTHERS = (
    "the new sound is another episode: {share:.0f}% of the old one is in it; expected another version of it, "
    "at most {most}% faster or slower"
)


@pytest.fixture
def staying(library: Path) -> Path:
    """The library with an aligned episode, of whose source neither the sound nor two transcripts were taken, and with
    what is told of one that is gone."""
    episode = plant_sample(library / "Vélo <b>")
    why = said(Message(OTHERS, share=0, most=5))
    stays = [
        Stay("Vélo <b>", "sound", "0" * 64, 12, why),
        Stay("Vélo <b>", "waiting", "1" * 64),
        Stay("Vélo <b>", "edited", sha256(b"ANA: The new one.\n").hexdigest()),
        Stay("gone", "sound", "0" * 64),
        Stay("../library", "edited", "0" * 64),
    ]
    beside = Doubts(stays=tuple(stays), counts=Counts(stays=7))
    leave(folder(library), Pairing(), 0.9, [], is_whole=True, beside=beside)
    return episode


@pytest.mark.nightly
def test_what_was_not_taken_is_told_with_the_way_to_the_episode_and_its_other_sound(
    client: FlaskClient, staying: Path
) -> None:
    page = client.get("/archive", headers={"Accept-Language": "fr"}).text
    address = f"/episodes/{id_of(staying.name)}"
    assert page.count(f'<a href="{address}"><bdi') == 3 + 1  # once in the list of all episodes
    assert f'<a href="{address}/sound" aria-label="Un autre son' in page
    assert client.get(f"{address}/sound").status_code == 200
    assert "repris\u00a0: le nouveau son est celui d’un autre épisode\u00a0: 0\u00a0% de l’ancien s’y trouve" in page
    assert "attend que le son qui s’y trouve soit celui de cet épisode" in page
    assert "celle d’ici reste" in page
    assert page.count("Le son a changé à la source") == 1  # the other one’s episode is gone
    assert "et 2\u00a0autres" in page


@pytest.mark.nightly
def test_what_was_taken_since_is_told_no_more(client: FlaskClient, staying: Path) -> None:
    told = WORDS["archive.staying.edited"]
    assert told in client.get("/archive").text
    (staying / "transcript.txt").write_bytes(b"ANA: The new one.\n")
    assert told not in client.get("/archive").text
    (staying / "episode.mp3").write_bytes(b"another")
    assert "0% of the old one" in client.get("/archive").text


def test_a_record_of_before_has_nothing_that_was_not_taken(client: FlaskClient, library: Path) -> None:
    path = folder(library) / DOUBTS
    told = json.loads(path.read_text("utf-8"))
    del told["open"]["stays"], told["open"]["counts"]["stays"]
    path.write_text(json.dumps(told), "utf-8")
    assert doubts_in(folder(library)).stays == ()
    assert WORDS["archive.staying.title"] not in client.get("/archive").text


@pytest.mark.nightly
@pytest.mark.parametrize(
    "stay", [{"folder": "a" * 256}, {"kind": "other"}, {"sha256": 1}, {"size": -1}, {"why": {"facts": {}}}]
)
def test_what_somebody_damaged_of_it_is_a_notice(client: FlaskClient, staying: Path, stay: dict[str, object]) -> None:
    path = folder(staying.parent) / DOUBTS
    told = json.loads(path.read_text("utf-8"))
    told["open"]["stays"][0] |= stay
    path.write_text(json.dumps(told), "utf-8")
    assert WORDS["archive.doubts.damaged"] in client.get("/archive").text


@pytest.mark.parametrize("width", [390, 1280])
def test_what_was_not_taken_can_be_met_by_a_finger(
    browser: Browser, page: Page, server: str, staying: Path, width: int
) -> None:
    assert_met_by_a_finger(browser, f"{server}/archive", width)
    page.goto(f"{server}/archive")
    assert_accessible(page)
    page.get_by_role("link", name="Another sound").click()
    expect(page.get_by_role("heading", name="Another sound")).to_be_visible()


def test_a_record_that_is_damaged_is_a_notice(client: FlaskClient, library: Path) -> None:
    (folder(library) / DOUBTS).write_text("{}", encoding="utf-8")
    answer = client.get("/archive")
    assert (answer.status_code, WORDS["archive.doubts.damaged"] in answer.text) == (200, True)


def test_names_are_no_html(client: FlaskClient, library: Path) -> None:
    name = "<script>alert(1)<"
    sound = Sound(name, Clues(names=(name,)), File(Path("/", f"{name}.mp3"), 1, 1, name))
    text = Text(name, Clues(names=(name,)), File(Path("/", f"{name}.txt"), 1, 1, name))
    leave(folder(library), Pairing((Pair(sound, text, 0.5, ()),), (sound,), (text,), ((name, name),)), 0.9, [], True)
    assert "<script>alert" not in client.get("/archive").text


@pytest.mark.nightly
def test_a_page_of_twenty_thousand_left_over_stays_small(client: FlaskClient, library: Path) -> None:
    sounds = tuple(Sound(f"{n}", Clues(), File(Path(f"/{n}.mp3"), 1, 1, f"{n}")) for n in range(20_000))
    text = open_pairs().pairs[0].text
    pairs = tuple(Pair(each, text, 0.5, open_pairs().pairs[0].reasons) for each in sounds[:3000])
    leave(folder(library), Pairing(pairs, sounds), 0.9, [], is_whole=True)
    page = client.get("/archive").text
    assert len(page) < 200_000
    assert "20,000\u00a0sounds without a transcript" in page
    assert "and 19,000\u00a0others" in page
    assert "2,990\u00a0more sounds are in doubt" in page


def test_where_nothing_can_be_changed_it_is_shown_without_buttons(library: Path) -> None:
    page = create_app(Settings(library, read_only=True)).test_client().get("/archive").text
    assert "For it: number 2" in page
    assert 'type="radio"' not in page
    assert WORDS["archive.doubts.hint"] not in page
    assert "Choose" not in page


def test_it_is_answered_by_keyboard(page: Page, server: str, library: Path) -> None:
    page.goto(f"{server}/archive")
    page.wait_for_selector("html.awake")
    page.get_by_text("Left over").click()
    assert_accessible(page)
    group = page.get_by_role("group", name="E01.mp3")
    group.get_by_role("radio", name="0.txt").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("E01.mp3 goes with 1.txt.")).to_be_visible()
    page.get_by_role("button", name="Choose: E02.mp3").click()  # nothing is chosen: the browser asks for it
    expect(page.get_by_role("group", name="E02.mp3")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Take back: E01.mp3").click()
    expect(group).to_be_visible()


@pytest.mark.parametrize("width", [390, 820])
def test_it_can_be_met_by_a_finger_and_works_without_scripts(browser: Browser, server: str, width: int) -> None:
    assert_met_by_a_finger(browser, f"{server}/archive", width)
    context = browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/archive")
    page.get_by_role("group", name="E02.mp3").get_by_label("None of these").check()
    page.get_by_role("button", name="Choose: E02.mp3").click()
    expect(page.get_by_text("E02.mp3 goes with none")).to_be_visible()
    context.close()

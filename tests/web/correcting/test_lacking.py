"""Speech that the text lacks, said what it is: put in as text, an advert, a jingle, or nothing that needs text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Locator, Page, expect

from aligner.settled import SettledKind
from aligner.storage.alignment_json import read_alignment
from aligner.transcript import read_transcript
from tests.web.correcting.test_page import data, without_a_name
from tests.web.visiting import assert_accessible, intercept, new_tab

HEARD = "autre chose que l'on entend"


@pytest.fixture
def lacking(page: Page, server: str, library: Path) -> Page:
    """A page of an episode whose transcript lacks what is said before a speaker's second turn."""
    file = library / "roue-libre" / "episode.alignment.json"
    alignment = json.loads(file.read_text(encoding="utf-8"))
    turns = [segment for segment in alignment["segments"] if segment.get("start") is not None]
    at = turns[1]["start"] - 0.2
    alignment["untranscribed"] = [{"start": at, "end": at + 0.2, "text": HEARD}]
    file.write_text(json.dumps(alignment), encoding="utf-8")
    page.goto(f"{server}/episodes/roue-libre")
    without_a_name(page)
    return page


def stored(library: Path) -> Path:
    return library / "roue-libre" / "episode.alignment.json"


def opened(page: Page) -> Locator:
    page.get_by_role("button", name="What is this?").click()
    return page.get_by_role("dialog", name="Speech that the transcript lacks")


def test_it_is_put_in_as_it_was_heard_and_corrected_and_taken_out_again(lacking: Page, library: Path) -> None:
    dialog = opened(lacking)
    assert_accessible(lacking)
    expect(dialog.get_by_label("What is said")).to_have_value(HEARD)
    dialog.get_by_label("What is said").fill("Autre chose que l’on a entendu.")
    dialog.get_by_label("Who speaks").fill("Zoé")
    dialog.get_by_role("button", name="Put into the transcript").click()
    turn = lacking.locator("#transcript .turn", has_text="Autre chose que")
    expect(turn).to_contain_text("Zoé")
    expect(lacking.locator("#toast")).to_contain_text("Put into the transcript.")
    alignment = read_alignment(stored(library))
    assert "Autre chose que l’on a entendu." in alignment.transcript.text
    lacking.locator("#toast").get_by_role("button", name="Undo").click()
    expect(turn).to_have_count(0)
    expect(lacking.locator("#transcript .missing")).to_have_count(1)
    expect(lacking.get_by_role("button", name="What is this?")).to_have_count(1)


@pytest.mark.parametrize(("named", "kind"), [("advert", SettledKind.ADVERT), ("jingle", SettledKind.JINGLE)])
def test_an_advert_and_a_jingle_are_shown_as_such_and_can_be_asked_again(
    lacking: Page, library: Path, named: str, kind: SettledKind
) -> None:
    assert len(data(lacking)["missing"]) == 1
    opened(lacking).get_by_role("button", name=f"It is a{'n' if kind is SettledKind.ADVERT else ''} {named}").click()
    expect(lacking.locator("#transcript .missing")).to_contain_text(named.capitalize())
    assert [each.kind for each in read_alignment(stored(library)).settled] == [kind]
    assert data(lacking)["missing"] == []
    opened(lacking).get_by_role("button", name="Ask again").click()
    expect(lacking.locator("#transcript .missing")).to_contain_text("Speech not in the transcript")
    assert read_alignment(stored(library)).settled == ()


def test_what_needs_no_text_is_gone_until_it_is_undone(lacking: Page) -> None:
    opened(lacking).get_by_role("button", name="It needs no text").click()
    expect(lacking.locator("#transcript .missing")).to_have_count(0)
    expect(lacking.get_by_role("button", name="What is this?")).to_have_count(0)
    lacking.keyboard.press("Control+z")
    expect(lacking.locator("#transcript .missing")).to_have_count(1)
    expect(lacking.get_by_role("button", name="What is this?")).to_have_count(1)


@pytest.mark.smoke
def test_keys_alone_open_it_and_settle_it(lacking: Page) -> None:
    lacking.locator(".missing").focus()
    lacking.keyboard.press("e")
    dialog = lacking.get_by_role("dialog", name="Speech that the transcript lacks")
    expect(dialog).to_be_visible()
    lacking.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    lacking.locator(".missing").focus()
    lacking.keyboard.press("e")
    dialog.get_by_role("button", name="It is an advert").focus()
    lacking.keyboard.press("Enter")
    expect(lacking.locator("#transcript .missing")).to_contain_text("Advert")


def test_fingers_open_it_on_a_phone_and_have_room(lacking: Page, browser: Browser, server: str) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with new_tab(browser, locale="en-GB", **phone) as page:
        page.goto(f"{server}/episodes/roue-libre")
        without_a_name(page)
        page.get_by_role("button", name="What is this?").tap()
        dialog = page.get_by_role("dialog", name="Speech that the transcript lacks")
        box = dialog.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for button in dialog.locator("button:visible").all():
            place = button.bounding_box()
            assert place
            assert place["height"] >= 44, button.inner_text()
        dialog.get_by_role("button", name="It is a jingle").tap()
        expect(page.locator("#transcript .missing")).to_contain_text("Jingle")
        page.locator("#toast").get_by_role("button", name="Undo").tap()
        expect(page.locator("#transcript .missing")).to_contain_text("Speech not in the transcript")


def test_what_has_no_word_is_not_put_in_and_stays_to_be_written(lacking: Page, library: Path) -> None:
    before = stored(library).read_bytes()
    dialog = opened(lacking)
    dialog.get_by_label("What is said").fill("…")
    dialog.get_by_role("button", name="Put into the transcript").click()
    expect(dialog.locator("textarea:invalid")).to_be_focused()
    expect(dialog.get_by_label("What is said")).to_have_value("…")
    dialog.get_by_label("What is said").fill("Un mot.")
    dialog.get_by_role("button", name="Put into the transcript").click()
    expect(lacking.locator("#transcript .turn", has_text="Un mot.")).to_have_count(1)
    assert stored(library).read_bytes() != before


def test_who_speaks_is_asked_of_the_sound_and_never_another_is_named(client: FlaskClient, library: Path) -> None:
    alignment = read_alignment(stored(library))
    turns = [each for each in alignment.segments if each.segment.speaker and each.end and each.start is not None]
    long = [each for each in turns if each.end and each.start is not None and each.end - each.start > 5]
    told = []
    for each in long[:4]:
        answer = client.get(f"/api/episodes/roue-libre/voice?from={each.start}&to={each.end}")
        told.append((each.segment.speaker, answer.json["speaker"]))
    assert told
    assert all(guess in (speaker, None) for speaker, guess in told)
    assert client.get("/api/episodes/roue-libre/voice?from=3&to=2").status_code == 400
    assert client.get("/api/episodes/roue-libre/voice?from=nan&to=inf").status_code == 400
    beyond = client.get("/api/episodes/roue-libre/voice?from=1e308&to=1.1e308")
    assert (beyond.status_code, beyond.json) == (200, {"speaker": None, "by": None})


def test_who_speaks_before_and_after_it_is_proposed_where_the_voice_is_not_sure(
    lacking: Page, client: FlaskClient, library: Path
) -> None:
    """The passage is put into the middle of a turn, of which no voice is known in so short a sound."""
    alignment = read_alignment(stored(library))
    turn = next(each for each in alignment.segments if each.segment.speaker and each.end and each.start is not None)
    inside = [each.span for each in alignment.words if each.span and turn.start < each.span.start < turn.end]
    at, speaker = inside[len(inside) // 2].start, turn.segment.speaker
    told = client.get(f"/api/episodes/roue-libre/voice?from={at - 0.1}&to={at + 0.1}").json
    assert told == {"speaker": speaker, "by": "around"}
    between = client.get(f"/api/episodes/roue-libre/voice?from={turn.end}&to={turn.end + 0.1}").json
    assert between == {"speaker": None, "by": None}


def test_what_is_proposed_is_said_as_such_and_what_is_put_in_is_shown(lacking: Page, library: Path) -> None:
    answer = {"speaker": "Zoé", "by": "around"}
    intercept(lacking, "**/voice?*", lambda route: route.fulfill(json=answer))
    dialog = opened(lacking)
    expect(dialog.get_by_label("Who speaks")).to_have_value("Zoé")
    expect(dialog.get_by_role("status")).to_have_text("As around it.")
    assert_accessible(lacking)
    dialog.get_by_role("button", name="Put into the transcript").click()
    turn = lacking.locator("#transcript .turn", has_text=HEARD)
    expect(turn).to_contain_text("Zoé")
    expect(turn).to_be_in_viewport()


def test_put_in_by_nobody_file_page_and_captions_say_the_same_speaker(lacking: Page, library: Path) -> None:
    dialog = opened(lacking)
    dialog.get_by_label("What is said").fill("Autre chose encore.")
    dialog.get_by_label("Who speaks").fill("")
    dialog.get_by_role("button", name="Put into the transcript").click()
    expect(lacking.locator("#toast")).to_contain_text("Put into the transcript.")
    alignment = read_alignment(stored(library))
    own = next(
        each
        for each in alignment.transcript.segments
        if alignment.transcript.text[each.char_start : each.char_end] == "Autre chose encore."
    )
    path = stored(library).parent / alignment.transcript.file
    read = {
        alignment.transcript.text[each.char_start : each.char_end]: each.speaker
        for each in read_transcript(path).segments
    }
    assert own.speaker is not None
    assert read["Autre chose encore."] == own.speaker

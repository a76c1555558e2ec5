"""A sound in doubt is heard, beside the first lines of what is proposed for it: of this user's own sources alone."""

from __future__ import annotations

import io
import json
import os
import re
import wave
from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from aligner.storage.keys import forget_key
from tests.attack.full_library import open_pairs
from tests.web.archive.test_update import run
from tests.web.targets import assert_met_by_a_finger
from tests.web.visiting import assert_accessible
from web.archive.doubts import sounds
from web.archive.doubts.record import Question, doubts_in, leave
from web.archive.doubts.sounds import sounds_in
from web.archive.pairing.items import Clues, Entry, Sound
from web.archive.pairing.pairs import Pair, Pairing
from web.archive.seals import KEY
from web.languages import catalogue

WORDS = catalogue("en")
TEXTS = {
    "a 7": "Anna: <b>Aujourd'hui</b> nous parlons du vélo cargo.\n\nBo: De ses freins & de sa batterie.\n\n"
    + "".join(f"{name}: Et de bien d'autres choses encore, dans un instant.\n\n" for name in ("Anna", "Bo") * 4),
    "b 7": f"Anna: {'Le levain demande de la patience, dit-il. ' * 10}\n",
}
SECONDS = 30
HERTZ = 440


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A tone of half a minute, and two texts that may be its own."""
    folder = tmp_path / "source"
    folder.mkdir()
    tone = np.sin(2 * np.pi * HERTZ * np.arange(SECONDS * 44_100) / 44_100)
    with wave.open(str(folder / "E07.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes((tone * 20_000).astype("<i2").tobytes())
    for name, talk in TEXTS.items():
        (folder / f"{name}.txt").write_text(talk, "utf-8")
    return folder


@pytest.fixture
def library(source: Path, tmp_path: Path) -> Path:
    library = tmp_path / "library"
    assert run("add", "--yes", "--listen", "none", source, library) == 0
    return library


def folder(library: Path) -> Path:
    return library / ".quotecast" / "archive"


def asked(library: Path) -> Question:
    [question] = doubts_in(folder(library)).questions
    return question


def address(library: Path) -> str:
    return f"/archive/sound/{asked(library).key}"


@pytest.mark.nightly
def test_its_beginning_is_heard_whatever_its_format(client: FlaskClient, library: Path) -> None:
    answer = client.get(address(library))
    assert (answer.status_code, answer.mimetype) == (200, "audio/wav")
    with wave.open(io.BytesIO(answer.data)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (1, 16_000, SECONDS * 16_000)
        heard = np.frombuffer(file.readframes(16_000), "<i2")
    assert round(float(np.argmax(np.abs(np.fft.rfft(heard))))) == HERTZ


def test_of_a_long_one_no_more_is_decoded(client: FlaskClient, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "call", lambda function, *given: function(*given))
    monkeypatch.setattr(sounds, "SECONDS", 1)
    with wave.open(io.BytesIO(client.get(address(library)).data)) as file:
        assert file.getnframes() == 16_000


@pytest.mark.nightly
def test_players_are_given_the_parts_that_they_ask_for(client: FlaskClient, library: Path) -> None:
    whole = client.get(address(library)).data
    part = client.get(address(library), headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, whole[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert client.get(address(library), headers={"Range": f"bytes={len(whole)}-"}).status_code == 416


@pytest.mark.nightly
def test_in_a_library_that_somebody_sent_nothing_is_played(client: FlaskClient, library: Path) -> None:
    assert client.get(address(library)).status_code == 200
    forget_key(KEY)
    assert client.get(address(library)).status_code == 404
    assert WORDS["archive.doubts.unheard"] in client.get("/archive").text
    assert "<audio" not in client.get("/archive").text


@pytest.mark.nightly
@pytest.mark.parametrize("field", ["path", "size", "changed"])
def test_what_somebody_wrote_into_the_record_is_not_played(
    client: FlaskClient, library: Path, source: Path, field: str
) -> None:
    path = folder(library) / "sounds.json"
    told = json.loads(path.read_bytes())
    [lying] = told["sounds"].values()
    lying[field] = str(source / "a 7.txt") if field == "path" else lying[field] + 1
    path.write_text(json.dumps(told), "utf-8")
    assert client.get(address(library)).status_code == 404


def _link(path: Path) -> None:
    path.rename(path.with_name("elsewhere.wav"))
    path.symlink_to(path.with_name("elsewhere.wav"))


def _other_bytes(path: Path) -> None:
    path.write_bytes(b"other" + path.read_bytes())


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.nightly
@pytest.mark.parametrize("become", [Path.unlink, _link, _other_bytes, _pipe])
def test_what_is_another_by_now_is_not_played(client: FlaskClient, library: Path, source: Path, become: object) -> None:
    become(source / "E07.wav")  # type: ignore[operator]
    answer = client.get(address(library))
    assert (answer.status_code, WORDS["archive.doubts.unplayable"] in answer.text) == (404, True)


def test_what_is_asked_no_more_is_not_played(client: FlaskClient, library: Path) -> None:
    was = address(library)
    leave(folder(library), Pairing(), 0.9, [], is_whole=True)
    assert client.get(was).status_code == 404
    assert client.get("/archive/sound/no-key").status_code == 404


@pytest.mark.nightly
def test_what_lies_in_a_source_that_was_forgotten_is_not_played_though_it_is_still_asked(
    client: FlaskClient, library: Path, source: Path
) -> None:
    assert run("forget", source, library) == 0
    assert client.get(address(library)).status_code == 404


@pytest.mark.nightly
def test_the_record_is_for_this_users_eyes(library: Path, source: Path) -> None:
    [lying] = sounds_in(folder(library)).values()
    assert lying.path == str(source / "E07.wav")
    assert (folder(library) / "sounds.json").stat().st_mode & 0o077 == 0
    assert str(source) not in (folder(library) / "doubts.json").read_text("utf-8")


@pytest.mark.nightly
def test_each_transcript_is_told_by_its_first_lines_which_are_text(client: FlaskClient, library: Path) -> None:
    page = client.get("/archive", headers={"Accept-Language": "fr"}).text
    assert "Anna: &lt;b&gt;Aujourd&#39;hui&lt;/b&gt; nous parlons du vélo cargo.</p>" in page
    assert "Bo: De ses freins &amp; de sa batterie.</p>" in page
    assert "Anna: Le levain demande de la patience, dit-il." in page
    assert page.count("Le levain") < 10
    assert "Les 90\u00a0premières secondes de chaque son" in page
    openings = {each.name: each.opening for each in asked(library).candidates}
    assert [len(openings[name]) for name in ("a 7.txt", "b 7.txt")] == [4, 1]
    assert openings["a 7.txt"][1].startswith("Bo: De")
    assert openings["b 7.txt"][0].endswith("Le levain demande …")


@pytest.mark.nightly
def test_a_record_of_before_asks_without_them(client: FlaskClient, library: Path) -> None:
    path = folder(library) / "doubts.json"
    told = json.loads(path.read_bytes())
    for candidate in told["open"]["questions"][0]["candidates"]:
        del candidate["opening"], candidate["language"]
    path.write_text(json.dumps(told), "utf-8")
    (folder(library) / "sounds.json").unlink()
    page = client.get("/archive").text
    assert 'type="radio"' in page
    assert 'class="opening"' not in page


def test_one_that_is_only_in_a_feed_is_not_fetched_and_that_is_said(client: FlaskClient, library: Path) -> None:
    pair = Pair(Sound("feed", Clues(), entry=Entry("guid", "Seven")), open_pairs().pairs[0].text, 0.5, ())
    leave(folder(library), Pairing((pair,)), 0.9, [], is_whole=True)
    assert WORDS["archive.doubts.remote"] in client.get("/archive").text


def test_it_is_heard_by_keyboard_beside_what_is_proposed(page: Page, server: str, library: Path) -> None:
    page.goto(f"{server}/archive")
    page.wait_for_selector("html.awake")
    player = page.get_by_label("The first 90 seconds: E07.wav")
    player.focus()
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0")
    assert player.evaluate("each => each.duration") == pytest.approx(SECONDS, abs=0.01)
    radio = page.get_by_role("radio", name="a 7.txt")
    expect(radio).to_have_accessible_description(re.compile("vélo cargo"))
    assert_accessible(page)


def test_where_it_cannot_be_played_that_is_said_beside_it(
    browser: Browser, server: str, library: Path, source: Path
) -> None:
    (source / "E07.wav").unlink()
    tab = browser.new_page()
    try:
        tab.goto(f"{server}/archive")
        tab.wait_for_selector("html.awake")
        expect(tab.get_by_role("alert")).to_have_count(0)
        tab.evaluate("document.querySelector('audio').play().catch(() => 0)")
        expect(tab.get_by_role("alert")).to_have_text(WORDS["archive.doubts.unplayable"])
    finally:
        tab.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_all_of_it_can_be_met_by_a_finger(browser: Browser, server: str, library: Path, width: int) -> None:
    assert_met_by_a_finger(browser, f"{server}/archive", width)

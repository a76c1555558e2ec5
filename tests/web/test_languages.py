"""Each language has all the wording; readers get pages and errors in theirs, names keep that of their episode."""

import errno
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from playwright.sync_api import Browser, Page, expect

from aligner.storage.alignment_json import read_alignment, to_text
from tests.paths import ROOT
from tests.tables import over_rows
from tests.web.asking import Asker
from tests.web.gestures import word
from tests.web.jobs.acts import AlignmentAct
from tests.web.library.shelved import plant
from tests.web.page.planted import lay, planted
from tests.web.visiting import new_tab
from tests.web.watching import over
from web.jobs import Job, Jobs
from web.languages import LANGUAGES, catalogue, messages
from web.library.episode import EpisodeProblem

WEB = ROOT / "web"


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@over_rows("language", LANGUAGES)
def test_every_language_has_the_same_keys(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert other.keys() == english.keys()
    assert {key: places(text) for key, text in other.items()} == {key: places(text) for key, text in english.items()}


@over_rows("language", LANGUAGES)
def test_no_text_is_twice_in_a_catalogue(language: str) -> None:
    text = (WEB / "languages" / f"{language}.json").read_text(encoding="utf-8")
    keys = json.loads(text, object_pairs_hook=lambda pairs: [key for key, _ in pairs])
    assert len(keys) == len(set(keys))


def test_french_punctuation_has_no_plain_spaces() -> None:
    assert not [key for key, text in catalogue("fr").items() if re.search(r" [:;?!%»]|« ", text)]


@over_rows("language, space", [("en", ""), ("fr", "\u00a0")])
def test_a_percentage_is_written_in_one_way(language: str, space: str) -> None:
    said = [*catalogue(language).values(), *messages(language).values()]
    written = [found for text in said for found in re.findall(r"(?<=[}\d])(\s*)%", text)]
    assert len(written) > 10
    assert set(written) == {space}
    marked = [path.name for path in WEB.rglob("*.html") if re.search(r"\}\}(&nbsp;|\s)*%[^}]", path.read_text("utf-8"))]
    assert marked == []  # but by the words of a language


def test_every_key_in_use_exists() -> None:
    known = catalogue("en").keys()
    sources = [*WEB.rglob("*.html"), *(p for p in WEB.rglob("*.py"))]
    asked = {key for path in sources for key in re.findall(r"""\bt\(["']([\w.]+)["'][,)]""", path.read_text("utf-8"))}
    scripts = {
        f"js.{key}"
        for path in (WEB / "static" / "js").rglob("*.js")
        if path.parent.name != "embed"  # which brings its own
        for key in re.findall(r"""\bt\("([\w.]+)"[,)]""", path.read_text("utf-8"))
    }
    assert len(asked) > 40
    assert len(scripts) > 10
    assert (asked | scripts) - known == set()


@over_rows("asked, answered", [("fr-CH, en;q=0.5", "fr"), ("de, en;q=0.1", "en"), ("", "en")])
def test_the_browser_chooses_until_the_reader_does(client: FlaskClient, asked: str, answered: str) -> None:
    assert f'<html lang="{answered}"' in client.get("/", headers={"Accept-Language": asked}).text


TITLE, SHOW = "Die Donaudampfschifffahrtsgesellschaft", "Küchengespräche"
PAGES = (
    "/",
    "/search?q=ferry",
    "/episodes/tide",
    "/episodes/tide/details",
    "/episodes/tide/publish",
    "/episodes/tide/report",
    "/episodes/tide/versions",
)


def languages(page: str, text: str) -> list[str]:
    """In which language each element of a page is whose text is this one."""
    tree = html.fromstring(page)
    found = [
        each
        for each in tree.iter()
        if isinstance(each.tag, str) and (each.text or "").replace("\u00ad", "").strip() == text
    ]
    return [str(each.xpath("ancestor-or-self::*[@lang][1]/@lang")[0]) for each in found if each.tag != "title"]


@pytest.fixture
def german(library: Path) -> None:
    """One episode, in German."""
    shutil.rmtree(library / "roue-libre")
    plant(library / "tide", "Anna: The ferry leaves.", title=TITLE, show=SHOW)
    path = library / "tide" / "talk.alignment.json"
    path.write_text(to_text(replace(read_alignment(path), language="de")), encoding="utf-8")


@pytest.mark.nightly
@pytest.mark.usefixtures("german")
@over_rows("path", PAGES)
def test_a_title_has_the_language_of_its_episode_on_every_page(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept-Language": "en"}).text
    assert '<html lang="en"' in page
    assert set(languages(page, TITLE)) == {"de"}
    assert set(languages(page, SHOW)) <= {"de"}


ENGLISH = re.compile(r"\b(the|is|are|was|not|no|cannot|expected|again|of|with|this|it)\b", re.IGNORECASE)


@pytest.fixture
def french(browser: Browser, server: str) -> Iterator[Page]:
    with new_tab(browser, may_complain=True, viewport={"width": 1280, "height": 800}, locale="fr-FR") as page:
        yield page


def fail(app: Flask, folder: Path, *deed: str) -> Job:
    """A job that has failed."""
    jobs: Jobs = app.extensions["jobs"]
    return over(jobs, jobs.submit(folder, AlignmentAct(deed)).id)


def in_both(client: FlaskClient, path: str, body: object = None) -> list[Any]:
    """What a request is answered with in English and in French."""
    askers = [Asker(client, language) for language in ("en", "fr")]
    return [asker.get(path) if body is None else asker.post(path, body).json for asker in askers]


def test_a_failed_job_has_its_reason_in_the_readers_language(
    app: Flask, server: str, french: Page, folder: Path, client: FlaskClient
) -> None:
    job = fail(app, folder, "fail", "sound.mp3")
    assert str(folder) in job.message
    [english], [other] = in_both(client, f"/api/jobs?id={job.id}")
    assert english["message"].startswith("sound.mp3: is empty; expected audio, or a video")
    assert other["message"].startswith("sound.mp3\u00a0: est vide\u202f; un fichier audio est attendu")
    french.goto(server)
    expect(french.locator("#row-roue-libre .problem")).to_contain_text(
        "sound.mp3\u00a0: est vide\u202f; un fichier audio"
    )
    assert not ENGLISH.search(french.locator("#row-roue-libre .problem").inner_text())


@pytest.mark.ci
def test_a_refused_upload_has_its_french_error_beside_the_field(french: Page, server: str, tmp_path: Path) -> None:
    (tmp_path / "paroles.txt").write_bytes(b"%PDF-1.4")
    (tmp_path / "son.mp3").write_bytes(b"words, no sound")
    french.goto(f"{server}/add")
    french.set_input_files("#file-transcript", tmp_path / "paroles.txt")
    transcript = french.locator('.slot[data-kind="transcript"] .problem')
    expect(transcript).to_contain_text("paroles.txt\u00a0: format illisible (PDF)")
    assert not ENGLISH.search(transcript.inner_text())
    french.set_input_files("#file-audio", tmp_path / "son.mp3")
    audio = french.locator('.slot[data-kind="audio"] .problem')
    expect(audio).to_contain_text("son.mp3\u00a0: n’est pas un fichier audio, ou est endommagé au début")
    assert not ENGLISH.search(audio.inner_text())


def test_a_search_result_has_the_direction_of_its_words(page: Page, server: str, library: Path) -> None:
    plant(library / "sea", "سامي: البحر قديم يا صديقي.\n\nSami: La mer est vieille, البحر.\n", title="البحر")
    page.goto(f"{server}/search?q=البحر")
    ways = page.locator(".hits .words").evaluate_all("all => all.map(each => getComputedStyle(each).direction)")
    assert ways == ["rtl", "ltr"]


def test_each_turn_has_the_direction_of_its_words(page: Page, server: str, library: Path) -> None:
    turns = (("Sami", "البحر قديم."), ("ليلى", "Une roue, énorme."), ("ليلى", "הים ישן."), ("Sami", "Oui."))
    lay(library / "roue-libre", library / "roue-libre", planted(*turns))
    page.goto(f"{server}/episodes/roue-libre")
    ways = "turns => turns.map(turn => getComputedStyle(turn).direction)"
    assert page.locator(".turn").evaluate_all(ways) == ["rtl", "ltr", "ltr"]
    lefts = [page.locator(word(page, k)).evaluate("word => word.getBoundingClientRect().left") for k in range(8)]
    edge = page.locator(".turn").nth(1).evaluate("turn => turn.getBoundingClientRect().left")
    right = page.locator(".turn").nth(1).evaluate("turn => turn.getBoundingClientRect().right")
    assert lefts[0] > lefts[1] > edge + (right - edge) / 2  # rightmost first, at the right
    assert edge + 20 > lefts[2] < lefts[3] < lefts[4]
    assert lefts[5] > lefts[6] > edge + (right - edge) / 2  # a paragraph of the same turn


RAISED = re.compile(r'\b(?:WebError|Refused|NotFound|Conflict|TooLarge|Unusable)\(\s*"([\w.]+)"')


def test_every_refusal_and_problem_has_a_sentence() -> None:
    keys = {key for path in WEB.rglob("*.py") for key in RAISED.findall(path.read_text(encoding="utf-8"))}
    assert len(keys) > 40
    assert keys | {str(problem) for problem in EpisodeProblem} <= catalogue("en").keys()


def test_numbers_in_a_sentence_have_the_readers_decimal_mark(client: FlaskClient) -> None:
    beyond = {"kind": "place", "word": 7, "start": 900.0, "end": 900.5}
    corrections = "/api/episodes/roue-libre/corrections"
    sent = {"revision": 0, "correction": beyond}
    told = [Asker(client, language).post(corrections, sent).json["error"] for language in ("en", "fr")]
    assert [re.findall(r"\d+[.,]\d+", sentence)[0] for sentence in told] == ["900.00", "900,00"]


def test_a_full_disk_has_its_own_status(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    asker = Asker(client, "fr")
    upload = asker.post("/api/incoming").json["token"]
    monkeypatch.setattr("web.library.incoming.os.fsync", full)
    answer = asker.put(f"/api/incoming/{upload}/audio", b"sound", "a.mp3")
    assert answer.status_code == 507
    assert answer.json["error"].startswith("Le disque du serveur est plein")

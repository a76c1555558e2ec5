"""A folder of which something is missing, is of another run, or does not come to its end: all the same the text is read
and the sound heard, and the page says what is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from aligner.model import Status
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from tests.web.site.hosting import Answer, hosting
from tests.web.site.publishing import copied_sample, publish
from tests.web.visiting import assert_accessible


@pytest.fixture(scope="module")
def runs(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of an episode, and of the same with other times of its words."""
    root = tmp_path_factory.mktemp("runs")
    path = copied_sample(sample, root / "episode")
    whole = publish(path, root / "whole", "--interface", "en")
    alignment = read_alignment(path)
    words = tuple(replace(word, span=None, status=Status.UNSPOKEN) for word in alignment.words[:3])
    write_text(path, to_text(replace(alignment, words=(*words, *alignment.words[3:]))))
    return whole, publish(path, root / "other", "--interface", "en")


@pytest.fixture
def folder(runs: tuple[Path, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(runs[0], tmp_path / "site"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A tab whose console may complain."""
    context = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def assert_read_and_heard(page: Page) -> None:
    expect(page.get_by_text("Un vélo qui dort dans une cave").first).to_be_visible()
    expect(page.locator("#transcript .w")).to_have_count(0)
    expect(page.locator("#sound")).to_be_visible()
    assert page.locator("#sound").evaluate("(sound) => sound.controls")
    page.locator("#sound").evaluate("(sound) => sound.play()")
    page.wait_for_function("() => document.getElementById('sound').currentTime > 0.1")
    expect(page.locator("[data-play=toggle]")).to_be_hidden()


def test_without_words_of_its_own(page: Page, folder: Path) -> None:
    (folder / "episode.js").unlink()
    page.goto((folder / "index.html").as_uri())
    expect(page.locator("#toast [role=status]")).to_have_text(
        "episode.js is not where this page looks for it: the folder was not copied as a whole."
    )
    assert_read_and_heard(page)


def test_without_its_scripts(page: Page, folder: Path) -> None:
    (folder / "site.js").unlink()
    with hosting(folder) as address:
        page.goto(address)
        expect(page.get_by_text("The scripts of this page have not come")).to_be_visible()
        assert_read_and_heard(page)
        assert_accessible(page)
        page.goto("about:blank")


def test_with_words_of_another_run(page: Page, folder: Path, runs: tuple[Path, Path]) -> None:
    shutil.copy(runs[1] / "episode.js", folder)
    with hosting(folder) as address:
        page.goto(address)
        expect(page.locator("#toast [role=status]")).to_contain_text("episode.js is of another version than this page")
        assert_read_and_heard(page)
        assert_accessible(page)
        page.goto("about:blank")


def test_sound_that_is_cut_off_while_it_is_loaded_whole_is_told_and_tried_again(page: Page, folder: Path) -> None:
    sound, asked = (folder / "sound.mp3").read_bytes(), list[str]()

    def cut(request: SimpleHTTPRequestHandler) -> None:
        asked.append(request.headers["Sec-Fetch-Dest"])
        request.send_response(200)
        request.send_header("Content-Type", "audio/mpeg")
        request.send_header("Content-Length", str(len(sound)))
        request.end_headers()
        request.wfile.write(sound[: len(sound) // 2] if asked.count("empty") == 1 else sound)

    answers: dict[str, Answer] = {"/sound.mp3": cut}
    with hosting(folder, answers) as address:
        page.goto(address)
        page.get_by_text("tandem", exact=True).click()
        expect(page.locator("#toast [role=status]")).to_contain_text("could not be loaded whole")
        assert asked.count("empty") == 1
        page.get_by_text("tandem", exact=True).click()
        page.wait_for_function("() => document.getElementById('sound').currentTime > 46")
        expect(page.locator("#toast")).to_be_hidden()
        page.goto("about:blank")

"""A folder of which something is missing or does not come to its end: all the same the text is read and the sound
heard, and the page says what is wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.site.hosting import hosting
from tests.web.site.publishing import copied_sample, publish
from tests.web.visiting import assert_accessible, new_tab


@pytest.fixture
def folder(sample: Path, tmp_path: Path) -> Path:
    return publish(copied_sample(sample, tmp_path / "episode"), tmp_path / "site", "--interface", "en")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with new_tab(browser, may_complain=True, locale="en-GB", viewport={"width": 1280, "height": 800}) as page:
        yield page


def assert_read_and_heard(page: Page) -> None:
    expect(page.get_by_text("Un vélo qui dort dans une cave").first).to_be_visible()
    expect(page.locator("#audio")).to_be_visible()
    assert page.locator("#audio").evaluate("(sound) => sound.controls")
    page.locator("#audio").evaluate("(sound) => sound.play()")
    page.wait_for_function("() => document.getElementById('audio').currentTime > 0.1")
    expect(page.locator("[data-play=toggle]")).to_be_hidden()


def test_without_its_captions(page: Page, folder: Path) -> None:
    (folder / "captions.js").unlink()
    page.goto((folder / "index.html").as_uri())
    page.keyboard.press("c")
    expect(page.locator("#captions")).to_contain_text("This page cannot find captions.js")


def test_without_its_scripts(page: Page, folder: Path) -> None:
    (folder / "site.js").unlink()
    with hosting(folder) as address:
        page.goto(address)
        expect(page.get_by_text("This page’s scripts did not load")).to_be_visible()
        assert_read_and_heard(page)
        assert_accessible(page)
        page.goto("about:blank")


def test_a_page_opened_at_a_time_plays_nothing_before_it_while_its_sound_is_loaded_whole(
    page: Page, folder: Path
) -> None:
    with hosting(folder) as address:
        page.goto(f"{address}#t=32")
        page.evaluate(
            """() => {
                globalThis.heard = [];
                const sound = document.getElementById("audio");
                const note = () => { if (!sound.paused) globalThis.heard.push(sound.currentTime); };
                sound.addEventListener("timeupdate", note);
            }"""
        )
        page.locator("[data-play=toggle]").click()
        page.wait_for_function("() => globalThis.heard.some((time) => time > 32.5)")
        assert min(page.evaluate("globalThis.heard")) >= 31.9
        page.goto("about:blank")

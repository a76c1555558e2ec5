"""The report's page has the library's figures, and its passages play."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from aligner.model import Verdict
from aligner.report.facts import report_of
from aligner.report.page import to_html
from aligner.storage.alignment_json import read_alignment, to_text
from tests.aligner.report.doubted import with_doubt
from tests.web.gestures import selected
from tests.web.visiting import assert_accessible, new_tab

ALIGNMENT = "episode.alignment.json"
REPORT = "/episodes/roue-libre/report"


@pytest.fixture
def doubted(library: Path) -> Path:
    """The sample's alignment with a passage in doubt and a verdict that is not good."""
    path = library / "roue-libre" / ALIGNMENT
    alignment = with_doubt(read_alignment(path), (range(30, 50), 0.2))
    path.write_text(to_text(replace(alignment, verdict=Verdict.REVIEW, coverage=0.8345)), encoding="utf-8")
    return path


def test_the_figures_are_those_of_the_library_and_of_the_page(client: FlaskClient, doubted: Path) -> None:
    library, episode, report = (client.get(address).text for address in ("/", "/episodes/roue-libre", REPORT))
    assert "83.5%" in library
    assert "83.5% of the words" in episode
    assert "83.5% of the words" in report
    assert f'href="{REPORT}"' in library
    assert f'href="{REPORT}"' in episode


def test_an_episode_without_an_alignment_has_no_report(client: FlaskClient, doubted: Path) -> None:
    doubted.unlink()
    assert client.get(REPORT).status_code == 404


@pytest.mark.ci
@pytest.mark.usefixtures("doubted")
def test_a_passage_plays_from_its_beginning_to_its_end(page: Page, server: str) -> None:
    page.goto(server + REPORT)
    button = page.locator("#doubtful-title + p + ol button").first
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    start, end = (float(button.get_attribute(f"data-{name}") or "") for name in ("from", "to"))
    page.wait_for_function(
        """([start, end]) => {
            const { currentTime, paused } = document.getElementById("report-audio");
            return !paused && currentTime >= start && currentTime < end;
        }""",
        arg=[start, end],
    )
    page.evaluate("end => { document.getElementById('report-audio').currentTime = end - 0.3; }", end)
    expect(button).to_have_attribute("aria-pressed", "false")
    page.goto("about:blank")


def test_a_passage_leads_to_its_words_in_the_transcript(page: Page, server: str, doubted: Path) -> None:
    [passage] = report_of(read_alignment(doubted)).doubtful.first
    page.goto(server + REPORT)
    page.locator("#doubtful-title + p + ol > li").first.get_by_role("link").click()
    expect(page.locator("#transcript .sel")).to_have_count(len(passage.words))
    assert selected(page) == list(range(passage.words.first, passage.words.stop))
    page.goto("about:blank")


@pytest.mark.parametrize(("width", "scheme", "locale"), [(390, "dark", "fr-FR"), (1440, "light", "en-GB")])
@pytest.mark.usefixtures("doubted")
def test_the_report_is_accessible_and_fits(browser: Browser, server: str, width: int, scheme: Any, locale: str) -> None:
    size = {"width": width, "height": 900}
    with new_tab(browser, viewport=size, color_scheme=scheme, locale=locale) as tab:
        tab.goto(server + REPORT)
        expect(tab.locator("h1")).to_be_visible()
        assert_accessible(tab)
        assert tab.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        tab.goto("about:blank")


@pytest.fixture
def alone(doubted: Path) -> Path:
    """The offline page of the report, beside the audio."""
    path = doubted.with_name("report.html")
    path.write_text(to_html(report_of(read_alignment(doubted)), "episode.mp3"), encoding="utf-8")
    return path


@pytest.mark.nightly
def test_the_offline_report_plays_the_audio_beside_it(browser: Browser, alone: Path) -> None:
    with new_tab(browser, locale="en-GB") as tab:
        tab.goto(alone.as_uri())
        button = tab.locator("button.play").first
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        start = float(button.get_attribute("data-from") or "")
        tab.wait_for_function("start => document.getElementById('report-audio').currentTime >= start", arg=start)
        expect(tab.locator("#audio-missing")).to_be_hidden()
        assert_accessible(tab)

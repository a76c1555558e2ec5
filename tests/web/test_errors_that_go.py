"""An error stays as long as its cause, and no longer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.web.gestures import drag, press
from tests.web.planting import plant_clip
from tests.web.visiting import intercept


@pytest.mark.parametrize(("locale", "save"), [("en-GB", "Save"), ("fr-FR", "Enregistrer")])
def test_the_error_of_a_field_goes_as_the_field_is_mended(
    browser: Browser, server: str, locale: str, save: str
) -> None:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(f"{server}/episodes/roue-libre/details")
    page.fill("#field-url", "no address")
    page.get_by_role("button", name=save).first.click()
    expect(page.locator("#form-problem")).to_be_visible()
    page.locator("#field-url").press_sequentially("x")
    expect(page.locator("#form-problem")).to_be_hidden()
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    context.close()


def test_an_error_stands_at_the_field_that_it_is_of_beside_its_hint(browser: Browser, server: str) -> None:
    context = browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    page = context.new_page()  # whose console tells of the answer that refuses it
    page.goto(f"{server}/episodes/roue-libre/details")
    field, problem = page.locator("#field-url"), page.locator("#form-problem")
    field.fill("no address")
    page.get_by_role("button", name="Save").first.click()
    expect(problem).to_be_in_viewport()
    expect(page.locator(".field.url")).to_contain_text("is no address of the web")
    expect(field).to_have_accessible_description(re.compile("quotes lead there.*is no address of the web"))
    field.fill("https://example.org")
    expect(field).to_have_accessible_description(re.compile("quotes lead there.$"))
    page.locator("#field-title").fill("")
    page.get_by_role("button", name="Save").first.click()
    expect(page.locator(".field.title")).to_contain_text("title")
    expect(problem).to_be_in_viewport()
    context.close()


def test_that_something_is_missing_is_no_longer_said_once_it_is_given(page: Page, server: str, library: Path) -> None:
    page.goto(f"{server}/add")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#form-problem")).to_be_visible()
    page.locator(".slot input[type=file]").nth(1).set_input_files(library / "roue-libre" / "transcript.txt")
    expect(page.locator("#form-problem")).to_be_hidden()


def test_a_cover_that_is_no_picture_is_taken_back_and_its_error_goes(
    browser: Browser, server: str, library: Path, tmp_path: Path
) -> None:
    (tmp_path / "cover.png").write_bytes(b"no picture")
    context = browser.new_context(locale="en-GB")
    page = context.new_page()  # whose console tells of the answer that refuses it
    page.goto(f"{server}/add")
    page.set_input_files("#file-audio", library / "roue-libre" / "episode.mp3")
    page.set_input_files("#file-transcript", library / "roue-libre" / "transcript.txt")
    expect(page.locator(".understood")).to_be_visible()
    page.fill("#field-title", "Without a cover")
    slot = page.locator('.slot[data-kind="cover"]')
    remove = slot.get_by_role("button", name="Remove")
    expect(remove).to_be_hidden()
    page.set_input_files("#file-cover", tmp_path / "cover.png")
    expect(slot.locator(".problem")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#form-problem")).to_be_visible()
    remove.click()
    for problem in (slot.locator(".problem"), page.locator("#form-problem"), remove):
        expect(problem).to_be_hidden()
    expect(slot).to_contain_text("No picture")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/episodes/without-a-cover-*")
    context.close()


def test_a_cover_that_the_episode_has_is_taken_away(page: Page, server: str, library: Path) -> None:
    (library / "roue-libre" / "cover.jpg").write_bytes(b"no picture")
    page.goto(f"{server}/episodes/roue-libre/details")
    page.get_by_role("button", name="Remove Cover").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#saved")).to_be_visible()
    page.reload()
    expect(page.locator('.slot[data-kind="cover"]')).to_contain_text("No picture")
    assert (library / "roue-libre" / "cover.jpg.bak").read_bytes() == b"no picture"


def test_that_the_connection_was_lost_is_said_until_it_is_back(browser: Browser, server: str) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()  # whose console tells of requests that failed
    page.goto(f"{server}/episodes/roue-libre", wait_until="networkidle")
    toast = page.locator("#toast")
    intercept(page, "**/api/**", lambda route: route.abort())
    page.evaluate(
        """async () => {
            const [{ Toast }, { send }] = await Promise.all(
                [import("/static/js/ui/toast.js"), import("/static/js/ui/api.js")]);
            const toast = new Toast(document.getElementById("toast"));
            await send("GET", "/api/episodes/roue-libre/clips").catch((error) => toast.failed(error));
        }"""
    )
    expect(toast).to_be_visible()
    page.wait_for_timeout(2500)
    expect(toast).to_be_visible()
    page.unroute("**/api/**")
    expect(toast).to_be_hidden(timeout=10_000)
    context.close()


@pytest.fixture
def cutting(browser: Browser, server: str) -> Iterator[Page]:
    """The panel that makes a clip, with all that it shows."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()  # whose console tells of requests that failed
    page.goto(f"{server}/episodes/roue-libre")
    drag(page, 25, 29)
    press(page, "clip")
    expect(page.locator("#clip-panel img[data-shape]:not([hidden])")).to_have_count(3)
    yield page
    context.close()


def test_what_no_answer_came_to_is_shown_as_soon_as_the_connection_is_back(cutting: Page) -> None:
    panel = cutting.locator("#clip-panel")
    problem, large = panel.locator('[data-part="problem"]'), panel.locator("img.large")
    intercept(cutting, "**/api/**", lambda route: route.abort())
    panel.get_by_role("button", name="End", exact=True).click()
    panel.locator(".shape", has_text="Square").click()
    expect(problem).to_contain_text("does not answer")
    expect(large).to_be_hidden()
    with cutting.expect_request("**/stretch?*"):
        cutting.unroute("**/api/**")
    expect(large).to_be_visible()
    expect(problem).to_be_hidden()


def test_that_an_export_had_no_answer_is_said_until_the_connection_is_back(cutting: Page) -> None:
    problem = cutting.locator("#clip-panel .outcome .problem")
    intercept(cutting, "**/api/**", lambda route: route.abort())
    cutting.get_by_role("button", name="Export", exact=True).click()
    expect(problem).to_contain_text("does not answer")
    cutting.unroute("**/api/**")
    expect(problem).to_have_count(0)


def test_a_file_that_no_answer_came_to_is_sent_once_more_when_the_connection_is_back(
    browser: Browser, server: str, library: Path
) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()  # whose console tells of requests that failed
    page.goto(f"{server}/add")
    slot = page.locator('.slot[data-kind="transcript"]')
    for lost in ("**/api/incoming/*/transcript", "**/api/incoming/*/preview"):
        intercept(page, "**/api/jobs", lambda route: route.abort())
        intercept(page, lost, lambda route: route.abort())
        page.set_input_files("#file-transcript", library / "roue-libre" / "transcript.txt")
        expect(slot.locator(".problem")).to_contain_text("does not answer")
        page.unroute(lost)
        page.unroute("**/api/jobs")
        expect(slot.locator(".problem")).to_be_hidden()
        expect(page.locator(".understood")).to_be_visible()
    context.close()


def lost_and_back(page: Page, button: Locator, problem: Locator) -> None:
    """Presses a button while no answer comes; that is said until one does."""
    intercept(page, "**/api/**", lambda route: route.abort())
    button.click()
    expect(problem).to_contain_text("does not answer")
    page.unroute("**/api/**")
    expect(problem).to_be_hidden()
    expect(button).to_be_enabled()


def test_that_no_answer_came_to_a_form_is_said_until_the_connection_is_back(
    browser: Browser, server: str, library: Path
) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()  # whose console tells of requests that failed
    page.goto(f"{server}/add")
    page.set_input_files("#file-audio", library / "roue-libre" / "episode.mp3")
    page.set_input_files("#file-transcript", library / "roue-libre" / "transcript.txt")
    expect(page.locator(".understood")).to_be_visible()
    lost_and_back(page, page.get_by_role("button", name="Start"), page.locator("#form-problem"))
    page.goto(f"{server}/episodes/roue-libre/details")
    lost_and_back(page, page.get_by_role("button", name="Save", exact=True), page.locator("#form-problem"))
    lost_and_back(page, page.locator("#remove"), page.locator("#remove-problem"))
    page.locator("#remove").click()
    page.wait_for_url("**/?removed=*")
    undo = page.locator("#undo")
    told = page.get_by_text("is in the trash")
    intercept(page, "**/api/**", lambda route: route.abort())
    undo.click()
    expect(told).to_be_hidden()
    page.unroute("**/api/**")
    expect(told).to_be_visible()
    page.goto(f"{server}/trash")
    line = page.locator("[data-delete]")
    lost_and_back(page, line.get_by_role("button", name="Restore"), line.locator(".problem"))
    context.close()


def test_what_was_made_elsewhere_is_asked_for_when_the_connection_is_back(
    browser: Browser, server: str, library: Path
) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()  # whose console tells of requests that failed
    page.goto(f"{server}/episodes/roue-libre", wait_until="networkidle")
    intercept(page, "**/api/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        page.evaluate("() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    plant_clip(library / "roue-libre", "bonjour.mp3", "Bonjour")
    page.unroute("**/api/**")
    expect(page.locator("#clips .rows .row")).to_have_count(1)
    context.close()

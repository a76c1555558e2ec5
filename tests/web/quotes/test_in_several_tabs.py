"""The lists of quotes and clips in several tabs: what was done in one is seen in another when its reader comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.gestures import drag, press
from tests.web.quotes.test_marks import MARKED, kept
from tests.web.visiting import intercept
from web.quotes.kept import FILE

# A tab of a browser without a window is never out of view: it is told that it was.
BACK = {
    "from another tab": 'document.dispatchEvent(new Event("visibilitychange"))',
    "by the browser's way back": 'dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))',
}
back = pytest.mark.parametrize("way", BACK)
COME_BACK = BACK["from another tab"]


@pytest.fixture
def other(episode: Page, server: str) -> Page:
    """Another tab of the same browser, with the same episode."""
    page = episode.context.new_page()
    page.goto(f"{server}/episodes/roue-libre")
    expect(page.locator("html.awake")).to_have_count(1)
    return page


@back
def test_what_is_kept_and_taken_off_in_one_tab_is_so_in_another(episode: Page, other: Page, way: str) -> None:
    drag(episode, 25, 28)
    press(episode, "keep")
    expect(episode.locator(".flag")).to_have_count(1)
    other.evaluate(BACK[way])
    expect(other.locator(".flag")).to_have_count(1)
    expect(other.locator("#kept .row")).to_have_count(1)
    assert other.evaluate(MARKED) == episode.evaluate(MARKED)
    episode.locator("#kept").get_by_role("button", name="Take off the list").click()
    expect(episode.locator(".flag")).to_have_count(0)
    other.evaluate(BACK[way])
    expect(other.locator(".flag")).to_have_count(0)
    expect(other.locator("#kept .row")).to_have_count(0)
    assert other.evaluate(MARKED) == ["", "", ""]


def test_who_comes_back_finds_all_as_it_was_left_where_nothing_else_was_done(episode: Page, library: Path) -> None:
    kept(library, (20, 23), (25, 29))
    (library / "roue-libre" / "clips").mkdir()
    (library / "roue-libre" / "clips" / "pneus.mp3").write_bytes(b"x")
    episode.reload()
    expect(episode.locator("#clips .row")).to_have_count(1)
    expect(episode.locator("#clips .row img")).to_have_count(0)  # it has no picture
    expect(episode.locator(".flag")).to_have_count(2)
    episode.locator("#kept .row input").first.check()
    button = episode.locator("#kept [data-do=remove]").nth(1)
    button.focus()
    episode.evaluate(
        """() => {
            window.changes = [];
            const told = ({ type, target }) => `${type} ${target.id} ${target.className}`;
            const observer = new MutationObserver((all) => window.changes.push(...all.map(told)));
            for (const id of ["transcript", "kept", "clips"])
                observer.observe(document.getElementById(id), { childList: true, subtree: true, attributes: true });
        }"""
    )
    for way in BACK.values():
        with episode.expect_response("**/quotes?from=0"), episode.expect_response("**/clips?from=0"):
            episode.evaluate(way)
    episode.wait_for_timeout(300)  # longer than they need to be shown
    assert episode.evaluate("window.changes") == []
    expect(button).to_be_focused()


def test_the_focus_and_what_was_ticked_stay_where_they_were(episode: Page, other: Page, library: Path) -> None:
    kept(library, (20, 23), (25, 29), (40, 44))
    other.reload()
    row = other.locator("#kept .row").nth(1)
    row.locator("input").check()
    row.locator("[data-do=remove]").focus()
    of = row.get_attribute("data-id")
    episode.reload()
    episode.locator("#kept [data-do=remove]").first.click()
    expect(episode.locator("#kept .row")).to_have_count(2)
    other.evaluate(COME_BACK)
    expect(other.locator("#kept .row")).to_have_count(2)
    expect(other.locator(f'[data-id="{of}"] [data-do=remove]')).to_be_focused()
    expect(other.locator("#kept .row input:checked")).to_have_count(1)
    other.locator(f'#transcript .flag[data-id="{of}"]').focus()
    episode.locator("#kept [data-do=remove]").nth(1).click()
    expect(episode.locator("#kept .row")).to_have_count(1)
    other.evaluate(COME_BACK)
    expect(other.locator(".flag")).to_have_count(1)
    expect(other.locator(f'#transcript .flag[data-id="{of}"]')).to_be_focused()


def test_where_the_focused_quote_is_gone_the_next_one_has_the_focus_and_after_the_last_the_heading(
    episode: Page, other: Page, library: Path
) -> None:
    kept(library, (20, 23), (25, 29))
    for page in (episode, other):
        page.reload()
        expect(page.locator("#kept .row")).to_have_count(2)
    other.locator("#kept [data-do=clip]").first.focus()
    for left in (1, 0):
        episode.locator("#kept [data-do=remove]").first.click()
        expect(episode.locator("#kept .row")).to_have_count(left)
        other.evaluate(COME_BACK)
        expect(other.locator("#kept .row")).to_have_count(left)
        expect(other.locator("#kept .row :focus" if left else "#kept h2:focus")).to_have_count(1)


def test_clips_that_were_deleted_in_another_tab_go_and_one_that_plays_stays(
    episode: Page, other: Page, library: Path
) -> None:
    clips = library / "roue-libre" / "clips"
    clips.mkdir()
    for name in ("one.mp3", "two.mp3"):
        (clips / name).write_bytes((library / "roue-libre" / "episode.mp3").read_bytes())
    for page in (episode, other):
        page.reload()
        expect(page.locator("#clips .rows .row")).to_have_count(2)
    other.locator("#clips .rows .row").nth(1).get_by_role("button", name="Play").click()
    expect(other.locator("#clips audio")).to_have_count(1)
    other.evaluate("document.querySelector('#clips audio').ours = true")
    episode.locator("#clips .rows .row").first.get_by_role("button", name="Delete").click()
    expect(episode.locator("#clips .rows .row")).to_have_count(1)
    other.evaluate(COME_BACK)
    expect(other.locator("#clips .rows .row")).to_have_count(1)
    assert other.evaluate("document.querySelector('#clips audio').ours")


def test_who_comes_back_while_the_server_is_away_is_told_nothing(browser: Browser, server: str, library: Path) -> None:
    kept(library, (25, 29))
    context = browser.new_context(locale="en-GB")
    page = context.new_page()  # whose console tells of requests that failed
    page.goto(f"{server}/episodes/roue-libre")
    expect(page.locator(".flag")).to_have_count(1)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    intercept(page, "**/api/**", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "/quotes" in request.url):
        page.evaluate(COME_BACK)
    page.wait_for_timeout(300)  # longer than it needs to be told
    expect(page.locator("#toast")).to_be_hidden()
    expect(page.locator(".flag")).to_have_count(1)
    assert errors == []
    page.goto("about:blank")
    context.close()


def lost(library: Path) -> None:
    """A quote is kept whose words were corrected since."""
    kept(library, (20, 23))
    path = library / "roue-libre" / FILE
    quotes = json.loads(path.read_text(encoding="utf-8"))
    quote = quotes["quotes"][0]
    nearest = [quote["char_start"], quote["char_end"]]
    quote |= {"hash": "00000000", "lost_in": quote["hash"], "nearest": nearest, "text": "gonfle parfois un pneu."}
    path.write_text(json.dumps(quotes), encoding="utf-8")


def test_a_passage_that_was_taken_in_one_tab_is_shown_by_another_that_takes_it_too(
    episode: Page, other: Page, library: Path
) -> None:
    lost(library)
    for tab in (episode, other):
        tab.reload()
        expect(tab.locator("#kept [data-do=take]")).to_be_visible()
    episode.locator("#kept [data-do=take]").click()
    expect(episode.locator("#kept [data-do=take]:visible")).to_have_count(0)
    other.locator("#kept [data-do=take]").click()
    expect(other.locator("#toast")).to_contain_text("This quote is not in the list any more.")
    expect(other.locator("#kept [data-do=take]:visible")).to_have_count(0)
    expect(other.locator("#kept .row")).to_have_count(1)
    expect(other.locator(".flag")).to_have_count(1)
    expect(other.locator("#kept :focus")).to_have_count(1)


@pytest.mark.parametrize("act", ["remove", "restore"])
def test_a_quote_that_is_in_no_list_any_more_leaves_the_page(other: Page, library: Path, act: str) -> None:
    kept(library, (20, 23), (25, 29))
    other.reload()
    row = other.locator("#kept .row").first
    expect(other.locator("#kept .row")).to_have_count(2)
    if act == "restore":
        row.locator("[data-do=remove]").click()
        expect(other.locator("#kept .row")).to_have_count(1)
    (library / "roue-libre" / FILE).unlink()
    (other.get_by_role("button", name="Undo") if act == "restore" else row.locator("[data-do=remove]")).click()
    expect(other.locator("#toast")).to_contain_text("This quote is not in the list any more.")
    expect(other.locator("#kept .row")).to_have_count(0)
    expect(other.locator(".flag")).to_have_count(0)

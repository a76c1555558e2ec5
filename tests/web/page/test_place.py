"""The masthead stays on one line; what a reader's device keeps of an episode, and shows on a locked screen."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from aligner.storage.alignment_json import read_alignment, to_text
from tests.web.gestures import sound_time, word
from tests.web.page.planted import lay_right_to_left
from tests.web.visiting import assert_accessible, new_tab, play_without_waiting, wait_for_sound

TITLE = (
    "Ce que les éoliennes en mer changent vraiment pour les pêcheurs de Saint-Brieuc, "
    "dix ans après le premier débat public"
)
ARABIC = "رحلة طويلة نحو البحر: ما الذي تغيره توربينات الرياح حقا في حياة الصيادين بعد عشر سنوات من النقاش العام الأول"
# What is to be seen of the masthead, each with its box; and what of it lies on something else or wraps.
LAID = """() => {
    const masthead = document.querySelector(".masthead");
    const parts = [...masthead.querySelectorAll("a, button, summary")].filter((each) => each.checkVisibility());
    const boxes = parts.map((each) => each.getBoundingClientRect());
    const wrong = [], floor = masthead.getBoundingClientRect().bottom;
    const meet = (a, b, [from, to]) => a[from] < b[to] - 0.5 && b[from] < a[to] - 0.5;
    boxes.forEach((box, k) => {
        if (box.top < 0 || box.bottom > floor || box.left < 0 || box.right > innerWidth) wrong.push(`${k} outside`);
        for (const [i, other] of boxes.entries())
            if (i > k && meet(box, other, ["left", "right"]) && meet(box, other, ["top", "bottom"]))
                wrong.push(`${k} on ${i}`);
        const isShortened = getComputedStyle(parts[k]).textOverflow === "ellipsis";
        if (!isShortened && parts[k].scrollWidth > parts[k].clientWidth + 1) wrong.push(`${k} cut`);
    });
    if (document.documentElement.scrollWidth > innerWidth) wrong.push("wider than the window");
    return [masthead.getBoundingClientRect().toJSON(), wrong];
}"""


def name(library: Path, title: str) -> None:
    file = library / "roue-libre" / "episode.alignment.json"
    alignment = read_alignment(file)
    file.write_text(to_text(replace(alignment, episode=replace(alignment.episode, title=title))), encoding="utf-8")


@pytest.mark.parametrize(("title", "width"), [(TITLE, 320), (ARABIC, 390), (TITLE, 1440)])
def test_a_long_title_leaves_the_masthead_on_one_line_shortened(
    browser: Browser, server: str, library: Path, title: str, width: int
) -> None:
    if title == ARABIC:
        lay_right_to_left(library / "roue-libre", library / "roue-libre")
    name(library, title)
    with new_tab(browser, viewport={"width": width, "height": 844}, locale="fr-FR", reduced_motion="reduce") as page:
        page.goto(f"{server}/episodes/roue-libre")
        wait_for_sound(page)
        page.evaluate("scrollTo(0, 1200)")
        shown = page.locator(".masthead .title")
        expect(shown).to_be_visible()
        box, wrong = page.evaluate(LAID)
        assert not wrong
        assert box["top"] == 0
        assert box["height"] <= 56
        assert shown.bounding_box()["width"] > 80  # type: ignore[index]
        assert shown.get_attribute("aria-label") == title
        assert_accessible(page)
        page.goto("about:blank")


@pytest.mark.parametrize("width", [390, 1440])
def test_what_can_be_done_is_in_reach_wherever_the_text_is(page: Page, server: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{server}/episodes/roue-libre")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    for link in ("Edit details", "Captions (WebVTT)", "Replace the transcript"):
        menu = page.locator("#downloads" if link.startswith("Captions") and width > 720 else "#more")
        if link != "Edit details" or width < 720:
            menu.locator("summary").click()
        found = page.locator(".masthead").get_by_role("link", name=link)
        expect(found).to_have_count(1)
        expect(found).to_be_in_viewport()
        page.keyboard.press("Escape")
    expect(page.locator("#more")).not_to_have_attribute("open", "")


def test_the_chapter_is_the_one_that_plays_or_else_the_one_that_is_read(page: Page, server: str, library: Path) -> None:
    chaptered(library)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{server}/episodes/roue-libre")
    chapter = page.locator(".masthead .to-chapters")
    expect(chapter).to_have_text("Chapters")
    headings = page.locator("h2.chapter")
    titles = [text.strip() for text in headings.all_text_contents()]
    assert len(titles) > 2
    headings.last.evaluate("element => element.scrollIntoView()")
    expect(chapter).to_have_attribute("aria-label", f"Chapters: {titles[-1]}")
    expect(page.locator(".chapters [aria-current]")).to_contain_text(titles[-1])
    page.evaluate("scrollTo(0, 0)")
    expect(chapter).to_have_text("Chapters")
    page.locator('[data-play="toggle"]').click()
    play_without_waiting(page, 60)  # the page goes where the voice goes
    expect(chapter).to_have_attribute("aria-label", f"Chapters: {titles[0]}")
    page.mouse.move(600, 300)
    page.mouse.wheel(0, 20_000)
    expect(chapter).to_have_attribute("aria-label", f"Chapters: {titles[-1]}")


def chaptered(library: Path) -> None:
    """Turns of one sentence become headings."""
    file = library / "roue-libre" / "episode.alignment.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    speech = [each for each in told["segments"] if each["kind"] == "speech" and each.get("start")]
    for segment in speech[len(speech) // 2 :: 3]:
        segment["kind"], segment["speaker"] = "heading", None
    file.write_text(json.dumps(told), encoding="utf-8")


@pytest.mark.parametrize("width", [390, 1440])
def test_a_press_on_the_chapter_leads_to_the_list_of_them(page: Page, server: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{server}/episodes/roue-libre")
    page.locator("h2.chapter").evaluate("element => element.scrollIntoView()")
    expect(page.locator(".masthead .title")).to_be_visible()  # which makes room for itself
    page.locator(".masthead .to-chapters").click()
    expect(page.locator("#side")).to_be_visible()
    expect(page.locator(".chapters a").first).to_be_focused()
    page.locator(word(page, 90)).click()
    expect(page.locator("#side")).to_be_visible(visible=width > 1000)


TOLD = """
    window.handlers = {};
    navigator.mediaSession.setActionHandler = (action, handler) => { window.handlers[action] = handler; };
"""


def test_an_episode_that_was_left_goes_on_there_unless_a_link_leads_elsewhere(episode: Page) -> None:
    address = episode.url
    wait_for_sound(episode)
    for _ in range(9):
        episode.keyboard.press("l")
    episode.goto("about:blank")
    episode.goto(address)
    wait_for_sound(episode)
    assert sound_time(episode) == pytest.approx(90, abs=0.1)
    expect(episode.locator("#now")).to_have_text("1:30")
    expect(episode.locator(".w.lit")).to_be_in_viewport()
    assert episode.evaluate("document.getElementById('audio').paused")
    episode.goto("about:blank")
    episode.goto(f"{address}#t=20")
    wait_for_sound(episode)
    assert sound_time(episode) == pytest.approx(20, abs=0.1)


def test_a_locked_screen_has_title_show_and_controls(page: Page, server: str) -> None:
    page.add_init_script(TOLD)
    page.goto(f"{server}/episodes/roue-libre")
    wait_for_sound(page)
    told = page.evaluate("(({ title, artist }) => [title, artist])(navigator.mediaSession.metadata)")
    assert told == ["Une promenade qui attend", "Roue libre"]
    steps = [("seekto", "{ seekTime: 40 }", 40), ("seekforward", "{}", 55), ("seekbackward", "{ seekOffset: 5 }", 50)]
    for action, details, seconds in steps:
        page.evaluate(f"window.handlers.{action}({details})")
        assert sound_time(page) == pytest.approx(seconds, abs=0.1)

"""What readers do on an episode's page in a browser."""

from playwright.sync_api import Page, expect


def word(page: Page, i: int) -> str:
    return f'#transcript .w[data-i="{i}"]'


def drag(page: Page, first: int, last: int) -> None:
    """Select with the mouse, from inside one word to inside another, once the page has come to rest."""
    page.locator(word(page, first)).hover()
    page.mouse.down()
    box = page.locator(word(page, last)).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


def selected(page: Page) -> list[int]:
    return page.locator("#transcript .w.sel").evaluate_all("words => words.map((word) => Number(word.dataset.i))")


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def press(page: Page, name: str) -> None:
    page.locator(f'#selection-bar [data-do="{name}"]').click()


def press_video(page: Page) -> None:
    """Open the panel for a video of the selected words, in the first shape."""
    press(page, "clip")
    page.locator("#clip-panel .shape").nth(1).click()


def sound_time(page: Page) -> float:
    return float(page.evaluate("document.getElementById('audio').currentTime"))


def export(page: Page) -> None:
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.locator(".outcome a")).to_be_visible(timeout=60_000)

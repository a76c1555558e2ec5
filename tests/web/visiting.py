"""Visiting pages in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

_AXE = Axe()


def watch(page: Page) -> list[str]:
    """A list that fills with the errors that the page's console tells, CSP violations among them."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@contextmanager
def new_tab(browser: Browser, **context: Any) -> Iterator[Page]:
    """A tab with a context of its own; whatever its console or the CSP complains of fails the test."""
    own = browser.new_context(**context)
    page = own.new_page()
    complaints = watch(page)
    yield page
    own.close()
    assert not complaints


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing on the page as it stands."""
    found = _AXE.run(page)
    assert found.violations_count == 0, found.generate_report()


def wait_for_sound(page: Page) -> None:
    """Until the sound can be sought in."""
    page.wait_for_function("() => document.getElementById('sound').readyState > 0")


def play_without_waiting(page: Page, seconds: float) -> None:
    """Put the sound at a time, as a reader who jumps there; it may be playing, and go on from there meanwhile."""
    wait_for_sound(page)
    page.evaluate(
        """seconds => new Promise((sought) => {
            const sound = document.getElementById("sound");
            sound.addEventListener("seeked", () => sought(), { once: true });
            sound.currentTime = seconds;
        })""",
        seconds,
    )

"""Opening pages in a browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

_AXE = Axe()
_PROBE = "/static/style/tokens.css?intercepted"


def watch(page: Page) -> list[str]:
    """Return a list that collects the errors of the page's console, with CSP violations."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@contextmanager
def new_tab(browser: Browser, may_complain: bool = False, **context: Any) -> Iterator[Page]:
    """A tab with a context of its own; unless it may, what its console or the CSP complains of fails the test."""
    own = browser.new_context(**context)
    page = own.new_page()
    complaints = watch(page)
    yield page
    own.close()
    assert may_complain or not complaints, complaints  # this module is no test, so that pytest does not show them


def intercept(page: Page, address: str, answer: Callable[[Route], object]) -> None:
    """Give what a page that is open already asks of an address to ``answer`` from now on.

    Chromium says that it intercepts requests before the page's own process knows; a key or a press overtakes that
    where the machine is busy, and its request goes to the server. So it is waited for until one is seen to come here.
    """
    page.route(address, answer)
    page.route(f"**{_PROBE}", lambda route: route.fulfill(body="intercepted"))
    page.evaluate(
        """async (address) => {
            for (;;) {
                const answer = await fetch(address, { cache: "no-store" });
                if (await answer.text() === "intercepted") return;
            }
        }""",
        _PROBE,
    )
    page.unroute(f"**{_PROBE}")


def assert_accessible(page: Page) -> None:
    """axe-core finds nothing on the page as it stands."""
    found = _AXE.run(page)
    assert found.violations_count == 0, found.generate_report()


def wait_for_sound(page: Page) -> None:
    """Wait until the audio is seekable."""
    page.wait_for_function("() => document.getElementById('audio').readyState > 0")


def play_without_waiting(page: Page, seconds: float) -> None:
    """Seek the audio to a time, as a reader does; it may be playing."""
    wait_for_sound(page)
    page.evaluate(
        """seconds => new Promise((sought) => {
            const sound = document.getElementById("audio");
            sound.addEventListener("seeked", () => sought(), { once: true });
            sound.currentTime = seconds;
        })""",
        seconds,
    )

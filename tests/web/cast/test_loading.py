"""What comes while an episode is being loaded: it is paused, taken away, put elsewhere, or is to be another one."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Request, Route, expect

from tests.web.cast.hosting import Guest

BAC = '<quote-cast loading="eager" src="/bac.json"></quote-cast>'
HEARD = """
    window.heard = [];
    for (const name of ["play", "ready", "error"]) {
        document.addEventListener(`quote-cast-${name}`, () => heard.push(name));
    }
"""


class Held:
    """Answers of a site, each given only when it is let go; ``left`` are those that nobody waits for any longer."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self._routes: list[Route] = []
        self.left: list[str] = []
        guest.page.add_init_script(HEARD)
        guest.page.route("**/*.json", lambda route: self._routes.append(route))
        guest.page.on("requestfailed", lambda request: self.left.append(self._path(request)))

    def _path(self, request: Request) -> str:
        return request.url.removeprefix(self._guest.site.address)

    def wait(self, number: int) -> None:
        """Until so many were asked for in all."""
        self._wait_for(lambda: len(self._routes) >= number)

    def let_go(self, number: int) -> None:
        """The answer to the first, the second... that was asked for."""
        route = self._routes[number]
        route.fulfill(body=self._guest.site.files[self._path(route.request)], content_type="application/json")

    def wait_until_left(self, *paths: str) -> None:
        self._wait_for(lambda: self.left == [*paths])

    def _wait_for(self, is_so: Callable[[], bool]) -> None:
        for _ in range(500):
            if is_so():
                return
            self._guest.page.wait_for_timeout(20)
        assert is_so()


def loading(guest: Guest, body: str = BAC) -> Held:
    held = Held(guest)
    guest.show(body, ready=False)
    held.wait(1)
    guest.page.evaluate("window.cast = document.querySelector('quote-cast')")
    return held


def heard(guest: Guest) -> list[str]:
    """What the document has heard, once all is said that will be."""
    guest.page.wait_for_timeout(300)
    return list(guest.page.evaluate("heard"))


def is_paused(guest: Guest) -> bool:
    return bool(guest.page.evaluate("cast.paused"))


def test_what_is_to_play_and_is_paused_before_it_is_there_does_not_play(guest: Guest) -> None:
    held = loading(guest)
    guest.do("element.play(); element.pause()")
    held.let_go(0)
    expect(guest.cast().locator(".controls")).to_be_visible()
    assert heard(guest) == ["ready"]
    assert is_paused(guest)


def test_out_of_what_was_taken_away_nothing_plays_and_nothing_is_read_for_it(guest: Guest) -> None:
    held = loading(guest)
    guest.do("element.play(); element.remove()")
    held.wait_until_left("/bac.json")
    assert heard(guest) == []
    guest.page.evaluate("() => { cast.play(); }")
    held.wait(2)
    held.let_go(1)
    assert heard(guest) == []
    assert is_paused(guest)


def test_what_is_only_moved_goes_on(guest: Guest) -> None:
    held = loading(guest, f"{BAC}<div></div>")
    guest.do("element.play(); document.querySelector('div').append(element)")
    held.let_go(0)
    guest.page.wait_for_function("() => cast.currentTime > 0")
    guest.page.evaluate("document.querySelector('main').append(cast)")
    assert heard(guest) == ["ready", "play"]
    assert not is_paused(guest)
    assert held.left == []


def test_of_two_episodes_the_later_is_shown_and_the_earlier_read_no_further(guest: Guest) -> None:
    held = loading(guest)
    guest.do("element.play(); element.setAttribute('src', '/sample.json')")
    held.wait_until_left("/bac.json")
    held.wait(2)
    held.let_go(1)
    expect(guest.cast().locator(".title")).to_have_text(json.loads(guest.site.files["/sample.json"])["title"])
    assert heard(guest) == ["ready"]
    assert is_paused(guest)

"""What comes while an episode is being loaded: it is paused, taken away, or is to be another one."""

from __future__ import annotations

import json

from playwright.sync_api import Route, expect

from tests.web.cast.hosting import Guest

BAC = '<quote-cast loading="eager" src="/bac.json"></quote-cast>'
HEARD = """
    window.heard = [];
    for (const name of ["play", "ready", "error"]) {
        document.addEventListener(`quote-cast-${name}`, () => heard.push(name));
    }
"""


class Held:
    """Answers of a site, each given only when it is let go."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self._routes: list[Route] = []
        guest.page.add_init_script(HEARD)
        guest.page.route("**/*.json", lambda route: self._routes.append(route))

    def wait(self, number: int) -> None:
        """Until so many were asked for in all."""
        for _ in range(500):
            if len(self._routes) >= number:
                return
            self._guest.page.wait_for_timeout(20)
        assert len(self._routes) >= number

    def let_go(self, number: int) -> None:
        """The answer to the first, the second... that was asked for."""
        route = self._routes[number]
        path = route.request.url.removeprefix(self._guest.site.address)
        route.fulfill(body=self._guest.site.files[path], content_type="application/json")


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


def test_out_of_what_was_taken_away_nothing_plays(guest: Guest) -> None:
    held = loading(guest)
    guest.do("element.play(); element.remove()")
    held.let_go(0)
    assert heard(guest) == []
    guest.page.evaluate("() => { cast.play(); }")
    assert heard(guest) == []
    assert is_paused(guest)


def test_of_two_episodes_the_later_is_shown(guest: Guest) -> None:
    held = loading(guest)
    guest.do("element.play(); element.setAttribute('src', '/sample.json')")
    held.wait(2)
    held.let_go(1)
    expect(guest.cast().locator(".title")).to_have_text(json.loads(guest.site.files["/sample.json"])["title"])
    held.let_go(0)
    assert heard(guest) == ["ready"]
    assert is_paused(guest)
    expect(guest.cast().locator(".title")).to_have_text(json.loads(guest.site.files["/sample.json"])["title"])

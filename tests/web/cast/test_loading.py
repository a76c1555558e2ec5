"""What comes while an episode is being loaded: it is paused, taken away, put elsewhere, or is to be another one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

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

    def __init__(self, guest: Guest, address: str = "**/*.json") -> None:
        self._guest = guest
        self._routes: list[Route] = []
        self.left: list[str] = []
        guest.page.add_init_script(HEARD)
        guest.page.route(address, lambda route: self._routes.append(route))
        guest.page.on("requestfailed", self._leave)

    def _leave(self, request: Request) -> None:
        if request.url.endswith(".json"):
            self.left.append(request.url.removeprefix(self._guest.site.address))

    def wait(self, number: int) -> None:
        """Until so many were asked for in all."""
        self._wait_for(lambda: len(self._routes) >= number)

    def let_go(self, number: int) -> None:
        """The answer to the first, the second... that was asked for."""
        route = self._routes[number]
        path = route.request.url.removeprefix(self._guest.site.address)
        route.fulfill(body=self._guest.site.files[path], content_type="application/json")

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


def test_what_is_told_last_holds(guest: Guest) -> None:
    held = loading(guest)
    guest.page.evaluate(
        """() => {
            window.done = [];
            for (const name of ["play", "pause", "play", "play"]) {
                Promise.resolve(cast[name]()).then(() => done.push(name));
            }
        }"""
    )
    held.let_go(0)
    guest.page.wait_for_function("() => done.length === 4")
    assert heard(guest) == ["ready", "play"]
    assert not is_paused(guest)


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


def test_nor_out_of_what_was_there_and_is_no_more(guest: Guest) -> None:
    guest.show(BAC)
    guest.page.evaluate("window.cast = document.querySelector('quote-cast'); cast.play(); cast.remove(); cast.play()")
    guest.page.wait_for_timeout(300)
    assert is_paused(guest)


def test_what_is_put_back_loads_again_and_says_so(guest: Guest) -> None:
    held = loading(guest)
    guest.do("element.play(); element.remove()")
    held.wait_until_left("/bac.json")
    guest.page.evaluate("document.querySelector('main').append(cast)")
    held.wait(2)
    held.let_go(1)
    expect(guest.cast().locator(".controls")).to_be_visible()
    assert heard(guest) == ["ready"]
    assert is_paused(guest)


def test_what_was_loaded_before_it_is_put_on_the_page_says_so_there(guest: Guest) -> None:
    held = loading(guest, f"{BAC}<div></div>")
    guest.page.evaluate(
        """() => {
            cast.remove();
            window.cast = document.createElement("quote-cast");
            cast.setAttribute("src", "/bac.json");
            cast.load().then(() => { cast.id = "loaded"; });
        }"""
    )
    held.wait(2)
    held.let_go(1)
    guest.page.wait_for_function("() => cast.id")
    assert heard(guest) == []
    guest.page.evaluate("document.querySelector('div').append(cast)")
    assert heard(guest) == ["ready"]
    guest.page.evaluate("cast.remove()")
    guest.page.evaluate("document.querySelector('div').append(cast)")
    assert heard(guest) == ["ready"]


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


def test_another_passage_of_the_same_episode_is_not_read_anew(guest: Guest) -> None:
    held = loading(guest)
    guest.do("element.play(); element.setAttribute('chapter', '2'); element.play()")
    held.let_go(0)
    expect(guest.cast().locator(".chapter-title")).to_have_text("Le retour")
    guest.page.wait_for_function("() => cast.currentTime > 28.5")
    assert heard(guest) == ["ready", "play"]
    guest.do("element.setAttribute('start', '1'); element.removeAttribute('chapter')")
    expect(guest.cast().locator("blockquote")).to_be_visible()
    assert guest.do("return [element.paused, element.currentTime]") == [True, 1]
    assert guest.site.asked.count("/bac.json") == 0
    assert held.left == []


def test_while_another_is_loaded_the_one_that_is_shown_can_be_used(guest: Guest) -> None:
    guest.show(BAC)
    held = Held(guest)
    guest.do("element.setAttribute('src', '/sample.json')")
    held.wait(1)
    for name in ("toggle", "copy", "toggle"):
        guest.cast().locator(f".{name}").click()
    guest.do("element.currentTime = 9")
    assert guest.do("return element.currentTime") == 9
    held.let_go(0)
    expect(guest.cast().locator(".paragraph").first).not_to_contain_text("Bonjour et bienvenue")


def test_a_sound_that_cannot_be_had_is_not_followed_by_one_that_plays_though_it_was_paused(guest: Guest) -> None:
    episode = json.loads(guest.site.files["/bac.json"])
    episode["audio"]["sources"].insert(0, {"src": "late.mp3"})
    guest.site.files["/several.json"] = json.dumps(episode).encode()
    guest.show('<quote-cast src="/several.json"></quote-cast>')
    held = Held(guest, "**/late.mp3")
    guest.site.files["/late.mp3"] = b"no sound"
    guest.do("element.play(); setTimeout(() => element.pause(), 100)")
    held.wait(1)
    guest.page.wait_for_function("() => document.querySelector('quote-cast').paused")
    held.let_go(0)
    guest.page.wait_for_timeout(300)
    assert guest.do("return element.paused")


def test_a_whole_selection_of_very_many_words_is_linked_to(visit: Callable[..., Guest]) -> None:
    guest = visit(permissions=["clipboard-read", "clipboard-write"])
    count = 300_000
    words: dict[str, Any] = {"words": ["bac "] * count, "starts": [1] * count, "lengths": [1] * count}
    episode = json.loads(guest.site.files["/bac.json"])
    episode["paragraphs"] = [{"kind": "speech", "start": 0} | words]
    episode["audio"]["duration"] = count + 1
    guest.site.files["/many.json"] = json.dumps(episode).encode()
    guest.show('<quote-cast loading="eager" src="/many.json"></quote-cast>')
    guest.do(
        """const row = element.shadowRoot.querySelector(".paragraph");
        getSelection().setBaseAndExtent(row, 0, row, row.childNodes.length);
        await new Promise(requestAnimationFrame);"""
    )
    expect(guest.cast().locator(".copy")).to_have_text("Copy link to the selected words")
    guest.cast().locator(".copy").click()
    expect(guest.cast().locator(".status")).to_have_text("Link copied")
    assert guest.page.evaluate("navigator.clipboard.readText()").endswith("#t=0,300.01")
    guest.do("element.currentTime = 299")
    expect(guest.cast().locator(".transcript .lit")).to_have_count(1)

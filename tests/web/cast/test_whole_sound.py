"""On a host that sends files as a whole alone a quote is heard, and not what stands at the beginning of its episode."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.web.cast.hosting import POLICY, Guest, Site
from tests.web.visiting import new_tab

QUOTE = '<quote-cast src="/bac.json" start="28" end="29.9"></quote-cast>'
FROM, TO = 27.9, 30.2  # seconds in which it is heard, as exactly as a browser stops
HELD = POLICY.replace("media-src 'self'", "media-src 'self' blob:")
# Where what was heard began: what lasted more than the moment in which a browser finds another place.
AUDIBLE = """
    window.heard = [];
    const play = HTMLMediaElement.prototype.play;
    HTMLMediaElement.prototype.play = function () {
        this.addEventListener("timeupdate", ({ target: { played } }) => {
            const ranges = [...Array(played.length).keys()].map((k) => [played.start(k), played.end(k)]);
            heard.push(...ranges.filter(([start, end]) => end - start > 0.02).map(([start]) => start));
        });
        return play.call(this);
    };
"""


@pytest.fixture
def whole(site: Site) -> Site:
    site.in_parts = False
    site.headers["Content-Security-Policy"] = HELD
    return site


def sounds(site: Site) -> int:
    """How often the sound was asked for."""
    return sum(path.endswith(".mp3") for path in site.asked)


def test_a_quote_begins_where_it_begins(guest: Guest, whole: Site) -> None:
    guest.page.add_init_script(AUDIBLE)
    guest.show(QUOTE)
    told: list[str] = []
    guest.page.expose_function("tell", lambda name: told.append(name))
    guest.do("for (const name of ['play', 'pause']) element.addEventListener(`quote-cast-${name}`, () => tell(name))")
    cast = guest.cast()
    cast.locator(".play").click()
    guest.page.wait_for_function("() => heard.length > 0")
    assert guest.page.evaluate("() => Math.min(...heard)") > FROM
    expect(cast.locator(".status")).to_have_text("")
    expect(cast.locator(".play")).to_have_accessible_name("Play")  # at its end
    assert told[0] == "play"
    assert told[-1] == "pause"
    before = sounds(whole)
    guest.seek(FROM + 1)
    assert guest.do("return element.currentTime") > FROM
    assert sounds(whole) == before  # it is played from memory


def test_where_it_cannot_be_loaded_that_is_said_and_nothing_else_is_heard(browser: Browser, whole: Site) -> None:
    whole.headers["Content-Security-Policy"] = POLICY
    context = browser.new_context(locale="en-GB")  # whose console tells of what the policy forbids
    guest = Guest(context.new_page(), whole)
    guest.page.add_init_script(AUDIBLE)
    guest.show(QUOTE)
    for _ in range(2):
        guest.cast().locator(".play").click()
        expect(guest.cast().locator(".status")).to_contain_text("cannot be played from there")
        expect(guest.cast().locator(".play")).to_have_accessible_name("Play")
    assert [each for each in guest.page.evaluate("() => heard") if each < FROM] == []
    context.close()


def test_where_parts_are_sent_nothing_is_loaded_whole(browser: Browser, site: Site) -> None:
    with new_tab(browser, locale="en-GB") as tab:  # under a policy that lets nothing be played from memory
        guest = Guest(tab, site)
        guest.show(QUOTE)
        guest.seek(FROM + 1)
        assert guest.do("return element.currentTime") == pytest.approx(FROM + 1, abs=0.5)

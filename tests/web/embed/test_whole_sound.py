"""On a host that sends files as a whole alone a quote is heard, and not what stands at the beginning of its episode."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.embed.hosting import POLICY, Guest, Site

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

"""An embedded episode, chapter or quote plays, and the spoken word is lit."""

import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.web.embed.hosting import Guest

BAC = '<quote-cast src="/bac.json"><a href="https://example.org/bac">Listen</a></quote-cast>'


def lit(cast: Locator) -> Locator:
    return cast.locator(".transcript .lit")


def said_at(data: dict[str, Any], now: float) -> int:
    """The number of the word that begins last before a time, in milliseconds."""
    starts: list[float] = []
    for paragraph in data["paragraphs"]:
        said = paragraph.get("start", math.inf)
        for gap in paragraph.get("starts", [None] * len(paragraph["words"])):
            said += gap or 0
            starts.append(math.inf if gap is None else said)
    return max((start, number) for number, start in enumerate(starts) if start <= now)[1]


@pytest.mark.walk
def test_the_episode_plays_and_the_spoken_word_is_lit(guest: Guest) -> None:
    guest.show(BAC)
    cast = guest.cast()
    expect(cast.locator(".title")).to_have_text("Le bac")
    expect(cast.locator(".show")).to_have_text("Roue libre · 14 March 2026")
    expect(cast.locator(".name")).to_have_text(["Ada Morel", "Luc Petit", "Ada Morel", "Luc Petit"])
    expect(cast.locator("a").first).not_to_be_visible()  # shown until the player is ready
    cast.locator(".play").click()
    expect(cast.locator(".play")).to_have_accessible_name("Pause")
    expect(lit(cast)).to_have_count(1)
    cast.locator(".play").click()
    expect(cast.locator(".play")).to_have_accessible_name("Play")
    now = 1000 * guest.do("return element.currentTime")
    assert lit(cast).get_attribute("data-word") == str(said_at(json.loads(guest.site.files["/bac.json"]), now))
    guest.seek(29.0)
    expect(lit(cast)).to_have_text("dernier")  # from 28.714 on
    guest.seek(29.3)
    expect(lit(cast)).to_have_text("bac")


def test_a_chapter_has_its_paragraphs_and_stops_at_its_end(guest: Guest) -> None:
    guest.show('<quote-cast src="/bac.json" chapter="1"></quote-cast>')
    cast = guest.cast()
    expect(cast.locator(".chapter-title")).to_have_text("L’embarcadère")
    said = cast.locator(".paragraph")
    expect(said).to_have_count(3)
    expect(said.first).to_contain_text("Bonjour")
    expect(cast.locator(".missing")).to_have_text("Ad (0:09)0:18")
    guest.do("await element.play(); element.currentTime = 28.2")
    expect(cast.locator(".play")).to_have_accessible_name("Play")  # it has stopped by itself
    assert guest.do("return element.currentTime") == pytest.approx(28.5, abs=0.3)
    guest.do("element.currentTime = 40")
    assert guest.do("return element.currentTime") == pytest.approx(28.5, abs=0.01)


@pytest.mark.ci
@pytest.mark.parametrize("asked", ['quote="dernier bac n’attend personne"', 'start="28.5" end="0:30.9"'])
def test_a_quote_has_only_its_words_and_stops_after_them(guest: Guest, asked: str) -> None:
    guest.show(f'<quote-cast src="/bac.json" {asked}></quote-cast>')
    cast = guest.cast()
    expect(cast.locator("blockquote .paragraph")).to_have_text(re.compile(r"^(Le )?dernier bac n’attend personne\.$"))
    expect(cast.locator(".name")).to_have_text("Luc Petit")
    expect(cast.locator(".from")).to_have_text("Le bac")
    guest.do("window.ended = 0; element.addEventListener('quote-cast-end', () => ended++); await element.play()")
    guest.page.wait_for_function("() => ended > 0")
    assert guest.do("return [element.paused, element.currentTime <= 31.5]") == [True, True]
    guest.do("await element.play()")  # again from its start
    assert guest.do("return element.currentTime") < 30


def test_data_loads_near_the_viewport_and_audio_on_play(guest: Guest) -> None:
    guest.show(f'<p class="far"></p>{BAC}', guest.site.style(".far { height: 5000px }"), ready=False)
    guest.page.wait_for_function("() => Boolean(customElements.get('quote-cast'))")
    guest.page.wait_for_timeout(300)  # time for requests that must not come
    assert not {"/bac.json", "/planted.mp3"} & {*guest.site.asked}
    expect(guest.cast().locator("a")).to_have_text("Listen")
    guest.cast().scroll_into_view_if_needed()
    guest.cast().locator(".controls").wait_for()
    assert "/bac.json" in guest.site.asked
    assert "/planted.mp3" not in guest.site.asked
    guest.cast().locator(".play").click()
    expect(lit(guest.cast())).to_have_count(1)
    own = {path for path in guest.site.asked if not path.startswith(("/page-", "/style-"))}
    assert own == {"/quote-cast.js", "/bac.json", "/planted.mp3"}


def test_playing_one_player_stops_the_others(guest: Guest) -> None:
    guest.show(f'{BAC}<quote-cast src="/sample.json"></quote-cast>')
    guest.do("await element.play()")
    guest.do("await element.play()", 1)
    paused = "return [...document.querySelectorAll('quote-cast')].map((each) => each.paused)"
    assert guest.do(paused) == [True, False]
    guest.do("await element.play()")
    assert guest.do(paused) == [False, True]


@pytest.mark.ci
def test_the_keyboard_reaches_every_control(guest: Guest) -> None:
    guest.show(f"<a href='#x'>before</a>{BAC}")
    keyboard, page = guest.page.keyboard, guest.page
    focused = "document.activeElement.shadowRoot?.activeElement?.className ?? document.activeElement.localName"
    page.locator("main > a").focus()
    walked = []
    for _ in range(11):
        keyboard.press("Tab")
        walked.append(page.evaluate(focused))
    heads = ["a", "play", "seek", "speed", "toggle", "copy", "toggle-chapters"]
    assert [name or "a" for name in walked] == [*heads, "chapter", "chapter", "transcript", "stamp"]
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    keyboard.press("Enter")  # the third turn
    page.wait_for_function("() => document.querySelector('quote-cast').currentTime >= 13")
    keyboard.press("k")
    assert guest.do("return element.paused") is True
    guest.seek(13.1)
    keyboard.press("l")
    assert guest.do("return element.currentTime") == pytest.approx(23.1, abs=0.01)
    keyboard.press("c")
    expect(guest.cast().locator(".toggle")).to_have_attribute("aria-expanded", "false")
    guest.cast().locator(".seek").focus()
    keyboard.press("ArrowLeft")
    assert guest.do("return element.currentTime") < 23
    page.locator("main > a").focus()
    keyboard.press("k")  # of a page that has its own keys
    assert guest.do("return element.paused") is True


def test_links_lead_to_the_moment_or_to_the_quote(visit: Callable[..., Guest]) -> None:
    guest = visit(permissions=["clipboard-read", "clipboard-write"])
    guest.show(f'{BAC}<quote-cast src="/bac.json" quote="2"></quote-cast>')
    copied = "navigator.clipboard.readText()"
    button = guest.cast().locator(".copy")
    guest.seek(29.3)
    expect(button).to_have_text("Copy link to this moment")
    button.click()
    expect(guest.cast().locator(".status")).to_have_text("Link copied")
    assert guest.page.evaluate(copied) == "https://example.org/bac#t=29.3"
    second = guest.cast(1).locator(".copy")
    expect(second).to_have_text("Copy link to this quote")
    second.click()
    assert guest.page.evaluate(copied) == "https://example.org/bac#t=9,25.5"


def test_events_report_playback_to_scripts(guest: Guest) -> None:
    guest.show(BAC)
    reported = guest.do(
        """const events = [];
        const listen = ({ type, detail }) => events.push([type, typeof detail.currentTime]);
        for (const name of ["play", "time", "pause"]) document.addEventListener(`quote-cast-${name}`, listen);
        await element.play();
        await new Promise((soon) => setTimeout(soon, 400));
        element.pause();
        await new Promise((soon) => setTimeout(soon, 100));
        return [...new Set(events.map(String)), element.duration];"""
    )
    assert {*reported[:-1]} == {"quote-cast-play,undefined", "quote-cast-time,number", "quote-cast-pause,undefined"}
    assert reported[-1] == 41.357


def test_the_transcript_scrolls_with_the_voice_until_the_reader_scrolls(guest: Guest) -> None:
    guest.show('<quote-cast src="/sample.json"></quote-cast>')
    top = "return element.shadowRoot.querySelector('.transcript').scrollTop"
    guest.do("await element.play(); element.currentTime = 90; await new Promise((soon) => setTimeout(soon, 1500))")
    followed = guest.do(top)
    assert followed > 200
    expect(lit(guest.cast())).to_be_in_viewport()
    assert guest.page.evaluate("scrollY") == 0
    guest.cast().locator(".transcript").hover()
    guest.page.mouse.wheel(0, -5000)
    guest.page.wait_for_timeout(1200)
    assert guest.do(top) < followed / 2

"""A published page and an embed whose audio lies on a host that inserts ads: they follow the episode's own audio."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from aligner.storage.alignment_json import read_alignment
from media.decode import Waveform, read_waveform
from media.mastering import Encoding, encode
from tests.paths import SAMPLE
from tests.web.embed.hosting import Site
from tests.web.embed.hosting import hosting as cdn
from tests.web.gestures import sound_time
from tests.web.site.hosting import hosting
from tests.web.site.publishing import copied_sample, publish
from tests.web.visiting import assert_accessible, new_tab

BEFORE, CUT, AD = 8.0, 54.75, 15.0  # seconds: an ad before the episode, and where in it the next ad lies; its length
ANYWHERE = {"Access-Control-Allow-Origin": "*"}
EMBED = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Host</title>
    <script src="quote-cast.js"></script>
    <main><h1>Host</h1><quote-cast src="episode.cast.json" {attributes}></quote-cast></main>"""


def with_ads(path: Path, target: Path) -> bytes:
    """The audio with speech played backwards before it and in a pause of it."""
    own = read_waveform(path)
    before, ad = (own.between(100 - each, 100).samples[::-1] for each in (BEFORE, AD))
    parts = (before, own.between(0, CUT).samples, ad, own.between(CUT, own.duration).samples)
    encode(Waveform(np.concatenate(parts), own.rate), target, Encoding())
    return target.read_bytes()


@pytest.fixture(scope="module")
def delivered(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return with_ads(sample / "episode.mp3", tmp_path_factory.mktemp("delivered") / "episode.mp3")


@pytest.fixture
def host(delivered: bytes) -> Iterator[Site]:
    """The host of the audio, which lets other sites read it."""
    with cdn({**ANYWHERE}) as host:
        host.files["/episode.mp3"] = delivered
        yield host


@pytest.fixture
def address(sample: Path, tmp_path: Path, host: Site) -> Iterator[str]:
    """The address of the published page."""
    alignment = copied_sample(sample, tmp_path / "episode")
    folder = publish(alignment, tmp_path / "site", "--audio-url", f"{host.address}/episode.mp3", "--interface", "en")
    with hosting(folder) as address:
        yield f"{address}index.html"


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Page]:
    with new_tab(browser, viewport={"width": 1280, "height": 800}, locale="en-GB") as page:
        page.goto(address)
        yield page
        page.goto("about:blank")


@pytest.fixture(scope="module")
def words(sample: Path) -> list[tuple[str, float]]:
    """Each spoken word and the time at which it begins."""
    alignment = read_alignment(sample / "episode.alignment.json")
    return [(each.word.text, each.span.start) for each in alignment.words if each.span]


def delivered_time(own: float) -> float:
    return own + BEFORE + (AD if own >= CUT else 0)


def skip_to(page: Page, seconds: float) -> None:
    """Move to a time of the delivered audio, as the device's own controls do."""
    page.evaluate("seconds => { document.getElementById('audio').currentTime = seconds; }", seconds)


@pytest.mark.ci
def test_words_are_lit_at_their_own_place_and_none_in_an_ad(visit: Page, words: list[tuple[str, float]]) -> None:
    visit.get_by_role("button", name="Large captions").click()
    visit.locator("[data-play=toggle]").click()
    expect(visit.locator("#now")).to_have_text("Ad")  # before the episode
    expect(visit.locator("#captions .caption")).to_have_text("Ad")
    visit.locator("[data-play=toggle]").click()
    for text, start in (words[number] for number in (40, 60, 200, 260)):
        skip_to(visit, delivered_time(start) + 0.06)
        expect(visit.locator("#transcript .w.lit")).to_have_text(text)
    skip_to(visit, CUT + BEFORE + 6)
    expect(visit.locator("#transcript .w.lit")).to_have_count(0)
    expect(visit.locator("#captions .caption")).to_have_text("Ad")
    expect(visit.locator("#now")).to_have_text("Ad")
    expect(visit.locator("#announcement")).to_have_text("Ad")
    assert_accessible(visit)


@pytest.mark.parametrize("number", [60, 260])
def test_a_quote_link_plays_at_its_words_place_in_the_delivered_audio(
    browser: Browser, address: str, words: list[tuple[str, float]], number: int
) -> None:
    text, start = words[number]
    with new_tab(browser, locale="en-GB") as page:
        page.goto(f"{address}#t={start:.2f},{start + 0.1:.2f}")
        expect(page.locator("#transcript .w.sel")).to_have_text(text)
        page.wait_for_function("() => document.getElementById('audio').currentTime > 0")
        assert sound_time(page) == pytest.approx(delivered_time(start), abs=0.06)
        expect(page.locator("#toast")).to_be_hidden()


def test_a_listener_who_returns_goes_on_where_they_left_and_skips_from_there(
    visit: Page, words: list[tuple[str, float]]
) -> None:
    visit.locator(f'#transcript .w[data-i="{numbered(visit, words[200][1])}"]').click()
    visit.wait_for_function("() => document.getElementById('audio').currentTime > 60")
    visit.locator("[data-play=toggle]").click()
    left = sound_time(visit)
    visit.reload()
    visit.locator("[data-play=back]").click()
    visit.locator("[data-play=toggle]").click()
    visit.wait_for_function("() => !document.getElementById('audio').paused")
    assert sound_time(visit) == pytest.approx(left - 15, abs=2)


def numbered(page: Page, start: float) -> int:
    """The number of the word that begins at a time."""
    data = "JSON.parse(document.getElementById('episode-data').textContent)"
    return int(page.evaluate(f"(start) => {data}.starts.indexOf(Math.round(1000 * start))", start))


def test_nothing_is_fetched_for_sync_until_the_listener_plays(visit: Page) -> None:
    asked: list[str] = []
    visit.on("request", lambda request: asked.append(request.url.rpartition("/")[2].partition("?")[0]))
    visit.reload()
    visit.locator("#wave").wait_for()
    visit.wait_for_timeout(300)  # time for requests that must not come
    assert "episode.sync" not in asked
    visit.locator("[data-play=toggle]").click()
    expect(visit.locator("#now")).to_have_text("Ad")
    assert asked.count("episode.sync") == 1


def test_where_the_audio_may_not_be_read_the_page_says_so_once_beside_the_captions(
    browser: Browser, address: str, host: Site
) -> None:
    host.headers.clear()
    with new_tab(browser, may_complain=True, locale="en-GB", viewport={"width": 1280, "height": 800}) as page:
        page.goto(address)
        page.get_by_role("button", name="Large captions").click()
        page.locator("#transcript").get_by_text("tandem", exact=True).click()
        expect(page.locator("#toast")).to_contain_text("The captions may be off")
        toast, captions = (page.locator(each).bounding_box() for each in ("#toast", "#captions"))
        assert toast
        assert captions
        assert toast["y"] + toast["height"] <= captions["y"]
        expect(page.locator("#transcript .w.lit")).to_have_count(1)  # as on a host without ads
        page.locator("#toast").get_by_role("button", name="Close").click()
        page.locator("#transcript").get_by_text("bienvenue", exact=True).click()
        page.wait_for_timeout(600)
        expect(page.locator("#toast")).to_be_hidden()


def test_another_episode_is_called_that_and_gets_no_captions(visit: Page, host: Site, tmp_path: Path) -> None:
    own = read_waveform(SAMPLE / "episode.mp3")
    encode(Waveform(own.samples[::-1], own.rate), tmp_path / "another.mp3", Encoding())
    host.files["/episode.mp3"] = (tmp_path / "another.mp3").read_bytes()
    visit.reload()
    visit.locator("[data-play=toggle]").click()
    expect(visit.locator("#toast")).to_contain_text("This audio is another episode")
    skip_to(visit, 46)
    visit.wait_for_timeout(300)
    expect(visit.locator("#transcript .w.lit")).to_have_count(0)


def test_the_copy_that_was_matched_is_the_one_that_plays(visit: Page, host: Site) -> None:
    plain = {"Location": f"{host.address}/stitched.mp3", **ANYWHERE}
    host.files["/stitched.mp3"] = host.files.pop("/episode.mp3")
    visit.context.route("**/episode.mp3", lambda route: route.fulfill(status=302, headers=plain))
    visit.reload()
    visit.locator("[data-play=toggle]").click()
    expect(visit.locator("#now")).to_have_text("Ad")
    assert visit.evaluate("document.getElementById('audio').src") == f"{host.address}/stitched.mp3"
    visit.wait_for_function("() => document.getElementById('audio').currentTime > 0.2")


def use_sources(folder: Path, *addresses: str) -> None:
    """Let the published embed play audio from these addresses, the best first."""
    data = folder / "episode.cast.json"
    cast_data = json.loads(data.read_text("utf-8"))
    cast_data["audio"]["sources"] = [{"src": each, "type": None} for each in addresses]
    data.write_text(json.dumps(cast_data), "utf-8")


def embed(page: Page, address: str, tmp_path: Path, attributes: str = "", language: str = "en") -> Locator:
    """Open a page that embeds the published episode."""
    html = EMBED.format(language=language, attributes=attributes)
    (tmp_path / "site" / "embed.html").write_text(html, "utf-8")
    page.goto(address.replace("index", "embed"))
    page.locator("quote-cast .controls").wait_for()
    return page.locator("quote-cast")


def test_an_embed_follows_the_first_audio_that_loads_and_says_when_an_ad_plays(
    visit: Page, address: str, host: Site, tmp_path: Path, words: list[tuple[str, float]]
) -> None:
    text, start = words[260]
    use_sources(tmp_path / "site", f"{host.address}/quote-cast.js", f"{host.address}/episode.mp3")
    cast = embed(visit, address, tmp_path)
    cast.locator(".play").click()
    expect(cast.locator(".status")).to_have_text("Ad: the transcript continues after it.")
    expect(cast.locator(".lit")).to_have_count(0)
    cast.evaluate("(element, seconds) => { element.pause(); element.currentTime = seconds; }", start + 0.05)
    expect(cast.locator(".lit")).to_have_text(text)
    expect(cast.locator(".status")).to_be_empty()
    assert cast.evaluate("element => element.currentTime") == pytest.approx(start + 0.05, abs=0.001)
    assert_accessible(visit)


def test_an_embed_that_waits_for_a_place_can_be_paused(visit: Page, address: str, tmp_path: Path) -> None:
    visit.route("**/episode.sync*", lambda route: None)  # which never comes
    cast = embed(visit, address, tmp_path)
    cast.evaluate("element => { element.currentTime = 90; }")
    cast.locator(".play").click()
    expect(cast.locator(".status")).to_have_text("Finding this place in the audio…")
    expect(cast.locator(".play")).to_have_accessible_name("Pause")
    cast.locator(".play").click()
    expect(cast.locator(".play")).to_have_accessible_name("Play")
    assert cast.evaluate("element => [element.paused, element.currentTime]") == [True, 90]


def test_an_embedded_quote_plays_its_words_alone(visit: Page, address: str, tmp_path: Path) -> None:
    visit.add_init_script("""window.times = [];
        addEventListener("quote-cast-time", ({ detail }) => times.push(detail.currentTime));
        addEventListener("quote-cast-end", () => { window.ended = true; });""")
    cast = embed(visit, address, tmp_path, 'quote="accueille chaque samedi"')
    cast.locator(".play").click()
    visit.wait_for_function("() => window.ended")
    times = visit.evaluate("times")
    assert min(times) >= 129.145 - 0.3
    assert max(times) <= 130.145 + 0.3


def test_an_embed_offers_the_own_audio_where_it_cannot_check_for_ads(
    browser: Browser, address: str, host: Site, tmp_path: Path
) -> None:
    host.headers.clear()
    use_sources(tmp_path / "site", f"{host.address}/episode.mp3", "own.mp3")
    shutil.copy(SAMPLE / "episode.mp3", tmp_path / "site" / "own.mp3")
    with new_tab(browser, may_complain=True) as page:
        cast = embed(page, address, tmp_path, language="fr")
        cast.evaluate("async (element) => { element.currentTime = 46.5; await element.play(); }")
        expect(cast.locator(".status")).to_contain_text("Les mots surlignés peuvent être décalés")
        cast.get_by_role("button", name="Lire l’audio de la page").click()
        page.wait_for_function("() => document.querySelector('quote-cast').currentTime > 46.7")
        expect(cast.locator(".status")).to_be_empty()
        expect(cast.locator(".lit")).to_have_count(1)

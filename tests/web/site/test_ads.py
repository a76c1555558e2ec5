"""A published page and an embed whose audio lies on a host that inserts ads: they follow the episode's own audio."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import fingerprint_path
from media.decode import Waveform, read_waveform
from media.mastering import Encoding, encode
from tests.web.embed.hosting import Site
from tests.web.embed.hosting import hosting as cdn
from tests.web.gestures import sound_time
from tests.web.site.hosting import hosting
from tests.web.site.publishing import copied_sample, publish
from tests.web.visiting import assert_accessible, new_tab

BEFORE, CUT, AD = 8.0, 54.75, 15.0  # seconds: an ad before the episode, and where in it the next ad lies; its length
ANYWHERE = {"Access-Control-Allow-Origin": "*"}
LATER = (
    "() => JSON.parse(document.getElementById('episode-data').textContent).starts.findIndex((start) => start > 85_000)"
)


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
    plant_sync(folder, alignment)
    with hosting(folder) as address:
        yield f"{address}index.html"


def plant_sync(folder: Path, alignment: Path) -> None:
    (folder / "episode.sync").write_bytes(fingerprint_path(alignment).read_bytes())
    page = folder / "index.html"
    html = page.read_text("utf-8").replace('"peaks":', '"sync":"episode.sync","peaks":')
    page.write_text(html.replace("connect-src 'self'", "connect-src 'self' blob: https: http:"), "utf-8")
    data = folder / "episode.cast.json"
    cast = json.loads(data.read_text("utf-8"))
    cast["audio"]["sync"] = "episode.sync"
    data.write_text(json.dumps(cast), "utf-8")


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Page]:
    with new_tab(browser, viewport={"width": 1280, "height": 800}, locale="en-GB") as page:
        page.goto(address)
        yield page
        page.goto("about:blank")


def delivered_time(own: float) -> float:
    return own + BEFORE + (AD if own >= CUT else 0)


def play_at(page: Page, seconds: float) -> None:
    """Play from a time of the delivered audio, and pause there."""
    page.evaluate("seconds => { document.getElementById('audio').currentTime = seconds; }", seconds)


def lit(page: Page) -> list[str]:
    return page.locator("#transcript .w.lit").all_inner_texts()


def test_words_are_lit_at_their_own_place_and_none_in_an_ad(visit: Page, sample: Path) -> None:
    words = [word for word in read_alignment(sample / "episode.alignment.json").words if word.span]
    visit.get_by_role("button", name="Large captions").click()
    visit.locator("[data-play=toggle]").click()
    expect(visit.locator("#now")).to_have_text("Ad")  # before the episode
    expect(visit.locator("#captions .caption")).to_have_text("Ad")
    visit.locator("[data-play=toggle]").click()
    for number in (40, 60, 200, 260):
        word = words[number]
        assert word.span
        play_at(visit, delivered_time(word.span.start) + 0.06)
        expect(visit.locator("#transcript .w.lit")).to_have_text(word.word.text)
    play_at(visit, CUT + BEFORE + 6)
    expect(visit.locator("#transcript .w.lit")).to_have_count(0)
    expect(visit.locator("#captions .caption")).to_have_text("Ad")
    expect(visit.locator("#now")).to_have_text("Ad")
    expect(visit.locator("#announcement")).to_have_text("Ad")
    assert_accessible(visit)

"""Chromium's own ``<track>`` reads every WebVTT for pages as it was written: texts, voices and times."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from aligner.captions import CaptionRules, SpeakerNames
from aligner.formats import FORMATS
from tests.readers.hostile import materials
from tests.readers.reading import Shown, seen, written
from tests.web.visiting import new_tab

pytestmark = pytest.mark.nightly

_DASH = CaptionRules(speaker_names=SpeakerNames.DASH)
_SITE = "http://quotecast.test"
_CUES = """
async (source) => {
    const track = document.createElement("track");
    track.kind = "captions";
    track.src = source;
    const loaded = new Promise((resolve, reject) => { track.onload = resolve; track.onerror = reject; });
    document.querySelector("video").append(track);
    track.track.mode = "hidden";
    await loaded;
    const cues = [...track.track.cues].map((cue) => {
        const tree = cue.getCueAsHTML();
        const voices = [...tree.querySelectorAll("span[title]")].map((voice) => [voice.title, voice.textContent]);
        return { start: cue.startTime, end: cue.endTime, text: tree.textContent, voices };
    });
    track.remove();
    return cues;
}
"""


def _cues(page: Page, file: bytes) -> list[dict[str, Any]]:
    page.route(f"{_SITE}/file.vtt", lambda route: route.fulfill(body=file, content_type="text/vtt"))
    found: list[dict[str, Any]] = page.evaluate(_CUES, "/file.vtt")
    page.unroute(f"{_SITE}/file.vtt")
    return found


def _shown(cue: dict[str, Any]) -> Shown:
    return Shown(round(cue["start"] * 1000), round(cue["end"] * 1000), tuple(map(seen, cue["text"].split("\n"))), ())


@pytest.fixture(scope="module")
def page(browser: Browser) -> Any:
    """A page with a video that has no tracks yet."""
    with new_tab(browser) as tab:
        html = "<!doctype html><title>tracks</title><link rel=icon href='data:,'><video></video>"
        tab.route(f"{_SITE}/", lambda route: route.fulfill(body=html, content_type="text/html"))
        tab.goto(f"{_SITE}/")
        yield tab


def test_captions_are_those_that_were_written(page: Page) -> None:
    for name, material in materials().items():
        cues = _cues(page, FORMATS["web-vtt"].write(material))
        truth = written(material, _DASH)
        assert [_shown(cue) for cue in cues] == [Shown(each.start, each.end, each.lines, ()) for each in truth], name
        for cue, true in zip(cues, truth, strict=True):
            told = {seen(voice) for voice, text in cue["voices"] if seen(text)}
            assert told == {seen(each) for each in true.speakers if each and seen(each)}, name

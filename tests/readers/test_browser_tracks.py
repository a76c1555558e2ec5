"""Chromium's own ``<track>`` reads every WebVTT for pages as it was written: texts, voices, times, times of words; and
chapters."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from aligner.captions import CaptionRules, SpeakerNames
from aligner.durations import to_milliseconds
from aligner.formats import FORMATS, Material
from tests.readers.hostile import MATERIALS
from tests.readers.reading import Shown, seen, written
from tests.web.visiting import new_tab

pytestmark = pytest.mark.slow

_DASH = CaptionRules(speaker_names=SpeakerNames.DASH)
_SITE = "http://quotecast.test"
_CUES = """
async (source, kind) => {
    const track = document.createElement("track");
    track.kind = kind;
    track.src = source;
    const loaded = new Promise((resolve, reject) => { track.onload = resolve; track.onerror = reject; });
    document.querySelector("video").append(track);
    track.track.mode = "hidden";
    await loaded;
    const cues = [...track.track.cues].map((cue) => {
        const tree = cue.getCueAsHTML();
        const words = document.createNodeIterator(tree, NodeFilter.SHOW_PROCESSING_INSTRUCTION);
        const times = [];
        for (let word = words.nextNode(); word; word = words.nextNode()) times.push(word.data);
        const voices = [...tree.querySelectorAll("span[title]")].map((voice) => [voice.title, voice.textContent]);
        return { start: cue.startTime, end: cue.endTime, text: tree.textContent, voices, times };
    });
    track.remove();
    return cues;
}
"""


def _cues(page: Page, file: bytes, kind: str) -> list[dict[str, Any]]:
    page.route(f"{_SITE}/file.vtt", lambda route: route.fulfill(body=file, content_type="text/vtt"))
    found: list[dict[str, Any]] = page.evaluate(f"([source, kind]) => ({_CUES})(source, kind)", ["/file.vtt", kind])
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
    for name, material in MATERIALS.items():
        cues = _cues(page, FORMATS["web-vtt"].write(material), "captions")
        truth = written(material, _DASH)
        assert [_shown(cue) for cue in cues] == [Shown(each.start, each.end, each.lines, ()) for each in truth], name
        for cue, true in zip(cues, truth, strict=True):
            told = {seen(voice) for voice, text in cue["voices"] if seen(text)}
            assert told == {seen(each) for each in true.speakers if each and seen(each)}, name
        for cue, times in zip(cues, _word_times(material), strict=True):
            stamps = _stamps(cue["times"])
            # Chromium cuts what is below a millisecond, as 0.419999, off the times of words.
            assert all(0 <= time - stamp <= 1 for time, stamp in zip(times, stamps, strict=True)), name


def _stamps(times: list[str]) -> list[int]:
    return [
        (int(hours) * 60 + int(minutes)) * 60_000 + int(seconds) * 1000 + int(rest)
        for hours, minutes, seconds, rest in (re.split("[:.]", time) for time in times)
    ]


def _word_times(material: Material) -> list[list[int]]:
    """When words begin in each cue, after the cue and before its end, each later than the last."""
    found = []
    for cue in material.cues(_DASH):
        last, times = to_milliseconds(cue.start), []
        for word in cue.words:
            if word.span and last < (start := to_milliseconds(word.span.start)) < to_milliseconds(cue.end):
                times.append(start)
                last = start
        found.append(times)
    return found


def test_chapters_are_a_track_of_chapters(page: Page) -> None:
    for name, material in MATERIALS.items():
        if FORMATS["chapters-vtt"].lacking(material):
            continue
        cues = _cues(page, FORMATS["chapters-vtt"].write(material), "chapters")
        truth = [
            Shown(to_milliseconds(each.start), to_milliseconds(each.end), (seen(each.title),), ())
            for each in material.chapters
        ]
        assert [_shown(cue) for cue in cues] == truth, name


def test_what_is_not_as_it_was_written_is_found(page: Page) -> None:
    material = MATERIALS["ordinary"]
    text = FORMATS["web-vtt"].write(material).decode()
    truth = [Shown(each.start, each.end, each.lines, ()) for each in written(material, _DASH)]
    assert [_shown(cue) for cue in _cues(page, text.encode(), "captions")] == truth
    for good, bad in (("Parfois", ""), ("-->", "->"), ("00:00:01.000", "00:00:01.001")):
        assert [_shown(cue) for cue in _cues(page, text.replace(good, bad, 1).encode(), "captions")] != truth

"""A page whose turns were rendered again is the page that a reload shows: its words, turns, chapters and data."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.web.correcting.test_page import correct, data, without_a_name

SHOWN = """() => {
    const copy = document.getElementById("transcript").cloneNode(true);
    for (const each of copy.querySelectorAll("[tabindex]")) each.removeAttribute("tabindex");
    for (const each of copy.querySelectorAll("[title]")) each.removeAttribute("title");
    const textOf = (name) => document.querySelector(name).textContent.replace(/\\s+/g, "");
    return [copy.innerHTML.replace(/>\\s+/g, ">").replace(/\\s+</g, "<"), textOf("#chapters"), textOf(".heading"),
        document.querySelector('meta[name="transcript"]').content];
}"""

SPEECH = {"kind": "speech", "speaker": "Maëlle Kerdoncuff"}


def paragraph(text: str, **other: Any) -> dict[str, Any]:
    return {**SPEECH, "text": text, **other}


CORRECTIONS: dict[str, list[dict[str, Any]]] = {
    "a word that is set": [{"kind": "place", "word": 7, "start": 6.3, "end": 6.6}],
    "a paragraph that is written otherwise": [
        {"kind": "text", "first": 3, "stop": 4, "paragraphs": [paragraph("Un texte tout autre, plus court.")]}
    ],
    "a paragraph that becomes two, of two people": [
        {
            "kind": "text",
            "first": 3,
            "stop": 4,
            "paragraphs": [paragraph("Une première partie."), paragraph("Une seconde.", speaker="Quelqu’un")],
        }
    ],
    "one that is taken out, and one put in": [
        {"kind": "text", "first": 4, "stop": 5, "paragraphs": []},
        {"kind": "text", "first": 1, "stop": 1, "paragraphs": [paragraph("Tout au début.")]},
    ],
    "a heading": [
        {"kind": "text", "first": 3, "stop": 3, "paragraphs": [{"kind": "heading", "speaker": None, "text": "Ici"}]}
    ],
    "missing speech, marked": [
        {"kind": "insert", "start": 1.0, "end": 3.0, "speaker": "Maëlle Kerdoncuff", "text": "Bonjour à tous."}
    ],
    "what is said in the place of words": [
        {"kind": "instead", "first": 40, "stop": 44, "start": 20.0, "end": 22.0, "text": "Une autre phrase."}
    ],
    "a jingle that nobody has found": [{"kind": "annotate", "as": "jingle", "start": 1.0, "end": 3.0}],
}


@pytest.mark.parametrize("corrections", CORRECTIONS.values(), ids=CORRECTIONS)
def test_a_corrected_page_is_what_a_reload_shows(episode: Page, corrections: list[dict[str, Any]]) -> None:
    without_a_name(episode)
    before = episode.evaluate(SHOWN), data(episode)
    for correction in corrections:
        assert correct(episode, correction) is not None
    shown, told = episode.evaluate(SHOWN), data(episode)
    episode.reload()
    assert episode.evaluate(SHOWN) == shown
    assert data(episode) | {"revision": 0} == told | {"revision": 0}
    for _ in corrections:
        episode.evaluate("async () => { await (await import('/static/js/page/episode.js')).changes.undo(); }")
    assert episode.evaluate(SHOWN) == before[0]
    assert data(episode) | {"revision": 0} == before[1] | {"revision": 0}

"""Collect facts for an accessibility statement: how complete a transcript is, and which passages fail a criterion.

The criteria are those of RGAA 4.1 (the French standard) for audio without video: 4.1.1 demands a transcript beside the
audio, 4.2.1 all speech in order. Nothing here claims that a page complies.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aligner.formats import Material
from aligner.model import Kind, Span, Status
from aligner.pins import WITHOUT_TEXT, open_untranscribed

_OVERLAP = 2.0  # seconds by which speech may precede earlier text: simultaneous speech has no order


@dataclass(frozen=True, slots=True)
class Passage(Span):
    """A passage of the audio with its text, empty if unknown. ``kind`` is how a person annotated it, such as ``ad``."""

    text: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about a transcript for the accessibility statement. ``missing`` is speech without text; ``left_out`` is
    audio that a person marked as needing no text. ``out_of_order`` are paragraphs spoken earlier than a paragraph that
    precedes them in the text, ``unnamed`` are paragraphs without a speaker. ``unspoken`` is the number of words that
    are not spoken."""

    missing: tuple[Passage, ...]
    left_out: tuple[Passage, ...]
    out_of_order: tuple[Passage, ...]
    unnamed: tuple[Passage, ...]
    unspoken: int


def facts_of(material: Material) -> Facts:
    """Return the facts about an episode's transcript for the accessibility statement."""
    alignment = material.alignment
    speech = [each for each in material.paragraphs if each.kind is Kind.SPEECH]
    unspoken = sum(word.status is Status.UNSPOKEN for each in speech for word in material.words(each))
    return Facts(
        tuple(Passage(each.start, each.end, each.text) for each in open_untranscribed(alignment)),
        tuple(
            Passage(each.start, each.end, kind=each.kind) for each in alignment.annotations if each.kind in WITHOUT_TEXT
        ),
        tuple(_out_of_order([Passage(each.span.start, each.span.end, each.text) for each in speech if each.span])),
        tuple(Passage(each.span.start, each.span.end, each.text) for each in speech if each.span and not each.speaker),
        unspoken,
    )


def _out_of_order(paragraphs: list[Passage]) -> Iterator[Passage]:
    """Yield the paragraphs spoken over ``_OVERLAP`` seconds earlier than a preceding paragraph of the text."""
    latest = 0.0
    for passage in paragraphs:
        if passage.start < latest - _OVERLAP:
            yield passage
        latest = max(latest, passage.start)

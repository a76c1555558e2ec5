"""Paragraphs of the transcript as they are edited: to the letter, with their places among the segments."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from aligner.mapping import Mapping
from aligner.model import Alignment, Kind, outermost


@dataclass(frozen=True, slots=True)
class EditedParagraph:
    """The outermost segments from ``first`` to before ``stop`` are one with what lies within it.

    ``char_start`` is where its text begins in the transcript's; ``start`` and ``end`` are when its words are said, in
    seconds, None if none is.
    """

    first: int
    stop: int
    kind: Kind
    speaker: str | None
    text: str
    char_start: int
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Paragraphs in a row from segment ``first`` to before ``stop`` of a transcript of ``version``, after ``history``
    changes; a place between two if there are none."""

    history: int
    version: str
    first: int
    stop: int
    paragraphs: list[EditedParagraph]


def passage_now(base: Alignment, now: Alignment, segments: range, history: int) -> Passage:
    """Return what stands in ``now``, which has so many changes, in the place of segments of ``base``."""
    place = Mapping(_paragraphs(base), _paragraphs(now)).passage(segments)
    outer = outermost([timed.segment for timed in now.segments])
    found = [_paragraph(now, index, inner) for index, inner in outer if index in place]
    first, stop = (found[0].first, found[-1].stop) if found else (place.start, place.start)
    return Passage(history, now.version, first, stop, found)


def _paragraphs(alignment: Alignment) -> list[Hashable]:
    text = alignment.transcript.text
    return [(each.kind, each.speaker, text[each.char_start : each.char_end]) for each in alignment.transcript.segments]


def _paragraph(alignment: Alignment, index: int, inner: range) -> EditedParagraph:
    segments, text = [timed.segment for timed in alignment.segments], alignment.transcript.text
    found = segments[index]
    within = (each for each in alignment.words if found.char_start <= each.word.char_start < found.char_end)
    spans = [timed.span for timed in within if timed.span]
    return EditedParagraph(
        first=index,
        stop=max(inner.stop, index + 1),
        kind=found.kind,
        speaker=found.speaker,
        text=text[found.char_start : found.char_end],
        char_start=found.char_start,
        start=min((span.start for span in spans), default=None),
        end=max((span.end for span in spans), default=None),
    )

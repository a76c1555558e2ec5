"""A paragraph of the transcript as it is edited: to the letter, with the place that it has among the segments."""

from __future__ import annotations

from dataclasses import dataclass

from aligner.model import Alignment, Kind, outermost
from web.errors import NotFound


@dataclass(frozen=True, slots=True)
class EditedParagraph:
    """The outermost segments from ``first`` to before ``stop`` are one with what lies within it.

    ``labelled`` is whether who speaks is written before it, as not where somebody goes on speaking; ``char_start`` is
    where its text begins in the transcript's; ``start`` and ``end`` are when its words are said, in seconds, None where
    none is.
    """

    first: int
    stop: int
    kind: Kind
    speaker: str | None
    text: str
    labelled: bool
    char_start: int
    start: float | None
    end: float | None


def paragraph_at(alignment: Alignment, segment: int) -> EditedParagraph:
    """The paragraph that begins with a segment.

    Raises
    ------
    NotFound
        None does.
    """
    segments = [timed.segment for timed in alignment.segments]
    inner = next((inner for index, inner in outermost(segments) if index == segment), None)
    if inner is None:
        raise NotFound("editing.gone")
    found = segments[segment]
    text = alignment.transcript.text[found.char_start : found.char_end]
    before = max((each.char_end for each in segments[:segment]), default=0)
    spans = [
        timed.span
        for timed in alignment.words
        if timed.span and found.char_start <= timed.word.char_start < found.char_end
    ]
    return EditedParagraph(
        first=segment,
        stop=max(inner.stop, segment + 1),
        kind=found.kind,
        speaker=found.speaker,
        text=text,
        labelled=any(map(str.isalpha, alignment.transcript.text[before : found.char_start])),
        char_start=found.char_start,
        start=min((span.start for span in spans), default=None),
        end=max((span.end for span in spans), default=None),
    )

"""The paragraphs of a transcript for the editor, with their exact text and segment indices."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from aligner.mapping import Mapping
from aligner.model import Alignment, outermost


def passage_now(base: Alignment, now: Alignment, segments: range, number: int) -> dict[str, Any]:
    """Return the current paragraphs of a passage that was selected in an older state of the alignment, as JSON.

    ``segments`` are the passage's segment indices in the older state ``base``. ``now`` is the current state,
    ``number`` its number of changes. Besides ``paragraphs``, the result has ``first`` and ``stop``, the
    half-open range of the paragraphs' segments. The range is empty if the paragraphs were deleted.
    """
    target = Mapping(_paragraphs(base), _paragraphs(now)).passage(segments)
    outer = outermost([timed.segment for timed in now.segments])
    found = [_paragraph(now, index, inner) for index, inner in outer if index in target]
    first, stop = (found[0]["first"], found[-1]["stop"]) if found else (target.start, target.start)
    return {"number": number, "transcript": now.version, "first": first, "stop": stop, "paragraphs": found}


def _paragraphs(alignment: Alignment) -> list[Hashable]:
    text = alignment.transcript.text
    return [(each.kind, each.speaker, text[each.char_start : each.char_end]) for each in alignment.transcript.segments]


def _paragraph(alignment: Alignment, index: int, inner: range) -> dict[str, Any]:
    """Return the segment ``index`` and its nested segments ``inner`` as one paragraph in JSON. Times are in seconds."""
    segments, text = [timed.segment for timed in alignment.segments], alignment.transcript.text
    found = segments[index]
    within = (each for each in alignment.words if found.char_start <= each.word.char_start < found.char_end)
    spans = [timed.span for timed in within if timed.span]
    return {
        "first": index,
        "stop": max(inner.stop, index + 1),
        "kind": found.kind,
        "speaker": found.speaker,
        "text": text[found.char_start : found.char_end],
        "char_start": found.char_start,
        "start": min((span.start for span in spans), default=None),
        "end": max((span.end for span in spans), default=None),
    }

"""What must hold between the parts of an alignment, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from aligner.model import Alignment, TimedSegment, TimedWord

_BEYOND = 0.1  # seconds that a time may lie after the sound's end, for decoders differ by a frame or two


def check_claims(alignment: Alignment) -> None:
    """Check that words lie in their segments, segments in the text, and times in the sound and in order.

    Raises
    ------
    ValueError
        Something does not hold; the message says what, in one line.
    """
    if alignment.audio.duration < 0:
        raise ValueError(f"the audio lasts {alignment.audio.duration} s")
    for segment in alignment.segments:
        _check_segment(segment, alignment)
    for word in alignment.words:
        _check_word(word, alignment)
    for passage in alignment.untranscribed:
        _check_span("untranscribed speech", passage.start, passage.end, alignment)
    _check_order("words", (word.span.start for word in alignment.words if word.span))
    _check_order("untranscribed passages", (passage.start for passage in alignment.untranscribed))
    _check_order("segments' texts", (segment.segment.char_start for segment in alignment.segments))


def _check_segment(timed: TimedSegment, alignment: Alignment) -> None:
    segment, length = timed.segment, len(alignment.transcript.text)
    if segment.char_end > length:
        raise ValueError(f"segment {timed.id!r} ends at character {segment.char_end} of {length}")
    if timed.start is None and timed.end is not None:
        raise ValueError(f"segment {timed.id!r} ends at {timed.end} s and has no start")
    _check_span(f"segment {timed.id!r}", timed.start, timed.end, alignment)


def _check_word(timed: TimedWord, alignment: Alignment) -> None:
    word = timed.word
    if word.segment >= len(alignment.segments):
        raise ValueError(f"word {word.text!r} is in segment {word.segment} of {len(alignment.segments)}")
    segment = alignment.segments[word.segment].segment
    if not segment.char_start <= word.char_start < word.char_end <= segment.char_end:
        raise ValueError(f"word {word.text!r} at character {word.char_start} is not in its segment")
    if timed.span:
        _check_span(f"word {word.text!r}", timed.span.start, timed.span.end, alignment)


def _check_span(what: str, start: float | None, end: float | None, alignment: Alignment) -> None:
    """A span lies within the sound; a start without an end does too."""
    last = alignment.audio.duration + _BEYOND
    if start is not None and not 0 <= start <= last:
        raise ValueError(f"{what} starts at {start} s of {alignment.audio.duration}")
    if start is not None and end is not None and not start < end <= last:
        raise ValueError(f"{what} lasts from {start} to {end} s of {alignment.audio.duration}")


def _check_order(what: str, starts: Iterable[float | None]) -> None:
    for before, after in pairwise(start for start in starts if start is not None):
        if after < before:
            raise ValueError(f"{what} are out of order: {after} comes after {before}")

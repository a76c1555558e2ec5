"""Whether an alignment that was read contradicts itself; what a field by itself may hold is said where it is read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from aligner.model import Alignment, AudioFile, TimedSegment, TimedWord

_LONGEST = 1e9  # seconds, which is beyond any sound
_BEYOND = 0.1  # seconds that a time may lie after the sound's end, for decoders differ by a frame or two


def check_alignment(alignment: Alignment) -> None:
    """Find whether the parts go together: words in their segments, those in the text, times in the sound and in order.

    Raises
    ------
    ValueError
        They do not; the message says which.
    """
    check_audio(alignment.audio)
    for segment in alignment.segments:
        _check_segment(segment, alignment)
    for word in alignment.words:
        _check_word(word, alignment)
    for passage in alignment.untranscribed:
        _check_span("untranscribed speech", passage.start, passage.end, alignment)
    _check_order("words", (word.span.start for word in alignment.words if word.span))
    _check_order("untranscribed passages", (passage.start for passage in alignment.untranscribed))
    _check_order("segments' texts", (segment.segment.char_start for segment in alignment.segments))


def check_audio(audio: AudioFile) -> None:
    """Raises ValueError where no sound lasts so long."""
    if not 0 <= audio.duration <= _LONGEST:
        raise ValueError(f"the audio lasts {audio.duration} s")


def _check_segment(timed: TimedSegment, alignment: Alignment) -> None:
    segment, length = timed.segment, len(alignment.transcript.text)
    if segment.char_end > length:
        raise ValueError(f"segment {timed.id!r} ends at character {segment.char_end} of {length}")
    if timed.start is None and timed.end is not None:
        raise ValueError(f"segment {timed.id!r} ends at {timed.end} s and has no start")
    if timed.start is not None:
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


def _check_span(what: str, start: float, end: float | None, alignment: Alignment) -> None:
    """A span lies within the sound; a start without an end does too."""
    last = alignment.audio.duration + _BEYOND
    if not 0 <= start <= last:
        raise ValueError(f"{what} starts at {start} s of {alignment.audio.duration}")
    if end is not None and not start < end <= last:
        raise ValueError(f"{what} lasts from {start} to {end} s of {alignment.audio.duration}")


def _check_order(what: str, starts: Iterable[float]) -> None:
    for before, after in pairwise(starts):
        if after < before:
            raise ValueError(f"{what} are out of order: {after} comes after {before}")

"""Whether an alignment that was read contradicts itself, and how its odd texts are put right.

What a field by itself may hold is said where it is read.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise
from math import inf

from aligner.model import Alignment, AudioFile, Engine, EpisodeDetails, Span, TimedSegment, TimedWord
from aligner.pins import Stretch, pins_of, stretches
from media.decode import LONGEST

_CONTROLS = dict.fromkeys((*range(32), *range(127, 160), 0x2028, 0x2029), " ")
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters of Hangul and a sign of Braille, of which nothing is seen
_LANGUAGE = re.compile("[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8}")
_HASH = re.compile("[0-9a-f]{64}")
LONGEST_GUID = 2000  # characters
_MOST_CHARS = {"title": 2000, "show": 2000, "date": 200, "url": 10_000, "cover": 5000, "file": 5000, "engine": 1000}
_MOST_CHARS["guid"] = LONGEST_GUID
_LONGEST_NAME_BYTES = 255
LONGEST_WORD = 100_000  # characters
_LONGEST_NAME, _LONGEST_ID, _LONGEST_PINNED = 1000, 100, 1_000_000  # characters
_BEYOND = 0.1  # seconds that a time may lie after the sound's end, for decoders differ by a frame or two


class TooLongError(ValueError):
    """It claims to be of a sound that lasts longer than an episode may, and would be worked on accordingly."""


def check_alignment(alignment: Alignment) -> None:
    """Find whether the parts go together: words in their segments, those in the text, times in the sound and in order.

    Raises
    ------
    ValueError
        They do not; the message says which.
    """
    transcript = alignment.transcript
    check_head(alignment.episode, alignment.audio, alignment.engine, transcript.file, transcript.sha256)
    for segment in alignment.segments:
        _check_segment(segment, alignment)
    for word in alignment.words:
        _check_word(word, alignment)
    for passage in alignment.untranscribed:
        _check_span("untranscribed speech", passage.start, passage.end, alignment)
    _check_order("words", (word.span.start for word in alignment.words if word.span))
    _check_order("untranscribed passages", (passage.start for passage in alignment.untranscribed))
    _check_order("segments' texts", (segment.segment.char_start for segment in alignment.segments))
    _check_nesting(alignment.segments)
    if any(pin.words.stop > len(alignment.words) for pin in alignment.pinned_passages):
        raise ValueError(f"a pinned passage has more words than the {len(alignment.words)} that there are")
    stretches(pins_of(alignment), Stretch(range(len(alignment.words)), Span(0.0, alignment.audio.duration + _BEYOND)))
    _check_order("what is settled", (settled.start for settled in alignment.settled))
    for settled in alignment.settled:
        _check_span("what is settled", settled.start, settled.end, alignment)
    for lost in alignment.lost_pins:
        _check_length("a lost pin", lost.text, _LONGEST_PINNED)


def check_head(
    episode: EpisodeDetails, audio: AudioFile, engine: Engine, transcript_file: str, transcript_sha256: str
) -> None:
    """Find whether what is said of the episode can be.

    Raises
    ------
    TooLongError
        The sound lasts longer than an episode may.
    ValueError
        Nothing lasts so long, a hash is none, or a text is far too long.
    """
    if LONGEST < audio.duration < inf:
        raise TooLongError(f"the audio lasts {audio.duration} s")
    if not 0 <= audio.duration <= LONGEST:
        raise ValueError(f"the audio lasts {audio.duration} s")
    for place, digits in (("audio.sha256", audio.sha256), ("transcript.sha256", transcript_sha256)):
        if not _HASH.fullmatch(digits):
            raise ValueError(f"{place} is {digits[:80]!r}, expected 64 hexadecimal digits")
    for name in ("title", "show", "date", "url", "cover", "guid"):
        _check_length(f"episode.{name}", getattr(episode, name) or "", _MOST_CHARS[name])
    for place, text in (
        ("audio.file", audio.file),
        ("transcript.file", transcript_file),
        ("episode.cover", episode.cover or ""),
    ):
        _check_length(place, text, _MOST_CHARS["file"])
        _check_path(place, text)
    _check_length("engine", engine.ear + engine.model, _MOST_CHARS["engine"])


def on_one_line(text: str | None) -> str | None:
    """A name or title on one line; None where nothing of it shows."""
    line = whole(text or "").translate(_CONTROLS)
    return line if line.strip() else None


def shown_name(text: str) -> str:
    """By what name somebody is known; "" where nothing of it is seen: signs without a shape, halves of characters."""
    shown = text.encode("utf-8", "ignore").decode("utf-8")
    has_shape = any(unicodedata.category(each)[0] not in "CMZ" and each not in _BLANKS for each in shown)
    return (on_one_line(shown) or "").strip() if has_shape else ""


def whole(text: str) -> str:
    """The text without halves of characters, as long as it was."""
    return text.encode("utf-8", "replace").decode("utf-8")


def language_or_none(code: str) -> str:
    """The language, ``und`` where that is no code of one (RFC 5646)."""
    return code if _LANGUAGE.fullmatch(code) else "und"


def _check_segment(timed: TimedSegment, alignment: Alignment) -> None:
    segment, length = timed.segment, len(alignment.transcript.text)
    _check_length("the id of a segment", timed.id, _LONGEST_ID)
    _check_length(f"the speaker of segment {timed.id!r}", segment.speaker or "", _LONGEST_NAME)
    if segment.char_end > length:
        raise ValueError(f"segment {timed.id!r} ends at character {segment.char_end} of {length}")
    if timed.start is None and timed.end is not None:
        raise ValueError(f"segment {timed.id!r} ends at {timed.end} s and has no start")
    if timed.start is not None:
        _check_span(f"segment {timed.id!r}", timed.start, timed.end, alignment)


def _check_word(timed: TimedWord, alignment: Alignment) -> None:
    word = timed.word
    _check_length("a word", word.text, LONGEST_WORD)
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


def _check_nesting(segments: Iterable[TimedSegment]) -> None:
    """A segment lies within another whole, or not at all."""
    ends: list[int] = []  # of those that the current one may lie in, the innermost last
    for timed in segments:
        segment = timed.segment
        while ends and ends[-1] <= segment.char_start:
            ends.pop()
        if ends and segment.char_end > ends[-1]:
            raise ValueError(f"segment {timed.id!r} begins in another, which ends before it, at character {ends[-1]}")
        ends.append(segment.char_end)


def _check_path(what: str, text: str) -> None:
    """A file has had that path: its bytes may be no text, but no name in it is longer than any system takes."""
    try:
        names = os.fsencode(text).replace(b"\\", b"/").split(b"/")
    except UnicodeEncodeError as error:
        raise ValueError(f"{what} is {text[:80]!r}, expected the path of a file") from error
    if "\0" in text or any(len(name) > _LONGEST_NAME_BYTES for name in names):
        raise ValueError(f"{what} is {text[:80]!r}, expected the path of a file")


def _check_length(what: str, text: str, most: int) -> None:
    if len(text) > most:
        raise ValueError(f"{what} has {len(text)} characters, expected at most {most}")


def _check_order(what: str, starts: Iterable[float]) -> None:
    for before, after in pairwise(starts):
        if after < before:
            raise ValueError(f"{what} are out of order: {after} comes after {before}")

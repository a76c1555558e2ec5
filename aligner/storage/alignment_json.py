"""alignment.json, the one source of truth: as text, and read with every claim checked.

Conventions
-----------
Seconds with 3 decimals. The fields and their order are those of format version 1; fields that are not known are passed
over, and ``warnings`` are there only where there are some. Paths are seen from the folder that the file lies in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from aligner.model import (
    Alignment,
    Kind,
    Segment,
    Span,
    Status,
    TimedSegment,
    TimedWord,
    Transcript,
    Untranscribed,
    Word,
)
from aligner.storage.alignment_check import check_alignment, on_one_line, whole
from aligner.storage.alignment_head import (
    LARGEST_BYTES,
    AlignmentHead,
    TranscriptFile,
    blaming,
    decode_alignment,
    head_on_lines,
    stored_warnings,
    warnings_in,
)
from aligner.storage.checked_json import Count, Seconds, Share, encodable
from media.confinement import read_regular


class _StoredTranscript(TranscriptFile):
    text: str


class _StoredSegment(Struct, gc=False):
    id: str
    kind: Kind
    speaker: str | None
    char_start: Count
    char_end: Count
    start: Seconds | None
    end: Seconds | None
    confidence: Share


class _StoredWord(Struct, gc=False):
    text: str
    char_start: Count
    char_end: Count
    segment: Count
    start: Seconds | None
    end: Seconds | None
    status: Status
    confidence: Share
    pinned: bool


class _Whole(AlignmentHead, kw_only=True):
    transcript: _StoredTranscript
    segments: list[_StoredSegment]
    words: list[_StoredWord]
    untranscribed: list[Untranscribed]


def to_text(alignment: Alignment) -> str:
    """The content of alignment.json: a line for each field, and within lists for each item."""
    fields = msgspec.to_builtins(_stored(alignment))
    text = "{" + ",\n ".join(f"{json.dumps(name)}: {_lines(value)}" for name, value in fields.items()) + "}\n"
    return encodable(text)


def _lines(value: Any) -> str:
    encode = json.JSONEncoder(ensure_ascii=False).encode
    return "[" + ",\n  ".join(map(encode, value)) + "]" if isinstance(value, list) else encode(value)


def _stored(alignment: Alignment) -> _Whole:
    transcript = alignment.transcript
    return _Whole(
        language=alignment.language,
        episode=alignment.episode,
        audio=replace(alignment.audio, duration=round(alignment.audio.duration, 3)),
        transcript=_StoredTranscript(transcript.file, transcript.sha256, transcript.text),
        engine=alignment.engine,
        coverage=round(alignment.coverage, 4),
        verdict=alignment.verdict,
        segments=list(map(_stored_segment, alignment.segments)),
        words=list(map(_stored_word, alignment.words)),
        untranscribed=list(map(_stored_passage, alignment.untranscribed)),
        warnings=stored_warnings(alignment.warnings),
    )


def _stored_segment(timed: TimedSegment) -> _StoredSegment:
    s, (start, end) = timed.segment, (None if time is None else round(time, 3) for time in (timed.start, timed.end))
    return _StoredSegment(timed.id, s.kind, s.speaker, s.char_start, s.char_end, start, end, timed.confidence)


def _stored_word(timed: TimedWord) -> _StoredWord:
    word = timed.word
    start, end = (round(timed.span.start, 3), round(timed.span.end, 3)) if timed.span else (None, None)
    place = word.text, word.char_start, word.char_end, word.segment
    return _StoredWord(*place, start, end, timed.status, timed.confidence, timed.pinned)


def read_alignment(path: Path | str) -> Alignment:
    """The alignment that ``path`` holds.

    What is odd, but can be shown, is put right: names and titles are on one line, halves of characters are question
    marks, a language that is none is unknown.

    Raises
    ------
    AlignmentError
        The file is missing, is no alignment of this version, or contradicts itself.
    NewerError
        It is of a later version.
    """
    path = Path(path)
    with blaming(path):
        return from_content(read_regular(path, LARGEST_BYTES))


def from_content(content: bytes) -> Alignment:
    """The alignment that is the content of a file, as ``read_alignment`` gives it; raises ValueError where it is none,
    as ``blaming`` tells."""
    alignment = _alignment(decode_alignment(content, _Whole))
    check_alignment(alignment)
    return alignment


def _alignment(read: _Whole) -> Alignment:
    """Raises ValueError where the parts of a word or a segment contradict each other."""
    segments, words = tuple(map(_timed_segment, read.segments)), tuple(map(_timed_word, read.words))
    read = head_on_lines(read)
    return Alignment(
        language=read.language,
        episode=read.episode,
        audio=read.audio,
        transcript=Transcript(
            file=read.transcript.file,
            sha256=read.transcript.sha256,
            text=whole(read.transcript.text),
            segments=tuple(timed.segment for timed in segments),
            words=tuple(timed.word for timed in words),
        ),
        engine=read.engine,
        coverage=read.coverage,
        verdict=read.verdict,
        segments=segments,
        words=words,
        untranscribed=tuple(map(_passage, read.untranscribed)),
        warnings=warnings_in(read),
    )


def _timed_segment(s: _StoredSegment) -> TimedSegment:
    segment = Segment(s.kind, on_one_line(s.speaker), s.char_start, s.char_end)
    return TimedSegment(whole(s.id), segment, s.start, s.end, s.confidence)


def _timed_word(w: _StoredWord) -> TimedWord:
    if (w.start is None) != (w.end is None):
        raise ValueError(f"word {w.text!r} is at {w.start}-{w.end}, expected both times or none")
    if w.start is not None and w.end is not None and not w.start < w.end:
        raise ValueError(f"word {w.text!r} ends at {w.end}, not after its start {w.start}")
    span = None if w.start is None or w.end is None else Span(w.start, w.end)
    word = Word(whole(w.text), w.char_start, w.char_end, w.segment)
    return TimedWord(word, span, w.status, w.confidence, w.pinned)


class RecordFormat(NamedTuple):
    """How the records of a list are stored: in what shape, and the ways there and back."""

    shape: Any
    stored: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _stored_passage(u: Untranscribed) -> Untranscribed:
    return Untranscribed(round(u.start, 3), round(u.end, 3), u.text)


def _passage(u: Untranscribed) -> Untranscribed:
    return Untranscribed(u.start, u.end, whole(u.text))


RECORDS: Mapping[str, RecordFormat] = {
    "segments": RecordFormat(_StoredSegment, _stored_segment, _timed_segment),
    "words": RecordFormat(_StoredWord, _stored_word, _timed_word),
    "untranscribed": RecordFormat(Untranscribed, _stored_passage, _passage),
}
"""By the names of an alignment's lists."""

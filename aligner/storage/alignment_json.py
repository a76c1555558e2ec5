"""alignment.json, the one source of truth: as text, and read with every claim checked.

Conventions
-----------
Seconds with 3 decimals. The fields and their order are those of format version 1; fields that are not known are passed
over; ``warnings``, ``signature``, ``machine_text``, ``pinned_passages``, ``lost_pins``, ``settled`` and a segment's
``pinned`` are there only where there is something. Paths are seen from the folder that the file lies in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, Struct, UnsetType

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
from aligner.pins import LostPin, Pin, PinKind
from aligner.settled import Settled
from aligner.storage.alignment_check import check_alignment, on_one_line, whole
from aligner.storage.alignment_head import (
    LARGEST_BYTES,
    AlignmentHead,
    TranscriptFile,
    blaming,
    decode_alignment,
    head_on_lines,
    signature_in,
    stored_signature,
    stored_warnings,
    warnings_in,
)
from aligner.storage.checked_json import Count, Seconds, Share, encodable
from aligner.storage.contradictions import without_contradictions
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
    pinned: bool | UnsetType = UNSET


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


class _StoredPinnedPassage(Struct, gc=False):
    """``words`` are the first one and the one after the last."""

    words: tuple[Count, Count]
    start: Seconds
    end: Seconds


class _StoredLostPin(Struct, gc=False):
    kind: PinKind
    text: str
    start: Seconds | None
    end: Seconds | None


class _Whole(AlignmentHead, kw_only=True):
    transcript: _StoredTranscript
    segments: list[_StoredSegment]
    words: list[_StoredWord]
    untranscribed: list[Untranscribed]
    pinned_passages: list[_StoredPinnedPassage] | UnsetType = UNSET
    lost_pins: list[_StoredLostPin] | UnsetType = UNSET
    settled: list[Settled] | UnsetType = UNSET


def to_text(alignment: Alignment) -> str:
    """The content of alignment.json: a line for each field, and within lists for each item."""
    stored = _stored(alignment)
    values = ((name, getattr(stored, name)) for name in stored.__struct_fields__)
    fields = (f"{json.dumps(name)}: {_lines(value)}" for name, value in values if value is not UNSET)
    return "{" + ",\n ".join(fields) + "}\n"


def _lines(value: Any) -> str:
    return "[" + ",\n  ".join(map(_line, value)) + "]" if isinstance(value, list) else _line(value)


def _line(value: Any) -> str:
    try:
        return msgspec.json.format(msgspec.json.encode(value), indent=0).decode("utf-8")
    except UnicodeEncodeError:  # the name of a file that is no Unicode
        return encodable(json.dumps(msgspec.to_builtins(value), ensure_ascii=False))


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
        pinned_passages=list(map(_stored_pinned_passage, alignment.pinned_passages)) or UNSET,
        lost_pins=list(map(_stored_lost_pin, alignment.lost_pins)) or UNSET,
        settled=list(map(_stored_settled, alignment.settled)) or UNSET,
        signature=stored_signature(alignment.signature) if alignment.signature else UNSET,
        machine_text=alignment.machine_text or UNSET,
    )


def _stored_pinned_passage(pin: Pin) -> _StoredPinnedPassage:
    assert pin.span
    return _StoredPinnedPassage((pin.words.start, pin.words.stop), round(pin.span.start, 3), round(pin.span.end, 3))


def _stored_lost_pin(pin: LostPin) -> _StoredLostPin:
    return _StoredLostPin(pin.kind, pin.text, *_edges(pin.span))


def _edges(span: Span | None) -> tuple[float | None, float | None]:
    return (round(span.start, 3), round(span.end, 3)) if span else (None, None)


def _stored_segment(timed: TimedSegment) -> _StoredSegment:
    s, (start, end) = timed.segment, (None if time is None else round(time, 3) for time in (timed.start, timed.end))
    place = s.kind, s.speaker, s.char_start, s.char_end
    return _StoredSegment(timed.id, *place, start, end, timed.confidence, s.pinned or UNSET)


def _stored_word(timed: TimedWord) -> _StoredWord:
    word = timed.word
    place = word.text, word.char_start, word.char_end, word.segment
    return _StoredWord(*place, *_edges(timed.span), timed.status, timed.confidence, timed.pinned)


def read_alignment(path: Path | str) -> Alignment:
    """The alignment that ``path`` holds.

    What is odd, but can be shown, is put right: names and titles are on one line, halves of characters are question
    marks, a language that is none is unknown; a pin that contradicts others is among those that are lost.

    Raises
    ------
    AlignmentError
        The file is missing, is no alignment of this version, or contradicts itself.
    NewerError
        It is of a later version.
    """
    path = Path(path)
    with blaming(path):
        return mended(read_regular(path, LARGEST_BYTES))


def mended(content: bytes) -> Alignment:
    """As ``from_content``, but that pins which contradict others cost themselves, not the alignment."""
    alignment = _alignment(decode_alignment(content, _Whole))
    try:
        check_alignment(alignment)
    except ValueError:
        without = without_contradictions(alignment)
        if without is alignment:
            raise
        check_alignment(without)
        return without
    return alignment


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
        pinned_passages=tuple(map(_pinned_passage, read.pinned_passages or ())),
        lost_pins=tuple(map(_lost_pin, read.lost_pins or ())),
        settled=tuple(read.settled or ()),
        signature=signature_in(read.signature),
        machine_text=bool(read.machine_text),
    )


def _pinned_passage(stored: _StoredPinnedPassage) -> Pin:
    return Pin(PinKind.PASSAGE, range(*stored.words), Span(stored.start, stored.end))


def _lost_pin(stored: _StoredLostPin) -> LostPin:
    return LostPin(stored.kind, whole(stored.text), _span("a lost pin", stored))


def _span(what: str, times: _StoredWord | _StoredLostPin) -> Span | None:
    """Raises ValueError where there is one time without the other, or none passes between them."""
    if times.start is None and times.end is None:
        return None
    if times.start is None or times.end is None:
        raise ValueError(f"{what} is at {times.start}-{times.end}, expected both times or none")
    if not times.start < times.end:
        raise ValueError(f"{what} ends at {times.end}, not after its start {times.start}")
    return Span(times.start, times.end)


def _timed_segment(s: _StoredSegment) -> TimedSegment:
    segment = Segment(s.kind, on_one_line(s.speaker), s.char_start, s.char_end, bool(s.pinned))
    return TimedSegment(whole(s.id), segment, s.start, s.end, s.confidence)


def _timed_word(w: _StoredWord) -> TimedWord:
    word = Word(whole(w.text), w.char_start, w.char_end, w.segment)
    return TimedWord(word, _span(f"word {w.text!r}", w), w.status, w.confidence, w.pinned)


class RecordFormat(NamedTuple):
    """How the records of a list are stored: in what shape, and the ways there and back."""

    shape: Any
    stored: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _stored_passage(u: Untranscribed) -> Untranscribed:
    return Untranscribed(round(u.start, 3), round(u.end, 3), u.text)


def _passage(u: Untranscribed) -> Untranscribed:
    return Untranscribed(u.start, u.end, whole(u.text))


def _stored_settled(settled: Settled) -> Settled:
    return Settled(settled.kind, round(settled.start, 3), round(settled.end, 3))


RECORDS: Mapping[str, RecordFormat] = {
    "segments": RecordFormat(_StoredSegment, _stored_segment, _timed_segment),
    "words": RecordFormat(_StoredWord, _stored_word, _timed_word),
    "untranscribed": RecordFormat(Untranscribed, _stored_passage, _passage),
    "pinned_passages": RecordFormat(_StoredPinnedPassage, _stored_pinned_passage, _pinned_passage),
    "lost_pins": RecordFormat(_StoredLostPin, _stored_lost_pin, _lost_pin),
    "settled": RecordFormat(Settled, _stored_settled, lambda settled: settled),
}
"""By the names of an alignment's lists."""

"""Read, check and write alignment.json, the file from which all outputs of an episode are derived.

Conventions
-----------
Seconds have 3 decimals. Fields and their order are those of format version 1; unknown fields are ignored. Fields with a
default are omitted when empty. Paths are relative to the file's folder. The *head* consists of the fields before the
segments; quotecast writes it first, so that lists of episodes need not read the rest.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Self, TypeVar

import msgspec
from msgspec import Meta, Struct

from aligner.edits import Content
from aligner.errors import AlignmentError, NewerError
from aligner.model import (
    Alignment,
    Annotation,
    AudioFile,
    Engine,
    EpisodeDetails,
    Kind,
    LostPin,
    Pin,
    PinKind,
    Review,
    Seconds,
    Segment,
    Sha256,
    Span,
    Status,
    Text,
    TimedSegment,
    TimedWord,
    Transcript,
    Untranscribed,
    Verdict,
    Word,
)
from aligner.pins import Region, regions
from aligner.storage.checked_json import Count, Share, decode, encodable, on_one_line, shortened
from media.decode import LONGEST, stored_warning
from media.errors import Message
from media.safe_fs import open_regular, read_regular

FORMAT, VERSION = "quotecast-alignment", 1
LARGEST_BYTES = 1 << 26  # of an alignment; a day of talk has some 45 MB
LONGEST_WORD = 100_000  # characters

_BEYOND = 0.1  # seconds that a time may lie after the audio's end: decoders differ by a frame or two
_MOST_HEAD_LINES, _LONGEST_LINE = 30, 1 << 22  # there are twelve fields; bytes, with the transcript's whole text
_LANGUAGE = re.compile("[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8}")  # RFC 5646

_ENCODER = msgspec.json.Encoder()

_Number = Annotated[int, Meta(ge=0, le=10**9)] | Annotated[float, Meta(ge=0, le=1e9)]


class StoredWarning(Struct):
    """A warning about the audio: a message template, and the numbers to insert into it."""

    template: str
    values: Annotated[dict[str, _Number], Meta(max_length=5)]


class TranscriptFile(Struct):
    """The transcript file that was aligned: its path, and the SHA-256 hash of its bytes."""

    file: Text
    sha256: Sha256


class AlignmentHead(Struct, kw_only=True, omit_defaults=True):
    """The fields of alignment.json before the segments. ``coverage`` is the share of the words in segments of speech
    that were matched in the audio. ``machine_text`` is True for an automatic transcript."""

    format: str
    version: int
    language: str
    episode: EpisodeDetails
    audio: AudioFile
    transcript: TranscriptFile
    engine: Engine
    coverage: Share
    verdict: Verdict
    warnings: Annotated[list[StoredWarning], Meta(max_length=20)] = []
    review: Review | None = None
    machine_text: bool = False


class _StoredTranscript(TranscriptFile):
    text: str


class _StoredSegment(Struct, gc=False, omit_defaults=True):
    id: Annotated[str, Meta(max_length=100)]
    kind: Kind
    speaker: Annotated[str, Meta(max_length=1000)] | None
    char_start: Count
    char_end: Count
    start: Seconds | None
    end: Seconds | None
    confidence: Share
    pinned: bool = False

    @classmethod
    def of(cls, timed: TimedSegment) -> Self:
        segment, (start, end) = timed.segment, (time and round(time, 3) for time in (timed.start, timed.end))
        place = segment.kind, segment.speaker, segment.char_start, segment.char_end
        return cls(timed.id, *place, start, end, timed.confidence, segment.pinned)

    def read(self) -> TimedSegment:
        speaker = on_one_line(self.speaker)
        segment = Segment(self.kind, speaker, self.char_start, self.char_end, self.pinned)
        return TimedSegment(self.id, segment, self.start, self.end, self.confidence)


class _StoredWord(Struct, gc=False):
    text: Annotated[str, Meta(max_length=LONGEST_WORD)]
    char_start: Count
    char_end: Count
    segment: Count
    start: Seconds | None
    end: Seconds | None
    status: Status
    confidence: Share
    pinned: bool

    @classmethod
    def of(cls, timed: TimedWord) -> Self:
        word, (start, end) = timed.word, _edges(timed.span)
        own = timed.status, timed.confidence, timed.pinned
        return cls(word.text, word.char_start, word.char_end, word.segment, start, end, *own)

    def read(self) -> TimedWord:
        word = Word(self.text, self.char_start, self.char_end, self.segment)
        return TimedWord(word, _span(self.start, self.end), self.status, self.confidence, self.pinned)


class _StoredPinnedPassage(Struct, gc=False):
    words: tuple[Count, Count]  # the first one and the one after the last
    start: Seconds
    end: Seconds

    def read(self) -> Pin:
        return Pin(PinKind.PASSAGE, range(*self.words), Span(self.start, self.end))


class _StoredLostPin(Struct, gc=False):
    kind: PinKind
    text: Annotated[str, Meta(max_length=1_000_000)]
    start: Seconds | None
    end: Seconds | None

    def read(self) -> LostPin:
        return LostPin(self.kind, self.text, _span(self.start, self.end))


class Stored(AlignmentHead, kw_only=True, omit_defaults=True):
    """All fields of an alignment.json, as stored; ``alignment_of`` turns them into an ``Alignment``."""

    transcript: _StoredTranscript
    segments: list[_StoredSegment]
    words: list[_StoredWord]
    untranscribed: list[Untranscribed]
    pinned_passages: list[_StoredPinnedPassage] = []
    lost_pins: list[_StoredLostPin] = []
    annotations: list[Annotation] = []


Known = tuple[Stored, Alignment]
"""Records and the alignment that was read from them."""

_OPTIONAL = {each.name for each in msgspec.structs.fields(Stored) if not each.required}
"""Fields that are left out if they are empty."""


class _Versioned(Struct):
    format: str | None = None
    version: int | None = None


H = TypeVar("H", bound=AlignmentHead)


class _LaterError(ValueError):
    """Error: the file has a later format version than quotecast can read. The message is that version number."""


@contextlib.contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Context manager: re-raise OSError and ValueError as AlignmentError, or as NewerError if the format version of the
    file is too new. Both errors name ``path``."""
    try:
        yield
    except OSError as error:
        raise AlignmentError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error
    except _LaterError as error:
        raise NewerError(
            "{path}: made by a newer quotecast (version {version} of its format, this one reads {known}); "
            "update quotecast",
            path=path,
            version=str(error),
            known=VERSION,
        ) from error
    except ValueError as error:
        raise AlignmentError(
            "{path}: not an alignment.json that can be read ({detail})", path=path, detail=shortened(error)
        ) from error


def read_head(path: Path) -> AlignmentHead:
    """Return the head (the fields before the segments) of the alignment at ``path``. Raises AlignmentError if the file
    is missing or the head is invalid, NewerError if the file has a later format version."""
    with blaming(path):
        with open_regular(path) as file, contextlib.suppress(ValueError):
            return _decoded(_before_segments(file), AlignmentHead)
        return _decoded(read_regular(path, LARGEST_BYTES), AlignmentHead)


def read_alignment(path: Path | str) -> Alignment:
    """Return the alignment at ``path``, with line breaks in names and titles replaced by spaces. Raises AlignmentError
    if the file is missing, damaged or inconsistent; NewerError if it has a later format version."""
    path = Path(path)
    with blaming(path):
        return from_content(read_regular(path, LARGEST_BYTES))


def from_content(content: bytes) -> Alignment:
    """Return the alignment that the bytes of an alignment.json describe. Raises ValueError if they are not valid."""
    return alignment_of(stored_in(content))


def stored_in(content: bytes) -> Stored:
    """Decode the bytes of an alignment.json to records, and check them. Raises ValueError if they are invalid."""
    stored = _decoded(content, Stored)
    _check(stored)
    return stored


def alignment_of(read: Stored, known: Known | None = None) -> Alignment:
    """Return the alignment that the records in ``read`` describe. Raises ValueError if they are inconsistent. To save
    time, unchanged words are taken from ``known``: the records of an earlier version, and its alignment."""
    rows, known_words = (known[0].words, known[1].words) if known else ([], ())
    reused = (word if row == old else row.read() for row, old, word in zip(read.words, rows, known_words, strict=False))
    segments = tuple(each.read() for each in read.segments)
    words = (*reused, *(each.read() for each in read.words[len(rows) :]))
    return Alignment(
        language=read.language,
        episode=read.episode,
        audio=read.audio,
        transcript=Transcript(
            file=read.transcript.file,
            sha256=read.transcript.sha256,
            text=read.transcript.text,
            segments=tuple(timed.segment for timed in segments),
            words=tuple(timed.word for timed in words),
        ),
        engine=read.engine,
        coverage=read.coverage,
        verdict=read.verdict,
        segments=segments,
        words=words,
        untranscribed=tuple(read.untranscribed),
        warnings=known_warnings(read.warnings),
        pinned_passages=tuple(each.read() for each in read.pinned_passages),
        lost_pins=tuple(each.read() for each in read.lost_pins),
        annotations=tuple(read.annotations),
        review=read.review,
        machine_text=read.machine_text,
    )


def from_builtins(content: dict[str, Any], known: Known | None = None) -> Alignment:
    """Convert the decoded JSON of an alignment.json to an alignment. To save time, unchanged words are taken from
    ``known``, an earlier version. Raises ValueError if the JSON is invalid."""
    return alignment_of(stored_in(msgspec.json.encode(content)), known)


def to_text(alignment: Alignment) -> str:
    """Return the text of alignment.json: one line for each field, and one line for each item of a list."""
    fields = (f'"{name}": {_lines(value)}' for name, value in _fields(_stored(alignment)))
    return "{" + ",\n ".join(fields) + "}\n"


def to_content(stored: Stored) -> Content:
    """Return the records as decoded JSON, except the words, which remain ``_StoredWord`` records."""
    return {name: value if name == "words" else msgspec.to_builtins(value) for name, value in _fields(stored)}


def _fields(stored: Stored) -> Iterator[tuple[str, Any]]:
    values = ((name, getattr(stored, name)) for name in stored.__struct_fields__)
    return ((name, value) for name, value in values if value or name not in _OPTIONAL)


def _stored(alignment: Alignment) -> Stored:
    transcript, pinned = alignment.transcript, alignment.pinned_passages
    return Stored(
        format=FORMAT,
        version=VERSION,
        language=alignment.language,
        episode=alignment.episode,
        audio=replace(alignment.audio, duration=round(alignment.audio.duration, 3)),
        transcript=_StoredTranscript(transcript.file, transcript.sha256, transcript.text),
        engine=alignment.engine,
        coverage=round(alignment.coverage, 4),
        verdict=alignment.verdict,
        warnings=[_stored_warning(each) for each in alignment.warnings if isinstance(each, Message)],
        review=alignment.review,
        machine_text=alignment.machine_text,
        segments=[*map(_StoredSegment.of, alignment.segments)],
        words=[*map(_StoredWord.of, alignment.words)],
        untranscribed=[*map(_to_milliseconds, alignment.untranscribed)],
        pinned_passages=[_StoredPinnedPassage((p.words.start, p.words.stop), *_edges(p.span)) for p in pinned],
        lost_pins=[_StoredLostPin(p.kind, p.text, *_edges(p.span)) for p in alignment.lost_pins],
        annotations=[*map(_to_milliseconds, alignment.annotations)],
    )


def known_warnings(stored: Iterable[StoredWarning]) -> tuple[str, ...]:
    """Return the messages of stored warnings. Any message that quotecast never writes is omitted: it may be forged."""
    return tuple(filter(None, (stored_warning(each.template, each.values) for each in stored)))


def _check(stored: Stored) -> None:
    """Raise ValueError at the first inconsistency. Words must lie in their segments, and segments in the text. Times
    must be in order and within the audio. Pins must not contradict each other."""
    words, segments, last = stored.words, stored.segments, stored.audio.duration + _BEYOND
    _check_nesting(segments, len(stored.transcript.text))
    for each in segments:
        if each.start is not None:
            _check_times(f"segment {each.id!r}", [(each.start, last if each.end is None else each.end)], last)
        elif each.end is not None:
            raise ValueError(f"segment {each.id!r} ends at {each.end} s and has no start")
    for word in words:
        if word.segment >= len(segments):
            raise ValueError(f"word {word.text!r} is in segment {word.segment} of {len(segments)}")
        segment = segments[word.segment]
        if not segment.char_start <= word.char_start < word.char_end <= segment.char_end:
            raise ValueError(f"word {word.text!r} at character {word.char_start} is not in its segment")
    _check_times("words", ((each.start, each.end) for each in words if each.start is not None and each.end), last)
    _check_times("untranscribed speech", ((each.start, each.end) for each in stored.untranscribed), last)
    _check_times("annotations", ((each.start, each.end) for each in stored.annotations), last)
    pins = [each.read() for each in stored.pinned_passages]
    if any(pin.words.stop > len(words) for pin in pins):
        raise ValueError(f"a pinned passage has more words than the {len(words)} that there are")
    pinned = ((range(k, k + 1), word) for k, word in enumerate(words) if word.pinned and word.start is not None)
    pins += (Pin(PinKind.WORD, own, _span(word.start, word.end)) for own, word in pinned)
    regions(pins, Region(range(len(words)), Span(0.0, last)))


def _check_nesting(segments: Iterable[_StoredSegment], length: int) -> None:
    """Raise ValueError unless segments are ordered, do not partly overlap, and end within ``length`` characters."""
    begun, ends = 0, [length]  # ends of the text and of the segments that may contain the current one
    for each in segments:
        while len(ends) > 1 and ends[-1] <= each.char_start:
            ends.pop()
        if not begun <= each.char_start < each.char_end <= ends[-1]:
            place = f"[{each.char_start}, {each.char_end})"
            raise ValueError(f"segment {each.id!r} at {place} is out of order, or not within [{begun}, {ends[-1]})")
        begun = each.char_start
        ends.append(each.char_end)


def _check_times(what: str, spans: Iterable[tuple[float, float]], last: float) -> None:
    before = 0.0
    for start, end in spans:
        if start < before:
            raise ValueError(f"{what}: out of order, {start} s comes after {before} s")
        if not start < end <= last:
            raise ValueError(f"{what}: lasts from {start} to {end} s of {last}")
        before = start


def _decoded(content: bytes, shape: type[H]) -> H:
    """Return ``content`` as a record of type ``shape``, with each title on one line. An invalid language becomes "und".
    Raises ValueError if the format, the version, the audio's duration or any other field is invalid."""
    found = decode(content, _Versioned)
    if found.format == FORMAT and found.version and found.version > VERSION:
        raise _LaterError(shortened(found.version))
    if (found.format, found.version) != (FORMAT, VERSION):
        raise ValueError(f"expected version {VERSION} of the format {FORMAT!r}")
    head = decode(content, shape)
    if not 0 <= head.audio.duration <= LONGEST:
        raise ValueError(f"the audio lasts {head.audio.duration} s, expected at most {LONGEST:g}")
    titles = {name: on_one_line(getattr(head.episode, name)) for name in ("title", "show", "date", "url", "guid")}
    language = head.language if _LANGUAGE.fullmatch(head.language) else "und"
    return msgspec.structs.replace(head, episode=replace(head.episode, **titles), language=language)


def _before_segments(file: BinaryIO) -> bytes:
    """Read the lines before the segments from a file that ``to_text`` wrote, and return them as a JSON object."""
    lines = (file.readline(_LONGEST_LINE) for _ in range(_MOST_HEAD_LINES))
    head = takewhile(lambda line: not line.startswith(b' "segments":'), lines)
    return b"".join(head).rstrip().removesuffix(b",") + b"}"


def _lines(value: Any) -> str:
    try:
        if isinstance(value, list):
            lines = _ENCODER.encode_lines(value).decode("utf-8")
            return "[" + lines.rstrip("\n").replace("\n", ",\n  ") + "]"
        return msgspec.json.format(msgspec.json.encode(value), indent=0).decode("utf-8")
    except UnicodeEncodeError:  # a file name that is not Unicode
        return encodable(json.dumps(msgspec.to_builtins(value), ensure_ascii=False))


def _stored_warning(warning: Message) -> StoredWarning:
    values = {name: round(each, 3) for name, each in warning.values.items() if isinstance(each, int | float)}
    return StoredWarning(warning.template, values)


def _edges(span: Span | None) -> tuple[Any, Any]:
    return (round(span.start, 3), round(span.end, 3)) if span else (None, None)


def _span(start: float | None, end: float | None) -> Span | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise ValueError(f"times are {start}-{end}, expected a start and an end, or neither")
    return Span(start, end)


def _to_milliseconds(passage: Any) -> Any:
    return replace(passage, start=round(passage.start, 3), end=round(passage.end, 3))

"""alignment.json, the one source of truth: as text, and read with every claim checked.

Conventions
-----------
Seconds with 3 decimals. The fields and their order are those of format version 1; fields that are not known are passed
over. Paths are seen from the folder that the file lies in.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from aligner.errors import AlignmentError, NewerError
from aligner.model import (
    Alignment,
    AudioFile,
    Engine,
    EpisodeDetails,
    Kind,
    Segment,
    Span,
    Status,
    TimedSegment,
    TimedWord,
    Transcript,
    Untranscribed,
    Verdict,
    Word,
)
from aligner.storage.alignment_check import check_alignment, check_head, language_or_none, on_one_line, whole
from aligner.storage.checked_json import Count, NotJsonError, Seconds, Share, decode, encodable, shortened
from media.confinement import open_regular, read_regular

FORMAT, VERSION = "quotecast-alignment", 1

_LARGEST_BYTES = 1 << 26  # a day of talk has some 45 MB
_LARGEST_HEAD_BYTES = 1 << 25  # with the transcript's whole text


T = TypeVar("T")


class TranscriptFile(Struct):
    """The transcript that was aligned: its path, and the hash of its bytes."""

    file: str
    sha256: str


class AlignmentHead(Struct, kw_only=True):
    """The fields before the segments: what an alignment says of its episode, and how well it went."""

    format: str = FORMAT
    version: int = VERSION
    language: str
    episode: EpisodeDetails
    audio: AudioFile
    transcript: TranscriptFile
    engine: Engine
    coverage: Share
    verdict: Verdict


H = TypeVar("H", bound=AlignmentHead)


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


class _Versioned(Struct):
    format: Any = None
    version: Any = None


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
        untranscribed=[Untranscribed(round(u.start, 3), round(u.end, 3), u.text) for u in alignment.untranscribed],
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
    with _blaming(path):
        alignment = _alignment(_decode(read_regular(path, _LARGEST_BYTES), _Whole))
        check_alignment(alignment)
        return alignment


def read_head(path: Path) -> AlignmentHead:
    """The head of the alignment that ``path`` holds; words and segments, most of the file, stay unread.

    A file that another program wrote, in another order of its fields, is read whole.

    Raises
    ------
    AlignmentError
        The file is missing, or the head is none of this version; of the rest nothing is known.
    NewerError
        It is of a later version.
    """
    with _blaming(path):
        try:
            head = _decode(_before_segments(path), AlignmentHead)
        except ValueError:
            head = _decode(read_regular(path, _LARGEST_BYTES), AlignmentHead)
        head = _on_lines(head)
        check_head(head.episode, head.audio, head.engine, head.transcript.file, head.transcript.sha256)
        return head


class _FormatError(ValueError):
    """It is another kind of file, or of no version."""


class _LaterError(ValueError):
    """It is of a later version."""


@contextlib.contextmanager
def _blaming(path: Path) -> Iterator[None]:
    """Tell what is wrong as ``path``'s."""
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
    except (NotJsonError, _FormatError) as error:
        raise AlignmentError(
            "{path}: not an alignment.json that can be read ({detail})", path=path, detail=error
        ) from error
    except ValueError as error:
        raise AlignmentError("{path}: damaged alignment.json ({detail})", path=path, detail=shortened(error)) from error


def _before_segments(path: Path) -> bytes:
    """The fields before the segments as an object of their own, for ``to_text`` gives each field a line."""
    head, left = [], _LARGEST_HEAD_BYTES
    with open_regular(path) as file:
        while (line := file.readline(left)) and not line.lstrip().startswith(b'"segments":'):
            head.append(line)
            left -= len(line)
    return b"".join(head).rstrip().removesuffix(b",") + b"}"


def _decode(content: bytes, shape: type[T]) -> T:
    said = decode(content, _Versioned)
    if said.format != FORMAT:
        raise _FormatError(f"expected format {FORMAT!r}")
    if isinstance(said.version, int) and said.version > VERSION:
        raise _LaterError(shortened(said.version))
    if said.version != VERSION:
        raise _FormatError(f"version {shortened(said.version)} of the format; expected {VERSION}")
    return decode(content, shape)


def _alignment(read: _Whole) -> Alignment:
    """Raises ValueError where the parts of a word or a segment contradict each other."""
    segments, words = tuple(map(_timed_segment, read.segments)), tuple(map(_timed_word, read.words))
    read = _on_lines(read)
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
        untranscribed=tuple(Untranscribed(each.start, each.end, whole(each.text)) for each in read.untranscribed),
    )


def _on_lines(head: H) -> H:
    """The head with its titles on one line each, and the language that is unknown where it is no code."""
    said, engine = head.episode, head.engine
    titles = {name: on_one_line(getattr(said, name)) for name in ("title", "show", "date", "url")}

    named = Engine(whole(engine.ear), whole(engine.model))
    return msgspec.structs.replace(
        head, episode=replace(said, **titles), language=language_or_none(head.language), engine=named
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

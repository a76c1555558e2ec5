"""alignment.json, the one source of truth: as text, and read with every claim checked.

Conventions
-----------
Seconds with 3 decimals. The fields and their order are those of format version 1.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from aligner.claims import check_claims
from aligner.errors import AlignmentError
from aligner.model import (
    Alignment,
    AudioFile,
    Engine,
    Episode,
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

FORMAT, VERSION = "quotecast-alignment", 1

_LONGEST_REASON = 150  # characters
_EPISODE = tuple(field.name for field in fields(Episode))


def to_text(alignment: Alignment) -> str:
    """The content of alignment.json: a line for each field, and within lists for each item."""
    lines = (f"{json.dumps(name)}: {_lines(value)}" for name, value in _to_json(alignment).items())
    text = "{" + ",\n ".join(lines) + "}\n"
    # A file name that is no Unicode holds lone surrogates, which no UTF-8 can: they become JSON's own escapes.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _lines(value: Any) -> str:
    encode = json.JSONEncoder(ensure_ascii=False).encode
    return "[" + ",\n  ".join(map(encode, value)) + "]" if isinstance(value, list) else encode(value)


def read_alignment(path: Path) -> Alignment:
    """The alignment that ``path`` holds.

    Raises
    ------
    AlignmentError
        The file is missing, is no alignment of this version, or contradicts itself.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AlignmentError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise AlignmentError(f"{path}: not an alignment.json (no valid JSON in UTF-8)") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise AlignmentError(f"{path}: not an alignment.json (expected format {FORMAT!r})")
    if data.get("version") != VERSION:
        raise AlignmentError(
            f"{path}: version {_short(data.get('version'))} of the format; this quotecast reads {VERSION}"
        )
    try:
        return _from_json(data)
    except KeyError as error:
        raise AlignmentError(f"{path}: damaged alignment.json ({error} is missing)") from error
    except (ValueError, OverflowError) as error:
        raise AlignmentError(f"{path}: damaged alignment.json ({_short(error)})") from error


def _to_json(alignment: Alignment) -> dict[str, Any]:
    transcript = alignment.transcript
    return {
        "format": FORMAT,
        "version": VERSION,
        "language": alignment.language,
        "episode": asdict(alignment.episode),
        "audio": {**asdict(alignment.audio), "duration": _seconds(alignment.audio.duration)},
        "transcript": {"file": transcript.file, "sha256": transcript.sha256, "text": transcript.text},
        "engine": asdict(alignment.engine),
        "coverage": round(alignment.coverage, 4),
        "verdict": str(alignment.verdict),
        "segments": [_segment_to_json(timed) for timed in alignment.segments],
        "words": [_word_to_json(timed) for timed in alignment.words],
        "untranscribed": [
            {"start": _seconds(u.start), "end": _seconds(u.end), "text": u.text} for u in alignment.untranscribed
        ],
    }


def _segment_to_json(timed: TimedSegment) -> dict[str, Any]:
    segment = timed.segment
    return {
        "id": timed.id,
        "kind": str(segment.kind),
        "speaker": segment.speaker,
        "char_start": segment.char_start,
        "char_end": segment.char_end,
        "start": _seconds(timed.start),
        "end": _seconds(timed.end),
        "confidence": timed.confidence,
    }


def _word_to_json(timed: TimedWord) -> dict[str, Any]:
    word = timed.word
    return {
        "text": word.text,
        "char_start": word.char_start,
        "char_end": word.char_end,
        "segment": word.segment,
        "start": _seconds(timed.span.start) if timed.span else None,
        "end": _seconds(timed.span.end) if timed.span else None,
        "status": str(timed.status),
        "confidence": timed.confidence,
        "pinned": timed.pinned,
    }


def _seconds(time: float | None) -> float | None:
    return None if time is None else round(time, 3)


def _from_json(data: Mapping[str, Any]) -> Alignment:
    """Raises KeyError where a field is missing, ValueError or OverflowError where one cannot be true."""
    audio, text, engine = (_object(data[name]) for name in ("audio", "transcript", "engine"))
    segments = tuple(_segment_from_json(s) for s in _objects(data["segments"]))
    words = tuple(_word_from_json(w) for w in _objects(data["words"]))
    episode = _object(data["episode"])
    alignment = Alignment(
        language=_text(data["language"]),
        episode=Episode(**{name: _text_or_none(episode.get(name)) for name in _EPISODE}),
        audio=AudioFile(_text(audio["file"]), _number(audio["duration"]), _text(audio["sha256"])),
        transcript=Transcript(
            file=_text(text["file"]),
            sha256=_text(text["sha256"]),
            text=_text(text["text"]),
            segments=tuple(timed.segment for timed in segments),
            words=tuple(timed.word for timed in words),
        ),
        engine=Engine(_text(engine["ear"]), _text(engine["model"])),
        coverage=_share(data["coverage"]),
        verdict=Verdict(data["verdict"]),
        segments=segments,
        words=words,
        untranscribed=tuple(
            Untranscribed(_number(u["start"]), _number(u["end"]), _text(u["text"]))
            for u in _objects(data["untranscribed"])
        ),
    )
    check_claims(alignment)
    return alignment


def _segment_from_json(s: Mapping[str, Any]) -> TimedSegment:
    speaker = _text_or_none(s["speaker"])
    segment = Segment(Kind(s["kind"]), speaker, _count(s["char_start"]), _count(s["char_end"]))
    return TimedSegment(_text(s["id"]), segment, _time(s["start"]), _time(s["end"]), _share(s["confidence"]))


def _word_from_json(w: Mapping[str, Any]) -> TimedWord:
    word = Word(_text(w["text"]), _count(w["char_start"]), _count(w["char_end"]), _count(w["segment"]))
    if not isinstance(w["pinned"], bool):
        raise ValueError(f"pinned is {w['pinned']!r}, expected true or false")
    return TimedWord(word, _span(w), Status(w["status"]), _share(w["confidence"]), w["pinned"])


def _span(w: Mapping[str, Any]) -> Span | None:
    start, end = _time(w["start"]), _time(w["end"])
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise ValueError(f"{w['text']!r} is at {start}-{end}, expected both times or none")
    return Span(start, end)


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} where an object was expected")
    return value


def _objects(values: object) -> list[Mapping[str, Any]]:
    if not isinstance(values, list):
        raise ValueError(f"{values!r} where a list was expected")
    return [_object(value) for value in values]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} where text was expected")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} where a number was expected")
    return float(value)


def _time(value: object) -> float | None:
    return None if value is None else _number(value)


def _share(value: object) -> float:
    number = _number(value)
    if not 0 <= number <= 1:
        raise ValueError(f"{number} where a share from 0 to 1 was expected")
    return number


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} where a whole number from 0 on was expected")
    return value


def _short(reason: object) -> str:
    """A reason may quote the file, and the file may hold anything."""
    text = str(reason)
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"

"""alignment.json, the one source of truth: written whole or not at all, read with every claim checked.

Conventions
-----------
Seconds with 3 decimals. The fields and their order are those of format version 1.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aligner.errors import AlignmentError
from aligner.files import write_text
from aligner.model import (
    Alignment,
    AudioFile,
    Engine,
    Episode,
    Kind,
    Segment,
    Status,
    TimedSegment,
    TimedWord,
    Transcript,
    Untranscribed,
    Verdict,
    Word,
)

FORMAT, VERSION = "quotecast-alignment", 1


def write_alignment(alignment: Alignment, path: Path) -> None:
    """Write ``alignment`` to ``path`` atomically.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    write_text(path, to_text(alignment))


def to_text(alignment: Alignment) -> str:
    """The content of alignment.json: a line for each field, and within lists for each item."""
    fields = (f"{json.dumps(name)}: {_lines(value)}" for name, value in _to_json(alignment).items())
    return "{" + ",\n ".join(fields) + "}\n"


def _lines(value: Any) -> str:
    if not isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return "[" + ",\n  ".join(json.dumps(item, ensure_ascii=False) for item in value) + "]"


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
        raise AlignmentError(f"{path}: version {data.get('version')!r} of the format; this quotecast reads {VERSION}")
    try:
        return _from_json(data)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise AlignmentError(f"{path}: damaged alignment.json ({type(error).__name__}: {error})") from error


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
        "start": _seconds(timed.start),
        "end": _seconds(timed.end),
        "status": str(timed.status),
        "confidence": timed.confidence,
        "pinned": timed.pinned,
    }


def _seconds(time: float | None) -> float | None:
    return None if time is None else round(time, 3)


def _from_json(data: Mapping[str, Any]) -> Alignment:
    segments = tuple(_segment_from_json(s) for s in data["segments"])
    words = tuple(_word_from_json(w, len(segments)) for w in data["words"])
    transcript = Transcript(
        file=str(data["transcript"]["file"]),
        sha256=str(data["transcript"]["sha256"]),
        text=str(data["transcript"]["text"]),
        segments=tuple(timed.segment for timed in segments),
        words=tuple(timed.word for timed in words),
    )
    return Alignment(
        language=str(data["language"]),
        episode=Episode(**{k: data["episode"].get(k) for k in ("title", "show", "date", "url", "cover")}),
        audio=AudioFile(str(data["audio"]["file"]), float(data["audio"]["duration"]), str(data["audio"]["sha256"])),
        transcript=transcript,
        engine=Engine(str(data["engine"]["ear"]), str(data["engine"]["model"])),
        coverage=float(data["coverage"]),
        verdict=Verdict(data["verdict"]),
        segments=segments,
        words=words,
        untranscribed=tuple(
            Untranscribed(float(u["start"]), float(u["end"]), str(u["text"])) for u in data["untranscribed"]
        ),
    )


def _segment_from_json(s: Mapping[str, Any]) -> TimedSegment:
    segment = Segment(Kind(s["kind"]), s["speaker"], int(s["char_start"]), int(s["char_end"]))
    return TimedSegment(str(s["id"]), segment, _time(s["start"]), _time(s["end"]), float(s["confidence"]))


def _word_from_json(w: Mapping[str, Any], segments: int) -> TimedWord:
    word = Word(str(w["text"]), int(w["char_start"]), int(w["char_end"]), int(w["segment"]))
    if not 0 <= word.segment < segments:
        raise ValueError(f"word {word.text!r} is in segment {word.segment} of {segments}")
    status = Status(w["status"])
    return TimedWord(word, _time(w["start"]), _time(w["end"]), status, float(w["confidence"]), bool(w["pinned"]))


def _time(value: Any) -> float | None:
    return None if value is None else float(value)

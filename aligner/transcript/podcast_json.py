"""The podcast namespace's JSON transcripts: ``{"version", "segments": [{"speaker", "startTime", "endTime", "body"}]}``.

Format: https://github.com/Podcastindex-org/podcast-namespace/blob/main/transcripts/transcripts.md
"""

from __future__ import annotations

import json
from typing import Any

from aligner.errors import TranscriptError
from aligner.transcript.lines import Draft
from aligner.transcript.turns import Utterance, join_turns

MAX_SEGMENTS = 500_000


def read_json(text: str, file: str) -> Draft:
    """The draft of a JSON transcript, its words or sentences joined into turns.

    Raises
    ------
    TranscriptError
        It is not JSON, or not of this shape; the message says where.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise TranscriptError(f"{file}: line {error.lineno}: not JSON ({error.msg})") from error
    except (RecursionError, ValueError) as error:
        raise TranscriptError(f"{file}: not a transcript's JSON (nested too deep, or a number too long)") from error
    segments = data.get("segments") if isinstance(data, dict) else None
    if not isinstance(segments, list) or len(segments) > MAX_SEGMENTS:
        raise TranscriptError(f'{file}: no "segments" list; a podcast-namespace transcript was expected')
    utterances: list[Utterance] = []
    for index, segment in enumerate(segments):
        utterances.append(_utterance(segment, index, file, utterances[-1] if utterances else None))
    return join_turns(utterances, _text(data.get("title")), _text(data.get("language")))


def _utterance(segment: Any, index: int, file: str, last: Utterance | None) -> Utterance:
    body = segment.get("body", segment.get("text")) if isinstance(segment, dict) else None
    if not isinstance(body, str):
        raise TranscriptError(f'{file}: segment {index} has no "body"; a podcast-namespace transcript was expected')
    start = _seconds(segment.get("startTime"), last.end if last else 0.0)
    speaker = _text(segment.get("speaker")) or (last.speaker if last else None)
    return Utterance(body, speaker, start, max(start, _seconds(segment.get("endTime"), start)))


def _text(value: Any) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _seconds(value: Any, default: float) -> float:
    """Times only place paragraph ends, so a wrong one is no reason to refuse the text."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9
    return float(value) if is_number else default

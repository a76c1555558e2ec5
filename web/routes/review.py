"""The review of an episode: the queue of items to check, the speaker of a passage, and spectrograms."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from aligner.model import Span
from aligner.storage.alignment_json import read_alignment
from web.context import alignment_file, asked_passage, episode, episode_audio
from web.errors import WebError
from web.review.queue import review_facts
from web.worker_pool import call

blueprint = Blueprint("review", __name__)

_LONGEST = 60.0  # seconds of a spectrogram
_MOST_COLUMNS = 3000


@blueprint.get("/api/episodes/<episode_id>/review")
def queue(episode_id: str) -> ResponseReturnValue:
    return jsonify(review_facts(alignment_file(episode(episode_id))))


@blueprint.get("/api/episodes/<episode_id>/voice")
def voice(episode_id: str) -> ResponseReturnValue:
    """Answer with a passage's likely speaker: the episode's only one, or the one both before and after; else null."""
    found = episode(episode_id)
    start, end = asked_passage()
    if not 0 <= start < end < float("inf"):
        raise WebError("error.400")
    return jsonify(speaker=call(_speaker, alignment_file(found), start, end))


@blueprint.get("/episodes/<episode_id>/spectrogram")
def spectrogram(episode_id: str) -> ResponseReturnValue:
    audio = episode_audio(episode(episode_id))
    (start, end), columns = asked_passage(), request.args.get("columns", 0, int)
    if not (0 <= start < end and end - start <= _LONGEST):
        raise WebError("spectrogram.none", seconds=int(_LONGEST))
    if not 0 < columns <= _MOST_COLUMNS:
        raise WebError("waveform.columns", most=_MOST_COLUMNS)
    answer = Response(call(_draw, audio, start, end, columns), mimetype="image/png")
    answer.add_etag()
    return answer.make_conditional(request)


def _draw(audio: Path, start: float, end: float, columns: int) -> bytes:
    from media.waveform import as_mask, spectrogram_between

    return as_mask(spectrogram_between(audio, start, end, columns))


def _speaker(path: Path, start: float, end: float) -> str | None:
    from aligner.corrections.text import speaker_around

    alignment = read_alignment(path)
    end = min(end, alignment.audio.duration)
    return speaker_around(alignment, Span(start, end)) if start < end else None

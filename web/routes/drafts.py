"""What is written down of an episode's sound: a first transcript, and who says what the text lacks."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from aligner.model import Span
from aligner.storage.alignment_json import read_alignment
from web.bounded import call
from web.context import alignment_file, asked_stretch, changing, episode, transcribe
from web.errors import NotFound, WebError

blueprint = Blueprint("drafts", __name__)


@blueprint.post("/api/episodes/<episode_id>/transcribe")
def first_transcript(episode_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        return jsonify(job=transcribe(found).id), 202


@blueprint.get("/api/episodes/<episode_id>/voice")
def voice(episode_id: str) -> ResponseReturnValue:
    """The name of the speaker, and ``by`` what: their ``voice``, where that is sure, or who speaks ``around`` it; both
    null where neither tells."""
    found = episode(episode_id)
    path = alignment_file(found)
    if found.audio is None:
        raise NotFound("error.no_audio")
    start, end = asked_stretch()
    if not 0 <= start < end < float("inf"):
        raise WebError("error.400")
    speaker, by = call(_speaker, path, found.audio, start, end)
    return jsonify(speaker=speaker, by=by)


def _speaker(path: Path, audio: Path, start: float, end: float) -> tuple[str | None, str | None]:
    from aligner.corrections.text import speaker_around
    from aligner.recognition.voices import guessed_speaker

    alignment = read_alignment(path)
    if start >= (end := min(end, alignment.audio.duration)):
        return None, None
    sound = Span(start, end)
    if speaker := guessed_speaker(alignment, audio, sound):
        return speaker, "voice"
    speaker = speaker_around(alignment, sound)
    return speaker, "around" if speaker else None

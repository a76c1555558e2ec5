"""What is written down of an episode's sound: a first transcript, and who says what the text lacks."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from aligner.model import Span
from web.bounded import call
from web.context import alignment_file, asked_stretch, changing, episode, transcribe
from web.errors import NotFound, WebError
from web.library import opened_alignment

blueprint = Blueprint("drafts", __name__)


@blueprint.post("/api/episodes/<episode_id>/transcribe")
def first_transcript(episode_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        return jsonify(job=transcribe(found).id), 202


@blueprint.get("/api/episodes/<episode_id>/voice")
def voice(episode_id: str) -> ResponseReturnValue:
    """The name of the speaker, null where that is not sure."""
    found = episode(episode_id)
    path = alignment_file(found)
    if found.audio is None:
        raise NotFound("error.no_audio")
    start, end = asked_stretch()
    if not 0 <= start < end < float("inf"):
        raise WebError("error.400")
    return jsonify(speaker=call(_speaker, path, found.audio, start, end))


def _speaker(path: Path, audio: Path, start: float, end: float) -> str | None:
    from aligner.recognition.voices import guessed_speaker

    return guessed_speaker(opened_alignment(path), audio, Span(start, end))

"""Sound of an episode, and its peaks."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from flask import Blueprint, jsonify, request, send_file
from flask.typing import ResponseReturnValue

from web.context import episode, jobs
from web.errors import NotFound
from web.library import Episode
from web.page.downloads import beside
from web.page.preparation import order, ready
from web.ranges import send_part
from web.routes.jobs import shown

blueprint = Blueprint("media", __name__)

# What browsers go by; mimetypes knows some of these by names that they do not.
_TYPES = {".m4a": "audio/mp4", ".wav": "audio/wav", ".flac": "audio/flac", ".mp3": "audio/mpeg", ".opus": "audio/ogg"}


@blueprint.get("/episodes/<episode_id>/audio")
def audio(episode_id: str) -> ResponseReturnValue:
    """What plays; with ``as=given`` the audio as it was given, which a page that began with it goes on with; with
    ``download`` the file that the page without a server looks for."""
    found = episode(episode_id)
    given = _audio(found)
    if "download" in request.args:
        taken = beside(given, found.folder)
        return send_file(taken.path.resolve(), conditional=True, as_attachment=True, download_name=taken.name)
    prepared = None if request.args.get("as") == "given" else ready(given, found.folder)
    path = prepared.sound if prepared else given
    return send_part(path, _type_of(path))


@blueprint.get("/episodes/<episode_id>/peaks")
def peaks(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    prepared = ready(_audio(found), found.folder)
    if prepared is None:
        return jsonify(peaks=None), 202
    return send_file(prepared.peaks.resolve(), mimetype="application/json", conditional=True)


@blueprint.post("/api/episodes/<episode_id>/prepare")
def prepare(episode_id: str) -> ResponseReturnValue:
    """Have the episode prepared, unless it is; the job that does."""
    found = episode(episode_id)
    job = order(jobs(), _audio(found), found.folder)
    return jsonify(job=shown(job) if job else None)


def _audio(found: Episode) -> Path:
    if found.audio is None:
        raise NotFound("error.no_audio")
    return found.audio


def _type_of(path: Path) -> str:
    known = _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or ""
    return known if known.startswith(("audio/", "video/")) else "application/octet-stream"

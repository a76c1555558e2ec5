"""Clips of an episode: what one will be, the making of several, and those that were made."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, get_template_attribute, jsonify, request
from flask.typing import ResponseReturnValue
from msgspec import to_builtins

from aligner.outputs import publication_name
from media.errors import UserError
from web.clips import previews
from web.clips.exports import Exports, being_made, checked_export, order
from web.clips.folder import (
    MadeClip,
    bundled,
    caution_facts,
    chosen_clips,
    clip_of,
    clips_of,
    file_of,
    outdated_in,
    plays,
    still_of,
)
from web.clips.looks import take_picture
from web.clips.trash import bring_back, discard
from web.context import aligned, alignment_file, asked, asked_stretch, changing, episode, incoming, jobs
from web.errors import Busy, WebError
from web.filters import why
from web.jobs import Job
from web.jobs.kinds import Clip, Export
from web.languages import t
from web.library import stored_alignment
from web.sending import copying, send_file, send_made, type_of
from web.worker_pool import PATIENCE, call

blueprint = Blueprint("clips", __name__)
_STILL_KEPT_SECONDS = 30 * 24 * 3600  # its address tells which state of the clip is meant
_moving = threading.Semaphore(1)  # previews that move are made one at a time, so that other calls have a turn
_API = "/api/episodes/<episode_id>/clips"
_ROWS = "episode/clip_rows.html"


@blueprint.get(_API)
def listed(episode_id: str) -> ResponseReturnValue:
    """List the clips, each with its row of the page's list, and the jobs that make some or failed to."""
    found, outdated = episode(episode_id), None
    with contextlib.suppress(UserError, WebError):  # without a transcript nothing is outdated
        outdated = outdated_in(stored_alignment(alignment_file(found)))
    clips = [_made(episode_id, clip, outdated and outdated(clip)) for clip in clips_of(found.folder)]
    return jsonify(clips=clips, jobs=[_begun(job) for job in _unfinished(found.folder)])


def _made(episode_id: str, clip: MadeClip, outdated: str | None) -> dict[str, Any]:
    """A clip as the page's scripts know it; ``row`` and ``to_check`` are HTML."""
    source, cautions = clip.record.source, caution_facts(clip.record.warnings, clip.record.language)
    facts = {"id": clip.id, "name": clip.name, "video": clip.is_video, "text": clip.text}
    row = get_template_attribute(_ROWS, "made")(episode_id, clip, cautions, outdated)
    return facts | {"start": source.start, "end": source.end, "row": row, "to_check": _to_check(cautions)}


def _to_check(cautions: Sequence[Mapping[str, str]]) -> str:
    """What to check before a clip is published, as HTML."""
    return str(get_template_attribute(_ROWS, "to_check")(cautions))


@blueprint.post(_API)
def make(episode_id: str) -> ResponseReturnValue:
    found, alignment = aligned(episode_id)
    exports = [checked_export(alignment, each) for each in asked(Exports).exports]
    return jsonify(jobs=[_begun(job) for job in order(jobs(), found, alignment, exports)]), 202


@blueprint.post(f"{_API}/preview")
def preview(episode_id: str) -> ResponseReturnValue:
    facts = call(previews.preview, _wanted(episode_id))
    return jsonify(facts | {"to_check": _to_check(facts["cautions"])})


@blueprint.get("/api/episodes/<episode_id>/stretch")
def stretch(episode_id: str) -> ResponseReturnValue:
    (start, end), columns = asked_stretch(), request.args.get("columns", 0, int)
    found, alignment = aligned(episode_id)
    audio = previews.audio_of(alignment_file(found), found.audio)
    peaks = call(previews.peaks_between, audio, alignment.audio.duration, start, end, columns)
    return jsonify({"from": start, "to": end, "peaks": peaks})


@blueprint.post(f"{_API}/sound")
def sound(episode_id: str) -> ResponseReturnValue:
    return Response(call(previews.sound, _wanted(episode_id)), mimetype="audio/mpeg")


@blueprint.post(f"{_API}/still")
def still(episode_id: str) -> ResponseReturnValue:
    return Response(call(previews.still, _wanted(episode_id)), mimetype="image/png")


@blueprint.post(f"{_API}/moving")
def move(episode_id: str) -> ResponseReturnValue:
    """The preview that moves: of a longer clip the first ``seconds``, if the address names them."""
    seconds = request.args.get("seconds", previews.LONGEST_MOVING, float)
    wanted = _wanted(episode_id)
    if not _moving.acquire(timeout=PATIENCE):
        raise Busy("worker_pool.busy")
    try:
        return Response(call(previews.moving, wanted, seconds), mimetype="video/mp4")
    finally:
        _moving.release()


@blueprint.post(f"{_API}/cover/<token>")
def cover(episode_id: str, token: str) -> ResponseReturnValue:
    """The picture of an upload as a cover of the episode's audiograms."""
    staged = incoming().staged(token)
    with changing(episode_id) as found:
        name = take_picture(found, staged)
    incoming().drop(token)
    return jsonify(cover=name)


@blueprint.get(f"{_API}/<clip_id>/still")
def still_of_made(episode_id: str, clip_id: str) -> ResponseReturnValue:
    """The picture of a clip that was made; nothing where it has none."""
    clip = clip_of(episode(episode_id).folder, clip_id)
    picture = still_of(clip.file)
    mimetype = "image/jpeg" if clip.is_video else "image/png"
    response = Response(picture, mimetype=mimetype) if picture else Response(status=204)
    response.headers["Cache-Control"] = f"private, max-age={_STILL_KEPT_SECONDS}, immutable"
    return response


@blueprint.delete(f"{_API}/<clip_id>")
def delete(episode_id: str, clip_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        return jsonify(token=discard(clip_of(found.folder, clip_id)))


@blueprint.post(f"{_API}/restore/<token>")
def restore(episode_id: str, token: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        bring_back(found.folder, token, being_made(jobs(), found.folder))
    return jsonify(token=token)


@blueprint.get("/episodes/<episode_id>/clips/<clip_id>/<name>")
def file(episode_id: str, clip_id: str, name: str) -> ResponseReturnValue:
    path = file_of(episode(episode_id).folder, clip_id, name)
    # Only what plays is shown: a page that someone put there must not become one of ours.
    is_saved = not plays(path) or "download" in request.args
    return send_file(path, type_of(path), path.name if is_saved else None)


@blueprint.route("/episodes/<episode_id>/clips.zip", methods=["GET", "POST"])
def bundle(episode_id: str) -> ResponseReturnValue:
    """Answer with the clips that are named, by the address or a form, else all, each with what lies beside it."""
    found = episode(episode_id)
    clips = chosen_clips(found.folder, request.values.getlist("clip"))
    name = publication_name(found.title, found.details.date, t("clips.zip.name"))
    with copying(sum(clip.size_bytes for clip in clips)):
        return send_made(bundled(clips), f"{name}.zip", "application/zip")


def _unfinished(folder: Path) -> list[Job]:
    """The jobs of the clips in ``folder`` that are being made, or were not made when they were last asked for."""
    last = {job.outputs[0]: job for job in jobs().of(folder) if isinstance(job.work, Clip)}
    return [job for job in last.values() if job.is_open or job.state == "failed"]


def _begun(job: Job) -> dict[str, Any]:
    """A job as a list shows it. ``failed`` says why it was not made; ``again`` asks for the same once more, should it
    fail, which only pages of the same transcript can."""
    export = job.work.export if isinstance(job.work, Clip) else None
    is_known = bool(export and request.headers.get("X-Transcript", export.transcript) == export.transcript)
    failed = why(job) if job.state == "failed" else None
    row = get_template_attribute(_ROWS, "making")(job, export and export.shape, failed, is_known)
    return {"id": job.id, "failed": failed, "again": to_builtins(export) if is_known else None, "row": row}


def _wanted(episode_id: str) -> previews.WantedClip:
    found, alignment = aligned(episode_id)
    export, file = checked_export(alignment, asked(Export)), alignment_file(found)
    return previews.WantedClip(export, file, alignment.version, previews.audio_of(file, found.audio))

"""Clips of an episode: previews, exports, and the saved files."""

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
from web.clips import previews, trash
from web.clips.exports import Exports, checked_export, pending_names, submit_exports
from web.clips.folder import (
    SavedClip,
    caution_facts,
    chosen_clips,
    clip_of,
    clips_of,
    file_of,
    is_playable,
    outdated_in,
    thumbnail_of,
    zip_of,
)
from web.clips.styles import save_cover
from web.context import aligned, alignment_file, asked, asked_passage, changing, episode, incoming, jobs, reader_name
from web.errors import Busy, WebError
from web.filters import why
from web.jobs import Job
from web.jobs.kinds import Clip, Export
from web.languages import t
from web.library import stored_alignment
from web.sending import copying, send_file, send_temporary, type_of
from web.worker_pool import MAX_WAIT, call

blueprint = Blueprint("clips", __name__)
_THUMBNAIL_CACHE_SECONDS = 30 * 24 * 3600  # its address changes with the clip
_rendering_video = threading.Semaphore(1)  # one video preview at a time, so that other calls can run
_API = "/api/episodes/<episode_id>/clips"
_ROWS = "episode/clip_rows.html"


@blueprint.get(_API)
def listed(episode_id: str) -> ResponseReturnValue:
    """Answer with the saved clips, and with the export jobs that are open or failed."""
    found, outdated = episode(episode_id), None
    with contextlib.suppress(UserError, WebError):  # without a transcript nothing is outdated
        outdated = outdated_in(stored_alignment(alignment_file(found)))
    clips = [_clip_facts(episode_id, clip, outdated and outdated(clip)) for clip in clips_of(found.folder)]
    return jsonify(clips=clips, jobs=[_job_facts(job) for job in _unfinished(found.folder)])


def _clip_facts(episode_id: str, clip: SavedClip, outdated: str | None) -> dict[str, Any]:
    """Return a clip as JSON. ``row`` (the clip in the list) and ``to_check`` (the clip's cautions) are HTML.
    ``outdated`` is the reason why the clip no longer matches the episode, None if it still matches."""
    source, cautions = clip.record.source, caution_facts(clip.record.warnings, clip.record.language)
    facts = {"id": clip.id, "name": clip.name, "video": clip.is_video, "text": clip.text}
    row = get_template_attribute(_ROWS, "clip_row")(episode_id, clip, cautions, outdated)
    return facts | {"start": source.start, "end": source.end, "row": row, "to_check": _to_check(cautions)}


def _to_check(cautions: Sequence[Mapping[str, str]]) -> str:
    return str(get_template_attribute(_ROWS, "to_check")(cautions))


@blueprint.post(_API)
def export(episode_id: str) -> ResponseReturnValue:
    found, alignment = aligned(episode_id)
    exports = [checked_export(alignment, each) for each in asked(Exports).exports]
    return jsonify(
        jobs=[_job_facts(job) for job in submit_exports(jobs(), found, alignment, exports, reader_name() or "")]
    ), 202


@blueprint.post(f"{_API}/preview")
def preview(episode_id: str) -> ResponseReturnValue:
    facts = call(previews.preview, _requested(episode_id))
    return jsonify(facts | {"to_check": _to_check(facts["cautions"])})


@blueprint.get("/api/episodes/<episode_id>/stretch")
def peaks(episode_id: str) -> ResponseReturnValue:
    (start, end), columns = asked_passage(), request.args.get("columns", 0, int)
    found, alignment = aligned(episode_id)
    audio = previews.audio_of(alignment_file(found), found.audio)
    peaks = call(previews.peaks_between, audio, alignment.audio.duration, start, end, columns)
    return jsonify({"from": start, "to": end, "peaks": peaks})


@blueprint.post(f"{_API}/sound")
def audio_preview(episode_id: str) -> ResponseReturnValue:
    return Response(call(previews.audio, _requested(episode_id)), mimetype="audio/mpeg")


@blueprint.post(f"{_API}/still")
def frame_preview(episode_id: str) -> ResponseReturnValue:
    return Response(call(previews.frame, _requested(episode_id)), mimetype="image/png")


@blueprint.post(f"{_API}/moving")
def video_preview(episode_id: str) -> ResponseReturnValue:
    seconds = request.args.get("seconds", previews.LONGEST_VIDEO, float)
    requested = _requested(episode_id)
    if not _rendering_video.acquire(timeout=MAX_WAIT):
        raise Busy("worker_pool.busy")
    try:
        return Response(call(previews.video, requested, seconds), mimetype="video/mp4")
    finally:
        _rendering_video.release()


@blueprint.post(f"{_API}/cover/<token>")
def cover(episode_id: str, token: str) -> ResponseReturnValue:
    """Save an uploaded picture as a cover for the episode's audiograms."""
    staged = incoming().staged(token)
    with changing(episode_id) as found:
        name = save_cover(found, staged)
    incoming().drop(token)
    return jsonify(cover=name)


@blueprint.get(f"{_API}/<clip_id>/still")
def thumbnail(episode_id: str, clip_id: str) -> ResponseReturnValue:
    clip = clip_of(episode(episode_id).folder, clip_id)
    picture = thumbnail_of(clip.file)
    mimetype = "image/jpeg" if clip.is_video else "image/png"
    response = Response(picture, mimetype=mimetype) if picture else Response(status=204)
    response.headers["Cache-Control"] = f"private, max-age={_THUMBNAIL_CACHE_SECONDS}, immutable"
    return response


@blueprint.delete(f"{_API}/<clip_id>")
def delete(episode_id: str, clip_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        return jsonify(token=trash.delete(clip_of(found.folder, clip_id)))


@blueprint.post(f"{_API}/restore/<token>")
def restore(episode_id: str, token: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        trash.restore(found.folder, token, pending_names(jobs(), found.folder))
    return jsonify(token=token)


@blueprint.get("/episodes/<episode_id>/clips/<clip_id>/<name>")
def file(episode_id: str, clip_id: str, name: str) -> ResponseReturnValue:
    path = file_of(episode(episode_id).folder, clip_id, name)
    # Other files are downloaded: an HTML file in the folder must not be shown as a page of this site.
    is_download = not is_playable(path) or "download" in request.args
    return send_file(path, type_of(path), path.name if is_download else None)


@blueprint.route("/episodes/<episode_id>/clips.zip", methods=["GET", "POST"])
def bundle(episode_id: str) -> ResponseReturnValue:
    """Answer with a ZIP of all files of the clips that the request names, or of all clips if it names none."""
    found = episode(episode_id)
    clips = chosen_clips(found.folder, request.values.getlist("clip"))
    name = publication_name(found.title, found.details.date, t("clips.zip.name"))
    with copying(sum(clip.size_bytes for clip in clips)):
        return send_temporary(zip_of(clips), f"{name}.zip", "application/zip")


def _unfinished(folder: Path) -> list[Job]:
    """Return each clip's last export job in the episode's ``folder``, if that job is open or failed."""
    last = {job.outputs[0]: job for job in jobs().of(folder) if isinstance(job.work, Clip)}
    return [job for job in last.values() if job.is_open or job.state == "failed"]


def _job_facts(job: Job) -> dict[str, Any]:
    """Return an export job as JSON: ``failed`` is a failed job's message, ``again`` is a request to repeat the job.

    ``again`` is None if the page shows another version of the transcript.
    """
    export = job.work.export if isinstance(job.work, Clip) else None
    can_repeat = bool(export and request.headers.get("X-Transcript", export.transcript) == export.transcript)
    failed = why(job) if job.state == "failed" else None
    row = get_template_attribute(_ROWS, "making")(job, export and export.shape, failed, can_repeat)
    return {"id": job.id, "failed": failed, "again": to_builtins(export) if can_repeat else None, "row": row}


def _requested(episode_id: str) -> previews.RequestedClip:
    found, alignment = aligned(episode_id)
    export, file = checked_export(alignment, asked(Export)), alignment_file(found)
    return previews.RequestedClip(export, file, alignment.version, previews.audio_of(file, found.audio))

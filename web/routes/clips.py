"""Clips of an episode: what one will be, the making of several, and those that were made."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from aligner.publishing.excerpt import Source
from web.access.clients import current_client
from web.clips import previews
from web.clips.exports import KINDS, Export, order, read_export, read_exports
from web.clips.folder import (
    bundled,
    chosen_clips,
    clip_of,
    clips_of,
    file_of,
    made_clip_facts,
    plays,
)
from web.clips.previews import preview_facts, stretch_of
from web.clips.trash import bring_back, discard
from web.context import aligned, alignment_file, asked, changing, episode, jobs, limits
from web.errors import TooMany
from web.jobs import Job
from web.sending import attachment, inline, send_made, send_whole, type_of

blueprint = Blueprint("clips", __name__)
_WAIT_SECONDS = 10  # until a bundle that is on its way may have been read
_API = "/api/episodes/<episode_id>/clips"


@blueprint.get(_API)
def listed(episode_id: str) -> ResponseReturnValue:
    folder = episode(episode_id).folder
    making = [_begun(job) for job in jobs().of(folder) if job.is_open and job.kind in KINDS]
    return jsonify(clips=[made_clip_facts(clip) for clip in clips_of(folder)], jobs=making)


@blueprint.post(_API)
def make(episode_id: str) -> ResponseReturnValue:
    found, alignment = aligned(episode_id)
    exports = read_exports(alignment, asked(dict[str, Any]))
    made = order(jobs(), found.folder, alignment, alignment_file(found).name, exports)
    return jsonify(jobs=[_begun(job) for job in made]), 202


@blueprint.post(f"{_API}/preview")
def preview(episode_id: str) -> ResponseReturnValue:
    return jsonify(preview_facts(previews.preview(*_wanted(episode_id))))


@blueprint.get("/api/episodes/<episode_id>/stretch")
def stretch(episode_id: str) -> ResponseReturnValue:
    start, end = (request.args.get(name, -1.0, float) for name in ("from", "to"))
    found = stretch_of(_source(episode_id), start, end, request.args.get("columns", 0, int))
    return jsonify({"from": found.span.start, "to": found.span.end, "peaks": found.peaks})


@blueprint.post(f"{_API}/sound")
def sound(episode_id: str) -> ResponseReturnValue:
    source, export = _wanted(episode_id)
    return Response(previews.sound(source, export), mimetype=export.sound_type)


@blueprint.post(f"{_API}/still")
def still(episode_id: str) -> ResponseReturnValue:
    return Response(previews.still(*_wanted(episode_id)), mimetype="image/png")


@blueprint.delete(f"{_API}/<clip_id>")
def delete(episode_id: str, clip_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        return jsonify(token=discard(clip_of(found.folder, clip_id)))


@blueprint.post(f"{_API}/restore/<token>")
def restore(episode_id: str, token: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        bring_back(found.folder, token)
    return jsonify(token=token)


@blueprint.get("/episodes/<episode_id>/clips/<clip_id>/<name>")
def file(episode_id: str, clip_id: str, name: str) -> ResponseReturnValue:
    path = file_of(episode(episode_id).folder, clip_id, name)
    # Only what plays is shown: a page that someone put there must not become one of ours.
    kept = not plays(path) or "download" in request.args
    return send_whole(path, type_of(path), attachment(path.name) if kept else inline(path.name))


@blueprint.get("/episodes/<episode_id>/clips.zip")
def bundle(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    clips = chosen_clips(found.folder, request.args.getlist("clip"))
    give_back = limits().bundles.take(current_client())
    if give_back is None:
        raise TooMany("clips.bundles", _WAIT_SECONDS)
    try:
        return send_made(bundled(clips), f"{found.id}-clips.zip", "application/zip", give_back)
    except BaseException:
        give_back()
        raise


def _begun(job: Job) -> dict[str, str]:
    return {"id": job.id, "kind": job.kind, "output": job.outputs[0]}


def _source(episode_id: str) -> Source:
    found, alignment = aligned(episode_id)
    return previews.source_of(alignment, alignment_file(found))


def _wanted(episode_id: str) -> tuple[Source, Export]:
    source = _source(episode_id)
    return source, read_export(source.alignment, asked(dict[str, Any]))

"""The page of an episode with its audio, its report, and its downloads."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aligner.errors import AlignmentError, NewerError
from aligner.outputs import upload_name
from aligner.report.page import resource
from aligner.storage.file_names import JSON_SUFFIX
from media.errors import UserError
from web.context import (
    aligned,
    alignment_file,
    changing,
    episode,
    episode_audio,
    jobs,
    read_only,
    reader_name,
    unfinished,
)
from web.correcting.following import with_revision
from web.errors import WebError
from web.filters import reason_of
from web.jobs.kinds import Prepare
from web.languages import t, translated
from web.library import Episode, stored_alignment
from web.page.data import cues_of, episode_data
from web.page.downloads import audio_beside, caption_text, plain_text, standalone
from web.page.preparation import ready
from web.page.report import report_at, report_html
from web.page.transcript import page_of
from web.routes.jobs import job_facts
from web.sending import send_file, send_text, type_of

blueprint = Blueprint("page", __name__)

_OF_REPORT = {"report.css": "text/css", "playing.js": "text/javascript"}


@blueprint.get("/episodes/<episode_id>")
def read(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    work = unfinished(found)
    if found.alignment is None:
        return render_template("waiting.html", episode=found, work=work)
    try:
        alignment = stored_alignment(found.alignment)
        revision: int | Exception | None = None  # the number of changes, or the error on reading them
        if not read_only():
            alignment, revision = with_revision(found.alignment, stored_alignment)
    except NewerError:
        raise
    except AlignmentError as error:
        remedy = url_for("adding.details", episode_id=found.id)
        return render_template("error.html", message=translated(error.message), remedy=remedy), 422
    page, changes = page_of(alignment), revision if isinstance(revision, int) else None
    correcting = {"editable": changes is not None, "revision": changes or 0, "who": reader_name()}
    return render_template(
        "episode.html",
        episode=found,
        alignment=alignment,
        page=page,
        data=episode_data(alignment, page) | {"id": found.id} | correcting,
        uneditable=_uneditable(revision),
        work=work if work and work.is_open else None,
        **_audio_addresses(found),
        quotes=True,
    )


@blueprint.get("/api/episodes/<episode_id>/cues")
def cues(episode_id: str) -> ResponseReturnValue:
    return Response(cues_of(alignment_file(episode(episode_id))), mimetype="application/json")


@blueprint.get("/episodes/<episode_id>/audio")
def audio(episode_id: str) -> ResponseReturnValue:
    """Answer with the audio that the page plays: the prepared audio if it exists, otherwise the original.

    With ``as=original``, always answer with the original, so that a page that has begun to play the original can go on
    playing it. ``download`` makes browsers save the audio under the name that the offline page uses,
    ``download=upload`` under the name for publishing.
    """
    found = episode(episode_id)
    original = episode_audio(found)
    if "download" in request.args:
        path, name = audio_beside(found, original)
        if request.args["download"] == "upload":
            _, alignment = aligned(episode_id)
            name = f"{upload_name(alignment.audio.file, alignment.episode.title)}{path.suffix.lower()}"
        return send_file(path, type_of(path), name)
    prepared = None if request.args.get("as") == "original" else ready(original, found.folder)
    path = prepared.audio if prepared else original
    return send_file(path, type_of(path))


@blueprint.get("/episodes/<episode_id>/peaks")
def peaks(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    prepared = ready(episode_audio(found), found.folder)
    return send_file(prepared.peaks, "application/json") if prepared else (jsonify(peaks=None), 202)


@blueprint.post("/api/episodes/<episode_id>/prepare")
def prepare(episode_id: str) -> ResponseReturnValue:
    """Submit a job that prepares the episode's audio for the page, unless it is prepared already."""
    with changing(episode_id) as found:
        audio = episode_audio(found)
        job = None if ready(audio, found.folder) else jobs().submit(found.folder, Prepare(audio.name))
    return jsonify(job=job_facts(job) if job else None)


@blueprint.get("/episodes/<episode_id>/download/<any(vtt, srt, txt, json, html):what>")
def download(episode_id: str, what: str) -> ResponseReturnValue:
    found, alignment = aligned(episode_id)
    path = alignment_file(found)
    name = found.download_name
    match what:
        case "json":
            return send_file(path, "application/json", f"{name}{JSON_SUFFIX}")
        case "txt":
            return send_text(plain_text(alignment, page_of(alignment)), f"{name}.txt", "text/plain")
        case "html":
            shown = standalone(found, path, alignment, request.args.get("audio", ""))
            return send_text(render_template("standalone.html", **shown), f"{name}.html", "text/html")
    kind = "text/vtt" if what == "vtt" else "application/x-subrip"
    return send_text(caption_text(path, what), f"{name}.{what}", kind)


@blueprint.get("/episodes/<episode_id>/report")
def report(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    page, audio = (url_for(name, episode_id=found.id) for name in ("page.read", "page.audio"))
    shown = report_html(report_at(alignment_file(found)), page, audio)
    return render_template("report.html", episode=found, page=page, report=shown)


@blueprint.get("/report/<any('report.css', 'playing.js'):name>")
def report_part(name: str) -> ResponseReturnValue:
    answer = Response(resource(name), mimetype=_OF_REPORT[name])
    answer.add_etag()
    return answer.make_conditional(request)


def _uneditable(revision: int | Exception | None) -> str | None:
    """Return why the page cannot be edited, or None. ``revision`` is an error if the history cannot be read."""
    if isinstance(revision, UserError | WebError):
        return reason_of(revision)
    return t("page.history") if isinstance(revision, OSError) else None


def _audio_addresses(found: Episode) -> dict[str, str]:
    """Return ``audio_address``; until the audio is prepared, also return ``exact``, the address to use after that."""
    exact = url_for("page.audio", episode_id=found.id)
    if found.audio is None or ready(found.audio, found.folder):
        return {"audio_address": exact}
    return {"audio_address": f"{exact}?as=original", "exact": exact}

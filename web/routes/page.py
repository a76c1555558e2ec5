"""The page of an episode: what it shows and plays, and the files to take away from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aligner.errors import AlignmentError, NewerError
from aligner.model import Alignment
from aligner.published_names import upload_name
from aligner.storage.file_names import JSON_SUFFIX
from media.errors import UserError
from web.context import aligned, alignment_file, alignments, changing, episode, jobs, settings, unfinished
from web.correcting.following import with_history
from web.errors import NotFound, WebError
from web.filters import sentence
from web.languages import t, translated
from web.library import Episode, stored_alignment
from web.page.data import cues_of, episode_data
from web.page.downloads import caption_text, plain_text, sound_beside, standalone
from web.page.preparation import order, ready
from web.page.transcript import page_of
from web.routes.jobs import job_facts
from web.routes.visitor import reader_name
from web.sending import attachment, send_part, send_text, send_whole, type_of

blueprint = Blueprint("page", __name__)


@blueprint.get("/episodes/<episode_id>")
def read(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    work = unfinished(alignments(found))
    if found.alignment is None:
        return render_template("waiting.html", episode=found, work=work)
    try:
        alignment, history = _with_history(found.alignment)
    except NewerError:
        raise
    except AlignmentError as error:
        mend = url_for("library.details", episode_id=found.id)
        return render_template("error.html", message=translated(error.message), mend=mend), 422
    page = page_of(alignment)
    return render_template(
        "episode.html",
        episode=found,
        alignment=alignment,
        page=page,
        data=episode_data(alignment, page) | {"id": found.id} | _correcting(history),
        uneditable=_told(history) if isinstance(history, Exception) else None,
        work=work if work and work.is_open else None,
        **_sound(found),
        quotes=True,
    )


@blueprint.get("/api/episodes/<episode_id>/cues")
def cues(episode_id: str) -> ResponseReturnValue:
    return Response(cues_of(alignment_file(episode(episode_id))), mimetype="application/json")


@blueprint.get("/episodes/<episode_id>/audio")
def audio(episode_id: str) -> ResponseReturnValue:
    """What plays; with ``as=given`` the audio as it was given, which a page that began with it goes on with; with
    ``download`` the file that the page without a server looks for, which is for ``upload`` called as what is
    uploaded beside it."""
    found = episode(episode_id)
    given = _audio(found)
    if "download" in request.args:
        path, names = sound_beside(found, given)
        if request.args["download"] == "upload":
            _, alignment = aligned(episode_id)
            names = [f"{upload_name(alignment.audio.file, alignment.episode.title)}{path.suffix.lower()}"]
        return send_whole(path, type_of(path), attachment(names[0]))
    prepared = None if request.args.get("as") == "given" else ready(given, found.folder)
    path = prepared.sound if prepared else given
    return send_part(path, type_of(path))


@blueprint.get("/episodes/<episode_id>/peaks")
def peaks(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    prepared = ready(_audio(found), found.folder)
    if prepared is None:
        return jsonify(peaks=None), 202
    return send_whole(prepared.peaks, "application/json")


@blueprint.post("/api/episodes/<episode_id>/prepare")
def prepare(episode_id: str) -> ResponseReturnValue:
    """Have the episode prepared, unless it is; the job that does."""
    with changing(episode_id) as found:
        job = order(jobs(), _audio(found), found.folder)
    return jsonify(job=job_facts(job) if job else None)


@blueprint.get("/episodes/<episode_id>/download/<any(vtt, srt, txt, json, html):what>")
def download(episode_id: str, what: str) -> ResponseReturnValue:
    found, alignment = aligned(episode_id)
    path = alignment_file(found)
    name = found.download_name
    match what:
        case "json":
            return send_whole(path, "application/json", attachment(f"{name}{JSON_SUFFIX}"))
        case "txt":
            return send_text(plain_text(alignment, page_of(alignment)), f"{name}.txt", "text/plain")
        case "html":
            told = standalone(found, path, alignment, request.args.get("audio", ""))
            return send_text(render_template("standalone.html", **told), f"{name}.html", "text/html")
        case _:
            kind = "text/vtt" if what == "vtt" else "application/x-subrip"
            return send_text(caption_text(path, what), f"{name}.{what}", kind)


def _with_history(path: Path) -> tuple[Alignment, int | Exception | None]:
    """The alignment, and the number of changes that are in it, or why that cannot be told; None where nothing may be
    changed."""
    if settings().read_only:
        return stored_alignment(path), None
    return with_history(path, stored_alignment)


def _correcting(history: int | Exception | None) -> dict[str, Any]:
    """What the page needs in order to correct: ``history`` is the number of changes that it shows, ``who`` the name of
    the reader, None where they were not asked for it."""
    known = history if isinstance(history, int) else None
    return {"editable": known is not None, "history": known or 0, "who": reader_name()}


def _told(error: Exception) -> str:
    """What stands in the way of correcting, as a sentence."""
    match error:
        case UserError():
            return sentence(error.message)
        case WebError():
            return t(error.key, **error.values)
        case _:
            return t("page.history")


def _sound(found: Episode) -> dict[str, str]:
    """Where the page finds the ``sound``; until that is prepared, where it will find the ``exact`` one."""
    exact = url_for("page.audio", episode_id=found.id)
    if found.audio is None or ready(found.audio, found.folder):
        return {"sound": exact}
    return {"sound": f"{exact}?as=given", "exact": exact}


def _audio(found: Episode) -> Path:
    if found.audio is None:
        raise NotFound("error.no_audio")
    return found.audio

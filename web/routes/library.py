"""The library: the list of episodes and its search; episodes that are added, described, removed and brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zlib import adler32

import msgspec
from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aligner.durations import clock
from aligner.storage.file_names import printable
from media.safe_fs import status_of
from web.context import (
    align,
    alignments,
    asked,
    changing,
    episode,
    incoming,
    jobs,
    library,
    realigning,
    transcribe,
    unfinished,
)
from web.correcting.following import have_captions_follow
from web.errors import NotFound, WebError
from web.filters import size
from web.languages import current_language, t
from web.library import Episode, Order
from web.library.changing import (
    EpisodeForm,
    add_sample,
    create,
    edit,
    labels_of,
    replace_transcript,
    transcript_version,
    undone_by,
    version_of,
)
from web.library.incoming import COVER_TYPES, cover_name, look_at, preview
from web.library.library import page_of, remove, removed_episode
from web.page.transcript import SPEAKER_COLOURS
from web.routes.archive import has_archive
from web.routes.rows import row_of
from web.routes.understood import understood
from web.routes.visitor import reader_name, remember
from web.search import RELEVANCE
from web.sending import send_whole

blueprint = Blueprint("library", __name__)

_NARROWING = ("q", "show", "from", "to")  # what a search keeps when it is arranged


@blueprint.app_template_filter()
def colour(title: str) -> int:
    """Return which of the speakers' colours the cover of an episode without a picture has: numbered ones differ."""
    return adler32(title.encode("utf-8", "replace")) % SPEAKER_COLOURS


@blueprint.get("/")
def index() -> ResponseReturnValue:
    removed = removed_episode(library(), request.args.get("removed", ""))
    order = order_asked()
    page = page_of(library(), request.args.get("page", 1, int), order, _has_failed)
    return render_template(
        "library.html",
        page=page,
        rows=map(row_of, page.episodes),
        left_out=library().left_out(),
        has_archive=has_archive(library().root),
        order=order,
        removed=removed,
    )


@blueprint.post("/sort")
def sort() -> ResponseReturnValue:
    """Arrange the list, or what is found, as a reader likes, and remember it; the address tells it, too."""
    named = request.form.get("sort")
    order = _order_named(named)
    if order is None and named != RELEVANCE:
        raise WebError("error.400")
    kept: dict[str, Any] = {name: request.form[name] for name in _NARROWING if request.form.get(name)}
    place = url_for("search.find", **kept, sort=named) if kept else url_for("library.index", sort=order)
    response = make_response(redirect(place, 303))
    if order:
        remember(response, "sort", order)
    return response


@blueprint.get("/episodes/<episode_id>/cover")
def cover(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    path = found.folder / found.details.cover if found.details.cover else None
    if path is None or path.suffix.lower() not in COVER_TYPES:
        raise NotFound("error.404")
    return send_whole(path, COVER_TYPES[path.suffix.lower()])


@blueprint.post("/sample")
def sample() -> ResponseReturnValue:
    with changing(add_sample(library(), current_language()).id) as made:
        align(made)
    return redirect(url_for("page.read", episode_id=made.id), 303)


@blueprint.post("/api/episodes/<episode_id>/align")
def align_again(episode_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        return jsonify(job=align(found, reader_name() or "").id), 202


@blueprint.post("/api/episodes/<episode_id>/remove")
def remove_episode(episode_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        token = remove(library(), found, jobs().forget)
    return jsonify(token=token, go=url_for("library.index", removed=token))


@blueprint.get("/add")
def add() -> ResponseReturnValue:
    return render_template("add.html")


@blueprint.post("/api/incoming")
def open_upload() -> ResponseReturnValue:
    return jsonify(token=incoming().open()), 201


@blueprint.before_request
def bound_upload() -> None:
    """A file is refused before it comes if it is larger than those of its kind may be."""
    if request.endpoint == "library.receive_file" and request.view_args:
        size_bytes = request.content_length or 0
        request.max_content_length = incoming().check_size(request.view_args["kind"], _file_name(), size_bytes)


@blueprint.put("/api/incoming/<token>/<kind>")
def receive_file(token: str, kind: str) -> ResponseReturnValue:
    path = incoming().receive(token, kind, _file_name(), request.stream, request.content_length or 0)
    if kind == "cover":
        try:
            cover_name(path)  # which looks whether it is a picture
        except BaseException:
            incoming().take_back(token, kind)
            raise
    return jsonify(name=path.name, about=_about(path, kind), **(asdict(look_at(path)) if kind == "audio" else {}))


@blueprint.delete("/api/incoming/<token>/<kind>")
def take_back(token: str, kind: str) -> ResponseReturnValue:
    incoming().take_back(token, kind)
    return jsonify(token=token)


def _about(path: Path, kind: str) -> str:
    """Return how long a recording that was sent is, and how large any file."""
    duration = look_at(path).duration if kind == "audio" else None
    shown = size(status_of(path).st_size)
    return f"{clock(duration)} · {shown}" if duration else shown


def _file_name() -> str:
    """What the file that is sent is called where it comes from."""
    return unquote(request.headers.get("X-File-Name", ""))


@blueprint.get("/api/incoming/<token>/preview")
def preview_transcript(token: str) -> ResponseReturnValue:
    return jsonify(understood(preview(incoming().transcript(token), incoming().staged(token).told)))


@blueprint.post("/api/incoming/<token>/create")
def create_episode(token: str) -> ResponseReturnValue:
    with changing(create(library(), incoming(), token, asked(EpisodeForm)).id) as made:
        return jsonify(id=made.id, job=(align(made) if made.transcript else transcribe(made)).id), 201


@blueprint.get("/episodes/<episode_id>/details")
def details(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    labels = labels_of(found)
    versions = {"version": version_of(found, labels), "transcript_version": transcript_version(found)}
    return render_template("details.html", episode=found, labels=labels, **versions)


@blueprint.get("/api/episodes/<episode_id>/details")
def read_details(episode_id: str) -> ResponseReturnValue:
    return jsonify(_details(episode(episode_id)))


@blueprint.post("/api/episodes/<episode_id>/details")
def save_details(episode_id: str) -> ResponseReturnValue:
    given = asked(EpisodeForm)
    cover = incoming().staged(given.token).cover if given.token else None
    with changing(episode_id) as found:
        labels = labels_of(found)
        if given.version and (changed := undone_by(given, found, labels)):
            return jsonify(error=_told(changed), changed=changed, version=version_of(found, labels)), 409
        with realigning(found) as end_alignment:
            edit(found, given, cover, end_alignment, reader_name() or "")
        if found.alignment:
            have_captions_follow(found.alignment)
        saved = _details(episode(episode_id))
    if cover:
        incoming().take_back(given.token, "cover")
    return jsonify(saved)


@blueprint.post("/api/episodes/<episode_id>/transcript/<token>")
def replace_text(episode_id: str, token: str) -> ResponseReturnValue:
    """The transcript of an upload in the place of the one that the page shows, which its version tells; without one
    in that of any."""
    known, staged = asked(_Replacing).version if request.get_data() else "", incoming().staged(token)
    with changing(episode_id) as found:
        now = transcript_version(found)
        if known and now and known != now:
            name = printable(found.transcript.name) if found.transcript else ""
            return jsonify(error=t("details.transcript.changed", name=name), version=now), 409
        replace_transcript(found, staged)
        job = align(episode(episode_id), reader_name() or "")
    incoming().drop(token)
    return jsonify(job=job.id), 202


def _details(episode: Episode) -> dict[str, Any]:
    """What is known of an episode, and the versions of that and of its transcript."""
    versions = {"version": version_of(episode, labels_of(episode)), "transcript_version": transcript_version(episode)}
    return asdict(episode.details) | versions


def _told(changed: Mapping[str, str]) -> str:
    """A sentence on what another has changed meanwhile."""
    names = {field: t("add.cover" if field == "cover" else f"field.{field}") for field in changed}
    what = (t("details.now" if changed[f] else "details.emptied", field=names[f], value=changed[f]) for f in changed)
    return t("details.changed", what=", ".join(what))


class _Replacing(msgspec.Struct):
    version: str = ""


def order_asked() -> Order:
    """How the current request has episodes arranged: as its address says, else as the reader has last chosen."""
    asked, chosen = request.args.get("sort"), request.cookies.get("quotecast-sort")
    return _order_named(asked) or _order_named(chosen) or Order.DATE


def _order_named(name: str | None) -> Order | None:
    return next((order for order in Order if order == name), None)


def _has_failed(episode: Episode) -> bool:
    last = unfinished(alignments(episode))
    return last is not None and not last.is_open

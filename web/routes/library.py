"""The library: the list of episodes and its search; episodes that are added, described, removed and brought back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import unquote

import msgspec
from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

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
    settings,
    unfinished,
)
from web.errors import NotFound
from web.jobs import Job
from web.languages import t
from web.library import (
    COVER_TYPES,
    Episode,
    EpisodeForm,
    Found,
    Row,
    add_sample,
    changed_since,
    create,
    edit,
    labels_of,
    look_at,
    preview,
    remove,
    removed_episode,
    replace_transcript,
    restore,
    row_of,
    rows,
    search,
    version_of,
)
from web.sending import send_whole

blueprint = Blueprint("library", __name__)

_MOST_VALUES = 1000  # of a form


@blueprint.get("/")
def index() -> ResponseReturnValue:
    removed = removed_episode(library(), request.args.get("removed", ""))
    shown = rows(library())
    return render_template(
        "library.html", rows=shown, works=_works(shown), removed=removed, settings=settings(), labels={}
    )


@blueprint.get("/search")
def find() -> ResponseReturnValue:
    query = request.args.get("q", "")
    told = search(library(), query)
    found = [each for each in told if each.in_title or each.hits]
    unread = [each.episode for each in told if each.unread]
    return render_template("search.html", query=query, found=found, unread=unread, tally=_tally(found))


@blueprint.get("/episodes/<episode_id>/cover")
def cover(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    path = found.folder / found.details.cover if found.details.cover else None
    if path is None or path.suffix.lower() not in COVER_TYPES:
        raise NotFound("error.404")
    return send_whole(path, COVER_TYPES[path.suffix.lower()])


@blueprint.post("/sample")
def sample() -> ResponseReturnValue:
    made = add_sample(library())
    align(made)
    return redirect(url_for("page.read", episode_id=made.id), 303)


@blueprint.post("/api/episodes/<episode_id>/align")
def align_again(episode_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        return jsonify(job=align(found).id), 202


@blueprint.post("/api/episodes/<episode_id>/remove")
def remove_episode(episode_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        return jsonify(token=remove(library(), found, jobs().forget))


@blueprint.post("/api/trash/<token>/restore")
def restore_episode(token: str) -> ResponseReturnValue:
    return jsonify(id=restore(library(), token).id)


@blueprint.get("/add")
def add() -> ResponseReturnValue:
    return render_template("add.html", settings=settings(), labels={})


@blueprint.post("/api/incoming")
def open_upload() -> ResponseReturnValue:
    return jsonify(token=incoming().open()), 201


@blueprint.before_request
def bound_upload() -> None:
    """A file is refused before it comes if it is larger than those of its kind may be."""
    if request.endpoint == "library.receive_file" and request.view_args:
        most = incoming().check_size(request.view_args["kind"], request.content_length)
        request.max_content_length = most + 1  # what turns out larger is told with both sizes


@blueprint.put("/api/incoming/<token>/<kind>")
def receive_file(token: str, kind: str) -> ResponseReturnValue:
    name = unquote(request.headers.get("X-File-Name", ""))
    path = incoming().receive(token, kind, name, request.stream, request.content_length)
    return jsonify(name=path.name, **(asdict(look_at(path)) if kind == "audio" else {}))


@blueprint.get("/api/incoming/<token>/preview")
def preview_transcript(token: str) -> ResponseReturnValue:
    return jsonify(asdict(preview(incoming().transcript(token))))


@blueprint.post("/api/incoming/<token>/create")
def create_episode(token: str) -> ResponseReturnValue:
    made = create(library(), incoming(), token, _form())
    return jsonify(id=made.id, job=align(made).id), 201


@blueprint.get("/episodes/<episode_id>/details")
def details(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    labels = labels_of(found)
    told = {"row": row_of(found), "labels": labels, "version": version_of(found, labels)}
    return render_template("details.html", episode=found, settings=settings(), **told)


@blueprint.get("/api/episodes/<episode_id>/details")
def read_details(episode_id: str) -> ResponseReturnValue:
    return jsonify(_details(episode(episode_id)))


@blueprint.post("/api/episodes/<episode_id>/details")
def save_details(episode_id: str) -> ResponseReturnValue:
    given = _form()
    cover = incoming().staged(given.token).cover if given.token else None
    with changing(episode_id) as found:
        labels = labels_of(found)
        if given.version and (changed := changed_since(given.version, found, labels)):
            return jsonify(error=_told(changed), changed=changed, version=version_of(found, labels)), 409
        with realigning(found) as end_alignment:
            edit(found, given, cover, end_alignment)
        saved = _details(episode(episode_id))
    if given.token:
        incoming().drop(given.token)
    return jsonify(saved)


@blueprint.post("/api/episodes/<episode_id>/transcript/<token>")
def replace_text(episode_id: str, token: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        replace_transcript(found, incoming().staged(token))
        job = align(episode(episode_id))
    incoming().drop(token)
    return jsonify(job=job.id), 202


def _details(episode: Episode) -> dict[str, Any]:
    """What is known of an episode, and the version of that."""
    return asdict(episode.details) | {"version": version_of(episode, labels_of(episode))}


def _told(changed: Mapping[str, str]) -> str:
    """A sentence on what another has changed meanwhile."""
    names = {field: t("add.cover" if field == "cover" else f"field.{field}") for field in changed}
    what = (t("details.now" if changed[f] else "details.emptied", field=names[f], value=changed[f]) for f in changed)
    return t("details.changed", what=", ".join(what))


class _Form(msgspec.Struct):
    """A form as our pages send it: JSON whose values are text."""

    fields: Annotated[dict[str, str], msgspec.Meta(max_length=_MOST_VALUES)] = {}
    names: Annotated[dict[str, str], msgspec.Meta(max_length=_MOST_VALUES)] = {}
    token: str = ""
    version: str = ""


def _form() -> EpisodeForm:
    """The fields, speakers' names and upload of the current request.

    Raises
    ------
    WebError
        It is no such form.
    """
    form = asked(_Form)
    return EpisodeForm(form.fields, form.names, form.token, form.version)


def _tally(found: list[Found]) -> str:
    """How many hits there are, in how many episodes; where there are none, in how many titles."""
    hits, episodes = sum(each.total for each in found), len(found)
    if not hits:
        return t("search.titles.one") if episodes == 1 else t("search.titles", n=episodes)
    said = t("search.hits.one") if hits == 1 else t("search.hits", n=hits)
    return said if episodes == 1 else t("search.tally", hits=said, episodes=episodes)


def _works(shown: list[Row]) -> dict[str, Job]:
    """By episode its last alignment, if that is still open or has failed."""
    works = {row.episode.id: unfinished(alignments(row.episode)) for row in shown}
    return {key: job for key, job in works.items() if job}

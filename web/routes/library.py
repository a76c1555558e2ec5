"""The list of episodes, its search, and what is removed and brought back."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from web.context import align, alignments, episode, jobs, library, settings, unfinished
from web.errors import NotFound
from web.jobs import Job
from web.languages import t
from web.library import COVER_TYPES, Found, Row, add_sample, remove, removed_episode, restore, rows, search

blueprint = Blueprint("library", __name__)


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
    found = search(library(), query)
    return render_template("search.html", query=query, found=found, tally=_tally(found))


@blueprint.get("/episodes/<episode_id>/cover")
def cover(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    path = found.folder / found.details.cover if found.details.cover else None
    if path is None or path.suffix.lower() not in COVER_TYPES:
        raise NotFound("error.404")
    return send_file(path.resolve(), mimetype=COVER_TYPES[path.suffix.lower()], conditional=True)


@blueprint.post("/sample")
def sample() -> ResponseReturnValue:
    made = add_sample(library())
    align(made)
    return redirect(url_for("episodes.read", episode_id=made.id), 303)


@blueprint.post("/api/episodes/<episode_id>/align")
def align_again(episode_id: str) -> ResponseReturnValue:
    return jsonify(job=align(episode(episode_id)).id), 202


@blueprint.post("/api/episodes/<episode_id>/remove")
def remove_episode(episode_id: str) -> ResponseReturnValue:
    return jsonify(token=remove(library(), episode(episode_id), jobs().forget))


@blueprint.post("/api/trash/<token>/restore")
def restore_episode(token: str) -> ResponseReturnValue:
    return jsonify(id=restore(library(), token).id)


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

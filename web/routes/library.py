"""The list of episodes, and the trash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from zlib import adler32

from flask import Blueprint, Response, after_this_request, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aligner.storage.alignment_json import known_warnings
from web.clips import trash as clips
from web.context import (
    align,
    changing,
    episode,
    jobs,
    library,
    read_only,
    remember,
    remembered,
    review_removed,
    unfinished,
)
from web.errors import NotFound
from web.filters import is_missing_text, problem, sentence
from web.jobs import Job
from web.languages import current_language, t
from web.library import Episode, Order
from web.library.changing import add_sample
from web.library.episode import EpisodeProblem
from web.library.incoming import COVER_TYPES
from web.library.library import TRASH, delete_for_good, page_of, remove, removed_episode, removed_episodes, restore
from web.page.transcript import SPEAKER_COLOURS
from web.routes.archive import has_archive
from web.routes.jobs import state_of
from web.sending import send_file

blueprint = Blueprint("library", __name__)


@blueprint.app_template_filter()
def colour(title: str) -> int:
    """Return the number of the colour to show for an episode without cover. Similar titles have different colours."""
    return adler32(title.encode("utf-8", "replace")) % SPEAKER_COLOURS


@blueprint.get("/")
def index() -> ResponseReturnValue:
    order = order_asked()
    page = page_of(library(), request.args.get("page", 1, int), order, _has_failed)
    return render_template(
        "library.html",
        page=page,
        rows=map(_row, page.episodes),
        left_out=library().left_out(),
        has_archive=has_archive(library().root),
        order=order,
        open_jobs=sum(job.is_open for job in jobs().all()),
        removed=removed_episode(library(), request.args.get("removed", "")),
    )


def order_asked() -> Order:
    """Return the sort order from the request, and store it in a cookie. Without one, return the order in the cookie."""
    named = request.args.get("sort")
    if named not in list(Order):
        return next((order for order in Order if order == remembered("sort")), Order.DATE)
    order = Order(named)

    @after_this_request
    def _(response: Response) -> Response:
        remember(response, "sort", order)
        return response

    return order


def _has_failed(episode: Episode) -> bool:
    last = unfinished(episode)
    return last is not None and not last.is_open


@blueprint.get("/episodes/<episode_id>/cover")
def cover(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    path = found.folder / (found.details.cover or "")
    if path.suffix.lower() not in COVER_TYPES:
        raise NotFound("error.404")
    return send_file(path, COVER_TYPES[path.suffix.lower()])


@blueprint.post("/sample")
def sample() -> ResponseReturnValue:
    with changing(add_sample(library(), current_language()).id) as created:
        align(created)
    return redirect(url_for("page.read", episode_id=created.id), 303)


@blueprint.post("/api/episodes/<episode_id>/remove")
def remove_episode(episode_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        token = remove(library(), found, jobs().forget)
    return jsonify(token=token, go=url_for("library.index", removed=token))


def _row(episode: Episode) -> dict[str, Any]:
    """Return the template's variables for an episode's row in the list.

    ``address`` is the link of the title, ``work`` an open job, ``verdict`` the alignment head whose quality is shown.
    ``notes`` are (CSS class, sentence), ``actions`` are (label, address, whether to send a POST request).
    """
    last = unfinished(episode)
    work = last if last and last.is_open else None
    has_page = episode.alignment or episode.is_waiting or episode.problem == EpisodeProblem.TRANSCRIPT
    page = "page.read" if has_page and episode.problem != EpisodeProblem.ALIGNMENT else "adding.details"
    return {
        "episode": episode,
        "address": url_for(page, episode_id=episode.id),
        "work": work,
        "verdict": None if last else episode.head,
        "notes": _notes(episode, last),
        "actions": () if work else _actions(episode, last),
    }


def _notes(episode: Episode, last: Job | None) -> Iterator[tuple[str, str]]:
    head, is_transcribing = episode.head, last and last.is_open and episode.problem == EpisodeProblem.TRANSCRIPT
    if episode.problem and not is_transcribing:
        yield "problem", problem(episode)
    for warning in known_warnings(head.warnings) if head else ():
        yield "outdated", sentence(warning)
    if removed := review_removed(episode, head.review if head else None):
        yield "outdated", sentence(removed)
    if head and is_missing_text(head):
        yield "outdated", t("library.text_is_missing")
    if last and not last.is_open:
        yield "problem", state_of(last)
    elif episode.is_outdated and not last:
        yield "outdated", t("library.outdated")
    if episode.is_waiting and not last:
        yield "muted", t("library.waiting")


def _actions(episode: Episode, failed: Job | None) -> Iterator[tuple[str, str, bool]]:
    head = episode.head
    if head and head.verdict != "good" and not failed:
        yield t("report.see"), url_for("page.report", episode_id=episode.id), False
    if read_only():
        return
    is_damaged = episode.problem == EpisodeProblem.ALIGNMENT and episode.audio and episode.transcript
    labels = {
        "work.again": failed,
        "details.align": (head and episode.is_outdated) or (is_damaged and not head),
        "library.transcribe": episode.problem == EpisodeProblem.TRANSCRIPT,
        "library.align": episode.is_waiting,
    }
    if label := next((name for name, is_due in labels.items() if is_due), None):
        yield t(label), f"/api/episodes/{episode.id}/align", True
    if (head and head.verdict == "poor") or (episode.is_waiting and not failed):
        details = url_for("adding.details", episode_id=episode.id)
        yield t("details.replace.where"), f"{details}#transcript-form", False


@blueprint.get("/trash")
def trash() -> ResponseReturnValue:
    episodes = removed_episodes(library())
    deleted = [(clip, of) for of in library().episodes() for clip in clips.deleted_clips(of.folder)]
    deleted.sort(key=lambda pair: pair[0].at, reverse=True)
    total = sum(each.size_bytes for each in episodes) + sum(clip.size_bytes for clip, _ in deleted)
    return render_template("trash.html", episodes=episodes, clips=deleted, total=total, day_of=date.fromtimestamp)


@blueprint.post("/api/trash/<token>/restore")
def restore_episode(token: str) -> ResponseReturnValue:
    return jsonify(id=restore(library(), token).id)


@blueprint.delete("/api/trash/<token>")
def delete_episode(token: str) -> ResponseReturnValue:
    with library().changing:
        delete_for_good(library().root / TRASH, token)
    return jsonify(token=token)


@blueprint.delete("/api/episodes/<episode_id>/clips/trash/<token>")
def delete_clip(episode_id: str, token: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        delete_for_good(clips.trash_of(found.folder), token)
    return jsonify(token=token)

"""The library: the list of episodes, what each row says, and the trash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import adler32

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aligner.storage.alignment_json import AlignmentHead, warnings_told
from web.clips import trash as clips
from web.context import align, alignments, changing, episode, jobs, library, settings, taken_off, unfinished
from web.errors import NotFound, WebError
from web.filters import is_lacking_text, problem, sentence
from web.jobs import Job
from web.languages import current_language, t
from web.library import Episode, Order
from web.library.changing import add_sample
from web.library.episode import EpisodeProblem
from web.library.incoming import COVER_TYPES
from web.library.library import delete_for_good, page_of, remove, removed_episode, removed_episodes, restore
from web.page.transcript import SPEAKER_COLOURS
from web.routes.archive import has_archive
from web.routes.jobs import state_of
from web.routes.visitor import remember, remembered
from web.search import RELEVANCE
from web.sending import send_file

blueprint = Blueprint("library", __name__)

_NARROWING = ("q", "show", "from", "to")  # what a search keeps when it is arranged


@blueprint.app_template_filter()
def colour(title: str) -> int:
    """Return which of the speakers' colours the cover of an episode without a picture has: numbered ones differ."""
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
        removed=removed_episode(library(), request.args.get("removed", "")),
    )


@blueprint.post("/sort")
def sort() -> ResponseReturnValue:
    """Arrange the list, or what is found, as a reader likes, and remember it; the address says it, too."""
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


def order_asked() -> Order:
    """Return how the current request has episodes arranged: as its address says, else as the reader last chose."""
    return _order_named(request.args.get("sort")) or _order_named(remembered("sort")) or Order.DATE


def _order_named(name: str | None) -> Order | None:
    return next((order for order in Order if order == name), None)


def _has_failed(episode: Episode) -> bool:
    last = unfinished(alignments(episode))
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
    with changing(add_sample(library(), current_language()).id) as made:
        align(made)
    return redirect(url_for("page.read", episode_id=made.id), 303)


@blueprint.post("/api/episodes/<episode_id>/remove")
def remove_episode(episode_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        token = remove(library(), found, jobs().forget)
    return jsonify(token=token, go=url_for("library.index", removed=token))


@dataclass(frozen=True, slots=True)
class _Action:
    """A link to ``address``; a button that sends a request instead if ``send`` is its method and address."""

    label: str
    address: str = ""
    send: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row: ``address`` is where its title leads, ``work`` a job that is open, ``verdict`` of what to show how good it
    is, ``notes`` each a class and a sentence."""

    episode: Episode
    address: str
    work: Job | None
    verdict: AlignmentHead | None
    notes: tuple[tuple[str, str], ...]
    actions: tuple[_Action, ...]


def _row(episode: Episode) -> _Row:
    last = unfinished(alignments(episode))
    work = last if last and last.is_open else None
    is_shown = episode.alignment or episode.is_waiting or episode.problem == EpisodeProblem.TRANSCRIPT
    page = "page.read" if is_shown and episode.problem != EpisodeProblem.ALIGNMENT else "adding.details"
    return _Row(
        episode,
        url_for(page, episode_id=episode.id),
        work,
        None if last else episode.head,
        tuple(_notes(episode, last)),
        () if work else tuple(_actions(episode, last)),
    )


def _notes(episode: Episode, last: Job | None) -> Iterator[tuple[str, str]]:
    head, is_transcribing = episode.head, last and last.is_open and episode.problem == EpisodeProblem.TRANSCRIPT
    if episode.problem and not is_transcribing:
        yield "problem", problem(episode)
    for warning in warnings_told(head.warnings) if head else ():
        yield "outdated", sentence(warning)
    if taken := taken_off(episode, head.signature if head else None):
        yield "outdated", sentence(taken)
    if head and is_lacking_text(head):
        yield "outdated", t("library.lacks_text")
    if last and not last.is_open:
        yield "problem", state_of(last)
    elif episode.is_outdated and not last:
        yield "outdated", t("library.outdated")
    if episode.is_waiting and not last:
        yield "muted", t("library.waiting")


def _actions(episode: Episode, failed: Job | None) -> Iterator[_Action]:
    head, api = episode.head, f"POST /api/episodes/{episode.id}"
    if head and head.verdict != "good" and not failed:
        yield _Action(t("report.see"), url_for("page.report", episode_id=episode.id))
    if settings().read_only:
        return
    is_damaged = episode.problem == EpisodeProblem.ALIGNMENT and episode.audio and episode.transcript
    if failed:
        yield _Action(t("work.again"), send=f"{api}/{'align' if episode.transcript else 'transcribe'}")
    elif (head and episode.is_outdated) or (is_damaged and not head):
        yield _Action(t("details.align"), send=f"{api}/align")
    elif episode.problem == EpisodeProblem.TRANSCRIPT:
        yield _Action(t("library.transcribe"), send=f"{api}/transcribe")
    elif episode.is_waiting:
        yield _Action(t("library.align"), send=f"{api}/align")
    if (head and head.verdict == "poor") or (episode.is_waiting and not failed):
        details = url_for("adding.details", episode_id=episode.id)
        yield _Action(t("details.replace.where"), f"{details}#transcript-form")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the trash: ``of`` is the episode of a clip, ``at`` seconds since 1970; the addresses are of what can be
    done with it, ``restore`` None where that is nothing that the library shows."""

    title: str
    of: str
    at: float
    size_bytes: int
    delete: str
    restore: str | None

    @property
    def day(self) -> str:
        return date.fromtimestamp(self.at).isoformat()


@blueprint.get("/trash")
def trash() -> ResponseReturnValue:
    found = {"episodes": _episodes(), "clips": _clips()}
    listed = {kind: sorted(each, key=lambda entry: entry.at, reverse=True) for kind, each in found.items()}
    total = sum(each.size_bytes for entries in listed.values() for each in entries)
    return render_template("trash.html", **listed, total=total)


@blueprint.post("/api/trash/<token>/restore")
def restore_episode(token: str) -> ResponseReturnValue:
    return jsonify(id=restore(library(), token).id)


@blueprint.delete("/api/trash/<token>")
def delete_episode(token: str) -> ResponseReturnValue:
    delete_for_good(library(), token)
    return jsonify(token=token)


@blueprint.delete("/api/episodes/<episode_id>/clips/trash/<token>")
def delete_clip(episode_id: str, token: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        clips.delete_for_good(found.folder, token)
    return jsonify(token=token)


def _episodes() -> Iterator[_Entry]:
    for each in removed_episodes(library()):
        restored = url_for("library.restore_episode", token=each.token) if each.is_episode else None
        deleted = url_for("library.delete_episode", token=each.token)
        yield _Entry(each.title, "", each.at, each.size_bytes, deleted, restored)


def _clips() -> Iterator[_Entry]:
    for of in library().episodes():
        for clip in clips.deleted_clips(of.folder):
            deleted = url_for("library.delete_clip", episode_id=of.id, token=clip.token)
            restored = url_for("clips.restore", episode_id=of.id, token=clip.token)
            yield _Entry(clip.name, of.title, clip.at, clip.size_bytes, deleted, restored)

"""Corrections of an episode: made, taken back and made again from its page; what others changed, as it happens.

``POST /api/episodes/ID/corrections`` takes ``{"base": n, "correction": {...}}``: ``base`` is the number of changes that
the page shows, the correction one of ``aligner.corrections.commands``. ``begun``, ``{"history", "transcript"}``, is the
earlier state that it is of, if it is; what was changed since is kept. It answers ``{"history", "change", "patch",
"job"}``: the number of changes now, the change that was made, what differs on the page (``web.correcting.patches``,
where ``turns`` has its ``html``, and ``parts`` the HTML of ``heading`` and ``chapters``), and the job that listens
again where nothing is known of the sound; ``undoable`` and ``redoable`` are whether the reader could now undo a change
of theirs, or do one again. ``/undo`` and ``/redo`` take ``{"base": n, "change": id}`` and answer alike; without an id
it is the last, and ``change`` is null where there is nothing to undo. Where somebody else changed the same, the answer
is 409 with ``{"error", "mine", "theirs", "history"}``.
``GET .../changes?since=n`` answers as a correction does, of all that was changed since.
``GET .../events`` are server-sent events ``{"history", "who", "kind"}``, one for each state of the history.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from msgspec import Meta, Struct

from aligner.corrections.commands import Command
from aligner.storage.checked_json import Count
from web.access.clients import Places, current_client
from web.bounded import call
from web.context import align, alignment_file, alignments, asked, changing, episode, jobs, limits
from web.correcting.captioning import have_captions_follow
from web.correcting.patches import Patch
from web.correcting.states import Clash, Made, Seen, Taken, changes_since, correct, take_again, take_back
from web.correcting.watching import Watch, note
from web.errors import Conflict
from web.languages import t, translated
from web.library import Episode
from web.routes.jobs import job_facts
from web.routes.visitor import earlier_names, reader_name, remember_name

blueprint = Blueprint("corrections", __name__)

_API = "/api/episodes/<episode_id>"
_RETRY_MS = 1000  # how long a browser waits before it asks for a stream again
_LOOK_EVERY, _HEARTBEAT = 0.4, 5.0  # seconds


class _Begun(Struct):
    history: Count
    transcript: Annotated[str, Meta(max_length=100)]


class _Correction(Struct):
    base: Count
    correction: Command
    begun: _Begun | None = None


class _Reversal(Struct):
    base: Count
    change: Count | None = None


class _Name(Struct):
    name: Annotated[str, Meta(max_length=200)]


@blueprint.post(f"{_API}/corrections")
def make(episode_id: str) -> ResponseReturnValue:
    given = asked(_Correction)
    begun = given.begun and Seen(given.begun.history, given.begun.transcript)
    name, earlier = _reader()
    return _changed(episode_id, correct, given.base, given.correction, name, begun, earlier)


@blueprint.post(f"{_API}/undo")
def undo(episode_id: str) -> ResponseReturnValue:
    return _changed_back(episode_id, take_back)


@blueprint.post(f"{_API}/redo")
def redo(episode_id: str) -> ResponseReturnValue:
    return _changed_back(episode_id, take_again)


@blueprint.get(f"{_API}/changes")
def changes(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    seen = _seen(request.args.get("since", 0, int))
    return _told(found, call(changes_since, alignment_file(found), seen, *_reader()))


@blueprint.get(f"{_API}/events")
def events(episode_id: str) -> ResponseReturnValue:
    watch = Watch(alignment_file(episode(episode_id)))
    told = stream_with_context(_events(watch, limits().changes, current_client()))
    return Response(told, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})


@blueprint.post("/api/name")
def name() -> ResponseReturnValue:
    """Have the browser keep by what name its reader corrects, which may be none."""
    answer = jsonify()
    remember_name(answer, asked(_Name).name)
    return answer


def _changed_back(episode_id: str, work: Callable[..., Taken | Clash]) -> ResponseReturnValue:
    given = asked(_Reversal)
    return _changed(episode_id, work, given.base, given.change, *_reader())


def _changed(episode_id: str, work: Callable[..., Taken | Clash], base: int, *given: object) -> ResponseReturnValue:
    with changing(episode_id) as found:
        path = alignment_file(found)
        if any(job.is_open for job in alignments(found)):
            raise Conflict("correcting.aligning")
        made = call(work, path, _seen(base), *given)
        if isinstance(made, Clash):
            mine, theirs = (version or t("changes.clash.nothing") for version in (made.mine, made.theirs))
            told = {"mine": mine, "theirs": theirs, "history": made.history}
            return jsonify(error=translated(made.message), **told), 409
        note(path, made)
        have_captions_follow(path)
        job = job_facts(align(found, reader_name() or "")) if made.unheard and found.transcript else None
    return _told(found, made, job)


def _reader() -> tuple[str, frozenset[str]]:
    return reader_name() or "", frozenset(earlier_names())


def _seen(base: int) -> Seen:
    return Seen(max(base, 0), request.headers.get("X-Transcript"))


def _told(found: Episode, taken: Taken, job: dict[str, Any] | None = None) -> ResponseReturnValue:
    change = taken.change and _made(taken.change)
    could = {"undoable": taken.undoable, "redoable": taken.redoable}
    return jsonify(history=taken.patch.history, change=change, patch=_patch(found, taken.patch), job=job, **could)


def _made(change: Made) -> dict[str, Any]:
    return {"id": change.id, "who": change.who, "when": change.when.isoformat(timespec="seconds"), "what": change.what}


def _patch(found: Episode, patch: Patch) -> dict[str, Any]:
    told: dict[str, Any] = {"history": patch.history, "words": patch.words, "turns": None, "data": patch.data}
    if new := patch.turns:
        html = render_template("episode/transcript.html", page=new.page)
        told["turns"] = {"at": new.at, "drop": new.drop, "html": html, "words": new.words, "segments": new.segments}
    if patch.head and patch.page:
        shown = {"episode": found, "alignment": patch.head, "page": patch.page, "quotes": True}
        told["parts"] = {
            "heading": render_template("episode/heading.html", **shown),
            "chapters": render_template("episode/chapters.html", **shown),
        }
    return told


def _events(watch: Watch, streams: Places, client: str) -> Iterator[str]:
    """An event for each state of the history, a comment as a sign of life."""
    give_back = streams.take(client)
    try:
        yield f"retry: {_RETRY_MS}\n\n"
        silent_since = time.monotonic()
        while not jobs().is_closed:
            if news := watch.news():
                history, change = news
                told = {"history": history, "who": change and change.who, "kind": change and change.what["kind"]}
                yield f"data: {json.dumps(told)}\n\n"
                silent_since = time.monotonic()
            elif time.monotonic() - silent_since > _HEARTBEAT:
                yield ": still here\n\n"
                silent_since = time.monotonic()
            if give_back is None:  # it has heard how things are, and comes back for more
                return
            time.sleep(_LOOK_EVERY)
    finally:
        if give_back:
            give_back()

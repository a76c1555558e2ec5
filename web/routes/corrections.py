"""Corrections of an episode: made, undone and redone from its page; what others changed; paragraphs as they are edited.

A page sends the number of changes that it shows as ``base``, and the correction, one of
``aligner.corrections.commands``; ``edited`` is the earlier state that it is of, if it is. The answer has the number of
changes now, the turns that are rendered again with their words' times, whatever else of the page differs, and the job
that recognises the audio again where nothing is known of it. Where somebody else changed the same, it is 409.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from msgspec import Meta, Struct

from aligner.corrections.commands import Command
from aligner.storage.checked_json import Count
from media.errors import UserError
from web.context import align, alignment_file, alignments, asked, changing, episode, library
from web.correcting.following import have_captions_follow, last_of
from web.correcting.states import Seen, Taken, changes_since, correct, passage_since, take_again, take_back
from web.correcting.turns import Head, Turns
from web.errors import WebError
from web.routes.jobs import job_facts
from web.routes.visitor import reader_name, remember
from web.worker_pool import call

blueprint = Blueprint("corrections", __name__)

_API = "/api/episodes/<episode_id>"


class _Correction(Struct):
    base: Count
    correction: Command
    edited: Seen | None = None


class _Reversal(Struct):
    base: Count
    change: Count | None = None


class _Name(Struct):
    name: Annotated[str, Meta(max_length=200)]


@blueprint.post(f"{_API}/corrections")
def make(episode_id: str) -> ResponseReturnValue:
    given = asked(_Correction)
    return _changed(episode_id, correct, given.base, given.correction, reader_name() or "", given.edited)


@blueprint.post(f"{_API}/undo", defaults={"is_redo": False})
@blueprint.post(f"{_API}/redo", defaults={"is_redo": True})
def reverse(episode_id: str, is_redo: bool) -> ResponseReturnValue:
    """Take a change of the reader back, or make it again."""
    given = asked(_Reversal)
    work = take_again if is_redo else take_back
    return _changed(episode_id, work, given.base, given.change, reader_name() or "")


@blueprint.get(f"{_API}/changes")
def changes(episode_id: str) -> ResponseReturnValue:
    seen = _seen(request.args.get("since", 0, int))
    return _answer(episode_id, call(changes_since, _alignment(episode_id), seen, reader_name() or ""))


@blueprint.get(f"{_API}/history")
def history(episode_id: str) -> ResponseReturnValue:
    count, last = last_of(_alignment(episode_id))
    return jsonify(history=count, who=last and last.who, kind=last and last.what["kind"])


@blueprint.get(f"{_API}/paragraphs")
def paragraphs(episode_id: str) -> ResponseReturnValue:
    """Answer with what stands now in the place of the segments from ``first`` to before ``stop``, as they were after
    ``since`` changes in the transcript of version ``of``."""
    first, stop, since = (max(0, request.args.get(name, 0, int)) for name in ("first", "stop", "since"))
    seen = Seen(since, request.args.get("of"))
    return jsonify(call(passage_since, _alignment(episode_id), seen, range(first, stop)))


@blueprint.post("/api/name")
def name() -> ResponseReturnValue:
    """Have the browser keep by what name its reader corrects, which may be none."""
    answer = jsonify()
    remember(answer, "name", asked(_Name).name)
    return answer


def _changed(episode_id: str, work: Callable[..., Taken], base: int, *given: object) -> ResponseReturnValue:
    path = _alignment(episode_id)
    made = call(work, path, _seen(base), *given)
    have_captions_follow(path)
    return _answer(episode_id, made, _recognising(episode_id) if made.is_unheard else None)


def _alignment(episode_id: str) -> Path:
    return library().alignment_path(episode_id) or alignment_file(episode(episode_id))


def _recognising(episode_id: str) -> dict[str, Any] | None:
    """Have the audio recognised, unless that is under way: the passage around the correction is repaired then. Where it
    cannot be, as of an episode that was just removed, the correction is made all the same."""
    with contextlib.suppress(UserError, WebError, OSError), changing(episode_id) as found:
        under_way = next((job for job in alignments(found) if job.is_open), None)
        return job_facts(under_way or align(found, reader_name() or ""))
    return None


def _seen(base: int) -> Seen:
    return Seen(max(base, 0), request.headers.get("X-Transcript"))


def _answer(episode_id: str, taken: Taken, job: dict[str, Any] | None = None) -> ResponseReturnValue:
    return jsonify(
        history=taken.history,
        change=taken.change and asdict(taken.change),
        turns=taken.difference.turns and _rendered(taken.difference.turns),
        data=taken.difference.data,
        overview=taken.difference.head and _rendered_head(episode_id, taken.difference.head),
        job=job,
        undoable=taken.undoable,
        redoable=taken.redoable,
    )


def _rendered(turns: Turns) -> dict[str, Any]:
    html = turns.page and render_template("episode/transcript.html", page=turns.page)
    numbers = {"at": turns.at, "drop": turns.drop, "chars_by": turns.chars_by, "segments_by": turns.segments_by}
    return {"html": html, **turns.words, **numbers}


def _rendered_head(episode_id: str, head: Head) -> dict[str, str]:
    shown = {"episode": episode(episode_id), "alignment": head, "page": head.page, "quotes": True}
    return {name: render_template(f"episode/{name}.html", **shown) for name in ("heading", "chapters")}

"""Corrections of an episode: make, undo and redo them; report changes by others; answer with paragraphs for the editor.

A page sends ``base``, the number of changes that it shows, and a command of ``aligner.corrections.commands``. If an
edit began in an earlier state, ``edited`` is that state. The response has the new number of changes, the turns to
replace, and other data that differs. If what was recognised in the audio is not cached, the response has a job that
recognises the audio again. If somebody else has changed the same words, the status is 409.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from msgspec import Meta, Struct, field

from aligner.corrections.commands import Command
from aligner.storage.checked_json import Count
from media.errors import UserError
from web.context import align, alignment_file, alignments, asked, changing, episode, library
from web.correcting.following import last_of, schedule_captions
from web.correcting.states import Seen, Update, changes_since, correct, passage_since, redo_change, undo_change
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
    base_revision: Seen | None = field(name="edited", default=None)


class _Reversal(Struct):
    base: Count
    change: Count | None = None


class _Name(Struct):
    name: Annotated[str, Meta(max_length=200)]


@blueprint.post(f"{_API}/corrections")
def make(episode_id: str) -> ResponseReturnValue:
    body = asked(_Correction)
    return _changed(episode_id, correct, body.base, body.correction, reader_name() or "", body.base_revision)


@blueprint.post(f"{_API}/undo", defaults={"is_redo": False})
@blueprint.post(f"{_API}/redo", defaults={"is_redo": True})
def reverse(episode_id: str, is_redo: bool) -> ResponseReturnValue:
    """Undo or redo a change, by default the reader's last one."""
    body = asked(_Reversal)
    work = redo_change if is_redo else undo_change
    return _changed(episode_id, work, body.base, body.change, reader_name() or "")


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
    """Answer with paragraphs as they are now. The request has their segments in an earlier state, ``first`` to before
    ``stop``, the state's number of changes (``since``), and the hash of its transcript (``of``)."""
    first, stop, since = (max(0, request.args.get(name, 0, int)) for name in ("first", "stop", "since"))
    seen = Seen(since, request.args.get("of"))
    return jsonify(call(passage_since, _alignment(episode_id), seen, range(first, stop)))


@blueprint.post("/api/name")
def name() -> ResponseReturnValue:
    """Store the reader's name, which may be empty, in a cookie."""
    answer = jsonify()
    remember(answer, "name", asked(_Name).name)
    return answer


def _changed(episode_id: str, work: Callable[..., Update], base: int, *args: object) -> ResponseReturnValue:
    path = _alignment(episode_id)
    update = call(work, path, _seen(base), *args)
    schedule_captions(path)
    return _answer(episode_id, update, _recognition_job(episode_id) if update.needs_recognition else None)


def _alignment(episode_id: str) -> Path:
    return library().alignment_path(episode_id) or alignment_file(episode(episode_id))


def _recognition_job(episode_id: str) -> dict[str, Any] | None:
    """Return an open or new job that recognises the audio again and aligns the corrected words. Return None if this is
    impossible, for example if the episode was just removed; the correction stays."""
    with contextlib.suppress(UserError, WebError, OSError), changing(episode_id) as found:
        open_job = next((job for job in alignments(found) if job.is_open), None)
        return job_facts(open_job or align(found, reader_name() or ""))
    return None


def _seen(base: int) -> Seen:
    return Seen(max(base, 0), request.headers.get("X-Transcript"))


def _answer(episode_id: str, update: Update, job: dict[str, Any] | None = None) -> ResponseReturnValue:
    return jsonify(
        history=update.history,
        change=update.change and asdict(update.change),
        turns=update.difference.turns and _rendered(update.difference.turns),
        data=update.difference.data,
        overview=update.difference.head and _rendered_head(episode_id, update.difference.head),
        job=job,
        undoable=update.undoable,
        redoable=update.redoable,
    )


def _rendered(turns: Turns) -> dict[str, Any]:
    html = turns.page and render_template("episode/transcript.html", page=turns.page)
    numbers = {"at": turns.at, "drop": turns.drop, "chars_by": turns.chars_by, "segments_by": turns.segments_by}
    return {"html": html, **turns.words, **numbers}


def _rendered_head(episode_id: str, head: Head) -> dict[str, str]:
    shown = {"episode": episode(episode_id), "alignment": head, "page": head.page, "quotes": True}
    return {name: render_template(f"episode/{name}.html", **shown) for name in ("heading", "chapters")}

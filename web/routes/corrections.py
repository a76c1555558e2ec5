"""Corrections of an episode: make, undo and redo them; report changes by others; answer with paragraphs for the editor.

A page sends a command of ``aligner.corrections.commands`` and the ``revision`` that it shows: the number of changes so
far. If the edit began in an earlier revision, ``base`` is that revision. The response has the new ``revision``, the
turns to replace, and other data that differs. If the text recognised in the audio is not cached, the response has a job
that recognises the audio again. If somebody else has changed the same words, the status is 409.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from flask import Blueprint, jsonify, render_template, request, session
from flask.typing import ResponseReturnValue
from msgspec import Meta, Struct

from aligner.corrections.commands import Command
from aligner.storage.checked_json import Count
from media.errors import UserError
from web.context import (
    align,
    alignment_file,
    alignments,
    as_name,
    asked,
    changing,
    episode,
    library,
    reader_name,
    remember,
    settings,
)
from web.correcting.following import last_of, schedule_captions
from web.correcting.states import Revision, Update, changes_since, correct, passage_since, redo_change, undo_change
from web.correcting.turns import Head, Turns
from web.errors import WebError
from web.routes.jobs import job_facts
from web.worker_pool import call

blueprint = Blueprint("corrections", __name__)

_API = "/api/episodes/<episode_id>"


class _Correction(Struct):
    revision: Count
    correction: Command
    base: Revision | None = None


class _Reversal(Struct):
    revision: Count
    change: Count | None = None


class _Name(Struct):
    name: Annotated[str, Meta(max_length=200)]


@blueprint.post(f"{_API}/corrections")
def make(episode_id: str) -> ResponseReturnValue:
    body = asked(_Correction)
    return _changed(episode_id, correct, body.revision, body.correction, reader_name() or "", body.base)


@blueprint.post(f"{_API}/undo", defaults={"is_redo": False})
@blueprint.post(f"{_API}/redo", defaults={"is_redo": True})
def reverse(episode_id: str, is_redo: bool) -> ResponseReturnValue:
    """Undo or redo a change, by default the reader's last one."""
    body = asked(_Reversal)
    work = redo_change if is_redo else undo_change
    return _changed(episode_id, work, body.revision, body.change, reader_name() or "")


@blueprint.get(f"{_API}/changes")
def changes(episode_id: str) -> ResponseReturnValue:
    shown = _shown(request.args.get("revision", 0, int))
    return _answer(episode_id, call(changes_since, _alignment(episode_id), shown, reader_name() or ""))


@blueprint.get(f"{_API}/history")
def history(episode_id: str) -> ResponseReturnValue:
    count, last = last_of(_alignment(episode_id))
    return jsonify(revision=count, who=last and last.who, kind=last and last.what["kind"])


@blueprint.get(f"{_API}/paragraphs")
def paragraphs(episode_id: str) -> ResponseReturnValue:
    """Send paragraphs as they are now. The request selects them by the indices of their segments (from ``first`` up to,
    but not including, ``stop``) in an earlier revision (``number``, ``transcript``)."""
    first, stop, number = (max(0, request.args.get(name, 0, int)) for name in ("first", "stop", "number"))
    base = Revision(number, request.args.get("transcript"))
    return jsonify(call(passage_since, _alignment(episode_id), base, range(first, stop)))


@blueprint.post("/api/name")
def name() -> ResponseReturnValue:
    """Store the reader's name in a cookie and in the session. Without a password it may be empty."""
    chosen, answer = as_name(asked(_Name).name), jsonify()
    if settings().passwords:
        if not chosen:
            raise WebError("login.nameless")
        session["name"] = chosen
    remember(answer, "name", chosen)
    return answer


def _changed(episode_id: str, work: Callable[..., Update], revision: int, *args: object) -> ResponseReturnValue:
    path = _alignment(episode_id)
    update = call(work, path, _shown(revision), *args)
    schedule_captions(path)
    return _answer(episode_id, update, _recognition_job(episode_id) if update.needs_recognition else None)


def _alignment(episode_id: str) -> Path:
    return library().alignment_path(episode_id) or alignment_file(episode(episode_id))


def _recognition_job(episode_id: str) -> dict[str, Any] | None:
    """Return an open job, or else a new one, that recognises the audio again and aligns the corrected words. Return
    None if this is impossible, for example if the episode was just removed; the correction stays."""
    with contextlib.suppress(UserError, WebError, OSError), changing(episode_id) as found:
        open_job = next((job for job in alignments(found) if job.is_open), None)
        return job_facts(open_job or align(found))
    return None


def _shown(number: int) -> Revision:
    return Revision(max(number, 0), request.headers.get("X-Transcript"))


def _answer(episode_id: str, update: Update, job: dict[str, Any] | None = None) -> ResponseReturnValue:
    return jsonify(
        revision=update.revision,
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

"""The archive page: progress of the import run, failures, open questions, changes, and files without an episode."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aligner.storage.database import StateError
from media.errors import from_facts
from media.safe_fs import is_regular
from web.archive.folders import state_of
from web.archive.records import Finding
from web.archive.state import Archive, archive_at
from web.archive.status import State, episode_statuses, file_name_of, forget
from web.context import library
from web.errors import Conflict, NotFound, Unusable, WebError
from web.filters import day
from web.languages import t, translated
from web.library.episode import id_of
from web.routes.jobs import time_left
from web.sending import send_file, type_of

blueprint = Blueprint("archive", __name__)

_MOST = 200  # rows of each kind
_LEFT_OVER = ("audio", "text", "duplicate", "fault", "unread", "gone")
_SILENCE = 15.0  # seconds without an update after which a run counts as interrupted


def has_archive(root: Path) -> bool:
    """Return whether the library at ``root`` has an archive, which records the feeds and folders of its episodes. If
    the archive's database is damaged, return True."""
    with contextlib.suppress(StateError):  # the archive's page shows this error
        return archive_at(root) is not None
    return True


@blueprint.get("/archive")
def index() -> ResponseReturnValue:
    found = _archive()
    findings, imported, episodes = found.findings(), found.episodes(), episode_statuses(found)
    questions = [each for each in findings if each.kind == "question"]
    changes = [(each, imported[each.folder].title) for each in found.changes() if each.folder in imported]
    return render_template(
        "archive.html",
        of_state={state.value: [each for each in episodes if each.state is state] for state in State},
        open=[each for each in questions if each.answer is None],
        answered=[(each, _chosen(each)) for each in questions if each.answer is not None],
        changes=[each for each in changes if each[0].decision != "ignore"],
        ignored=[each for each in changes if each[0].decision == "ignore"],
        left_over={kind: [each for each in findings if each.kind == kind] for kind in _LEFT_OVER},
        most=_MOST,
        id_of=id_of,
        new_name=file_name_of,
        **_progress(found),
    )


@blueprint.get("/archive/progress")
def progress() -> ResponseReturnValue:
    """Answer with HTML of the import run's progress; the page's script replaces the old HTML."""
    return render_template("archive/progress.html", **_progress(_archive()))


@blueprint.post("/archive/retry")
def retry() -> ResponseReturnValue:
    """Delete the recorded failure of one episode or of all, so that the next import run tries again."""
    if not _archive().clear_failures(request.form.get("folder")):
        raise Conflict("archive.stale")
    return redirect(url_for("archive.index", again=1), 303)


@blueprint.get("/archive/audio")
def audio() -> ResponseReturnValue:
    """Send the recording for which the user is asked to choose a transcript, unless the file has changed."""
    details = _question(_archive(), request.args.get("key", "")).details
    path = Path(details.get("path", ""))
    if "path" not in details or not is_regular(path) or state_of(path) != details["state"]:
        raise NotFound("archive.unplayable")
    return send_file(path, type_of(path))


@blueprint.post("/archive/answer")
def answer() -> ResponseReturnValue:
    """Store the transcript chosen for a recording (``text``, empty if none fits), or delete the choice (``undo``)."""
    found, text = _archive(), request.form.get("text")
    question = _question(found, request.form.get("key", ""))
    if "undo" in request.form:
        return _decided(found.answer(question.key, None), "questions")
    if text is None:
        raise Unusable("archive.unchosen")
    for other in found.findings():
        if text and other.answer == text and other.key != question.key:
            raise Conflict("archive.chosen_already", audio=other.name, text=_chosen(other))
    is_offered = not text or any(each["key"] == text for each in question.details["candidates"])
    if question.answer not in (None, text) or not is_offered:
        raise Conflict("archive.stale")
    return _decided(found.answer(question.key, text), "questions")


@blueprint.post("/archive/change")
def decide() -> ResponseReturnValue:
    """Accept or ignore new audio or a new transcript from an episode's source, or undo this decision."""
    folder, kind, state, decision = (request.form.get(name, "") for name in ("folder", "kind", "state", "decision"))
    if decision not in ("take", "ignore", ""):
        raise WebError("error.400")
    return _decided(_archive().decide(folder, kind, state, decision or None), "changes")


@blueprint.post("/archive/forget")
def forget_missing() -> ResponseReturnValue:
    """Delete the archive's records of an episode if its folder is missing."""
    return _decided(forget(_archive(), request.form.get("folder", "")), "missing")


def _decided(is_done: bool, section: str) -> ResponseReturnValue:
    if not is_done:
        raise Conflict("archive.stale")
    return redirect(url_for("archive.index", _anchor=section), 303)


def _archive() -> Archive:
    if found := archive_at(library().root):
        return found
    raise NotFound("error.404")


def _question(found: Archive, key: str) -> Finding:
    for each in found.findings():
        if (each.kind, each.key) == ("question", key):
            return each
    raise Conflict("archive.stale")


def _chosen(question: Finding) -> str:
    """Return the name of the transcript that a person chose for a recording, empty if the person chose none."""
    names = {each["key"]: each["name"] for each in question.details["candidates"]}
    return str(names.get(question.answer, "?")) if question.answer else ""


@blueprint.app_template_filter()
def words(message: Any) -> str:
    """Return a message, given as text or in the form of ``media.errors.to_facts``, in the reader's language."""
    return translated(message if isinstance(message, str) else from_facts(message))


def _progress(found: Archive) -> dict[str, Any]:
    """Return the variables of the template for an import run's progress. ``facts`` are sentences about the progress."""
    run = found.run()
    if run is None:
        return {"run": None}
    done = run["aligned"] + run["failed"] + run["left"]
    state = "over" if run.get("is_over") else "running" if time.time() - run["at"] < _SILENCE else "lost"
    facts = [t("archive.episodes.one" if run["all"] == 1 else "archive.episodes", done=done, n=run["all"])]
    if run["hours_per_hour"]:
        facts.append(t("archive.pace", n=round(run["hours_per_hour"], 1)))
    if state == "running" and run["seconds_left"] is not None:
        facts.append(t("archive.left", time=time_left(run["seconds_left"])))
    if state != "running":
        at = time.localtime(run["at"])
        facts.append(t("archive.at", day=day(time.strftime("%Y-%m-%d", at)), time=time.strftime("%H:%M", at)))
    return {"run": run, "state": state, "done": done, "facts": facts}

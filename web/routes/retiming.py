"""Replace an episode's audio: upload new audio, review which times would move, then use the new audio."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from msgspec import Struct

from web.context import (
    alignment_file,
    alignments,
    asked,
    changing,
    episode,
    incoming,
    jobs,
    read_only,
    reader_name,
    submit,
)
from web.errors import Conflict
from web.jobs import Job
from web.jobs.kinds import Retime
from web.library import Episode, stored_alignment
from web.retiming.staging import discard_staged, report_of, stage_audio, staged_audio

blueprint = Blueprint("retiming", __name__)


class _Asked(Struct):
    take: bool = False


@blueprint.get("/episodes/<episode_id>/sound")
def index(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    audio = stored_alignment(alignment_file(found)).audio
    last, staged = next(reversed(_retime_jobs(found)), None), staged_audio(found, audio)
    work = last.work if last and last.state == "done" else None
    is_taken = isinstance(work, Retime) and work.take and (staged is None or staged.name == work.audio)
    if is_taken and not read_only():
        discard_staged(found)  # it is the episode's audio now
        staged = None
    is_open = bool(last and last.is_open)
    moves = None if is_open else report_of(found, audio)
    return render_template(
        "replace-audio.html",
        episode=found,
        audio=audio,
        taken=is_taken,
        work=last if is_open else None,
        moves=moves,
        is_staged=staged is not None,
        failed=last if last and last.state == "failed" and not moves else None,
    )


@blueprint.post("/api/episodes/<episode_id>/sound/<token>")
def stage(episode_id: str, token: str) -> ResponseReturnValue:
    """Store the audio uploaded as ``token`` without using it yet; submit a job that reports which times would move."""
    staged = incoming().staged(token)
    with changing(episode_id) as found:
        _check_free(found)
        name = stage_audio(found, staged)
        job = submit(found.folder, Retime(alignment=alignment_file(found).name, audio=name))
    incoming().drop(token)
    return jsonify(job=job.id), 202


@blueprint.post("/api/episodes/<episode_id>/sound")
def use(episode_id: str) -> ResponseReturnValue:
    """Submit a job that switches to the staged audio or, if ``take`` is false, only reports which times would move."""
    take = asked(_Asked).take
    with changing(episode_id) as found:
        _check_free(found)
        path = alignment_file(found)
        audio = stored_alignment(path).audio
        staged = staged_audio(found, audio)
        if staged is None or (take and report_of(found, audio) is None):
            raise Conflict("retime.gone")
        who = (reader_name() or "") if take else ""
        work = Retime(alignment=path.name, audio=staged.name, take=take, who=who)
        return jsonify(job=submit(found.folder, work).id), 202


@blueprint.delete("/api/episodes/<episode_id>/sound")
def discard(episode_id: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        _check_free(found)
        discard_staged(found)
        return jsonify(id=found.id)


def _check_free(found: Episode) -> None:
    alignment_file(found)
    if any(job.is_open for job in (*alignments(found), *_retime_jobs(found))):
        raise Conflict("retime.busy")


def _retime_jobs(found: Episode) -> list[Job]:
    return [job for job in jobs().of(found.folder) if job.kind == Retime.kind]

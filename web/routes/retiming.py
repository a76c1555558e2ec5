"""The page of another sound for an episode: sent, what would move by it, taken."""

from __future__ import annotations

from pathlib import Path

import msgspec
from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from web.context import alignment_file, alignments, asked, changing, episode, incoming, jobs, settings
from web.errors import Conflict
from web.jobs import Job
from web.jobs.kinds import Retime
from web.library import Episode, stored_alignment
from web.retiming.earlier import earlier_sound, lay_earlier
from web.retiming.moves import lay, moves_of, new_sound, put_away, shown
from web.routes.visitor import reader_name

blueprint = Blueprint("retiming", __name__)


@blueprint.get("/episodes/<episode_id>/sound")
def index(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    audio = stored_alignment(alignment_file(found)).audio
    last = next(reversed(_works(found)), None)
    there = new_sound(found, audio)
    is_taken = bool(last and last.state == "done" and _takes(last, there))
    if is_taken and not settings().read_only:
        put_away(found)  # what lies there is the episode's own by now
        there = None
    work = last if last and last.is_open else None
    moves = None if work else moves_of(found, audio)
    told: dict[str, object] = {"work": work, "moves": shown(moves) if moves else None}
    told["lies_there"] = there is not None
    offers_earlier = not (work or moves or settings().read_only)
    told["earlier"] = earlier_sound(found, alignment_file(found), audio) if offers_earlier else None
    told["failed"] = last if last and last.state == "failed" and not moves else None
    return render_template("sound.html", episode=found, audio=audio, taken=is_taken, **told)


@blueprint.post("/api/episodes/<episode_id>/sound/<token>")
def look(episode_id: str, token: str) -> ResponseReturnValue:
    """Tell what would move by the sound of an upload."""
    staged = incoming().staged(token)
    with changing(episode_id) as found:
        _check_free(found)
        name = lay(found, staged)
        job = jobs().submit(found.folder, Retime(alignment=alignment_file(found).name, sound=name))
    incoming().drop(token)
    return jsonify(job=job.id), 202


@blueprint.post("/api/episodes/<episode_id>/earlier-sound")
def look_at_earlier(episode_id: str) -> ResponseReturnValue:
    """Tell what would move by the sound that the episode had before, of which a copy is kept."""
    with changing(episode_id) as found:
        _check_free(found)
        path = alignment_file(found)
        copy = earlier_sound(found, path, stored_alignment(path).audio)
        if copy is None:
            raise Conflict("retime.no_earlier")
        job = jobs().submit(found.folder, Retime(alignment=path.name, sound=lay_earlier(found, copy)))
        return jsonify(job=job.id), 202


class _Asked(msgspec.Struct):
    take: bool = False


@blueprint.post("/api/episodes/<episode_id>/sound")
def take(episode_id: str) -> ResponseReturnValue:
    """Take the sound that lies there, whose moves were shown; or tell them first, of one that others laid there."""
    wanted = asked(_Asked).take
    with changing(episode_id) as found:
        _check_free(found)
        path = alignment_file(found)
        audio = stored_alignment(path).audio
        sound = new_sound(found, audio)
        if sound is None or (wanted and moves_of(found, audio) is None):
            raise Conflict("retime.gone")
        who = reader_name() or ""
        work = Retime(alignment=path.name, sound=sound.name, take=wanted, who=who if wanted else "")
        return jsonify(job=jobs().submit(found.folder, work).id), 202


@blueprint.delete("/api/episodes/<episode_id>/sound")
def leave(episode_id: str) -> ResponseReturnValue:
    """Leave the episode its sound."""
    with changing(episode_id) as found:
        _check_free(found)
        put_away(found)
        return jsonify(id=found.id)


def _check_free(found: Episode) -> None:
    alignment_file(found)
    if any(job.is_open for job in (*alignments(found), *_works(found))):
        raise Conflict("retime.busy")


def _works(found: Episode) -> list[Job]:
    return [job for job in jobs().of(found.folder) if job.kind == Retime.kind]


def _takes(job: Job, there: Path | None) -> bool:
    """Whether a job takes the sound that lies there, and no other was laid there since."""
    return isinstance(job.work, Retime) and job.work.take and (there is None or there.name == job.work.sound)

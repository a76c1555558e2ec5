"""The page for replacing an episode's audio: new audio is sent, what would move by it is shown, then it is used."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue
from msgspec import Struct

from web.context import alignment_file, alignments, asked, changing, episode, incoming, jobs, settings
from web.errors import Conflict
from web.jobs import Job
from web.jobs.kinds import Retime
from web.library import Episode, stored_alignment
from web.retiming.moves import lay, moves_of, new_sound, put_away
from web.routes.visitor import reader_name

blueprint = Blueprint("retiming", __name__)


class _Asked(Struct):
    take: bool = False


@blueprint.get("/episodes/<episode_id>/sound")
def index(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    audio = stored_alignment(alignment_file(found)).audio
    last, there = next(reversed(_works(found)), None), new_sound(found, audio)
    work = last.work if last and last.state == "done" else None
    is_taken = isinstance(work, Retime) and work.take and (there is None or there.name == work.sound)
    if is_taken and not settings().read_only:
        put_away(found)  # what lies there is the episode's own by now
        there = None
    is_open = bool(last and last.is_open)
    moves = None if is_open else moves_of(found, audio)
    return render_template(
        "sound.html",
        episode=found,
        audio=audio,
        taken=is_taken,
        work=last if is_open else None,
        moves=moves,
        lies_there=there is not None,
        failed=last if last and last.state == "failed" and not moves else None,
    )


@blueprint.post("/api/episodes/<episode_id>/sound/<token>")
def look(episode_id: str, token: str) -> ResponseReturnValue:
    """Report what would move by the audio of an upload."""
    staged = incoming().staged(token)
    with changing(episode_id) as found:
        _check_free(found)
        name = lay(found, staged)
        job = jobs().submit(found.folder, Retime(alignment=alignment_file(found).name, sound=name))
    incoming().drop(token)
    return jsonify(job=job.id), 202


@blueprint.post("/api/episodes/<episode_id>/sound")
def take(episode_id: str) -> ResponseReturnValue:
    """Use the audio that lies there, whose moves were shown; or report them first, if nobody saw them yet."""
    wanted = asked(_Asked).take
    with changing(episode_id) as found:
        _check_free(found)
        path = alignment_file(found)
        audio = stored_alignment(path).audio
        sound = new_sound(found, audio)
        if sound is None or (wanted and moves_of(found, audio) is None):
            raise Conflict("retime.gone")
        who = (reader_name() or "") if wanted else ""
        work = Retime(alignment=path.name, sound=sound.name, take=wanted, who=who)
        return jsonify(job=jobs().submit(found.folder, work).id), 202


@blueprint.delete("/api/episodes/<episode_id>/sound")
def leave(episode_id: str) -> ResponseReturnValue:
    """Leave the episode its audio."""
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

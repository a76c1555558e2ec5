"""The page of an episode, and its captions as data."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from web.context import aligned, alignments, episode, stored_alignment, unfinished
from web.library import Episode
from web.page.data import cue_data, episode_data
from web.page.preparation import ready
from web.page.transcript import page_of

blueprint = Blueprint("episodes", __name__)


@blueprint.get("/episodes/<episode_id>")
def read(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    work = unfinished(alignments(found))
    if found.alignment is None:
        return render_template("waiting.html", episode=found, work=work)
    alignment = stored_alignment(found.alignment)
    page = page_of(alignment)
    return render_template(
        "episode.html",
        episode=found,
        alignment=alignment,
        page=page,
        data=episode_data(alignment, page) | {"id": found.id},
        work=work if work and work.is_open else None,
        **_sound(found),
        quotes=True,
    )


def _sound(found: Episode) -> dict[str, str]:
    """Where the page finds the ``sound``; until that is prepared, where it will find the ``exact`` one."""
    exact = url_for("media.audio", episode_id=found.id)
    if found.audio is None or ready(found.audio, found.folder):
        return {"sound": exact}
    return {"sound": f"{exact}?as=given", "exact": exact}


@blueprint.get("/api/episodes/<episode_id>/cues")
def cues(episode_id: str) -> ResponseReturnValue:
    _, alignment = aligned(episode_id)
    return jsonify(cue_data(alignment))

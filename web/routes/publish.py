"""The page that says what of an episode goes to which place, and the files to take away for them."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from aligner.feeds.tags import PLACEHOLDER
from web.access.clients import current_client
from web.context import aligned, alignment_file, episode, limits
from web.errors import TooMany
from web.languages import translated
from web.publish.publishing import format_at, made_at, publishing_at
from web.sending import send_made

blueprint = Blueprint("publish", __name__)

_WAIT_SECONDS = 10  # until a file that is on its way may have been read


@blueprint.get("/episodes/<episode_id>/publish")
def index(episode_id: str) -> ResponseReturnValue:
    found, alignment = aligned(episode_id)
    told = publishing_at(alignment_file(found), found.download_name, found.audio)
    return render_template(
        "publish.html",
        episode=found,
        alignment=alignment,
        publishing=told,
        placeholder=PLACEHOLDER,
        translated=translated,
    )


@blueprint.get("/episodes/<episode_id>/publish/<place>/<format>")
def file(episode_id: str, place: str, format: str) -> ResponseReturnValue:
    found, wanted = episode(episode_id), format_at(place, format)
    give_back = limits().bundles.take(current_client()) if wanted.holds_sound else _nothing
    if give_back is None:
        raise TooMany("clips.bundles", _WAIT_SECONDS)
    try:
        made = made_at(alignment_file(found), found.download_name, found.audio, place, wanted)
    except BaseException:
        give_back()
        raise

    def done() -> None:
        made.done()
        give_back()

    return send_made(made.file, made.name, wanted.media_type, done)


def _nothing() -> None:
    """What is small takes no place."""

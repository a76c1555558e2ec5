"""The page that says what of an episode goes to which place, and the files to take away for them."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from aligner.feeds.tags import PLACEHOLDER
from aligner.formats.cast import SCRIPT
from aligner.storage.file_names import printable
from web.context import aligned, alignment_file, episode, library, limits
from web.errors import TooMany
from web.languages import translated
from web.library import Episode
from web.page.bundle import script_of
from web.page.downloads import sound_endings
from web.page.preparation import ready
from web.publish.publishing import Sound, format_at, made_at, publishing_at
from web.sending import send_made, send_text

blueprint = Blueprint("publish", __name__)

_WAIT_SECONDS = 10  # until a file that is on its way may have been read


@blueprint.get("/episodes/<episode_id>/publish")
def index(episode_id: str) -> ResponseReturnValue:
    found, alignment = aligned(episode_id)
    sound = _sound(found)
    told = publishing_at(alignment_file(found), found.download_name, sound)
    return render_template(
        "publish.html",
        episode=found,
        alignment=alignment,
        publishing=told,
        sound=sound,
        script=SCRIPT,
        command=_command(alignment_file(found)),
        placeholder=PLACEHOLDER,
        translated=translated,
    )


@blueprint.get("/episodes/<episode_id>/publish/<place>/<format>")
def file(episode_id: str, place: str, format: str) -> ResponseReturnValue:
    found, wanted = episode(episode_id), format_at(place, format)
    give_back = limits().bundles.take() if wanted.holds_sound else _nothing
    if give_back is None:
        raise TooMany("clips.bundles", _WAIT_SECONDS)
    try:
        made = made_at(alignment_file(found), found.download_name, _sound(found), place, wanted)
    except BaseException:
        give_back()
        raise

    def done() -> None:
        made.done()
        give_back()

    return send_made(made.file, made.name, wanted.media_type, done)


@blueprint.get(f"/publish/{SCRIPT}")
def player() -> ResponseReturnValue:
    """The component, as one script."""
    return send_text(script_of("cast/quote-cast.js"), SCRIPT, "text/javascript")


def _command(path: Path) -> str:
    """What makes a folder of the alignment at ``path``, beside the library, within which it would be an episode."""
    within = Path(printable(str(path.relative_to(library().root))))
    folder = Path(os.pardir, f"{printable(path.parent.name)}-site")
    return shlex.join(["quotecast", "publish", str(within), "-o", str(folder)])


def _sound(of: Episode) -> Sound | None:
    """What is downloaded as the episode's sound; None where it is not there."""
    if of.audio is None:
        return None
    prepared = ready(of.audio, of.folder)
    return Sound(of.audio, sound_endings(of, of.audio), prepared.sound if prepared else None)


def _nothing() -> None:
    """What is small takes no place."""

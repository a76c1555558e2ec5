"""The page that says what of an episode goes to which target, and the files to take away for it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from aligner.feeds.tags import PLACEHOLDER, checked_base
from aligner.formats.embed import SCRIPT
from aligner.outputs import publication_name
from aligner.publication import AddressError
from media.safe_fs import open_regular, status_of
from media.temporary import scratch_folder
from web.context import aligned, alignment_file, episode
from web.errors import Conflict
from web.languages import t, translated
from web.library import Episode
from web.page.bundle import script_of
from web.page.preparation import ready
from web.publish.publishing import Sound, format_at, make, publishing_at
from web.routes.visitor import remember, remembered
from web.sending import copying, send_made, send_text
from web.site.pages import prepared_episode
from web.worker_pool import call

blueprint = Blueprint("publish", __name__)


@blueprint.get("/episodes/<episode_id>/publish")
def index(episode_id: str) -> ResponseReturnValue:
    """Show one target: the one that the address names, else the last one; with the folder of the files as its base."""
    found, alignment = aligned(episode_id)
    kept = {name: remembered(name) or "" for name in ("target", "base")}
    asked = {name: request.args.get(name, value).strip() for name, value in kept.items()}
    base, problem = _checked(asked["base"])
    sound, path = _sound(found), alignment_file(found)
    publishing = publishing_at(path, found.download_name, sound, base)
    response = make_response(
        render_template(
            "publish.html",
            episode=found,
            alignment=alignment,
            publishing=publishing,
            row=next((row for row in publishing.rows if row.name == asked["target"]), None),
            base=asked["base"],
            problem=problem,
            sound=sound,
            script=SCRIPT,
            placeholder=PLACEHOLDER,
            translated=translated,
        )
    )
    for name, value in asked.items():
        if value != kept[name] and not (name == "base" and problem):
            remember(response, name, value)
    return response


@blueprint.get("/episodes/<episode_id>/publish/<place>/<format>")
def file(episode_id: str, place: str, format: str) -> ResponseReturnValue:
    found, wanted = episode(episode_id), format_at(place, format)
    with scratch_folder() as scratch:
        made = scratch / "made"
        name = call(make, alignment_file(found), found.download_name, _sound(found), place, wanted, made)
        return send_made(open_regular(made), name, wanted.media_type)


@blueprint.get("/episodes/<episode_id>/publish/site.zip")
def site(episode_id: str) -> ResponseReturnValue:
    """Answer with the episode as a folder of pages for any web host, in one ZIP."""
    found = episode(episode_id)
    path, base = alignment_file(found), _checked(remembered("base") or "")[0]
    if found.audio is None or ready(found.audio, found.folder) is None:
        raise Conflict("publish.site.unprepared")
    with copying(2 * status_of(found.audio).st_size), scratch_folder() as scratch:  # of which half may be encoded anew
        made = scratch / "site.zip"
        call(_pack, path, found.audio, base, "heard" in request.args, made)
        name = publication_name(found.title, found.details.date, t("publish.site.name"))
        return send_made(open_regular(made), f"{name}.zip", "application/zip")


@blueprint.get(f"/publish/{SCRIPT}")
def player() -> ResponseReturnValue:
    """Answer with the player for other pages, as one script."""
    return send_text(script_of("embed/quote-cast.js"), SCRIPT, "text/javascript")


def _checked(base: str) -> tuple[str | None, str | None]:
    """Return the address of a folder as tags name it, None of none, and what is wrong with it."""
    try:
        return (checked_base(base) if base else None), None
    except AddressError as error:
        return None, translated(error.message)


def _pack(path: Path, audio: Path, base: str | None, with_heard: bool, made: Path) -> None:
    episode = prepared_episode(path, made.parent, None, base, lambda *_: None, audio=audio, with_recognised=with_heard)
    with episode as (_, contents, _), zipfile.ZipFile(made, "w", strict_timestamps=False) as packed:
        # A file may be from before 1980, which no ZIP can say.
        for within, content in contents.written.items():
            packed.writestr(within, content, zipfile.ZIP_DEFLATED)
        for within, source in contents.copied.items():
            packed.write(source, within)


def _sound(of: Episode) -> Sound | None:
    """Return what is downloaded as the episode's recording; None where it is not there."""
    if of.audio is None:
        return None
    prepared = ready(of.audio, of.folder)
    now = prepared.sound if prepared else of.audio
    endings = tuple(dict.fromkeys((now.suffix, of.audio.suffix, ".m4a")))  # the last one once it is prepared
    return Sound(of.audio, endings, prepared.sound if prepared else None)

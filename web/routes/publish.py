"""The publish page of an episode: the files, tags and limits for each platform."""

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
from web.context import aligned, alignment_file, episode, remember, remembered
from web.errors import Conflict
from web.languages import t, translated
from web.library import Episode
from web.page.bundle import script_of
from web.page.preparation import ready
from web.publish.publishing import Audio, format_at, publishing_at, write_file
from web.sending import copying, send_temporary, send_text
from web.site.pages import prepared_episode
from web.worker_pool import call

blueprint = Blueprint("publish", __name__)


@blueprint.get("/episodes/<episode_id>/publish")
def index(episode_id: str) -> ResponseReturnValue:
    """Show how to publish the episode on the platform ``target`` in the request, by default the last one chosen.
    ``base`` in the request is the web address of the folder to which the reader uploads the files."""
    found, alignment = aligned(episode_id)
    last = {name: remembered(name) or "" for name in ("target", "base")}
    chosen = {name: request.args.get(name, value).strip() for name, value in last.items()}
    base, problem = _checked(chosen["base"])
    audio, path = _audio(found), alignment_file(found)
    publishing = publishing_at(path, found.download_name, audio, base)
    response = make_response(
        render_template(
            "publish.html",
            episode=found,
            alignment=alignment,
            publishing=publishing,
            row=next((row for row in publishing.rows if row.name == chosen["target"]), None),
            base=chosen["base"],
            problem=problem,
            audio=audio,
            script=SCRIPT,
            placeholder=PLACEHOLDER,
            translated=translated,
        )
    )
    for name, value in chosen.items():
        if value != last[name] and not (name == "base" and problem):
            remember(response, name, value)
    return response


@blueprint.get("/episodes/<episode_id>/publish/<target>/<format>")
def file(episode_id: str, target: str, format: str) -> ResponseReturnValue:
    found, of = episode(episode_id), format_at(target, format)
    with scratch_folder() as scratch:
        output = scratch / "output"
        name = call(write_file, alignment_file(found), found.download_name, _audio(found), target, of, output)
        return send_temporary(open_regular(output), name, of.media_type)


@blueprint.get("/episodes/<episode_id>/publish/site.zip")
def site(episode_id: str) -> ResponseReturnValue:
    """Answer with a ZIP of the episode as static pages for any web host."""
    found = episode(episode_id)
    path, base = alignment_file(found), _checked(remembered("base") or "")[0]
    if found.audio is None or ready(found.audio, found.folder) is None:
        raise Conflict("publish.site.unprepared")
    with copying(2 * status_of(found.audio).st_size), scratch_folder() as scratch:  # the ZIP and encoded audio in it
        output = scratch / "site.zip"
        call(_pack, path, found.audio, base, "recognised" in request.args, output)
        name = publication_name(found.title, found.details.date, t("publish.site.name"))
        return send_temporary(open_regular(output), f"{name}.zip", "application/zip")


@blueprint.get(f"/publish/{SCRIPT}")
def player() -> ResponseReturnValue:
    """Answer with the script of the embedded player."""
    return send_text(script_of("embed/quote-cast.js"), SCRIPT, "text/javascript")


def _checked(base: str) -> tuple[str | None, str | None]:
    """Return ``base`` as a normalised web address (None if empty or invalid), and why it is invalid (None if valid)."""
    try:
        return (checked_base(base) if base else None), None
    except AddressError as error:
        return None, translated(error.message)


def _pack(path: Path, audio: Path, base: str | None, with_recognised: bool, output: Path) -> None:
    episode = prepared_episode(
        path, output.parent, None, base, lambda *_: None, audio=audio, with_recognised=with_recognised
    )
    # A ZIP cannot store a date before 1980, so dates are not strict.
    with episode as (_, contents, _), zipfile.ZipFile(output, "w", strict_timestamps=False) as packed:
        for name, content in contents.written.items():
            packed.writestr(name, content, zipfile.ZIP_DEFLATED)
        for name, source in contents.copied.items():
            packed.write(source, name)


def _audio(of: Episode) -> Audio | None:
    if of.audio is None:
        return None
    prepared = ready(of.audio, of.folder)
    present = prepared.audio if prepared else of.audio
    extensions = tuple(dict.fromkeys((present.suffix, of.audio.suffix, ".m4a")))  # the last is that of prepared audio
    return Audio(of.audio, extensions, prepared.audio if prepared else None)

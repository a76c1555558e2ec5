"""The trash: episodes and clips that were removed, brought back or deleted for good."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from web.clips import trash as clips
from web.context import changing, library
from web.library.library import delete_for_good, removed_episodes, restore

blueprint = Blueprint("trash", __name__)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the page: ``of`` is the episode of a clip, ``at`` seconds since 1970; the addresses are of
    what can be done with it, ``restore`` None where that is nothing that the library shows."""

    title: str
    of: str
    at: float
    size_bytes: int
    delete: str
    restore: str | None

    @property
    def day(self) -> str:
        """The day, empty where no calendar has that time, as folders' names may claim."""
        try:
            return date.fromtimestamp(self.at).isoformat() if self.at > 0 else ""
        except (OSError, OverflowError, ValueError):
            return ""


@blueprint.get("/trash")
def index() -> ResponseReturnValue:
    found = {"episodes": _episodes(), "clips": _clips()}
    listed = {kind: sorted(each, key=lambda entry: entry.at, reverse=True) for kind, each in found.items()}
    total = sum(each.size_bytes for entries in listed.values() for each in entries)
    return render_template("trash.html", **listed, total=total)


@blueprint.post("/api/trash/<token>/restore")
def restore_episode(token: str) -> ResponseReturnValue:
    return jsonify(id=restore(library(), token).id)


@blueprint.delete("/api/trash/<token>")
def delete_episode(token: str) -> ResponseReturnValue:
    delete_for_good(library(), token)
    return jsonify(token=token)


@blueprint.delete("/api/episodes/<episode_id>/clips/trash/<token>")
def delete_clip(episode_id: str, token: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        clips.delete_for_good(found.folder, token)
    return jsonify(token=token)


def _episodes() -> Iterator[_Entry]:
    for each in removed_episodes(library()):
        restored = url_for("trash.restore_episode", token=each.token) if each.is_episode else None
        deleted = url_for("trash.delete_episode", token=each.token)
        yield _Entry(each.title, "", each.at, each.size_bytes, deleted, restored)


def _clips() -> Iterator[_Entry]:
    for episode in library().episodes():
        for clip in clips.deleted_clips(episode.folder):
            deleted = url_for("trash.delete_clip", episode_id=episode.id, token=clip.token)
            restored = url_for("clips.restore", episode_id=episode.id, token=clip.token)
            yield _Entry(clip.name, episode.title, clip.at, clip.size_bytes, deleted, restored)

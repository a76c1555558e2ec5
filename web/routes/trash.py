"""The trash: episodes and clips that were removed, brought back or deleted for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from web.clips import trash as clips
from web.context import changing, library
from web.languages import t
from web.library.library import delete_for_good, removed_episodes, restore
from web.versions import trash as versions

blueprint = Blueprint("trash", __name__)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the page: ``of`` is the episode of a clip or a version, ``at`` the day, empty where it is not known;
    the addresses are of what can be done with it, ``restore`` None where that is nothing that the library shows."""

    title: str
    of: str
    at: str
    size_bytes: int
    delete: str
    restore: str | None


@blueprint.get("/trash")
def index() -> ResponseReturnValue:
    listed = {"episodes": _episodes(), "clips": _clips(), "versions": _versions()}
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


@blueprint.delete("/api/episodes/<episode_id>/versions/trash/<token>")
def delete_version(episode_id: str, token: str) -> ResponseReturnValue:
    with changing(episode_id) as found:
        versions.delete_for_good(found.folder, token)
    return jsonify(token=token)


def _episodes() -> list[_Entry]:
    return [
        _Entry(
            each.title,
            "",
            _day(each.at),
            each.size_bytes,
            url_for("trash.delete_episode", token=each.token),
            url_for("trash.restore_episode", token=each.token) if each.is_episode else None,
        )
        for each in removed_episodes(library())
    ]


def _clips() -> list[_Entry]:
    found = [(episode, clip) for episode in library().episodes() for clip in clips.deleted_clips(episode.folder)]
    return [
        _Entry(
            clip.name,
            episode.title,
            _day(clip.at),
            clip.size_bytes,
            url_for("trash.delete_clip", episode_id=episode.id, token=clip.token),
            url_for("clips.restore", episode_id=episode.id, token=clip.token),
        )
        for episode, clip in sorted(found, key=lambda each: each[1].at, reverse=True)
    ]


def _versions() -> list[_Entry]:
    found = [(episode, each) for episode in library().episodes() for each in versions.deleted_versions(episode.folder)]
    return [
        _Entry(
            f"{t('versions.number', n=version.number)}: {version.name}",
            episode.title,
            _day(version.at),
            version.size_bytes,
            url_for("trash.delete_version", episode_id=episode.id, token=version.token),
            url_for("versions.bring_back_version", episode_id=episode.id, token=version.token),
        )
        for episode, version in sorted(found, key=lambda each: each[1].at, reverse=True)
    ]


def _day(seconds: float) -> str:
    try:
        return date.fromtimestamp(seconds).isoformat() if seconds > 0 else ""
    except (OSError, OverflowError, ValueError):
        return ""  # no calendar has that time, as folders' names may claim

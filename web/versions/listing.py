"""The versions of an episode's transcript, with who made each and how, as far as the history knows."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aligner.errors import HistoryError
from aligner.storage.history import BEGUN, Change, read_changes
from aligner.storage.transcript_file import versions_in
from aligner.transcript.names import shortened
from media.safe_fs import status_of
from web.errors import NotFound
from web.library import Episode
from web.library.episode import head_of, transcript_hash
from web.worker_pool import call

_LONGEST_SHOWN = 60  # characters of a paragraph

CURRENT = 0
"""The number of the transcript's file if no version holds its text."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A version: its file, when and by whom it was made, and by a change of which ``kind``; both are empty if the
    history does not know. ``text`` is how the paragraph begins that was edited then."""

    number: int
    path: Path
    name: str
    when: datetime
    size_bytes: int
    who: str = ""
    kind: str = ""
    text: str = ""
    is_current: bool = False


def versions_of(episode: Episode) -> list[Listed]:
    """Return all versions, the latest first, before them the transcript's file if somebody edited it elsewhere.

    Raises Unusable, Busy: they cannot be looked through within the limits, or now.
    """
    return call(_listed, episode.folder, episode.alignment, episode.transcript)


def version_file(episode: Episode, number: int) -> Listed:
    """Return the version of that number; raises NotFound if there is none, otherwise as ``versions_of``."""
    for version in versions_of(episode):
        if version.number == number:
            return version
    raise NotFound("error.404")


def change_to(alignment: Path, sha256: str) -> Change | None:
    """Return the change that first led to a text whose file has that hash; raises HistoryError, ValueError if the
    history is damaged."""
    return _changes(alignment).get(sha256)


def _listed(folder: Path, alignment: Path | None, transcript: Path | None) -> list[Listed]:
    changes: Mapping[str, Change | None] = {}
    with contextlib.suppress(HistoryError):  # the page of the episode says so
        changes = _changes(alignment) if alignment else {}
    head = head_of(alignment) if alignment else None
    current = _hash(transcript) if transcript else None
    is_aligned = head is not None and current == head.transcript.sha256
    found: list[Listed] = []
    for version in versions_in(folder):
        sha256 = _hash(version.path)
        if sha256 is None:
            continue
        about: dict[str, Any] = {"when": version.when}
        if change := changes.get(sha256):
            about = {"when": change.when, "who": change.who, "kind": _kind(change.what)}
            about["text"] = str(shortened(str(change.what.get("text", "")), _LONGEST_SHOWN))
        elif found and sha256 == current and not is_aligned:
            about["kind"] = "pending"
        size_bytes = status_of(version.path).st_size
        found.append(
            Listed(
                version.number, version.path, version.name, **about, size_bytes=size_bytes, is_current=sha256 == current
            )
        )
    if transcript and current and not any(each.is_current for each in found):
        status, is_edited = status_of(transcript), bool(found or head) and not is_aligned
        when, kind = datetime.fromtimestamp(status.st_mtime, UTC), "edited" if is_edited else ""
        found.append(Listed(CURRENT, transcript, transcript.name, when, status.st_size, kind=kind, is_current=True))
    return found[::-1]


def _hash(path: Path) -> str | None:
    """Return the hash of a text; None if it is gone, or too large to be one."""
    with contextlib.suppress(OSError):
        return transcript_hash(path)
    return None


def _changes(alignment: Path) -> dict[str, Change | None]:
    """Return the change that first led to each text, by the hash of the transcript's file."""
    found: dict[str, Change | None] = {}
    for change in read_changes(alignment)[0]:
        pair = change.edit.fields.get("transcript.sha256")
        if pair and change.kind != BEGUN:
            found.setdefault(pair[0], None)  # what no change had led to before, as the first text
            found.setdefault(pair[1], change)
    return found


def _kind(what: Mapping[str, Any]) -> str:
    """Return the kind of a change; of one of paragraphs whether they were edited, inserted or deleted."""
    if what["kind"] != "text":
        return str(what["kind"])
    if not what.get("text"):
        return "deleted"
    return "insert" if what.get("first") == what.get("stop") else "text"

"""List the versions of an episode's transcript, with the author and the kind of each change from the history."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aligner.errors import HistoryError
from aligner.storage.history import BEGUN, Change, read_changes
from aligner.storage.transcript_file import transcript_hash, versions_in
from aligner.transcript.names import shortened
from media.safe_fs import status_of
from web.errors import NotFound
from web.library import Episode
from web.library.episode import head_of
from web.worker_pool import call

_LONGEST_SHOWN = 60  # characters of a paragraph

CURRENT = 0
"""The number of the transcript's file if it equals no stored version."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the transcript: ``path`` is the version's file, and ``name`` the file name for a download.

    ``who`` and ``kind`` are author and kind of the change that made the version, empty if unknown. ``text`` is the
    beginning of the edited paragraph. ``is_current``: this is the episode's present transcript."""

    number: int
    path: Path
    name: str
    when: datetime
    size_bytes: int
    who: str = ""
    kind: str = ""
    text: str = ""
    is_current: bool = False


def versions_of(episode: Episode) -> list[Version]:
    """Return all versions, latest first. If the transcript was edited outside the app, the edited file is the first.

    Raises Unusable if the work exceeds the limits, Busy if the server has too much work."""
    return call(_versions, episode.folder, episode.alignment, episode.transcript)


def version_file(episode: Episode, number: int) -> Version:
    """Return the version with this number. Raises NotFound if there is none, and the same errors as ``versions_of``."""
    for version in versions_of(episode):
        if version.number == number:
            return version
    raise NotFound("error.404")


def change_to(alignment: Path, sha256: str) -> Change | None:
    """Return the first change in the alignment's history that resulted in a transcript with this hash, None if there
    is no such change. Raises HistoryError or ValueError if the history is damaged."""
    return _changes(alignment).get(sha256)


def _versions(folder: Path, alignment: Path | None, transcript: Path | None) -> list[Version]:
    changes: Mapping[str, Change | None] = {}
    with contextlib.suppress(HistoryError):  # the episode's page shows this error
        changes = _changes(alignment) if alignment else {}
    head = head_of(alignment) if alignment else None
    current = transcript_hash(transcript) if transcript else None
    is_aligned = head is not None and current == head.transcript.sha256
    found: list[Version] = []
    for version in versions_in(folder):
        sha256 = transcript_hash(version.path)
        if sha256 is None:
            continue
        fields: dict[str, Any] = {"when": version.when, "is_current": sha256 == current}
        if change := changes.get(sha256):
            fields |= {"when": change.when, "who": change.who, "kind": _kind(change.what)}
            fields["text"] = str(shortened(str(change.what.get("text", "")), _LONGEST_SHOWN))
        elif found and sha256 == current and not is_aligned:
            fields["kind"] = "pending"
        size_bytes = status_of(version.path).st_size
        found.append(Version(version.number, version.path, version.name, size_bytes=size_bytes, **fields))
    if transcript and current and not any(each.is_current for each in found):
        status, is_edited = status_of(transcript), bool(found or head) and not is_aligned
        when, kind = datetime.fromtimestamp(status.st_mtime, UTC), "edited" if is_edited else ""
        found.append(Version(CURRENT, transcript, transcript.name, when, status.st_size, kind=kind, is_current=True))
    return found[::-1]


def _changes(alignment: Path) -> dict[str, Change | None]:
    """Map the hash of each text in the history to the first change that made the text (None: the original text)."""
    found: dict[str, Change | None] = {}
    for change in read_changes(alignment)[0]:
        pair = change.edit.fields.get("transcript.sha256")
        if pair and change.kind != BEGUN:
            found.setdefault(pair[0], None)
            found.setdefault(pair[1], change)
    return found


def _kind(what: Mapping[str, Any]) -> str:
    """Return the kind of the change described by ``what``. A change of the text has the kind ``text`` (words were
    edited), ``insert`` or ``deleted``."""
    if what["kind"] != "text":
        return str(what["kind"])
    if not what.get("text"):
        return "deleted"
    return "insert" if what.get("first") == what.get("stop") else "text"

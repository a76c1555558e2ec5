"""The versions of an episode's transcript, with who made them and how, as far as the history knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath

from aligner.errors import AlignmentError, HistoryError
from aligner.storage.alignment_json import read_head
from aligner.storage.history import BEGUN, MADE_ELSEWHERE, Change
from aligner.storage.versions import versions_in
from aligner.transcript.names import shortened
from media.safe_fs import status_of
from web.bounded import call
from web.errors import NotFound
from web.library import Episode
from web.library.episode import transcript_hash
from web.versions.text_changes import text_changes

_LONGEST_SHOWN = 60  # characters of a paragraph

CURRENT = 0
"""The number of what the transcript's file holds, where no version does."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A version: who made it ``when``, by a change of that ``kind``, empty where nothing tells; whether it is the
    present text; the format of the original where that could not be kept, as DOCX; its size; whether it may be taken
    out, as all may but the original and the present text; and how the ``text`` that was written then begins."""

    number: int
    path: Path
    name: str
    when: datetime
    who: str
    kind: str
    is_current: bool
    instead_of: str
    size_bytes: int = 0
    can_go: bool = False
    text: str = ""


def versions_of(episode: Episode) -> list[Listed]:
    """All of them, the latest first; what somebody made of the file without us is the last.

    Raises
    ------
    Unusable, Busy
        They cannot be looked through within bounds, or not now.
    """
    return call(_listed, episode.folder, episode.alignment, episode.transcript)


def version_file(episode: Episode, number: int) -> Listed:
    """The version of that number.

    Raises
    ------
    NotFound
        There is none.
    """
    for version in versions_of(episode):
        if version.number == number:
            return version
    raise NotFound("error.404")


def _listed(folder: Path, alignment: Path | None, transcript: Path | None) -> list[Listed]:
    changes, current, aligned = _changes(alignment), _sha256(transcript), _aligned(alignment)
    found: list[Listed] = []
    kept = versions_in(folder)
    ending = _ending(kept[0].name) if kept else ""
    for version in kept:
        sha256, size_bytes = _sha256(version.path), _size(version.path)
        if sha256 is None:
            continue
        change = changes.get(sha256)
        told = change if change and change.kind != BEGUN else None
        found.append(
            Listed(
                version.number,
                version.path,
                version.name,
                told.when if told else version.when,
                told.who if told else "",
                _kind(told) if told else "pending" if found and sha256 == current != aligned else "",
                sha256 == current,
                ending if told and told.kind not in MADE_ELSEWHERE and _ending(version.name) != ending else "",
                size_bytes,
                can_go=bool(found) and sha256 != current,
                text=str(shortened(str(told.what.get("text", "")), _LONGEST_SHOWN)) if told else "",
            )
        )
    if transcript and current and not any(each.is_current for each in found):
        when = datetime.fromtimestamp(status_of(transcript).st_mtime, UTC)
        kind = "" if current == aligned or not (found or aligned) else "edited"
        found.append(Listed(CURRENT, transcript, transcript.name, when, "", kind, True, "", _size(transcript)))
    return found[::-1]


def _kind(change: Change) -> str:
    """Its kind; of paragraphs that were edited whether they were put in, or deleted."""
    what = change.what
    if change.kind != "text":
        return change.kind
    if not what.get("text"):
        return "deleted"
    return "insert" if what.get("first") == what.get("stop") else "text"


def _changes(alignment: Path | None) -> dict[str, Change]:
    try:
        return text_changes(alignment) if alignment else {}
    except HistoryError:
        return {}  # the page of the episode says so


def _aligned(alignment: Path | None) -> str | None:
    try:
        return read_head(alignment).transcript.sha256 if alignment else None
    except AlignmentError:
        return None


def _sha256(path: Path | None) -> str | None:
    try:
        return transcript_hash(path) if path else None
    except OSError:
        return None  # removed meanwhile


def _size(path: Path) -> int:
    try:
        return status_of(path).st_size
    except OSError:
        return 0  # removed meanwhile


def _ending(name: str) -> str:
    return PurePath(name).suffix.lstrip(".").upper()

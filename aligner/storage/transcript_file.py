"""Write the transcript's file beside an alignment, and save its versions.

A version is an exact copy of a transcript, in a file like ``versions/0003 2026-11-27 14-05-09 NAME.txt``. The file name
consists of a number, the UTC time at which the version was saved, and the transcript's name. The history refers to
versions by hash and records who made them. ``folder`` is always the episode's folder.

Before a change of the text is confirmed, the old and new transcripts are saved as versions. So the change survives a
kill, and undo restores the exact bytes. A transcript that was edited since it was aligned is not overwritten.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

from aligner.errors import OutdatedError, TranscriptError
from aligner.model import Alignment, Transcript
from aligner.storage.atomic import FileState, blaming, hash_in, state_if_any, write_file
from aligner.storage.checked_json import decode, encodable
from aligner.storage.file_names import composed, parted, safe_name
from aligner.transcript import MAX_WORD_BYTES, most_bytes
from aligner.transcript.writing import PLAIN_SUFFIX, same_text, text_in, written
from media.safe_fs import files, is_folder, is_taken, make_folder, read_regular, status_of, where

FOLDER = "versions"

_NAME = re.compile(r"(\d{1,9}) (\d{4}-\d\d-\d\d \d\d-\d\d-\d\d) (.+)", re.ASCII)
_TIME = "%Y-%m-%d %H-%M-%S"


@dataclass(frozen=True, slots=True)
class Version:
    """A saved version of a transcript: its number, the UTC time when it was saved, and the transcript's file name."""

    path: Path
    number: int
    when: datetime
    name: str

    def content(self) -> bytes:
        """Return the bytes of the version. Raises OSError if the file cannot be read."""
        return read_regular(self.path, MAX_WORD_BYTES)


def versions_in(folder: Path) -> list[Version]:
    """Return the saved versions of transcripts in ``folder``, oldest first."""
    return sorted(_found(folder / FOLDER), key=lambda version: (version.number, version.path.name))


def version_of(folder: Path, sha256: str) -> Version | None:
    """Return the version whose content has this hash; None if there is none."""
    return next((each for each in versions_in(folder) if transcript_hash(each.path) == sha256), None)


def is_version(path: Path) -> bool:
    """Return whether a file in the episode's folder is identical to a saved version of a transcript."""
    sha256 = hash_in(path)
    return sha256 is not None and version_of(path.parent, sha256) is not None


def keep_version(folder: Path, name: str, content: bytes, when: datetime | None = None) -> None:
    """Save ``content`` as a version of the transcript ``name``, unless a version with the same content exists. ``when``
    is the time of the version, by default now. Raises OutputError on failure."""
    with blaming(folder / FOLDER):
        for path, each in new_versions(folder, [(name, content, when)]).items():
            make_folder(path.parent)
            write_file(path, each)


def new_versions(folder: Path, held: Iterable[tuple[str, bytes, datetime | None]]) -> dict[Path, bytes]:
    """Return the files of new versions, as a mapping from path to bytes. ``held`` lists transcripts: the name, the
    content, and the time of the version (None means now). Contents that already have a version are skipped."""
    number = max((version.number for version in versions_in(folder)), default=0)
    found: dict[Path, bytes] = {}
    for name, content, when in held:
        if content not in found.values() and version_of(folder, hashlib.sha256(content).hexdigest()) is None:
            number += 1
            time = (when or datetime.now(UTC)).astimezone(UTC).strftime(_TIME)
            found[folder / FOLDER / f"{number:04d} {time} {safe_name(name, 'transcript')}"] = content
    return found


def transcript_hash(path: Path) -> str | None:
    """Return the SHA-256 of a transcript, cached until the file changes; None if it cannot be read or is too large."""
    state = state_if_any(path)
    return _hash_in_state(path, state) if state and state.size_bytes <= most_bytes(path.name) else None


@lru_cache(maxsize=16_384)
def _hash_in_state(path: Path, _: FileState) -> str | None:
    return hash_in(path)  # cached: a change of the text compares the hashes of all versions several times


def _found(folder: Path) -> Iterator[Version]:
    for name, path in files(folder).items():
        if (found := _NAME.fullmatch(name)) and (when := _time(found[2])):
            yield Version(path, int(found[1]), when, found[3])


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


_DETAILS, _DETAILS_FORMAT = "episode.json", "quotecast-episode"  # it names the transcript
_LARGEST_DETAILS_BYTES = 1_000_000


def placed(new: Alignment, before: Alignment, path: Path) -> tuple[Alignment, dict[Path, bytes]]:
    """Choose the file in which to store the edited text of ``new``; ``before`` is the alignment before the edit, at
    ``path``. Return ``new`` with the name and hash of this file, and the files to write. Raises OutdatedError if the
    transcript was edited by other means since it was aligned, TranscriptError if no file can hold the text."""
    old, now, folder = before.transcript, new.transcript, path.parent
    if (old.text, old.file, old.sha256) == (now.text, now.file, now.sha256):
        return new, {}
    known = _known(now, old, folder)
    if known is None and same_text(_name(old), now, old):
        return new, {}
    present = _present(old, folder)
    if known is not None:
        return new, _contents(folder, (_name(old), present), (_name(now), known))
    patched = written(_name(old), now, present, old)
    if now.text == old.text and not patched.keeps_name:
        return new, {}
    name = _name(old) if patched.keeps_name else _free_name(_name(old), folder)
    sha256 = hashlib.sha256(patched.content).hexdigest()
    updated = replace(new, transcript=replace(now, file=name, sha256=sha256))
    return updated, _contents(folder, (_name(old), present), (name, patched.content))


def keep_aligned(aligned: Alignment, earlier: Alignment | None, transcript: Path, folder: Path) -> None:
    """Save ``transcript``, the file that was aligned, as a version if ``folder`` has versions already. If the
    ``earlier`` alignment had another transcript, save both, the earlier one first. Raises OutputError on failure."""
    is_other = earlier is not None and earlier.transcript.sha256 != aligned.transcript.sha256
    if earlier and is_other:
        keep_text(folder, earlier.transcript)
    if is_other or is_folder(folder / FOLDER):
        keep_file(folder, transcript)


def check_latest(earlier: Alignment | None, transcript: Path, folder: Path) -> None:
    """Raise TranscriptError if ``transcript`` is an older version than the transcript of the ``earlier`` alignment.

    A transcript that episode.json names always counts as the latest.
    """
    content = _content(transcript)
    latest = folder / _name(earlier.transcript) if earlier else transcript
    if earlier is None or content is None or _content(latest) is None or where(latest) == where(transcript):
        return
    named = (_details(folder) or {}).get("transcript")
    if isinstance(named, str) and where(folder / composed(named)) == where(transcript):
        return
    if (sha256 := _sha256(content)) != earlier.transcript.sha256 and version_of(folder, sha256) is not None:
        raise TranscriptError(
            "{path}: is an older version of this transcript; use the latest, {latest}, or go back to this one with "
            "--author NAME",
            path=transcript,
            latest=latest,
        )


def keep_text(folder: Path, aligned: Transcript) -> None:
    """Save a transcript as a version, unless there is one. If its file is missing, or was edited after it was aligned,
    only the text is saved. Raises OutputError on failure."""
    if version_of(folder, aligned.sha256) is not None:
        return
    name = _name(aligned)
    content = _content(folder / name)
    if content is None or _sha256(content) != aligned.sha256:
        name, content = f"{parted(name)[0]}{PLAIN_SUFFIX}", aligned.text.encode("utf-8")
    keep_version(folder, name, content)


def keep_file(folder: Path, transcript: Path) -> None:
    """Save the transcript's file, if it exists, as a version. Raises OutputError."""
    if (content := _content(transcript)) is not None:
        keep_version(folder, transcript.name, content, _modified(transcript))


def _known(now: Transcript, old: Transcript, folder: Path) -> bytes | None:
    """Return the content of ``now`` if the transcript's file or a version has its hash and text, as after an undo.
    Otherwise return None, as after a new edit: no file has its text yet, and its hash is still that of ``old``."""
    if now.sha256 == old.sha256:
        return None
    content, version = _content(folder / _name(now)), version_of(folder, now.sha256)
    if content is None or _sha256(content) != now.sha256:
        try:
            content = version.content() if version else None
        except OSError:
            return None
    return content if content is not None and text_in(_name(now), content) == now.text else None


def _present(old: Transcript, folder: Path) -> bytes | None:
    """Return the content of the transcript's file, or None if it is missing. If the file was overwritten with another
    saved version, return the version that was aligned. Raises OutdatedError if a person edited the file."""
    path = folder / _name(old)
    content = _content(path)
    if content is None or _sha256(content) == old.sha256 or text_in(path.name, content) == old.text:
        return content
    if version_of(folder, _sha256(content)) is None:
        raise OutdatedError(
            "{path}: was edited since it was aligned; align it again, then change its text here", path=path
        )
    version = version_of(folder, old.sha256)
    return version.content() if version else None


def _contents(folder: Path, before: tuple[str, bytes | None], after: tuple[str, bytes]) -> dict[Path, bytes]:
    """Return the files to write: the transcript, new versions, and episode.json if the transcript's name changes.
    ``before`` and ``after`` are the name and content of the transcript before and after the change."""
    (was, present), (name, content) = before, after
    there = _content(folder / name)
    held = [(was, present, _modified(folder / was))] if present is not None else []
    if name != was and there is not None:  # it may have been edited since it was the transcript
        held.append((name, there, _modified(folder / name)))
    contents = new_versions(folder, [*held, (name, content, None)])
    if there != content:
        contents[folder / name] = content
    return contents | (named_in_details(folder, "transcript", was, name) if was != name else {})


def named_in_details(folder: Path, kind: str, before: str, name: str) -> dict[Path, bytes]:
    """Return episode.json, as a mapping from path to bytes, with the value of the field ``kind``, such as "audio",
    changed from the file name ``before`` to ``name``. Return {} if the field has another value or is missing."""
    read = _details(folder)
    if read is None or read.get(kind) != before:
        return {}
    text = json.dumps({**read, kind: name}, ensure_ascii=False, indent=2) + "\n"
    return {folder / _DETAILS: encodable(text).encode("utf-8")}


def _details(folder: Path) -> dict[str, Any] | None:
    try:
        content = read_regular(folder / _DETAILS, _LARGEST_DETAILS_BYTES).removeprefix(b"\xef\xbb\xbf")
        read = decode(content, dict[str, Any])
    except (OSError, ValueError):
        return None
    return read if read.get("format") == _DETAILS_FORMAT else None


def _free_name(name: str, folder: Path) -> str:
    stem, number = parted(name)[0], 1
    while is_taken(folder / (free := f"{stem}{PLAIN_SUFFIX}" if number == 1 else f"{stem} {number}{PLAIN_SUFFIX}")):
        content = _content(folder / free)
        if content is not None and version_of(folder, _sha256(content)) is not None:
            return free
        number += 1
    return free


def _name(transcript: Transcript) -> str:
    return PurePath(transcript.file.replace("\\", "/")).name


def _content(path: Path) -> bytes | None:
    try:
        return read_regular(path, MAX_WORD_BYTES)
    except (OSError, ValueError):
        return None


def _modified(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(status_of(path).st_mtime, UTC)
    except (OSError, OverflowError, ValueError):
        return None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

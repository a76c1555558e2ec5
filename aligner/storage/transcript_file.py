"""The transcript's file beside an alignment, and its versions.

They are called ``0003 2026-11-27 14-05-09 NAME.txt``, with the time of UTC at which they were kept, and hold what the
transcript's file held then, to the byte. Who made one is in the history, which knows them by their hashes. ``folder``
is always the episode's.

What it held before is kept among the ``versions``, and so is what it holds now, before anybody is told of the change:
so it can be written after a kill, and comes back, to the byte, when a change is undone. A file that somebody has edited
since it was aligned is not written over.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any

from aligner.errors import OutdatedError, TranscriptError
from aligner.model import Alignment, Transcript
from aligner.storage.atomic import FileState, blaming, hash_in, state_of, write_file
from aligner.storage.checked_json import decode, encodable
from aligner.storage.file_names import composed, parted, safe_name
from aligner.transcript import MAX_WORD_BYTES
from aligner.transcript.writing import PLAIN_SUFFIX, same_text, text_in, written
from media.safe_fs import files, is_folder, is_taken, make_folder, read_regular, status_of, where

FOLDER = "versions"

_NAME = re.compile(r"(\d{1,9}) (\d{4}-\d\d-\d\d \d\d-\d\d-\d\d) (.+)", re.ASCII)
_TIME = "%Y-%m-%d %H-%M-%S"


@dataclass(frozen=True, slots=True)
class Version:
    """A file that is kept: its number, when that was, and the name that it had."""

    path: Path
    number: int
    when: datetime
    name: str

    def content(self) -> bytes:
        """Its bytes; raises OSError where it cannot be read."""
        return read_regular(self.path, MAX_WORD_BYTES)


def versions_in(folder: Path) -> list[Version]:
    """The versions that are kept, in order; files that somebody else put there are none."""
    return sorted(_found(folder / FOLDER), key=lambda version: (version.number, version.path.name))


def version_of(folder: Path, sha256: str) -> Version | None:
    """Return the version with that hash; None where none is kept."""
    return next((each for each in versions_in(folder) if _hash_of(each.path) == sha256), None)


def is_version(path: Path) -> bool:
    """Return whether a file of the episode's folder holds what a version does: a transcript that somebody made."""
    sha256 = hash_in(path)
    return sha256 is not None and version_of(path.parent, sha256) is not None


def keep_version(folder: Path, name: str, content: bytes, when: datetime | None = None) -> None:
    """Keep what the transcript called ``name`` holds, unless that is kept; raises OutputError if that is impossible."""
    with blaming(folder / FOLDER):
        for path, each in new_versions(folder, [(name, content, when)]).items():
            make_folder(path.parent)
            write_file(path, each)


def new_versions(folder: Path, held: Iterable[tuple[str, bytes, datetime | None]]) -> dict[Path, bytes]:
    """Return the files to write for what transcripts, each with its name and time, hold that is not kept yet."""
    number = max((version.number for version in versions_in(folder)), default=0)
    found: dict[Path, bytes] = {}
    for name, content, when in held:
        if content not in found.values() and version_of(folder, hashlib.sha256(content).hexdigest()) is None:
            number += 1
            time = (when or datetime.now(UTC)).astimezone(UTC).strftime(_TIME)
            found[folder / FOLDER / f"{number:04d} {time} {safe_name(name, 'transcript')}"] = content
    return found


def _hash_of(path: Path) -> str | None:
    with suppress(OSError):  # it has just gone
        return _hash_in_state(path, state_of(path))
    return None


@lru_cache(maxsize=10_000)
def _hash_in_state(path: Path, _: FileState) -> str | None:
    return hash_in(path)  # a change of the text asks for that of every version, several times


def _found(place: Path) -> Iterator[Version]:
    for name, path in files(place).items():
        if (found := _NAME.fullmatch(name)) and (when := _time(found[2])):
            yield Version(path, int(found[1]), when, found[3])


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


_DETAILS, _DETAILS_FORMAT = "episode.json", "quotecast-episode"  # which names the transcript of an episode of a library
_LARGEST_DETAILS_BYTES = 1_000_000


def placed(new: Alignment, before: Alignment, path: Path) -> tuple[Alignment, dict[Path, bytes]]:
    """Return ``new``, which came of ``before`` at ``path``, naming the file for its text, and what to write for that.

    Raises OutdatedError: somebody has edited the file since it was aligned; TranscriptError: no file can hold the text.
    """
    old, now, folder = before.transcript, new.transcript, path.parent
    if (old.text, old.file, old.sha256) == (now.text, now.file, now.sha256):
        return new, {}
    known = _known(now, old, folder)
    if known is None and same_text(_name(old), now, old):
        return new, {}
    standing = _standing(old, folder)
    if known is not None:
        return new, _contents(folder, (_name(old), standing), (_name(now), known))
    made = written(_name(old), now, standing, old)
    if now.text == old.text and not made.keeps_name:
        return new, {}
    name = _name(old) if made.keeps_name else _free_name(_name(old), folder)
    sha256 = hashlib.sha256(made.content).hexdigest()
    told = replace(new, transcript=replace(now, file=name, sha256=sha256))
    return told, _contents(folder, (_name(old), standing), (name, made.content))


def keep_aligned(aligned: Alignment, earlier: Alignment | None, transcript: Path, folder: Path) -> None:
    """Keep the transcript that is aligned and that of an ``earlier`` alignment in ``folder``, if it is another; of an
    episode that has had one all along, nothing, unless its versions are kept. Raises OutputError: they cannot be
    written."""
    is_other = earlier is not None and earlier.transcript.sha256 != aligned.transcript.sha256
    if earlier and is_other:
        keep_text(folder, earlier.transcript)
    if is_other or is_folder(folder / FOLDER):
        keep_file(folder, transcript)


def check_latest(earlier: Alignment | None, transcript: Path, folder: Path) -> None:
    """Check before the work that the transcript that is to be aligned is the latest. One that the episode's details
    name is that, however old: it was put in the place of the other.

    Raises TranscriptError: it is an older version, and what the ``earlier`` alignment's text became since lies in
    another file.
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
            "{path}: is an older version of this transcript, whose text went on in {latest}; give that file, or say "
            "who goes back to this one with --author NAME",
            path=transcript,
            latest=latest,
        )


def keep_text(folder: Path, aligned: Transcript) -> None:
    """Keep a transcript that was aligned, unless it is kept; of a file that was edited since, the text. Raises
    OutputError: it cannot be written."""
    if version_of(folder, aligned.sha256) is not None:
        return
    name = _name(aligned)
    content = _content(folder / name)
    if content is None or _sha256(content) != aligned.sha256:
        name, content = f"{parted(name)[0]}{PLAIN_SUFFIX}", aligned.text.encode("utf-8")
    keep_version(folder, name, content)


def keep_file(folder: Path, transcript: Path) -> None:
    """Keep the transcript as it is now, if it is there; raises OutputError: it cannot be written."""
    if (content := _content(transcript)) is not None:
        keep_version(folder, transcript.name, content, _modified(transcript))


def _known(now: Transcript, old: Transcript, folder: Path) -> bytes | None:
    """What a file of the hash that the transcript names holds, if it says what that does."""
    if now.sha256 == old.sha256:
        return None
    content, version = _content(folder / _name(now)), version_of(folder, now.sha256)
    if content is None or _sha256(content) != now.sha256:
        try:
            content = version.content() if version else None
        except OSError:
            return None
    return content if content is not None and text_in(_name(now), content) == now.text else None


def _standing(old: Transcript, folder: Path) -> bytes | None:
    """What the file of a text holds, before it is to hold another."""
    path = folder / _name(old)
    content = _content(path)
    if content is None or _sha256(content) == old.sha256 or text_in(path.name, content) == old.text:
        return content
    if version_of(folder, _sha256(content)) is None:
        raise OutdatedError(
            "{path}: was edited since it was aligned; align it again, then its text can be changed here", path=path
        )
    version = version_of(folder, old.sha256)
    return version.content() if version else None


def _contents(folder: Path, before: tuple[str, bytes | None], after: tuple[str, bytes]) -> dict[Path, bytes]:
    """Return the transcript's file with its new content, what goes among the versions, and the details that name it."""
    (was, standing), (name, content) = before, after
    there = _content(folder / name)
    held = [(was, standing, _modified(folder / was))] if standing is not None else []
    if name != was and there is not None:  # which somebody may have edited since it was the transcript
        held.append((name, there, _modified(folder / name)))
    contents = new_versions(folder, [*held, (name, content, None)])
    if there != content:
        contents[folder / name] = content
    return contents | (named_in_details(folder, "transcript", was, name) if was != name else {})


def named_in_details(folder: Path, kind: str, before: str, name: str) -> dict[Path, bytes]:
    """The episode.json of a folder that names a file of this ``kind``, naming another."""
    read = _details(folder)
    if read is None or read.get(kind) != before:
        return {}
    text = json.dumps({**read, kind: name}, ensure_ascii=False, indent=2) + "\n"
    return {folder / _DETAILS: encodable(text).encode("utf-8")}


def _details(folder: Path) -> dict[str, Any] | None:
    """The details of an episode of a library in ``folder``; None where there are none."""
    try:
        content = read_regular(folder / _DETAILS, _LARGEST_DETAILS_BYTES).removeprefix(b"\xef\xbb\xbf")
        read = decode(content, dict[str, Any])
    except (OSError, ValueError):
        return None
    return read if read.get("format") == _DETAILS_FORMAT else None


def _free_name(name: str, folder: Path) -> str:
    """A name for a file of plain text beside the one called ``name``: one that is free, or is that of a version."""
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
    """What a file holds; None where none is there that can be read."""
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

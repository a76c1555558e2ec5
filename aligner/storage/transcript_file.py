"""The transcript's file beside an alignment: it says what the alignment's text says, after every change of that.

What it held before is kept among the ``versions``, and so is what it holds now, before anybody is told of the change:
so it can be written after a kill, and comes back, to the byte, when a change is undone. A file that somebody has edited
since it was aligned is not written over.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from aligner.errors import OutdatedError, OutputError, TranscriptError
from aligner.model import Alignment, Transcript
from aligner.storage.checked_json import decode, encodable
from aligner.storage.file_names import parted
from aligner.storage.versions import FOLDER, forget_version, keep_version, version_of
from aligner.transcript import MAX_WORD_BYTES
from aligner.transcript.writing import PLAIN_SUFFIX, tells_same, text_in, written
from media.confinement import is_folder, read_regular, status_of, where
from media.listing import composed
from media.moving import is_taken

_DETAILS, _DETAILS_FORMAT = "episode.json", "quotecast-episode"  # which names the transcript of an episode of a library
_LARGEST_DETAILS_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Placed:
    """An alignment whose transcript has the name and the hash of its file, and what is to be ``written`` for it in one
    set with the alignment; ``kept`` are the versions that were made for it."""

    alignment: Alignment
    written: Mapping[Path, bytes] = field(default_factory=dict)
    kept: tuple[Path, ...] = ()

    @contextlib.contextmanager
    def forgotten_on(self, *errors: type[Exception]) -> Iterator[None]:
        """Take back what was kept where one of the errors is raised."""
        try:
            yield
        except errors:
            self.forget()
            raise

    def forget(self) -> None:
        """Nothing came of it."""
        for path in reversed(self.kept):
            forget_version(path)


def placed(new: Alignment, before: Alignment, path: Path) -> Placed:
    """``new``, which came of ``before`` at ``path``, with the file for its text.

    Raises
    ------
    OutdatedError
        Somebody has edited the file since it was aligned.
    TranscriptError
        The text can be written in no file.
    OutputError
        The versions cannot be written.
    """
    old, now, folder = before.transcript, new.transcript, path.parent
    if (old.text, old.file, old.sha256) == (now.text, now.file, now.sha256):
        return Placed(new)
    known = _known(now, old, folder)
    if known is None and tells_same(_name(old), now, old):
        return Placed(new)
    standing = _standing(old, folder)
    if known is not None:
        return _with_versions(new, old, _name(now), known, folder)
    made = written(_name(old), now, standing, old)
    if now.text == old.text and not made.keeps_name:
        return Placed(new)
    name = _name(old) if made.keeps_name else _free_name(_name(old), folder)
    sha256 = hashlib.sha256(made.content).hexdigest()
    told = replace(new, transcript=replace(now, file=name, sha256=sha256))
    return _with_versions(told, old, name, made.content, folder)


def following(alignment: Alignment, before: Transcript | None, path: Path) -> dict[Path, bytes]:
    """What is to be written beside an alignment of which the files were left behind: nothing where somebody has edited
    them meanwhile, or its text is not kept."""
    now, folder = alignment.transcript, path.parent
    content, version = _content(folder / _name(now)), version_of(folder, now.sha256)
    if version is None or (content is not None and _sha256(content) not in (now.sha256, before and before.sha256)):
        return {}
    try:
        return _contents(folder, _name(now), version.content(), before)
    except OSError:
        return {}


def keep_aligned(aligned: Alignment, earlier: Alignment | None, transcript: Path, folder: Path) -> None:
    """Keep the transcript that is aligned and that of an ``earlier`` alignment in ``folder``, if it is another; of an
    episode that has had one all along, nothing, unless its versions are kept.

    Raises
    ------
    OutputError
        They cannot be written.
    """
    is_other = earlier is not None and earlier.transcript.sha256 != aligned.transcript.sha256
    if earlier and is_other:
        keep_text(folder, earlier.transcript)
    if is_other or is_folder(folder / FOLDER):
        keep_file(folder, transcript)


def check_latest(earlier: Alignment | None, transcript: Path, folder: Path) -> None:
    """Find out before the work whether the transcript that is to be aligned is the latest.

    Raises
    ------
    TranscriptError
        It is an older version, and what the ``earlier`` alignment's text became since lies in another file. One that
        the episode's details name is the latest, however old: it was put in the place of the other.
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
            "who goes back to this one with --who NAME",
            path=transcript,
            latest=latest,
        )


def keep_text(folder: Path, aligned: Transcript) -> None:
    """Keep a transcript that was aligned, unless it is kept; of a file that was edited since, the text.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    if version_of(folder, aligned.sha256) is not None:
        return
    name = _name(aligned)
    content = _content(folder / name)
    if content is None or _sha256(content) != aligned.sha256:
        name, content = f"{parted(name)[0]}{PLAIN_SUFFIX}", aligned.text.encode("utf-8")
    keep_version(folder, name, content)


def keep_file(folder: Path, transcript: Path) -> None:
    """Keep the transcript as it is now, if it is there.

    Raises
    ------
    OutputError
        It cannot be written.
    """
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


def _with_versions(new: Alignment, old: Transcript, name: str, content: bytes, folder: Path) -> Placed:
    before = folder / _name(old)
    standing = _content(before)
    original = keep_version(folder, before.name, standing, _modified(before)) if standing is not None else None
    made = Placed(new, _contents(folder, name, content, old), (original,) if original else ())
    with made.forgotten_on(OutputError):
        if name != before.name:
            keep_file(folder, folder / name)  # which somebody may have edited since it was the transcript
        now = keep_version(folder, name, content)
    return replace(made, kept=(*made.kept, now) if now else made.kept)


def _contents(folder: Path, name: str, content: bytes, old: Transcript | None) -> dict[Path, bytes]:
    path = folder / name
    standing = _content(path)
    contents = {} if standing == content else {path: content}
    return contents | (named_in_details(folder, "transcript", _name(old), name) if old and _name(old) != name else {})


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

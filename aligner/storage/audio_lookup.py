"""What an alignment names, the sound that it was made of and its cover: the path that it holds, and the file there.

An alignment that somebody sent may name any file of whoever opens it, so what is named must lie in the alignment's own
folder, links followed. Those that this user's own quotecast wrote, to the byte, may name files elsewhere too, as they
do after ``quotecast align show/ep.mp3 ep.txt -o out``: whoever ran that chose them. So that none becomes one of ours by
being written again, whoever writes what was read leaves out the ways out (``inside``).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from aligner.errors import NoSoundError, SourceError
from aligner.model import Alignment
from aligner.storage.alignment_head import LARGEST_BYTES, AlignmentHead, decode_alignment
from aligner.storage.backups import is_ours
from aligner.storage.file_names import history_path
from aligner.storage.kept_quotes import FILE as QUOTES
from media.confinement import is_regular, open_regular, read_regular, status_of, where
from media.listing import files, named

LARGEST_GUESSED_BYTES = 10_000_000_000
"""What is larger is hashed only where somebody names it, and waits for it; a day of sound as a WAV file is as large."""

# Files beside an alignment that are looked into for a sound that was moved or renamed.
_MOST_LOOKED_AT = 50


def seen_from(folder: Path, path: Path) -> str:
    """``path`` relative to the folder that an alignment lies in; ``find_named`` goes the way back."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive, on Windows
        return path.absolute().as_posix()


def find_named(name: str, file: Path) -> Path | None:
    """The regular file that the alignment in ``file`` calls ``name``; None where none is, or it may not name it."""
    path = _leads_to(name, file)
    return path if path and _may_name(path, file) else None


def find_cover(alignment: Alignment, file: Path) -> Path | None:
    """The cover of the episode whose alignment lies in ``file``; None where it names none, or as ``find_named``."""
    named = alignment.episode.cover
    return find_named(named, file) if named else None


def is_elsewhere(name: str, file: Path) -> bool:
    """Whether there is a file of that name which the alignment in ``file`` may not name."""
    path = _leads_to(name, file)
    return path is not None and not _may_name(path, file)


def named_files(alignment: Alignment, file: Path) -> tuple[Path, ...]:
    """The alignment's ``file``, its history, the quotes that are kept beside it, and where it says that its sound, its
    transcript and its cover are; none need be there. They are no places for anything else."""
    names = alignment.audio.file, alignment.transcript.file, alignment.episode.cover
    return (file, history_path(file), file.parent / QUOTES, *(file.parent / name for name in names if name))


def inside(alignment: Alignment) -> Alignment:
    """The alignment with its sound, transcript and cover called by their names alone, without a way to elsewhere."""
    audio = replace(alignment.audio, file=_last_part(alignment.audio.file))
    transcript = replace(alignment.transcript, file=_last_part(alignment.transcript.file))
    cover = alignment.episode.cover
    episode = replace(alignment.episode, cover=cover and _last_part(cover))
    return replace(alignment, audio=audio, transcript=transcript, episode=episode)


def allowed(new: Alignment, path: Path) -> Alignment:
    """``new`` without ways to files elsewhere, but for those that this user's own alignment at ``path`` has."""
    narrow = inside(new)
    if narrow == new:
        return new
    with contextlib.suppress(OSError, ValueError):  # what stands there cannot be read, and allows nothing
        content = read_regular(path, LARGEST_BYTES)
        found = decode_alignment(content, AlignmentHead)
        if is_ours(content) and all(map(_is_allowed, _named(new), _named(found), _named(narrow))):
            return new
    return narrow


def find_audio(alignment: Alignment, file: Path, given: Path | None = None) -> Path:
    """What the alignment in ``file`` was made of: ``given``, else by its path, else by its content in that folder.

    Raises
    ------
    SourceError
        It is not there, may not be named by this alignment, or its content has changed.
    DecodeError
        It cannot be read.
    """
    from media.container import check_readable

    called = given or find_named(alignment.audio.file, file)
    if called:
        check_readable(called)
        if sha256_of(called) == alignment.audio.sha256:
            return called
    if not given:
        for path in _beside(alignment.audio.file, file):
            if sha256_of(path) == alignment.audio.sha256:
                return path
    if called:
        raise SourceError(
            "{path}: is not the sound that was aligned, or has changed since; align it again", path=called
        )
    path = file.parent / alignment.audio.file
    if is_elsewhere(alignment.audio.file, file):
        raise NoSoundError(
            "{path}: is not in the folder of the alignment, which was made elsewhere; name it with --audio", path=path
        )
    raise NoSoundError("{path}: the sound of the alignment is not there; name it with --audio", path=path)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal.

    Raises
    ------
    SourceError
        It cannot be read.
    """
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error


def _leads_to(name: str, file: Path) -> Path | None:
    """The regular file that is called so from where ``file`` lies."""
    path = file.parent / name
    return path if is_regular(path) else named(path.name, files(path.parent))


def _beside(name: str, file: Path) -> Iterator[Path]:
    """Files of the alignment's folder that may be the sound: that of its name first, then others of its kind; none
    that is larger than ``LARGEST_GUESSED_BYTES``."""
    called, beside = Path(name), files(file.parent)
    others = (path for path in beside.values() if path.suffix.lower() == called.suffix.lower())
    likely = sorted(others, key=lambda path: path.name != called.name)
    yield from (path for path in islice(likely, _MOST_LOOKED_AT) if _is_in_bounds(path) and _may_name(path, file))


def _is_in_bounds(path: Path) -> bool:
    try:
        return status_of(path).st_size <= LARGEST_GUESSED_BYTES
    except OSError:
        return False  # removed meanwhile


def _may_name(path: Path, file: Path) -> bool:
    """Whether the alignment in ``file`` may name what is at ``path``."""
    try:
        return where(path).is_relative_to(where(file.parent)) or is_ours(read_regular(file, LARGEST_BYTES))
    except OSError:  # it leads out of a confined folder, or the alignment is no longer there
        return False


def _last_part(name: str) -> str:
    """Of a path as any system writes it."""
    return re.split(r"[/\\]", name)[-1]


def _named(alignment: Alignment | AlignmentHead) -> tuple[str | None, ...]:
    return alignment.audio.file, alignment.transcript.file, alignment.episode.cover


def _is_allowed(name: str | None, standing: str | None, narrow: str | None) -> bool:
    return name in (standing, narrow)

"""Find the audio, the transcript and the cover that an alignment names, and the fingerprint of the audio beside it.

An alignment in a confined folder, a library that somebody may have sent, may name files of its own folder only. The
paths of any other are followed anywhere: a person chose it on the command line.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from aligner.errors import NoSoundError, SourceError
from aligner.model import Alignment
from aligner.storage.file_names import QUOTES, history_path, named
from media.safe_fs import confined, files, is_regular, open_regular, status_of

LARGEST_GUESSED_BYTES = 10_000_000_000
"""A larger file is hashed only if somebody names it, and waits for it; a day of audio as a WAV file is as large."""

_MOST_HASHED = 50  # files beside an alignment in which its audio is sought


def seen_from(folder: Path, path: Path) -> str:
    """Return ``path`` relative to the folder of an alignment, as ``find_named`` takes it."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive, on Windows
        return path.absolute().as_posix()


def find_named(name: str, file: Path) -> Path | None:
    """Return the regular file that the alignment in ``file`` calls ``name``; None if there is none, or it may not."""
    folder, path = Path(os.path.normpath(file.parent.absolute())), file.parent / name
    leads_out = not Path(os.path.normpath(path.absolute())).is_relative_to(folder)
    if leads_out and any(map(folder.is_relative_to, confined())):
        return None
    return path if is_regular(path) else named(path.name, files(path.parent))


def find_cover(alignment: Alignment, file: Path) -> Path | None:
    """Return the cover of the episode whose alignment lies in ``file``, as ``find_named``."""
    cover = alignment.episode.cover
    return find_named(cover, file) if cover else None


def named_files(alignment: Alignment, file: Path) -> tuple[Path, ...]:
    """Return the places that no output may take: those of the alignment's ``file``, its history and saved quotes, and
    of the audio, transcript and cover that it names. None of them need exist."""
    names = alignment.audio.file, alignment.transcript.file, alignment.episode.cover
    return (file, history_path(file), file.parent / QUOTES, *(file.parent / name for name in names if name))


def find_audio(alignment: Alignment, file: Path, given: Path | None = None) -> Path:
    """Return the audio of the alignment in ``file``: ``given``, else the file at its path, else one of that folder with
    the same content.

    Raises SourceError if it is missing or its content has changed, DecodeError if it cannot be read.
    """
    from media.container import check_readable

    audio = alignment.audio
    called = given or find_named(audio.file, file)
    if called:
        check_readable(called)
    for path in chain([called] if called else [], () if given else _beside(audio.file, file)):
        if sha256_of(path) == audio.sha256:
            return path
    if called:
        raise SourceError(
            "{path}: is not the sound that was aligned, or has changed since; align it again", path=called
        )
    path = file.parent / audio.file
    raise NoSoundError("{path}: the sound of the alignment is not there; name it with --audio", path=path)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal; raises SourceError if it cannot be read."""
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error


def _beside(name: str, file: Path) -> Iterator[Path]:
    """Yield files of the alignment's folder that may be the audio, the one of its name first."""
    called = Path(name)
    alike = (path for path in files(file.parent).values() if path.suffix.lower() == called.suffix.lower())
    for path in sorted(alike, key=lambda path: path.name != called.name)[:_MOST_HASHED]:
        if status_of(path).st_size <= LARGEST_GUESSED_BYTES:
            yield path

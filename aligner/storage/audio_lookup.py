"""The sound that an alignment was made of: its path as the alignment holds it, and the file wherever it lies now."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from aligner.errors import SourceError
from aligner.model import Alignment
from aligner.storage.file_states import until_changed
from media.confinement import files, is_regular, open_regular

# Files beside an alignment that are looked into for a sound that was moved or renamed.
_MOST_LOOKED_AT = 50


def seen_from(folder: Path, path: Path) -> str:
    """``path`` relative to the folder that an alignment lies in; ``find_audio`` goes the way back."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive, on Windows
        return path.absolute().as_posix()


def find_audio(alignment: Alignment, folder: Path, given: Path | None = None) -> Path:
    """The file that the alignment in ``folder`` was made of: ``given``, else by its path, else by its content.

    Raises
    ------
    SourceError
        It is not there, or its content has changed.
    """
    from media.container import check_readable

    named = given or folder / alignment.audio.file
    if given or is_regular(named):
        check_readable(named)
        if sha256_of(named) == alignment.audio.sha256:
            return named
    found = None if given else next((p for p in _beside(named, folder) if sha256_of(p) == alignment.audio.sha256), None)
    if found:
        return found
    if is_regular(named):
        raise SourceError("{path}: is not the sound that was aligned, or has changed since; align it again", path=named)
    raise SourceError("{path}: the sound of the alignment is not there; name it with --audio", path=named)


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


known_sha256_of = until_changed(at_hand=4096)(sha256_of)
"""``sha256_of``, kept until the file changes; raises OSError where it is not there."""


def _beside(named: Path, folder: Path) -> Iterator[Path]:
    """Files of the alignment's folder that may be the sound: that of its name first, then others of its kind."""
    found = files(folder)
    others = (p for p in found.values() if p.suffix.lower() == named.suffix.lower() and p.name != named.name)
    yield from (p for p in (found.get(named.name), *islice(others, _MOST_LOOKED_AT)) if p)

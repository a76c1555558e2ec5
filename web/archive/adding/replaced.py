"""Sounds that updates replaced, as a feed's whose adverts change each day: copies of the last ones are kept, and of
those that something of the episode is still of; older ones go. What a person put in is nobody's to remove."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import msgspec

from aligner.errors import SourceError
from aligner.storage.audio_lookup import sha256_of
from aligner.storage.journal import without_backup_ending
from aligner.storage.kept_quotes import read as quotes_in
from aligner.storage.turns import taking_turns
from aligner.storage.user_folders import CLIPS
from media.confinement import place, read_regular
from media.errors import UserError
from media.listing import files
from media.moving import remove_file
from web.archive.adding.made import Made

KEPT = 2
"""Of how many sounds that updates replaced a copy is kept: the one of before, and the one that an error replaced."""

_LARGEST_BYTES = 100_000_000  # of an alignment, or a record of a clip
_MOST_COMPARED = 20  # copies


def with_replaced(made: Made, folder: Path, sha256: str) -> Made:
    """An episode in this folder, whose sound with that hash, which was its source's too, an update has replaced by its
    own; copies that are kept no longer are removed."""
    replaced = [each for each in made.replaced if each not in (sha256, made.sound.sha256)]
    kept = [each for each in replaced[: 1 - KEPT] if not _is_removed(folder, each)]
    return msgspec.structs.replace(made, replaced=(*kept, *replaced[1 - KEPT :], sha256))


def _is_removed(folder: Path, sha256: str) -> bool:
    """Whether there is no copy of a sound any more; one that is needed, or cannot be removed now, is there."""
    try:
        copies = [path for path in _copies(folder) if _hash(path) == sha256]
        if copies and _is_named(folder, sha256):
            return False
        with taking_turns(folder):
            for path in copies:
                remove_file(path)
    except (UserError, OSError):
        return False
    return True


def _copies(folder: Path) -> Iterator[Path]:
    """The copies of files of a folder that quotecast has made; no links, which are somebody's own."""
    there = (path for path in files(folder).values() if without_backup_ending(path) != path)
    return islice((path for path in there if not place(path).is_symlink()), _MOST_COMPARED)


def _is_named(folder: Path, sha256: str) -> bool:
    """Whether an alignment, a clip or a kept quote is of the sound with that hash.

    Raises
    ------
    KeptQuotesError, OSError
        That cannot be told.
    """
    records = (path for each in (folder, folder / CLIPS) for path in files(each).values() if path.suffix == ".json")
    if any(sha256.encode() in read_regular(path, _LARGEST_BYTES) for path in records):
        return True
    return any(each.sound and sha256.startswith(each.sound) for each in quotes_in(folder))


def _hash(path: Path) -> str | None:
    with contextlib.suppress(SourceError):
        return sha256_of(path)
    return None

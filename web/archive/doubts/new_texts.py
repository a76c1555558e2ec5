"""Transcripts of sources that were not taken, as the one here was edited: each lies beside the episode's own, to be
looked at sentence by sentence, until it is taken or the one here is to stay.

    EPISODE/.quotecast/new text/NAME.docx    as the source had it, to the byte

What lies there counts only if it has the hash that was told of it. To stay with the one here keeps the other among the
versions, so that nothing is lost and nobody is asked again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from aligner.storage.audio_lookup import sha256_of
from aligner.storage.file_names import safe_name
from aligner.storage.file_states import until_changed
from aligner.storage.turns import taking_turns
from aligner.storage.versions import keep_version
from media.confinement import is_regular, read_regular
from media.errors import UserError
from media.listing import files
from media.moving import copy, make_folder, move, remove_file, remove_folder
from media.temporary import temporary_path
from web.archive.doubts.record import Stay
from web.library import Episode, replace_transcript
from web.library.incoming import Staged

KINDS = ("edited", "anothers")
"""Of what was not taken, that which lies here as a text."""

_FOLDER = "new text"
_AT_HAND = 1000  # files

_hash_of = until_changed(_AT_HAND)(sha256_of)


def lay_text(episode: Episode, path: Path, name: str) -> None:
    """Lay a copy of a transcript beside the episode's own under that name, whole or not at all, in the place of what
    lay there.

    Raises
    ------
    OSError
        It cannot be laid there.
    """
    new = episode.hidden / _FOLDER / safe_name(name, "transcript")
    make_folder(new.parent)
    beside = temporary_path(new.parent)
    try:
        copy(path, beside)
        for other in files(new.parent).values():
            if other not in (new, beside):
                remove_file(other)
        remove_file(new)
        move(beside, new)
    finally:
        remove_file(beside)


def text_of(stay: Stay, episode: Episode) -> Path | None:
    """Where the transcript lies that was not taken; None where it does not."""
    if stay.kind in KINDS:
        for path in files(episode.hidden / _FOLDER).values():
            with contextlib.suppress(UserError, OSError):  # it has just gone
                if is_regular(path) and _hash_of(path) == stay.sha256:
                    return path
    return None


def take_text(episode: Episode, path: Path) -> None:
    """Put it in the place of the episode's, which is kept among the versions; raises as ``replace_transcript``."""
    with _at_last(episode):
        replace_transcript(episode, Staged(path.parent, None, path, None))


def keep_own(episode: Episode, path: Path) -> None:
    """Stay with the episode's own; raises OutputError or OSError."""
    with _at_last(episode), taking_turns(episode.folder):
        keep_version(episode.folder, path.name, read_regular(path))


def clear_text(episode: Episode) -> None:
    """Remove what lies there and is settled."""
    with contextlib.suppress(OSError):  # the next run does
        for path in files(episode.hidden / _FOLDER).values():
            remove_file(path)
        remove_folder(episode.hidden / _FOLDER)


@contextlib.contextmanager
def _at_last(episode: Episode) -> Iterator[None]:
    yield
    clear_text(episode)

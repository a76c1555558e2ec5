"""A sound that is new at its source, put in the place of an episode's, which is kept as a copy beside it."""

from __future__ import annotations

import os
from pathlib import Path

from aligner.errors import ExitStatus
from aligner.storage.atomic import Content, blaming
from aligner.storage.backups import replace_keeping
from aligner.storage.history_writing import NO_FILES
from aligner.storage.journal import settle
from aligner.storage.sounds_in_place import in_place
from aligner.storage.turns import taking_turns
from media.confinement import is_regular
from media.listing import files
from media.moving import copy, make_folder, move, remove_file, remove_folder
from media.temporary import temporary_path
from web.archive.errors import ArchiveError
from web.jobs.process import Child
from web.jobs.retime import NEW_SOUND
from web.library import Episode
from web.library.details import details_files
from web.library.sent_files import check_sound


def lay_beside(episode: Episode, path: Path, name: str) -> Path:
    """Lay a copy of a sound beside the episode's own, whole or not at all; where it lies.

    Raises
    ------
    OSError
        It cannot be laid there.
    """
    new = episode.hidden / NEW_SOUND / f"{name}{path.suffix}"
    make_folder(new.parent)
    if not is_regular(new):
        beside = temporary_path(new.parent)
        try:
            copy(path, beside)
            move(beside, new)
        finally:
            remove_file(beside)
    return new


def put_away(episode: Episode, name: str) -> None:
    """Remove what was laid beside an episode's sound under that name, and is taken by now."""
    folder = episode.hidden / NEW_SOUND
    there = files(folder).values()
    for path in there:
        if path.stem == name:
            remove_file(path)
    if there and not files(folder):  # somebody may have sent one that is yet to be looked at
        remove_folder(folder)


def exchange(episode: Episode, new: Path) -> None:
    """Let a sound take the place of that of an episode which has no times yet; what it had is kept as ``NAME.bak``.

    Raises
    ------
    Unusable, OutputError
        There is no sound in it, or it cannot be written; nothing has changed then.
    """
    assert episode.audio
    check_sound(new)
    folder, path = episode.folder, episode.folder / f"{episode.audio.stem}{new.suffix}"
    beside = temporary_path(folder, path.suffix)
    try:
        with blaming(folder):
            copy(new, beside)
            with taking_turns(folder):
                settle(folder)
                told_of = NO_FILES
                if path != episode.audio:
                    transcript = episode.transcript.name if episode.transcript else None
                    told_of = details_files(folder, episode.details, path.name, transcript)
                sound: dict[Path, Content] = in_place(path, beside, episode.audio)
                replace_keeping(told_of.contents, {**told_of.beside, **sound})
    finally:
        remove_file(beside)


def move_times(episode: Episode, new: Path, root: Path) -> str | None:
    """Let a sound take the place of an aligned episode's of the library at ``root``, its times moved; why not, where it
    is none of these.

    Raises
    ------
    ArchiveError
        The process that does it fell.
    """
    command = ["aligner", "retime", "--replace", "--progress", "json", "--", str(episode.alignment), str(new)]
    ending = Child(f"update {os.getpid()}", command, episode.folder, root, None, read_only=True).ending(_unwatched)
    if ending.status in (ExitStatus.DONE, ExitStatus.POOR):
        return None
    if ending.status == ExitStatus.UNUSABLE and ending.complaint:
        return ending.complaint
    raise ArchiveError("{path}: moving its times to the new sound fell", path=episode.folder)


def _unwatched(_: object) -> None:
    pass

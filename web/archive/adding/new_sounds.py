"""A sound that is new at its source, put in the place of an episode's, which is kept as a copy beside it."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Collection
from pathlib import Path

from aligner.errors import AnotherEpisodeError, ExitStatus, SpeechError
from aligner.storage.atomic import Content, blaming
from aligner.storage.audio_lookup import sha256_of
from aligner.storage.backups import replace_keeping
from aligner.storage.history_writing import NO_FILES
from aligner.storage.journal import settle
from aligner.storage.sounds_in_place import in_place
from aligner.storage.turns import taking_turns
from aligner.storage.user_folders import HIDDEN
from media.confinement import is_regular
from media.container import check_readable
from media.errors import DecodeError, Message, NoAudioError, UserError
from media.listing import files
from media.moving import copy, make_folder, move, remove_file, remove_folder
from media.temporary import temporary_path
from web.archive.errors import ArchiveError
from web.jobs.process import Child
from web.jobs.retime import NEW_SOUND
from web.library import Episode
from web.library.details import details_files
from web.library.sent_files import check_sound

_OF_THE_SOUND = frozenset(each.__name__ for each in (AnotherEpisodeError, DecodeError, NoAudioError, SpeechError))
_NAME = re.compile(r"[0-9a-f]{64}", re.ASCII)


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


def laid_in(episode: Episode) -> list[Path]:
    """What lies beside an episode's sound."""
    return [*files(episode.hidden / NEW_SOUND).values()]


def put_away(episode: Episode, name: str) -> None:
    """Remove what was laid beside an episode's sound under that name, and is taken by now."""
    _put_away(episode.hidden / NEW_SOUND, name)


def _put_away(folder: Path, name: str) -> None:
    there = files(folder).values()
    for path in there:
        if path.stem == name:
            remove_file(path)
    if there and not files(folder):  # somebody may have sent one that is yet to be looked at
        remove_folder(folder)


def sweep(folder: Path, refused: Collection[str | None]) -> None:
    """Remove what an update that fell laid beside the sound of the episode in ``folder``; none that was ``refused``, by
    their hashes, and is to be looked at, nor what a person sent."""
    for path in files(folder / HIDDEN / NEW_SOUND).values():
        if _NAME.fullmatch(path.stem) and path.stem not in refused:
            with contextlib.suppress(UserError, OSError):  # the next one tries again
                if sha256_of(path) == path.stem:
                    _put_away(folder / HIDDEN / NEW_SOUND, path.stem)


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
    is none of these, or none at all.

    Raises
    ------
    ArchiveError, DecodeError
        Something else is in the way, which may pass; nothing has changed then.
    """
    command = ["aligner", "retime", "--replace", "--progress", "json", "--", str(episode.alignment), str(new)]
    ending = Child(f"update {os.getpid()}", command, episode.folder, root, None, read_only=True).ending(_unwatched)
    if ending.status in (ExitStatus.DONE, ExitStatus.POOR):
        return None
    if ending.status != ExitStatus.UNUSABLE or not ending.complaint:
        raise ArchiveError("{path}: moving its times to the new sound fell", path=episode.folder)
    if ending.kind in _OF_THE_SOUND and _is_of(ending.complaint, new):
        check_readable(new)  # else what cannot be read today can be another day
        return ending.complaint
    raise ArchiveError(
        "{path}: its times cannot be moved to the new sound ({reason})", path=episode.folder, reason=ending.complaint
    )


def _is_of(complaint: str, sound: Path) -> bool:
    """Whether a complaint is of that sound, and of no other file."""
    return not isinstance(complaint, Message) or complaint.values.get("path", str(sound)) == str(sound)


def _unwatched(_: object) -> None:
    pass

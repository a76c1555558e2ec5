"""The sound that an episode had before the one it has, where a copy of that is kept in its folder.

Its history says by hash which it was; what a copy is called is no proof, and anybody may have put it there.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path, PurePosixPath

from aligner.errors import AlignerError
from aligner.model import AudioFile
from aligner.storage.audio_lookup import sha256_of
from aligner.storage.backups import without_backup_ending
from aligner.storage.history import RETIMED, read_changes
from media.safe_fs import files, link, make_folder, status_of, where
from web.caching import until_changed
from web.jobs.kinds import NEW_SOUND
from web.library import Episode
from web.retiming.moves import put_away

_LARGEST_HASHED_BYTES = 2_000_000_000  # a day of sound as MP3 has less; more makes a page wait
_MOST_HASHED = 20  # copies


def earlier_sound(episode: Episode, alignment: Path, audio: AudioFile) -> Path | None:
    """The copy of the sound that the episode had before its ``audio``; None where none is kept that is surely it."""
    try:
        before = _before(alignment, audio)
        return next((path for path in _copies(episode.folder, before) if _hash(path) == before.sha256), None)
    except (AlignerError, OSError, ValueError):
        return None  # the history cannot be read, or a copy, and is told where it matters


def lay_earlier(episode: Episode, copy: Path) -> str:
    """Lay a copy of an earlier sound beside the episode's, as one that was sent; its name, which is that of then.

    Raises
    ------
    OSError
        It cannot be laid there.
    """
    folder, name = episode.hidden / NEW_SOUND, without_backup_ending(copy).name
    make_folder(folder)
    put_away(episode)
    link(where(copy), folder / name)
    return name


def _before(alignment: Path, audio: AudioFile) -> AudioFile:
    """The sound before ``audio``.

    Raises
    ------
    HistoryError, NewerError, ValueError
        There is no history that tells.
    """
    changes, _ = read_changes(alignment)
    for change in reversed(changes):
        if change.kind == RETIMED:
            before, after = change.edit.fields.get("audio", (None, None))
            if before and after and after["sha256"] == audio.sha256:
                return AudioFile(**before)
    raise ValueError("the episode always had this sound")


def _copies(folder: Path, sound: AudioFile) -> list[Path]:
    """What may be copies of a sound of ``folder``, by their names."""
    name = PurePosixPath(sound.file).name
    named = (path for path in files(folder).values() if path.name != name and without_backup_ending(path).name == name)
    return [path for path in islice(named, _MOST_HASHED) if status_of(path).st_size <= _LARGEST_HASHED_BYTES]


@until_changed(at_hand=100)
def _hash(path: Path) -> str:
    return sha256_of(path)

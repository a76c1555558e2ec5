"""A new sound that lies beside an episode's until it is taken, and what would move by it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Annotated

from msgspec import Meta, Struct

from aligner.model import AudioFile, Verdict
from aligner.retiming.account import Fate
from aligner.storage.checked_json import Count, Seconds, Share, decode
from media.safe_fs import files, make_folder, move, read_regular, remove_file
from media.temporary import is_temporary
from web.errors import Unusable
from web.jobs.kinds import MOVES, NEW_SOUND
from web.library import Episode
from web.library.incoming import Staged, look_at

_LARGEST_BYTES = 10_000_000  # all words of ten hours that have no sound any more
_MOST_SHOWN = 200  # of each kind

_Pair = tuple[Seconds, Seconds]
_Offset = Annotated[float, Meta(ge=-1e6, le=1e6)]


class Sound(Struct):
    """A sound, by its path from the episode's folder."""

    file: str
    sha256: str
    duration: Seconds


class Row(Struct):
    """A span of either sound, or of both; ``rate`` is how much faster it is now."""

    fate: Fate
    old: _Pair | None
    new: _Pair | None
    rate: float

    @property
    def by(self) -> float:
        """Seconds by which it is later now."""
        return self.new[0] - self.old[0] if self.old and self.new else 0.0


class Shift(Struct):
    """How many words are ``by`` so many seconds later, up to the ``most``."""

    words: Count
    by: _Offset
    most: _Offset


class Said(Struct):
    """A text, and when it was said."""

    span: _Pair
    text: str


class Passage(Struct):
    """Speech that the text lacks, with what was heard."""

    start: Seconds
    end: Seconds
    text: str


class Moves(Struct):
    """What would move, as ``quotecast retime`` tells programs of it."""

    format: str
    version: int
    old: Sound
    new: Sound
    verdict: Verdict
    coverage: Share
    spans: list[Row]
    moved: list[Shift]
    lost: list[Said]
    displaced: list[Said]
    found: Count
    passages: list[Passage]
    lost_pins: list[str]
    lost_quotes: list[str]


def lay(episode: Episode, staged: Staged) -> str:
    """Lay a sound that was sent beside an episode's, in the place of what lay there before; its name.

    Raises
    ------
    Unusable
        None was sent, or there is no sound in it.
    OSError
        It cannot be laid there.
    """
    if staged.audio is None:
        raise Unusable("upload.missing.audio", "audio")
    look_at(staged.audio)
    folder = episode.hidden / NEW_SOUND
    make_folder(folder)
    put_away(episode)
    move(staged.audio, folder / staged.audio.name)
    return staged.audio.name


def put_away(episode: Episode) -> None:
    """Remove the new sound that lies beside an episode's, and what was told of it."""
    for path in files(episode.hidden / NEW_SOUND).values():
        with suppress(OSError):
            remove_file(path)
    with suppress(OSError):
        remove_file(episode.hidden / MOVES)


def new_sound(episode: Episode, audio: AudioFile) -> Path | None:
    """The sound that lies beside that of an episode's alignment; None where none does, but what an archive's update
    that fell left of it, which calls it by its hash."""
    with suppress(OSError):
        there = files(episode.hidden / NEW_SOUND).values()
        return next((path for path in there if not (is_temporary(path.name) or path.stem == audio.sha256)), None)
    return None


def moves_of(episode: Episode, audio: AudioFile) -> Moves | None:
    """What would move by the new sound that lies beside that of an alignment; None where that is not known yet."""
    sound = new_sound(episode, audio)
    try:
        found = decode(read_regular(episode.hidden / MOVES, _LARGEST_BYTES), Moves)
    except (OSError, ValueError):
        return None
    is_of_these = sound and found.old.sha256 == audio.sha256 and PurePosixPath(found.new.file).name == sound.name
    return found if is_of_these else None


def shown(moves: Moves) -> Moves:
    """Of long lists as much as a page shows."""
    for name in ("spans", "moved", "lost", "displaced", "passages", "lost_pins", "lost_quotes"):
        del getattr(moves, name)[_MOST_SHOWN:]
    return moves

"""New audio that lies beside an episode's until it replaces that, and what would move by it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Annotated

from msgspec import Meta, Struct

from aligner.model import AudioFile, Verdict
from aligner.retiming.retime import Change
from aligner.storage.checked_json import Count, Seconds, Share, decode
from media.safe_fs import files, make_folder, move, read_regular, remove_file
from media.temporary import is_temporary
from web.errors import Unusable
from web.jobs.kinds import MOVES, NEW_SOUND
from web.library import Episode
from web.library.incoming import Staged, look_at

_LARGEST_BYTES = 10_000_000  # all words of ten hours that have no audio any more

_Pair = tuple[Seconds, Seconds]
_Offset = Annotated[float, Meta(ge=-1e6, le=1e6)]


class Sound(Struct):
    """Audio, by its path from the episode's folder."""

    file: str
    sha256: str


class Row(Struct):
    """A span of either audio, or of both; ``rate`` is how much faster it is now."""

    fate: Change
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
    """Speech that is missing from the transcript, with what was recognised."""

    start: Seconds
    end: Seconds
    text: str


class Moves(Struct):
    """What would move, as ``quotecast retime`` reports it to programs."""

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
    """Lay audio that was sent beside an episode's, in the place of what lay there before; return its name. Raises
    Unusable: none was sent, or it is not audio; OSError: it cannot be laid there."""
    if staged.audio is None:
        raise Unusable("upload.missing.audio", "audio")
    look_at(staged.audio)
    folder = episode.hidden / NEW_SOUND
    make_folder(folder)
    put_away(episode)
    move(staged.audio, folder / staged.audio.name)
    return staged.audio.name


def put_away(episode: Episode) -> None:
    """Remove the new audio that lies beside an episode's, and what was reported of it."""
    for path in (*files(episode.hidden / NEW_SOUND).values(), episode.hidden / MOVES):
        with suppress(OSError):
            remove_file(path)


def new_sound(episode: Episode, audio: AudioFile) -> Path | None:
    """Return the audio that lies beside that of an episode's alignment; None if none does, but what an archive's
    interrupted update left of it, which is called by its hash."""
    there = files(episode.hidden / NEW_SOUND).values()
    return next((path for path in there if not (is_temporary(path.name) or path.stem == audio.sha256)), None)


def moves_of(episode: Episode, audio: AudioFile) -> Moves | None:
    """Return what would move by the new audio that lies beside that of an alignment; None if that is not known yet."""
    sound = new_sound(episode, audio)
    try:
        found = decode(read_regular(episode.hidden / MOVES, _LARGEST_BYTES), Moves)
    except (OSError, ValueError):
        return None
    is_of_these = sound and found.old.sha256 == audio.sha256 and PurePosixPath(found.new.file).name == sound.name
    return found if is_of_these else None

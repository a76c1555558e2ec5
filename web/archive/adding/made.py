"""An episode as it is remembered: of what it was made, and what has become of that at its source since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from media.confinement import status_of
from media.paths import can_be_path
from web.archive.seals import seal_of
from web.archive.sources.fetching import Validators


class Part(Struct, frozen=True, omit_defaults=True):
    """A sound or text as an episode was made of it: the file or the address that it was had from, and how that was."""

    path: str | None = None
    url: str | None = None
    size: int | None = None
    changed: int | None = None
    sha256: str | None = None
    etag: str | None = None
    modified: str | None = None
    declared: int | None = None

    def __post_init__(self) -> None:
        if self.path is not None and not can_be_path(self.path):
            raise ValueError("path can be none of a file")

    @property
    def validators(self) -> Validators:
        return Validators(self.etag, self.modified)


class Made(Struct, frozen=True, omit_defaults=True):
    """An episode that was made: the ``key`` of its sound among the sources, the name of its folder, what of. ``twice``
    where none was made, since the sound is that of the episode in that folder already, in whichever encoding.

    ``refused`` is the sound that lies at its source in the place of its own, and was not taken, ``why`` the facts of a
    message; ``chosen`` where that is since a person has put in another of this episode; ``follows`` is its own in
    another encoding, which it has since that of its own bytes is gone. ``laying`` is the hash of the sound that is
    about to take the place of its own, ``replaced`` those that gave theirs to another of the source, and of which
    copies are kept. Of texts there, hashes, once told: ``waiting``
    for that sound, not taken as the one here was ``edited``, or as it is nearly word for word ``anothers``. ``was`` is
    the key of before, in the line that gives another; ``title`` and ``show`` those that it was given, ``named`` the
    show that its sound names itself, empty where that names none, None where it was not looked at; ``passed`` the
    transcript that its feed declared when a file was taken all the same, as ``unasked`` tells it; ``versions`` are
    other texts at its sources that are its transcript in other words, and were not taken.
    """

    key: str
    folder: str
    sound: Part
    text: Part | None = None
    guid: str | None = None
    date: str | None = None
    confidence: float | None = None
    given: str | None = None  # the hash of the transcript as it was laid in the folder; another is a person's
    giving: str | None = None  # that of one which is about to be laid there
    twice: bool = False
    refused: Part | None = None
    why: dict[str, Any] | None = None
    chosen: bool = False
    follows: Part | None = None
    laying: str | None = None
    replaced: tuple[str, ...] = ()
    waiting: str | None = None
    edited: str | None = None
    anothers: str | None = None
    was: str | None = None
    title: str | None = None
    show: str | None = None
    named: str | None = None
    passed: str | None = None
    versions: tuple[Part, ...] = ()
    seal: str = ""  # by this user's key; none where somebody else wrote it

    def __post_init__(self) -> None:
        if self.folder and not _is_name(self.folder):
            raise ValueError("folder is no name of one")

    @property
    def at_source(self) -> Part:
        """The sound as it lay at its source when that was last looked at."""
        return self.refused or self.follows or self.sound

    @property
    def is_beside(self) -> bool:
        """Whether it is remembered of a sound in a folder that it is an episode's, and of no text that it goes with."""
        return self.twice and self.sound.path is not None and self.text is None

    def sealed_with(self, key: bytes) -> str:
        """The seal by a user's key of all of it."""
        return seal_of(key, "episode", msgspec.to_builtins(msgspec.structs.replace(self, seal="")))


def with_sound(made: Made, sound: Part) -> Made:
    """An episode whose sound is, as that lies at its source."""
    is_settled: dict[str, Any] = dict.fromkeys(("refused", "why", "follows", "laying", "waiting"))
    return msgspec.structs.replace(made, sound=sound, chosen=False, **is_settled)


def at_place(made: Made, part: Part) -> Made:
    """An episode the sound of which lies elsewhere at its source by now."""
    kind = "refused" if made.refused else "follows" if made.follows else "sound"
    return msgspec.structs.replace(made, **{kind: part})


def unasked(url: str) -> str:
    """An address without what is asked for with it, which some feeds make anew each time."""
    return url.partition("?")[0]


def new_name(part: Part, before: Part | None) -> str:
    """What a file is called that has another name than before, in brackets."""
    name = Path(part.path).name if part.path and before and before.path else ""
    return f" ({name})" if name and before and name != Path(before.path or "").name else ""


def is_unchanged(part: Part) -> bool:
    """Whether a file is as it was."""
    if not part.path:
        return True
    try:
        status = status_of(Path(part.path))
    except OSError:
        return False
    return (part.size, part.changed) == (status.st_size, status.st_mtime_ns)


def _is_name(name: str) -> bool:
    """Whether that can be the name of a folder right in a library, and no way elsewhere."""
    return can_be_path(name) and name not in (".", "..") and Path(name).name == name

"""The sounds in doubt, to be listened to beside what is proposed for them: where each lay when an ``add`` or ``update``
last looked, and its beginning, for whoever is asked.

    LIBRARY/.quotecast/archive/sounds.json

Conventions
-----------
- Sounds at sources lie outside of the library. So the file has a seal by the user's own key, without which nothing of
  it counts, as in a library that somebody sent; it names sounds of the sources alone, and is for this user's eyes.
- What lies there by now is played only if it is the regular file that it was, no link, of the same size and time.
- Of a sound nothing is sent but what a child with limits (``web.bounded``) has decoded of its beginning.
"""

from __future__ import annotations

import contextlib
import io
import json
import wave
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from aligner.errors import OutputError
from aligner.storage.checked_json import decode, encodable
from aligner.storage.file_states import until_changed
from aligner.storage.keys import users_key
from aligner.storage.private import write_private
from media.confinement import place, read_regular, status_of
from media.errors import UserError
from web.archive.doubts.record import MOST, Key, doubts_in, key_of
from web.archive.pairing.items import Sound
from web.archive.seals import KEY, is_seal, own_key, seal_of
from web.bounded import call
from web.errors import NotFound

SECONDS = 90
"""Of a sound's beginning: many have a jingle and an advert before the first words."""

_NAME = "sounds.json"
_LARGEST_BYTES = 4_000_000  # a thousand have some 300 kB
_LIBRARIES = 4
_RATE = 16_000  # enough for speech; a beginning is 2.9 MB
_AT_HAND = 4  # beginnings: players ask for one in parts


class Lying(Struct, frozen=True):
    """A sound as a file: its absolute ``path``, its size in bytes and when it was changed (ns)."""

    path: Annotated[str, Meta(max_length=10_000)]
    size: int
    changed: int


class _File(Struct):
    format: Literal["quotecast-archive-sounds"]
    version: Literal[1]
    sounds: Annotated[dict[Key, Lying], Meta(max_length=2 * MOST)]
    seal: str = ""

    def sealed_with(self, key: bytes) -> str:
        """The seal by a user's key of what the app may read and play."""
        return seal_of(
            key, "sounds", sorted((k, each.path, each.size, each.changed) for k, each in self.sounds.items())
        )


def sounds_in(folder: Path) -> Mapping[str, Lying]:
    """Where the sounds in doubt lie, by their keys, as the archive's ``folder`` tells it; nothing where somebody else
    wrote that."""
    with contextlib.suppress(OSError, ValueError):
        found, key = _told_in(folder / _NAME), own_key()
        if found and is_seal(found.seal, found.sealed_with(key) if key is not None else None):
            return found.sounds
    return {}


@until_changed(_LIBRARIES)
def _told_in(path: Path) -> _File | None:
    with contextlib.suppress(ValueError):
        return decode(read_regular(path, _LARGEST_BYTES), _File)
    return None


def leave_sounds(folder: Path, sounds: Iterable[Sound], places: Collection[Path]) -> None:
    """Tell where these ``sounds`` lie, and those that were told before, of which something is still asked, and that lie
    in one of the ``places``, by now.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    told = doubts_in(folder)
    asked = {each.key for each in (*told.questions, *told.kept)}
    now = {
        key_of(sound.key): Lying(str(sound.file.path.absolute()), sound.file.size, sound.file.changed)
        for sound in sounds
        if sound.file
    }
    kept = {
        key: each
        for key, each in {**sounds_in(folder), **now}.items()
        if key in asked and any(Path(each.path).is_relative_to(at) for at in places)
    }
    file = _File("quotecast-archive-sounds", 1, kept)
    with contextlib.suppress(OutputError):  # no key can be kept: nothing is heard
        file.seal = file.sealed_with(users_key(KEY))
    content = encodable(json.dumps(msgspec.to_builtins(file), ensure_ascii=False))
    write_private(folder / _NAME, content.encode("utf-8"))


@lru_cache(maxsize=_AT_HAND)
def beginning_of(sound: Lying) -> bytes:
    """The first ``SECONDS`` of a sound, as WAV.

    Raises
    ------
    NotFound
        It is not there as it was, or is no sound.
    Unusable, Busy
        As ``call``.
    """
    try:
        return call(_beginning, sound)
    except (UserError, OSError) as error:
        raise NotFound("archive.doubts.unplayable") from error


def _beginning(sound: Lying) -> bytes:
    import numpy as np

    from media.decode import sound_blocks

    path = Path(sound.path)
    status = status_of(path)
    if place(path).is_symlink() or (status.st_size, status.st_mtime_ns) != (sound.size, sound.changed):
        raise FileNotFoundError(path)
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        for _, block in sound_blocks(path, _RATE, end=float(SECONDS)):
            file.writeframes((np.clip(block, -1, 1) * 32_767).round().astype("<i2").tobytes())
    return written.getvalue()

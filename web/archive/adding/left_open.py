"""What an ``add`` or ``update`` leaves open, told to the app (``web.archive.doubts``)."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from pathlib import Path

from web.archive.adding.remembered import Archive, Memory
from web.archive.doubts import choices, record
from web.archive.doubts.kept import kept_of
from web.archive.doubts.sounds import leave_sounds
from web.archive.errors import ArchiveError
from web.archive.pairing.pairs import Pairing
from web.archive.sources.gathering import Gathered, is_feed


def leave_open(
    archive: Archive, pairing: Pairing, sure: float, there: Collection[str] | None, stays: Sequence[record.Stay]
) -> None:
    """Tell what is less ``sure`` than that or left over, after what is sure was made; ``there`` are the keys of all
    sounds and texts, None where not all sources were looked at: what was open of the others still is. What was
    chosen and made is over. ``stays`` are what was not taken of episodes.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    memory = archive.read()
    made = [each for each in memory.episodes.values() if each.text]
    sounds = [each.key for each in made]
    parts = [each.text for each in made if each.text]
    texts = [*(f"file:{each.path}" for each in parts), *(f"feed:{each.url}" for each in parts)]
    versions = [f"file:{part.path}" for each in made for part in each.versions]
    settled = (*sounds, *texts, *versions)
    kept = kept_of(
        _before(archive.folder),
        choices.choices_in(archive.folder),
        None if there is None else frozenset(map(record.key_of, there)),
        frozenset(map(record.key_of, settled)),
        frozenset(record.key_of(pair.sound.key) for pair in pairing.in_doubt(sure)),
    )
    counts = record.Counts(stays=len(stays))
    beside = record.Doubts(kept=kept, stays=tuple(stays[: record.MOST]), counts=counts)
    record.leave(archive.folder, pairing, sure, settled, there is not None, beside)
    places = [Path(place) for place in memory.sources if "://" not in place]
    leave_sounds(archive.folder, [pair.sound for pair in pairing.pairs], [*places, archive.library.root.absolute()])
    left = {*map(record.key_of, versions)}
    waiting = {choice.sound for choice in choices.choices_in(archive.folder) if choice.text in left}
    choices.forget(archive.folder, [key for key in sounds if record.key_of(key) not in waiting])


def _before(folder: Path) -> record.Doubts:
    with contextlib.suppress(ArchiveError):  # it is told anew
        return record.doubts_in(folder)
    return record.Doubts()


def is_all(memory: Memory, places: Collection[str], gathered: Gathered) -> bool:
    """Whether all that the archive's sources have was gathered: ``places`` are those that were asked."""
    asked = all(place in places and (place in gathered.states or not is_feed(place)) for place in memory.sources)
    return asked and not gathered.unread

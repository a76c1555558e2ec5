"""What an ``add`` or ``update`` leaves open, told to the app (``web.archive.doubts``)."""

from __future__ import annotations

from collections.abc import Collection

from web.archive.adding.remembered import Archive, Memory
from web.archive.doubts import choices, record
from web.archive.pairing.pairs import Pairing
from web.archive.sources.gathering import Gathered, is_feed


def leave_open(archive: Archive, pairing: Pairing, sure: float, is_whole: bool) -> None:
    """Tell what is less ``sure`` than that or left over, after what is sure was made; where not all sources were looked
    at, what was open of the others still is. What was chosen and made is over.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    made = [each for each in archive.read().episodes.values() if each.text]
    sounds = [each.key for each in made]
    parts = [each.text for each in made if each.text]
    texts = [*(f"file:{each.path}" for each in parts), *(f"feed:{each.url}" for each in parts)]
    record.leave(archive.folder, pairing, sure, (*sounds, *texts), is_whole)
    choices.forget(archive.folder, sounds)


def is_all(memory: Memory, places: Collection[str], gathered: Gathered) -> bool:
    """Whether all that the archive's sources have was gathered: ``places`` are those that were asked."""
    asked = all(place in places and (place in gathered.states or not is_feed(place)) for place in memory.sources)
    return asked and not gathered.unread

"""Episodes that a person removed from the library and that the sources have still: they stay away until somebody asks
for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from web.archive.adding.listing import Listing
from web.archive.adding.made import Made, Part
from web.archive.adding.present import there_still
from web.archive.adding.remembered import Memory
from web.archive.adding.titles import title_of
from web.archive.pairing.items import Entry, Sound


def names_away(listing: Listing, memory: Memory, sounds: Sequence[Sound]) -> list[str]:
    """The names of episodes that are not in the library any more, where these sounds have theirs."""
    known = [(each, there_still(listing, each)) for each in (memory.episodes, memory.twice)]
    gone = [made for each, there in known for key, made in each.items() if key not in there]
    by_key, by_bytes = {made.key: made for made in gone}, {made.sound.sha256: made for made in gone}
    found = (by_key.get(sound.key) or (sound.file and by_bytes.get(sound.file.sha256)) for sound in sounds)
    return sorted({made.folder for made in found if made})


def forget_removed(memory: Memory, names: Collection[str]) -> None:
    """Have the episodes with these names made as if they had never been."""
    memory.episodes = {key: made for key, made in memory.episodes.items() if made.folder not in names}
    memory.twice = {key: made for key, made in memory.twice.items() if made.folder not in names}


def keep_away(listing: Listing, memory: Memory, sounds: Sequence[Sound]) -> None:
    """Note items of other feeds that are episodes which are not in the library any more, as where both a feed and the
    one that it moved to are read: they are made neither.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    there = there_still(listing, memory.episodes)
    gone = [made for key, made in memory.episodes.items() if key not in there and made.guid]
    known = {*memory.episodes, *memory.twice}
    for sound in sounds if gone else ():
        entry, link = sound.entry, sound.entry.sound if sound.entry else None
        if not entry or not link or sound.key in known:
            continue
        if made := next((each for each in gone if _is_of(sound, entry, each)), None):
            part = Part(url=link.url, declared=link.size)
            away = Made(sound.key, made.folder, part, None, entry.guid, sound.clues.date, twice=True)
            listing.archive.note(away)
            memory.twice[sound.key] = away


def _is_of(sound: Sound, entry: Entry, made: Made) -> bool:
    """Whether an item is that of an episode, by its guid, which others may have too, and its date or title."""
    both = made.date and sound.clues.date
    is_titled = made.title is not None and made.title == title_of(entry)
    is_same = made.date == sound.clues.date and (is_titled or made.show in (None, entry.show)) if both else is_titled
    return made.guid == entry.guid and is_same

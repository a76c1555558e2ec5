"""Episodes that a person removed from the library and that the sources have still: they stay away until somebody asks
for them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from web.archive.adding.listing import Listing
from web.archive.adding.present import there_still
from web.archive.adding.remembered import Memory
from web.archive.pairing.items import Sound


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

"""Items of feeds that are an episode's under another guid, as where a show has moved to another host: known by their
sound, also encoded anew, before they are paired.

Only an item that has the date of an episode, where one has none its title, is asked, and only where that is in no feed
any more under the guid that it had. One that is broadcast once more, years later, is none of these.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from web.archive.adding.attempts import Attempts, Say
from web.archive.adding.downloads import Downloads
from web.archive.adding.following import Feeds
from web.archive.adding.listing import Listing
from web.archive.adding.made import Made, Part
from web.archive.adding.new_pairs import is_twice
from web.archive.adding.titles import title_of
from web.archive.pairing.items import Sound
from web.archive.sources.folders import Found

Taken = Callable[[str, Path, Part], None]
"""Told the key of an episode that follows an item by now, and where the sound lies that is there."""


@dataclass(slots=True)
class KnownAgain:
    """Lets episodes of the ``listing`` follow items of the ``feeds`` under other guids; ``count`` is of those that
    do."""

    listing: Listing
    feeds: Feeds
    downloads: Downloads
    say: Say
    attempts: Attempts
    count: int = 0
    _left: dict[str, Made] | None = None
    _titles: dict[str, str | None] | None = None

    def know(self, found: Found, taken: Taken | None, told: Collection[str] = (), fetches: bool = True) -> Found:
        """Let episodes follow those of the sounds that are theirs, and where that wants the sound itself, have it
        ``taken``. One that was ``told`` to be left over before, by its key, is not fetched again. Returns what was
        found, without what could not be had."""
        by_clue, unknown = defaultdict[str, list[Made]](list), set[str]()
        for made in self._without_item().values():
            for clue in self._clues_of(made):
                by_clue[clue].append(made)
        for sound in found.sounds if by_clue else ():
            near = {made.folder: made for clue in _clues_in(sound) for made in by_clue.get(clue, ())}
            near = {folder: made for folder, made in near.items() if self._may_be(sound, made)}
            if not near or sound.key in self.feeds.memory.episodes:
                continue
            if folder := self._told_by(sound, near.values()):
                self.take(sound, folder)
            elif fetches and sound.key not in told and self._listen(sound, near, taken):
                unknown.add(sound.key)
        return replace(found, sounds=tuple(sound for sound in found.sounds if sound.key not in unknown))

    def take(self, sound: Sound, folder: str) -> bool:
        """Let the episode in a folder follow an item that has its sound; whether it may."""
        made = self._without_item().get(folder)
        if made is None or not self._may_be(sound, made):
            return False
        del self._without_item()[folder]
        self.feeds.move(made, sound)
        self.count += 1
        return True

    def _may_be(self, sound: Sound, made: Made) -> bool:
        """Whether an item may be that of an episode by now."""
        if made.folder not in self._without_item() or not sound.entry:
            return False
        both = made.date and sound.clues.date
        is_like = made.date == sound.clues.date if both else not {*_clues_in(sound)}.isdisjoint(self._clues_of(made))
        return is_like and not self.feeds.has_still(made)

    def _without_item(self) -> dict[str, Made]:
        """The episodes of items that no feed has which was read, by the names of their folders."""
        if self._left is None:
            seen = {sound.key for sound in self.feeds.gathered.found.sounds}
            there = self.feeds.there.items()
            self._left = {made.folder: made for key, made in there if made.guid and key not in seen}
        return self._left

    def _told_by(self, sound: Sound, near: Collection[Made]) -> str | None:
        """The folder of the episode of which it is known without its sound that an item is it."""
        if sound.file:
            return self.listing.by_sound.get(sound.file.sha256)
        if is_twice(sound, self.feeds.memory):
            return self.feeds.memory.twice[sound.key].folder
        link = sound.entry.sound if sound.entry else None
        at = (link.url, link.size) if link else None
        same = [each.folder for each in near if at == (each.at_source.url, each.at_source.declared)]
        return same[0] if len(same) == 1 else None

    def _listen(self, sound: Sound, near: Collection[str], taken: Taken | None) -> bool:
        """Look whether an item has the sound of an episode in a folder ``near``; whether it cannot be had."""
        failed = self.attempts.failed
        link = sound.entry.sound if sound.entry else None
        if not link or sound.file or is_twice(sound, self.feeds.memory):
            return False
        if self.attempts.are_over:
            return True
        with self.attempts.of(sound.name, "not made"), contextlib.ExitStack() as fetched:
            path, part = self.downloads.fetch(link, "sound", fetched)
            folder = self.listing.by_sound.get(str(part.sha256)) or self.listing.encoded_anew(path, near)
            if folder and self.take(sound, folder):
                self.say(f"There     {sound.name}: is the sound of {self.listing.called(folder)}")
                if taken:
                    taken(sound.key, path, part)
        return self.attempts.failed > failed

    def _clues_of(self, made: Made) -> Iterator[str]:
        if self._titles is None:
            self._titles = {each.folder.name: each.details.title for each in self.listing.episodes}
        yield from filter(None, (made.date, made.title, self._titles.get(made.folder)))


def _clues_in(sound: Sound) -> Iterator[str]:
    yield from filter(None, (sound.clues.date, title_of(sound.entry) if sound.entry else None))

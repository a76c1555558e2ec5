"""Where the sources have what episodes were made of: a file as it was or moved to another place, a feed that moved to
another address without a redirect."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from media.confinement import is_regular
from media.errors import UserError
from web.archive.adding.attempts import Say
from web.archive.adding.listing import Listing
from web.archive.adding.made import Made, Part, is_unchanged, with_sound
from web.archive.adding.making import part_of
from web.archive.adding.present import episode_of
from web.archive.adding.remembered import Memory
from web.archive.adding.titles import title_of
from web.archive.errors import shown_place
from web.archive.pairing.items import File, Sound, Text
from web.archive.sources.folders import Found
from web.archive.sources.gathering import Gathered, Reading, feed_of, keys_in_feed
from web.errors import WebError
from web.library import Details


def lies_in(path: str, places: Iterable[str]) -> bool:
    """Whether there is a file at a path, in one of these places."""
    return is_regular(Path(path)) and any(Path(path).is_relative_to(place) for place in places)


def moved(parts: Mapping[str, Part], files: Iterable[File | None], sources: Iterable[str]) -> dict[str, Part]:
    """By the keys of episodes their files that are gone from their places, as they lie elsewhere among the ``files`` of
    ``sources``. Gone is also one that has changed places with others, as where all are numbered anew, whatever lies at
    its own by now; where it lies at a place that was none's, and something new at its own, it is an old version."""
    known = {(part.path, part.sha256) for part in parts.values()}
    hashes, places, now = {part.sha256 for part in parts.values()}, {path for path, _ in known}, dict[str, str]()
    by_bytes = defaultdict[str | None, list[File]](list)
    for file in files:
        if file:
            now[str(file.path)] = file.sha256
            if (str(file.path), file.sha256) not in known:
                by_bytes[file.sha256].append(file)

    def has_moved(part: Part) -> bool:
        lies_there = now.get(str(part.path))
        if lies_there in (None, part.sha256):
            return not lies_in(str(part.path), sources)
        return lies_there in hashes or any(str(file.path) in places for file in by_bytes[part.sha256])

    found = dict[str, Part]()
    for key, part in parts.items():
        if part.path and part.sha256 in by_bytes and has_moved(part) and (there := by_bytes[part.sha256]):
            file = there.pop(0)
            found[key] = msgspec.structs.replace(part, path=str(file.path), size=file.size, changed=file.changed)
    return found


def swapped(there: Mapping[str, Made], files: Iterable[File | None]) -> Iterator[Made]:
    """Episodes whose sounds have changed places, one after the other: where one was refused as the other's, and that
    has this one's by now."""
    by_sound = {made.sound.sha256: made for made in there.values()}
    for file in files:
        one = by_sound.get(file.sha256) if file else None
        other = by_sound.get(one.refused.sha256) if one and one.refused else None
        if file and one and one.refused and other and other.at_source.path == str(file.path):
            yield with_sound(one, part_of(file))
            yield with_sound(other, one.refused)


def is_in_place_of(file: File, refused: Part) -> bool:
    """Whether a file is what lies at the source now, and not another copy beside the sound that was refused."""
    return str(file.path) == refused.path or not (refused.path and is_regular(Path(refused.path)))


def whose_sound(file: File, lying: Sequence[Made], named: Made | None) -> Made | None:
    """The episode that a sound is to be, of those whose sound is ``lying`` at its place, and of one that is ``named``
    by what is in it: one that it is already, else one that had another there."""
    if named and (named.guid or named in lying):
        return named
    return next((made for made in lying if made.at_source.sha256 == file.sha256), next(iter(lying), named))


@dataclass(slots=True)
class Feeds:
    """The feeds of an archive with this ``listing``, of which so much was ``gathered`` by this ``reading``, and others
    can be asked; the episodes that are ``there`` still have their details. ``are_named`` are those that were read where
    a person has just named them; who is to ``say`` which episodes follow another one is told."""

    listing: Listing
    memory: Memory
    there: dict[str, Made]
    gathered: Gathered
    reading: Reading
    say: Say
    are_named: bool = False
    _asked: dict[str, frozenset[str] | None] = field(default_factory=dict)

    def follow(self) -> bool:
        """Let episodes follow the items that are theirs in other feeds, where their own was forgotten, or cannot
        be read when a person names another; whether any does."""
        sounds, is_any = self.gathered.found.sounds, False
        seen, by_guid = {sound.key for sound in sounds}, defaultdict[str, list[Made]](list)
        for made in self.memory.episodes.values():
            if made.guid and made.key not in seen:
                by_guid[made.guid].append(self.there.get(made.key, made))
        for sound in sounds:
            if sound.entry and sound.key not in self.memory.episodes:
                known = by_guid.get(sound.entry.guid, [])
                if found := next((each for each in known if self._is_of(sound, each)), None):
                    known.remove(found)
                    self.move(found, sound)
                    is_any = True
        return is_any

    def _is_of(self, sound: Sound, made: Made) -> bool:
        """Whether a sound is of an episode with the same guid, which may be a number that others have too."""
        assert sound.entry
        details, title = self._details_of(made), title_of(sound.entry)
        is_titled = title is not None and title in (made.title, details.title)
        is_same = is_titled
        if made.date and sound.clues.date:
            is_of_show = not details.show or sound.entry.show in (None, details.show)
            is_same = made.date == sound.clues.date and (is_titled or is_of_show)
        return is_same and self._is_left(made)

    def _is_left(self, made: Made) -> bool:
        """Whether a person has left the feed of an episode: it was forgotten, or cannot be read when another is named.
        One that keeps its newest items alone has not moved, nor one that fails once."""
        place = self._place_of(made)
        if place is None or place in self.gathered.states:
            return False
        return place not in self.memory.sources or (self.are_named and self._keys_in(place) is None)

    def has_still(self, made: Made) -> bool:
        """Whether an episode that was not gathered stays with its own feed: that has its item, or cannot be read."""
        place = self._place_of(made)
        if place is None or place in self.gathered.states or self._is_left(made):
            return False
        keys = self._keys_in(place)
        return keys is None or made.key in keys

    def _place_of(self, made: Made) -> str | None:
        return feed_of(made.key, made.guid or "")

    def _keys_in(self, place: str) -> frozenset[str] | None:
        """The keys of what a feed has that was not read, or is as it was; None where it cannot be read."""
        if place not in self._asked:
            is_silent = place in self.gathered.unread_feeds
            self._asked[place] = None if is_silent else keys_in_feed(place, self.reading)
        return self._asked[place]

    def _details_of(self, made: Made) -> Details:
        """What the episode says, if it is there still."""
        if made.key in self.there:
            with contextlib.suppress(UserError, WebError, OSError):
                return episode_of(self.listing.archive, made).details
        return Details()

    def move(self, made: Made, sound: Sound) -> None:
        """Let an episode follow the item of a feed that a sound is."""
        assert sound.entry
        now = msgspec.structs.replace(made, key=sound.key, guid=sound.entry.guid, date=sound.clues.date or made.date)
        self.listing.archive.note(msgspec.structs.replace(now, was=made.key))
        for episodes in (self.memory.episodes, self.there):
            if episodes.pop(made.key, None):
                episodes[sound.key] = now
        self.memory.twice.pop(sound.key, None)
        if made.key in self.memory.told:  # that it has no transcript
            self.memory.told |= {sound.key}
        before, place = self._place_of(made), self._place_of(now)
        if before and place and before != place and sound.key in self.there:
            old, new = shown_place(before), shown_place(place)
            self.say(f"Follows   {self.listing.called(made.folder)}: {new} now, and not {old}")


def without_changed(found: Found, there: Iterable[Made]) -> tuple[Found, list[str]]:
    """What was found, but for files that are others by now than when episodes that are ``there`` were made of them, and
    the names of these: an update takes that up. One whose own lies elsewhere among what was found has moved."""
    own_sounds = {made.at_source.path: (made, made.at_source.sha256) for made in there}
    own_texts = {made.text.path: (made, made.text.sha256) for made in there if made.text}
    all_found: tuple[Sound | Text, ...] = (*found.sounds, *found.texts)
    hashes = {item.file.sha256 for item in all_found if item.file}
    changed = dict[str, None]()

    def is_new(item: Sound | Text, own: Mapping[str | None, tuple[Made, str | None]]) -> bool:
        made, sha256 = own.get(str(item.file.path), (None, None)) if item.file else (None, None)
        if made is None or sha256 in hashes:
            return True
        changed[made.folder] = None
        return False

    sounds = tuple(sound for sound in found.sounds if is_new(sound, own_sounds))
    texts = tuple(text for text in found.texts if is_new(text, own_texts))
    return replace(found, sounds=sounds, texts=texts), [*changed]


def own_texts(memory: Memory) -> frozenset[str]:
    """The paths of the texts that are episodes'."""
    made = (*memory.episodes.values(), *memory.twice.values())
    return frozenset(each.text.path for each in made if each.text and each.text.path)


def is_as_before(memory: Memory) -> Callable[[Path], bool]:
    """Whether a file is as it was when an episode was made of it. Of a sound that was an episode's already both it and
    its text have to be, for they go together where one is another by now."""
    whole = [made for made in memory.episodes.values() if made.text]  # others may yet have their transcript
    alone = [(part,) for made in whole for part in (made.at_source, made.text)]
    together = [(made.sound, made.text) for made in memory.twice.values()]
    known = {part.path: parts for parts in (*alone, *together) for part in parts if part and part.path}
    return lambda path: str(path) in known and all(map(is_unchanged, filter(None, known[str(path)])))

"""Sounds that are an episode's in another encoding: they are paired with nothing, told once, and remembered with the
episode, so that they are not read again while they stay as they are."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from aligner.storage.audio_lookup import sha256_of
from media.confinement import is_regular, status_of
from media.errors import UserError
from web.archive.adding.following import lies_in
from web.archive.adding.listing import Listing, length_of
from web.archive.adding.made import Made, Part
from web.archive.adding.making import part_of
from web.archive.adding.remembered import Archive, Memory
from web.archive.pairing.items import Clues, File, Sound
from web.archive.sources.encodings import Copy, duration_of, once


@dataclass(frozen=True, slots=True)
class Encodings:
    """Tells the sounds of folders that are an episode's of the ``listing``, or another of theirs, in another encoding;
    those that are remembered so are passed over."""

    listing: Listing
    memory: Memory

    def __call__(self, sounds: Sequence[Sound]) -> tuple[tuple[Sound, ...], tuple[Copy, ...]]:
        made = self.memory.episodes.values()
        others = {each.at_source.path: each.at_source.sha256 for each in made}
        sounds = [sound for sound in sounds if _is_in_place_of_another(sound, others) or not self._is_known(sound)]
        hashes, paths = {each.sound.sha256 for each in made}, {each.at_source.path for each in made}
        own = {sound.key for sound in sounds if _file(sound).sha256 in hashes or str(_file(sound).path) in paths}
        there = [*self._there()] if len(own) < len({sound.key for sound in sounds}) else []
        own |= {sound.key for sound in (*there, *_of_the_same_bytes(sounds, there))}
        kept, copies = once([*there, *sounds], lambda sound: sound.key in own)
        folders = {sound.key: sound.folder.name for sound in there if sound.folder}
        return (
            tuple(sound for sound in kept if sound.key not in folders),
            tuple(replace(copy, folder=folders.get(copy.of.key)) for copy in copies),
        )

    def _is_known(self, sound: Sound) -> bool:
        """Whether it is remembered that a sound is an episode's; of one that was touched or moved, by when and where it
        lies now, but for one that lies at several places."""
        made = self.memory.twice.get(sound.key)
        if not (made and made.is_beside):
            return False
        before = Path(made.sound.path or "")
        now = msgspec.structs.replace(made, sound=part_of(_file(sound)))
        if now != made and (before == _file(sound).path or not is_regular(before)):
            self.listing.archive.note(now)
        return True

    def _there(self) -> Iterator[Sound]:
        """The sounds of the library's episodes; of one that a person removed what it was made of, where that is still
        there, for no copy of it is to bring it back. Of each it has to be known how long it is."""
        episodes = self.listing.episodes
        for episode in episodes:
            if episode.audio:
                yield from _sound(episode.audio, episode.folder, length_of(episode))
        names = {episode.folder.name for episode in episodes}
        for made in self.memory.episodes.values():
            if made.folder not in names and made.at_source.path:
                path = Path(made.at_source.path)
                yield from _sound(path, Path(made.folder), duration_of(path))


def following_copies(there: Mapping[str, Made], memory: Memory) -> Iterator[Made]:
    """The episodes whose sound is gone from its place in a folder, where it lies in another encoding, as they follow
    that from then on; those that do already, as that lies there now."""
    beside = defaultdict[str, list[Part]](list)
    for copy in memory.twice.values():
        if copy.is_beside and lies_in(str(copy.sound.path), memory.sources):
            beside[copy.folder].append(copy.sound)
    for key, made in there.items():
        was, copies = made.at_source, beside.get(memory.episodes[key].folder, [])  # called as it was then
        if not was.path or was.url or not copies:
            continue
        now = next((each for each in copies if each.sha256 == was.sha256), None)
        if now is None and not lies_in(was.path, memory.sources):
            now = copies[0]
        if now and now != was:
            yield msgspec.structs.replace(made, follows=now, refused=None, why=None, chosen=False, waiting=None)


def note_copies(archive: Archive, copies: Sequence[Copy]) -> None:
    """Remember the copies of sounds that are an episode's by now.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    if not copies:
        return
    memory = archive.read()
    folders = {made.sound.sha256: made.folder for made in (*memory.twice.values(), *memory.episodes.values())}
    for copy in copies:
        if folder := copy.folder or folders.get(_file(copy.of).sha256):
            made = Made(copy.sound.key, folder, part_of(_file(copy.sound)), twice=True)
            if memory.twice.get(made.key) != made:
                archive.note(made)


def _sound(path: Path, folder: Path, length: float | None) -> Iterator[Sound]:
    with contextlib.suppress(OSError):
        yield Sound(f"episode:{path}", Clues(length=length), File(path, status_of(path).st_size, 0, ""), folder=folder)


def _of_the_same_bytes(sounds: Sequence[Sound], there: Sequence[Sound]) -> Iterator[Sound]:
    """The sounds that are one of those that are there by their bytes; they are told where they would be made."""
    sizes = {_file(sound).size: _file(sound).path for sound in there}
    for sound in sounds:
        with contextlib.suppress(UserError, OSError):
            path = sizes.get(_file(sound).size)
            if path and sha256_of(path) == _file(sound).sha256:
                yield sound


def _is_in_place_of_another(sound: Sound, hashes: Mapping[str | None, str | None]) -> bool:
    """Whether a sound lies where an episode's did that is another, by its hash; that is to be told of the episode."""
    file = _file(sound)
    return hashes.get(str(file.path), file.sha256) != file.sha256


def _file(sound: Sound) -> File:
    assert sound.file  # of what lies in folders
    return sound.file

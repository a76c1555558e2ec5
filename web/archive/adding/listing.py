"""The episodes of an archive's library, which a run lists once, and which of them has a sound."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aligner.storage.audio_lookup import sha256_of
from aligner.storage.file_names import printable
from media.confinement import status_of
from media.errors import UserError
from web.archive.adding.remembered import Archive
from web.archive.adding.wordings import Wording, say_the_same, wording_of
from web.archive.sources.encodings import AS_LONG, are_alike, duration_of
from web.library import Episode
from web.library.digests import digest_of
from web.library.folders import read_folder

_READ = 100  # transcripts


@dataclass(slots=True)
class Listing:
    """The episodes in the library of an ``archive``, listed when they are asked for first."""

    archive: Archive
    _episodes: dict[Path, Episode] | None = None  # by folder
    _by_sound: dict[str, str] | None = None
    _titles: Counter[str] | None = None
    _lengths: dict[Path, float | None] = field(default_factory=dict)

    @property
    def episodes(self) -> list[Episode]:
        """All of them, as they were then or when one was looked at again."""
        return [*self._listed().values()]

    @property
    def by_sound(self) -> Mapping[str, str]:
        """The names of their folders by the hash of their sound: as it is remembered, else as it is."""
        return self._told_by_sound()

    def called(self, folder: str) -> str:
        """What the episode in a folder is called in what is shown: by its title, and by its folder too where another
        has the same."""
        episode = self._listed().get(self.archive.library.root / folder)
        if episode is None:
            return printable(folder)
        title = printable(episode.title)
        return title if self._counted()[episode.title.casefold()] < 2 else f"{title} ({printable(folder)})"

    def has_title(self, title: str) -> bool:
        """Whether an episode is called so, in whichever case."""
        return title.casefold() in self._counted()

    def _counted(self) -> Counter[str]:
        """The titles, in small letters, by how many episodes have them."""
        if self._titles is None:
            self._titles = Counter(each.title.casefold() for each in self.episodes)
        return self._titles

    def encoded_anew(self, sound: Path, folders: Collection[str] | None = None) -> str | None:
        """The folder of the episode that has a sound in another encoding, among those in these ``folders`` where they
        are named."""
        seconds = duration_of(sound)
        for episode in self.episodes if seconds else ():
            if episode.audio and (folders is None or episode.folder.name in folders):
                length = self._length_of(episode)
                if length and seconds and abs(length - seconds) <= AS_LONG and are_alike(episode.audio, sound):
                    return episode.folder.name
        return None

    def worded_alike(self, wording: Wording, but: str | None = None) -> str | None:
        """The folder of an episode, of the newest, whose transcript is nearly word for word one with that wording; none
        where that of the episode in the folder ``but`` is so too."""
        newest = sorted(self.episodes, key=lambda each: each.details.date or "", reverse=True)[:_READ]
        own = self.archive.library.root / but if but else None
        known = [each for each in self.episodes if each.folder == own] + [e for e in newest if e.folder != own]
        alike = (e for e in known if e.transcript and say_the_same(wording_of(e.transcript), wording))
        found = next(alike, None)
        return found.folder.name if found and found.folder != own else None

    def _length_of(self, episode: Episode) -> float | None:
        if episode.folder not in self._lengths:
            self._lengths[episode.folder] = length_of(episode)
        return self._lengths[episode.folder]

    def add(self, episode: Episode, sha256: str) -> None:
        """Have one that was just made, of a sound with that hash."""
        self._listed()[episode.folder] = episode
        if self._titles is not None:
            self._titles[episode.title.casefold()] += 1
        self._told_by_sound()[sha256] = episode.folder.name

    def look_again(self, folder: str) -> None:
        """Look at one again that has changed."""
        path = self.archive.library.root / folder
        self._lengths.pop(path, None)
        self._titles = None
        episode, by_sound = read_folder(path, folder), self._told_by_sound()
        for sha256 in [each for each, name in by_sound.items() if name == folder]:
            del by_sound[sha256]
        if episode is None:
            self._listed().pop(path, None)
            return
        self._listed()[path] = episode
        if episode.audio:
            with contextlib.suppress(UserError, OSError):
                by_sound[sha256_of(episode.audio)] = folder

    def _listed(self) -> dict[Path, Episode]:
        if self._episodes is None:
            self._episodes = {each.folder: each for each in self.archive.library.episodes()}
        return self._episodes

    def _told_by_sound(self) -> dict[str, str]:
        if self._by_sound is None:
            self._by_sound = _folders_by_sound(self.archive, self._listed().values())
        return self._by_sound


def _folders_by_sound(archive: Archive, episodes: Iterable[Episode]) -> dict[str, str]:
    known = dict[str, str]()
    remembered = {made.folder: made for made in archive.read().episodes.values()}
    # Of folders with one sound, that counts which is remembered: the others are copies that a person has made.
    for episode in sorted(episodes, key=lambda each: each.folder.name in remembered):
        if not episode.audio:
            continue
        made = remembered.get(episode.folder.name)
        with contextlib.suppress(UserError, OSError):
            if made and made.seal and made.sound.sha256 and made.sound.size == status_of(episode.audio).st_size:
                known[made.sound.sha256] = made.folder
            else:
                known[sha256_of(episode.audio)] = episode.folder.name
    return known


def length_of(episode: Episode) -> float | None:
    """Seconds of an episode's sound, as its alignment says, else its header; None where neither does."""
    digest = digest_of(episode.alignment) if episode.alignment else None
    if digest:
        return digest.duration
    return duration_of(episode.audio) if episode.audio else None

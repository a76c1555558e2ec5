"""Transcripts of episodes in other words, as files of other names at the sources: told by what they say, which is
mostly the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from aligner.storage.audio_lookup import sha256_of
from media.confinement import is_folder, is_regular
from web.archive.adding.attempts import Say
from web.archive.adding.listing import Listing
from web.archive.adding.made import Made, Part, is_unchanged
from web.archive.adding.making import part_of
from web.archive.adding.present import episode_of
from web.archive.adding.remembered import Archive
from web.archive.adding.wordings import likeness, wording_of
from web.archive.doubts.choices import choices_in
from web.archive.doubts.record import key_of
from web.archive.pairing.items import Clues, Sound, Text
from web.archive.pairing.names import folded
from web.library import Episode

_MOSTLY = 0.3  # of the runs of three words: one word in five is another
_OTHERS = 0.5  # of that, as another episode's transcript may not be: of two that are alike neither is plainly meant
_READ = 100  # transcripts that a text is held to, of episodes with most words of its name, then of the newest


@dataclass(slots=True)
class Corrected:
    """Tells of which episode a text is a transcript: of one in the ``listing`` that is ``there``, by key."""

    listing: Listing
    there: dict[str, Made]
    _clues: dict[Path, Clues] = field(default_factory=dict)

    def following(self, texts: Iterable[Text], sounds: Iterable[Sound], sources: Collection[str]) -> dict[str, str]:
        """By the paths of texts the keys of episodes that follow them: the file is gone that theirs came from. None is
        called as one of the ``sounds`` that is no episode yet. Of several the latest."""
        gone = {key for key, made in self.there.items() if made.text and is_gone(made.text, sources)}
        if not gone:
            return {}
        own = {made.text.path for made in self.there.values() if made.text}
        known = {made.at_source.path for made in self.there.values()}
        new = {folded(s.file.path.stem) for s in sounds if s.file and str(s.file.path) not in known}
        found = defaultdict[str, list[tuple[int, str]]](list)
        for text in texts:
            if text.file and str(text.file.path) not in own and folded(text.file.path.stem) not in new:
                key = self.whose(text, gone)
                if key in gone:
                    found[key].append((text.file.changed, str(text.file.path)))
        return {max(each)[1]: key for key, each in found.items()}

    def whose(self, text: Text, likely: Collection[str] = ()) -> str | None:
        """The key of the episode of which a text is plainly a transcript, among others of those that are ``likely``."""
        if not text.file or not self.there:
            return None
        wording, by_folder = wording_of(text.file.path), {made.folder: key for key, made in self.there.items()}
        first = [self.there[key].folder for key in likely]
        known = sorted(self.listing.episodes, key=lambda each: each.details.date or "", reverse=True)
        known = sorted(known, key=lambda each: (each.folder.name not in first, -self._shared(text, each)))
        like = [(likeness(wording_of(each.transcript), wording), each) for each in known[:_READ] if each.transcript]
        if not like:
            return None
        (best, episode), *others = sorted(like, key=lambda each: -each[0])
        if best < _MOSTLY or any(share >= _OTHERS * best for share, _ in others):
            return None
        return None if self._is_numbered_otherwise(text, episode) else by_folder.get(episode.folder.name)

    def _shared(self, text: Text, episode: Episode) -> int:
        return len(text.clues.told.words & self._clues_of(episode).told.words)

    def _is_numbered_otherwise(self, text: Text, episode: Episode) -> bool:
        mine, its = ({number for _, number in each.told.numbers} for each in (text.clues, self._clues_of(episode)))
        return bool(mine and its) and mine.isdisjoint(its)

    def _clues_of(self, episode: Episode) -> Clues:
        if episode.folder not in self._clues:
            files = (each.stem for each in (episode.audio, episode.transcript) if each)
            self._clues[episode.folder] = Clues.of((episode.folder.name, *files), (episode.details.title or "",))
        return self._clues[episode.folder]


def leave_versions(corrected: Corrected, texts: Iterable[Text], sources: Collection[str], say: Say) -> set[str]:
    """Note those of the texts that are other versions of transcripts which episodes have, and say so; their keys."""
    archive, there, told = corrected.listing.archive, corrected.there, set[str]()
    for text in texts:
        key = corrected.whose(text)
        if key is None or text.file is None:
            continue
        made, part = there[key], part_of(text.file)
        called = corrected.listing.called(made.folder)
        told.add(text.key)
        if made.text and is_gone(made.text, sources):
            say(f"Changed   {called}: {text.name} is its transcript by now, which an update takes up")
            continue
        others = (each for each in made.versions if each.path != part.path)
        there[key] = msgspec.structs.replace(made, versions=(*others, part))
        archive.note(there[key])
        own = episode_of(archive, made).transcript
        say(f"Left      {text.name}: is a transcript of {called}, which has one ({own.name if own else 'none'})")
    return told


def chosen_versions(archive: Archive, there: dict[str, Made]) -> dict[str, str]:
    """By the paths of other versions the keys of episodes for which a person chose them, whatever these have."""
    chosen = {choice.sound: choice.text for choice in choices_in(archive.folder) if choice.text}
    found = dict[str, str]()
    for key, made in there.items():
        text = chosen.get(key_of(key)) if made.versions else None
        part = next((each for each in made.versions if key_of(f"file:{each.path}") == text), None)
        own = episode_of(archive, made).transcript if part else None
        if part and own:
            found[str(part.path)] = key
            others = tuple(each for each in made.versions if each != part)
            there[key] = msgspec.structs.replace(made, given=sha256_of(own), versions=others)
    return found


def drop_versions(archive: Archive, there: dict[str, Made], sources: Collection[str]) -> None:
    """Forget other versions that lie in no source any more as they were; one whose folder is away for a while stays."""
    for key, made in there.items():
        kept = tuple(each for each in made.versions if _stays(each, sources))
        if kept != made.versions:
            there[key] = msgspec.structs.replace(made, versions=kept)
            archive.note(there[key])


def is_gone(text: Part, sources: Collection[str]) -> bool:
    """Whether the file of a text is gone from its folder, which one of the sources has still."""
    return text.path is not None and not is_regular(Path(text.path)) and any(map(is_folder, _around(text, sources)))


def _stays(text: Part, sources: Collection[str]) -> bool:
    around = _around(text, sources)
    is_away = not is_regular(Path(text.path or "")) and not any(map(is_folder, around))
    return bool(around) and (is_away or is_unchanged(text))


def _around(text: Part, sources: Collection[str]) -> list[Path]:
    """Those of the sources in which a text lies."""
    path = Path(text.path or "")
    return [Path(place) for place in sources if "://" not in place and path.is_relative_to(place)]

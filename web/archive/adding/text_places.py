"""Whose the texts in folders are, where files have changed names: an episode is its sound, which is known by its bytes,
so the text that lies beside that is its own, as it did when both were paired.

Where that is another episode's, by its bytes or its words, the names or the words lie. Those among which texts change
places alone, each to another one's sound, have been put right at the source, and change transcripts; else nobody can
tell, and none is given another's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from web.archive.adding.following import moved, swapped
from web.archive.adding.made import Made, Part, at_place, is_unchanged
from web.archive.adding.making import part_of
from web.archive.pairing.items import Text
from web.archive.pairing.names import folded
from web.archive.sources.folders import Found

# Of the telling words of two texts, the share that both have where one was made of the other.
_PLAINLY, _MOSTLY = 0.8, 0.5

Said = Callable[[Made], Collection[int]]
"""The telling words of an episode's transcript, as hashes."""


@dataclass(frozen=True, slots=True)
class TextPlaces:
    """The ``keys`` of the episodes whose texts lie at these paths; those that have ``exchanged`` theirs, and the file
    that each has now; those that are ``apart`` from theirs, as that of another one lies beside their sound; and those
    ``pending``, of which it is noted where they lie once they are given what lies there."""

    keys: Mapping[str, str]
    exchanged: Mapping[str, Part]
    apart: Mapping[str, str]
    pending: Collection[str]


@dataclass(slots=True)
class Whereabouts:
    """Where the texts of episodes lay ``before`` and lie now that their sounds were followed to where these are
    ``there``: the ``texts`` that were found, the parts that have ``moved`` as they were, and what is ``said``."""

    before: Mapping[str, Made]
    there: Mapping[str, Made]
    moved: Mapping[str, Part]
    texts: Sequence[Text]
    said: Said
    _own: dict[str, Part] = field(default_factory=dict)  # by the keys of episodes, as they were taken
    _found: dict[str, Text] = field(default_factory=dict)  # by path
    _files: dict[str, Part] = field(default_factory=dict)  # by path, as they are now
    _at: dict[str, str] = field(default_factory=dict)  # the keys of episodes by where their texts lie as they were
    _touched: set[str] = field(default_factory=set)  # keys of episodes
    _words: dict[str, frozenset[int]] = field(default_factory=dict)  # of episodes, by key

    def told(self) -> TextPlaces:
        """Whose texts lie where."""
        texts = {key: self.moved.get(key, made.text) for key, made in self.there.items()}
        self._own = {key: text for key, text in texts.items() if text and text.path}
        self._found = {str(text.file.path): text for text in self.texts if text.file}
        self._files = {str(text.path): text for text in self._own.values()}
        self._files |= {path: part_of(text.file) for path, text in self._found.items() if text.file}
        if any(map(self._is_touched, self._own)):
            files = self._files.items()
            self._files = {path: file for path, file in files if path in self._found or is_unchanged(file)}
        self._touched = {key for key in self._own if self._is_touched(key)}
        self._at = {str(text.path): key for key, text in self._own.items() if self._is_own(key)}
        beside = self._beside() if self._touched else {}
        whose = {key: self._whose(path, key) for key, path in beside.items()}
        foreign = {key: other for key, other in whose.items() if other is not None and other != key}
        exchanged = {key for key in foreign if _comes_back(key, foreign)}
        keys, claimed, elsewhere = dict[str, str](), {*beside.values()}, {*foreign.values()}
        for key, text in self._own.items():
            is_own = self._is_own(key) or (key not in beside and self._is_free(key, claimed))
            if key not in exchanged and is_own:
                keys[str(text.path)] = key
        for key, path in beside.items():
            is_new = whose[key] is None and not self._is_own(key) and key not in elsewhere
            if key in exchanged or whose[key] == key or is_new:
                keys[path] = key
        apart = {key: other for key, other in foreign.items() if key not in exchanged}
        changed = {key for path, key in keys.items() if self._files[path].sha256 != self._own[key].sha256}
        others_there = {key for key, text in self._own.items() if text.path in self._files and not self._is_own(key)}
        pending = {*exchanged, *apart, *changed, *others_there, *elsewhere}
        return TextPlaces(keys, {key: self._files[beside[key]] for key in exchanged}, apart, pending)

    def _is_touched(self, key: str) -> bool:
        """Whether an episode's sound or text lies elsewhere by now, or its text is another, or alone is gone."""
        if self._has_sound_moved(key) or key in self.moved:
            return True
        is_there = str(self._own[key].path) in self._files or is_unchanged(self.there[key].at_source)
        return is_there and not self._is_own(key)

    def _has_sound_moved(self, key: str) -> bool:
        return self.before[key].at_source.path != self.there[key].at_source.path

    def _is_own(self, key: str) -> bool:
        """Whether an episode's text lies at its place as it was."""
        text = self._own[key]
        file = self._files.get(str(text.path))
        return file is not None and file.sha256 == text.sha256

    def _beside(self) -> dict[str, str]:
        """The paths of the texts that lie beside the sounds of episodes by now, as theirs did; none that lies so beside
        two of them, nor where another one's sound lies in the place of one that is gone."""
        places = _Places(self._files)
        found = dict[str, str]()
        lying = Counter(made.at_source.path for made in self.there.values())
        for key in self._touched:
            sound, text, now = self.before[key].at_source.path, self.before[key].text, self.there[key].at_source.path
            if not (sound and now and text and text.path):
                continue
            if lying[now] > 1 and not is_unchanged(self.there[key].at_source):
                continue
            if path := places.beside(Path(now), Path(sound), Path(text.path)):
                found[key] = path
        counts = Counter(found.values())
        return {key: path for key, path in found.items() if counts[path] == 1}

    def _whose(self, path: str, beside: str) -> str | None:
        """The episode whose transcript a text is, first of all that ``beside`` whose sound it lies; None if none's."""
        sha256 = self._files[path].sha256
        if sha256 == self._own[beside].sha256:
            return beside
        by_bytes = self._at.get(path)
        return by_bytes or (self._worded(self._found[path], beside) if path in self._found else None)

    def _worded(self, text: Text, first: str) -> str | None:
        """The episode of which most words of a text are, of those that are touched: the nearest, and of several as near
        the ``first``."""
        words = frozenset(text.clues.said)
        if len(self._touched) == 1 or (near := self._nearness(words, first)) >= _PLAINLY:
            return first
        nearest, other = max((self._nearness(words, key), key) for key in self._touched if key != first)
        return other if nearest > max(near, _MOSTLY) else first if near >= _MOSTLY else None

    def _nearness(self, words: frozenset[int], key: str) -> float:
        """How large a share of these telling words of a text and of its own an episode's transcript has in common."""
        if key not in self._words:
            self._words[key] = frozenset(self.said(self.there[key]))
        own = self._words[key]
        shared = len(own & words)
        return shared / (len(own) + len(words) - shared) if shared else 0.0

    def _is_free(self, key: str, claimed: Collection[str]) -> bool:
        """Whether a changed text at the place of an episode's is its own, though none lies beside its sound."""
        path = str(self._own[key].path)
        if path in claimed or path not in self._found or self._at.get(path, key) != key:
            return False
        whose = self._worded(self._found[path], key)
        return whose == key or (whose is None and not self._has_sound_moved(key))


def follow_files(
    there: Mapping[str, Made], found: Found, sources: Collection[str], said: Said
) -> tuple[dict[str, Made], TextPlaces]:
    """Episodes whose files lie elsewhere among what was ``found`` by now, as these lie there; and whose texts lie
    where."""
    now, files = dict(there), [sound.file for sound in found.sounds]
    for key, part in moved({key: made.at_source for key, made in there.items()}, files, sources).items():
        now[key] = at_place(now[key], part)
    now |= {made.key: made for made in swapped(now, files)}
    texts = {key: made.text for key, made in there.items() if made.text}
    lie = moved(texts, (text.file for text in found.texts), sources)
    places = Whereabouts(there, now, lie, found.texts, said).told()
    for key, part in lie.items():
        if key not in places.exchanged:
            now[key] = msgspec.structs.replace(now[key], text=part)
    return now, places


class _Places:
    """Texts by where they lie."""

    def __init__(self, paths: Collection[str]) -> None:
        self._named, self._in = defaultdict[str, list[Path]](list), defaultdict[Path, list[Path]](list)
        for path in map(Path, paths):
            self._named[folded(path.stem)].append(path)
            self._in[path.parent].append(path)

    def beside(self, sound: Path, other: Path, text: Path) -> str | None:
        """The text that lies beside a ``sound`` as a ``text`` did beside the ``other`` one: of its name, else as the
        only one of its folder."""
        if folded(other.stem) == folded(text.stem):
            ranks: Iterator[list[Path]] = _nearer(self._named.get(folded(sound.stem), []), sound)
        elif other.parent == text.parent:
            ranks = iter([self._in.get(sound.parent, [])])
        else:
            return None
        nearest = next((rank for rank in ranks if rank), [])
        return str(nearest[0]) if len(nearest) == 1 else None


def _nearer(paths: Sequence[Path], sound: Path) -> Iterator[list[Path]]:
    """Those in the sound's folder, in one of its name, and wherever."""
    yield [path for path in paths if path.parent == sound.parent]
    yield [path for path in paths if path.parent.name == sound.parent.name]
    yield list(paths)


def _comes_back(key: str, others: Mapping[str, str]) -> bool:
    """Whether each has another one's, and the first one's the last."""
    at, seen = others[key], {key}
    while at in others and at not in seen:
        seen.add(at)
        at = others[at]
    return at == key

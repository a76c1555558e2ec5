"""Which sounds and texts lie near each other: in one folder, or in folders of one name in two trees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from web.archive.pairing.items import Sound, Text
from web.archive.pairing.names import folded


@dataclass(frozen=True, slots=True)
class Nearness:
    """Whether two are ``near`` each other, and of all that one of them may be with the ``share`` that is; ``folder`` is
    what the folder is called that tells it, which both lie in, or which is ``alike`` in name only."""

    near: bool
    share: float
    folder: str
    alike: bool = False


class Places:
    """Where the sounds and texts lie that are to be paired."""

    def __init__(self, sounds: Sequence[Sound], texts: Sequence[Text]) -> None:
        self._sounds, self._texts = _Lying(sounds), _Lying(texts)

    def told(self, sound: Sound, text: Text) -> list[Nearness]:
        """What it tells where the two lie; nothing where all of the other kind lie alike. Where the sound's folders
        tell nothing, the text's may: of two folders with sounds, one alone has texts."""
        return _told(sound, text, self._texts) or _told(text, sound, self._sounds)

    def texts_near(self, sound: Sound) -> int | None:
        """How many texts lie in the innermost folder of a sound that has some, but not all; None where none has."""
        return sum(self._texts.inside[folder] for folder in self._texts.telling(sound)) or None


class _Lying:
    """How many lie in each folder, however deep, and how many of these in one called so, by its folded name."""

    def __init__(self, items: Sequence[Sound] | Sequence[Text]) -> None:
        self.count = len(items)
        self.inside, self.called = Counter[Path](), Counter[tuple[Path, str]]()
        for item in items:
            for folder in _folders(item):
                self.inside[folder] += 1
            for folder in _upwards(item.folder):
                self.called.update((folder, name) for name in {*_names_below(item, folder).values()})

    def telling(self, item: Sound | Text) -> list[Path]:
        """Of each place of an item the innermost folder in which some of these lie, but not all."""
        found = (next(filter(self._is_telling, _upwards(place)), None) for place in _lies_in(item))
        return [*dict.fromkeys(filter(None, found))]

    def _is_telling(self, folder: Path) -> bool:
        return 0 < self.inside[folder] < self.count


def _told(item: Sound | Text, other: Sound | Text, others: _Lying) -> list[Nearness]:
    """What the folders of an item tell of it and one of the others."""
    found = list[Nearness]()
    folders = others.telling(item)
    share = sum(others.inside[folder] for folder in folders) / others.count
    if folders and share < 1:
        near = next((folder for folder in folders if folder in _folders(other)), None)
        found.append(Nearness(near is not None, share, (near or folders[0]).name))
    nearest = next((folder for folder in _upwards(item.folder) if others.inside[folder]), None)
    if nearest and nearest in _upwards(other.folder):
        inside = others.inside[nearest]
        for spelt, name in _names_below(item, nearest).items():
            if 0 < (count := others.called[nearest, name]) < inside:
                near_by_name = name in _names_below(other, nearest).values()
                found.append(Nearness(near_by_name, count / inside, spelt, alike=True))
                break
    return found


def _lies_in(item: Sound | Text) -> tuple[Path, ...]:
    """Where it lies, and where a sound lies once more."""
    own = (item.folder,) if item.folder else ()
    return (*own, *item.beside) if isinstance(item, Sound) else own


def _folders(item: Sound | Text) -> frozenset[Path]:
    """All folders in which it lies, however deep."""
    return _all_above(_lies_in(item))


def _names_below(item: Sound | Text, folder: Path) -> Mapping[str, str]:
    """The folded names of the folders in which it lies within another one, by how they are spelt, the innermost
    first."""
    assert item.folder
    return _names_between(item.folder, folder)


@lru_cache(maxsize=10_000)
def _upwards(folder: Path | None) -> tuple[Path, ...]:
    """A folder and those that it lies in, the innermost first."""
    return (folder, *folder.parents) if folder else ()


@lru_cache(maxsize=10_000)
def _all_above(places: tuple[Path, ...]) -> frozenset[Path]:
    return frozenset(folder for place in places for folder in _upwards(place))


@lru_cache(maxsize=100_000)
def _names_between(inner: Path, outer: Path) -> Mapping[str, str]:
    return {part: name for part in reversed(inner.relative_to(outer).parts) if (name := folded(part))}

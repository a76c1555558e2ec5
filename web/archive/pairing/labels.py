"""What sounds and texts are called where they are shown together, so that no two are called alike.

A file is told by as many of its folders as that takes, an item of a feed by its date, its number, its show and its
file. What is told already is what is like no other, whatever its letters' case.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from aligner.storage.file_names import printable
from web.archive.pairing.items import Entry, Sound, Text

T = TypeVar("T", Sound, Text)


def told_apart(items: Sequence[T], known: Sequence[Path] = ()) -> list[T]:
    """The items, those with a ``label`` that would be called as another one, or as a file that is ``known``."""
    own = {each.file.path for each in items if each.file}
    others: list[Path] = [path for path in known if path not in own]
    names = [*(each.name for each in items), *(path.name for path in others)]
    shown = _apart(names, [*map(_longer_of, items), *map(_by_folder, others)])
    return [each if each.name == name else replace(each, label=name) for each, name in zip(items, shown, strict=False)]


def names_apart(paths: Sequence[Path]) -> list[str]:
    """What the files are called."""
    return _apart([printable(path.name) for path in paths], [_by_folder(path) for path in paths])


def _by_folder(path: Path) -> Iterator[str]:
    """The names of a file that say more and more where it lies."""
    parts = [printable(part) for part in path.parts if part != path.anchor]
    return ("/".join(parts[-count:]) for count in range(2, len(parts) + 1))


def _longer_of(item: Sound | Text) -> Iterator[str]:
    if item.file:
        return _by_folder(item.file.path)
    return _of_entry(item.entry) if isinstance(item, Sound) and item.entry else iter(())


def _of_entry(entry: Entry) -> Iterator[str]:
    number = f"S{entry.season} #{entry.number}" if entry.season is not None else f"#{entry.number}"
    told = [entry.date, number if entry.number is not None else None, entry.show, entry.sound_name]
    known = [each for each in told if each]
    return (f"{entry.name} ({', '.join(known[:count])})" for count in range(1, len(known) + 1))


def _apart(names: Sequence[str], longer: Sequence[Iterator[str]]) -> list[str]:
    """The names, and in the place of those that are alike the first of the ``longer`` ones that is like no other; the
    same where none is, as of files of one folder whose names differ by case alone."""
    shown, likenesses = [*names], [*map(_likeness, names)]
    while True:
        counts = Counter(likenesses)
        alike = [i for i, each in enumerate(likenesses) if counts[each] > 1]
        more = {i: name for i in alike if (name := next(longer[i], None))}
        if not more:
            return [names[i] if i in alike else shown[i] for i in range(len(names))]
        for i, name in more.items():
            shown[i], likenesses[i] = name, _likeness(name)


def _likeness(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()

"""Texts in one folder that are called alike but for their ending, of which one is taken: that of which an episode was
made, else what people wrote before captions, but for what has so few words beside another that it is notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from web.archive.pairing.items import Text
from web.archive.pairing.labels import names_apart

_CAPTIONS = (".srt", ".vtt", ".json")
_LEAST_WORDS = 0.25  # of those of the longest; captions that roll have each word up to three times


@dataclass(frozen=True, slots=True)
class Forms:
    """The texts that are called alike, the likeliest first; ``is_known`` where the first is an episode's already, and
    the others need not be looked into."""

    files: Sequence[Path]
    is_known: bool

    @property
    def to_read(self) -> Sequence[Path]:
        """Those of which one is taken."""
        return self.files[:1] if self.is_known else self.files

    def taken(self, read: Mapping[Path, Text]) -> Path:
        """The one that is taken, of those that could be ``read``."""
        if self.is_known or not (lengths := {file: _length(read[file]) for file in self.files if file in read}):
            return self.files[0]
        longest = max(lengths.values())
        return next(file for file, length in lengths.items() if length >= _LEAST_WORDS * longest)


def forms_of(files: Iterable[Path], own: Collection[str]) -> list[Forms]:
    """The texts in ``files`` by what they are called; ``own`` are the paths of those that are episodes'."""
    groups = defaultdict[tuple[Path, str], list[Path]](list)
    for file in files:
        groups[file.parent, file.stem].append(file)
    return [
        Forms(
            sorted(group, key=lambda file: (str(file) not in own, file.suffix.lower() in _CAPTIONS, file.name)),
            any(str(file) in own for file in group),
        )
        for group in groups.values()
    ]


def names_of(pairs: Sequence[tuple[Path, Path]], others: Iterable[Path]) -> tuple[tuple[str, str], ...]:
    """What texts are called that lie beside one which is taken, after the name of that; no two alike, nor as one of the
    ``others``."""
    if not pairs:
        return ()
    files = list(dict.fromkeys((*(file for pair in pairs for file in pair), *others)))
    called = dict(zip(files, names_apart(files), strict=True))
    return tuple((called[one], called[other]) for one, other in pairs)


def _length(text: Text) -> float:
    return text.clues.length or 0.0

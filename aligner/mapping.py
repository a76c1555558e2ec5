"""Where places of an old text are in a new one: words, passages, ranges of characters, paragraphs.

Whatever follows an edited text asks here. What both texts begin and end with is skipped, so that one corrected word
costs milliseconds in the longest transcript.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from aligner.model import Transcript
from aligner.normalization import fold, letters_of

_ALIKE = 0.7  # of the letters of two words that are one: Jon and John are one name, "six" and "dix" two numbers


def reading(text: str) -> str:
    """Return what tells a word from others: its letters and digits, or the word itself if it has none."""
    return fold(text) or text


def is_same_word(old: str, new: str, language: str) -> bool:
    """Return whether a word that took the place of another is that word, at most spelled otherwise."""
    from rapidfuzz.distance import Levenshtein

    if reading(old) == reading(new):
        return True
    one, other = letters_of(old, language), letters_of(new, language)
    return bool(one and other) and Levenshtein.normalized_similarity(one, other) >= _ALIKE


@dataclass(frozen=True, slots=True)
class Run:
    """Old items and the new ones in their place, which are the same or ``differ``."""

    old: range
    new: range
    differ: bool


class Mapping:
    """Where the items of an old sequence are in a new one; items of the same ``key`` are the same. ``changes`` are the
    runs that differ, in order; no two touch each other."""

    def __init__(
        self, old: Sequence[Hashable], new: Sequence[Hashable], key: Callable[..., Hashable] | None = None
    ) -> None:
        self._runs = list(_runs(old, new, key))
        touching = ([*group] for differ, group in groupby(self._runs, lambda run: run.differ) if differ)
        self.changes = [
            Run(range(each[0].old.start, each[-1].old.stop), range(each[0].new.start, each[-1].new.stop), True)
            for each in touching
        ]

    def kept(self) -> dict[int, int]:
        """Return the new index of each old item that is still there."""
        return {old: new for run in self._runs if not run.differ for old, new in zip(run.old, run.new, strict=True)}

    def counterparts(self) -> dict[int, int]:
        """Return ``kept`` and, for each item that one other item replaced, the index of that."""
        replaced = {run.old[0]: run.new[0] for run in self._runs if run.differ and len(run.old) == 1 and run.new}
        return dict(sorted((self.kept() | replaced).items()))

    def passage(self, items: range) -> range:
        """Return what now stands in the place of ``items``, changed or not; it is empty if they were removed.

        What was inserted just before or after them is not part of it. If an edge of ``items`` lies in a change, as many
        new items belong to it, counted from that end of the change, as old ones.
        """
        start = self._start(items.start)
        return range(start, max(start, self._stop(items.stop)))

    def untouched(self, items: range) -> range | None:
        """Return where ``items`` are, None if one of them was changed or something was inserted among them.

        An empty range is a place between two items: it moves with the item after it.
        """
        if any(change.old.start < items.stop and items.start < change.old.stop for change in self.changes):
            return None
        start = self._start(items.start)
        return range(start, self._stop(items.stop) if items else start + items.stop - items.start)

    def is_inserted(self, new: range) -> bool:
        """Return whether none of the new items is an old one."""
        return any(each.new.start <= new.start and new.stop <= each.new.stop for each in self.changes)

    def _start(self, place: int) -> int:
        """Return where a range that started at ``place`` starts."""
        done = bisect_right(self.changes, place, key=lambda change: change.old.stop)
        if done < len(self.changes) and (change := self.changes[done]).old.start < place:
            return min(change.new.start + place - change.old.start, change.new.stop)
        return place + (self.changes[done - 1].new.stop - self.changes[done - 1].old.stop if done else 0)

    def _stop(self, place: int) -> int:
        """Return where a range that stopped at ``place`` stops."""
        begun = bisect_left(self.changes, place, key=lambda change: change.old.start)
        if not begun:
            return place
        change = self.changes[begun - 1]
        return max(change.new.start, change.new.stop + place - change.old.stop)


class TextMapping(Mapping):
    """Where the words and characters of an old transcript are in a new one; case, accents and punctuation of a word
    may have changed."""

    def __init__(self, old: Transcript, new: Transcript) -> None:
        super().__init__([word.text for word in old.words], [word.text for word in new.words], reading)
        self._old, self._new = old.words, new.words

    def chars(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the characters of the words that now stand in the place of those between two characters, None if
        there are none."""
        first = bisect_right(self._old, start, key=lambda word: word.char_end)
        stop = bisect_left(self._old, end, key=lambda word: word.char_start)
        now = self.passage(range(first, stop)) if first < stop else range(0)
        return (self._new[now[0]].char_start, self._new[now[-1]].char_end) if now else None


def _runs(old: Sequence[Hashable], new: Sequence[Hashable], key: Callable[..., Hashable] | None) -> Iterator[Run]:
    from rapidfuzz.distance import Levenshtein

    first = _common(old, new)
    last = _common(old[first:][::-1], new[first:][::-1])
    yield Run(range(first), range(first), differ=False)
    middles = (side[first : len(side) - last] for side in (old, new))
    for edit in Levenshtein.opcodes(*([key(each) for each in side] if key else side for side in middles)):
        yield Run(
            range(first + edit.src_start, first + edit.src_end),
            range(first + edit.dest_start, first + edit.dest_end),
            differ=edit.tag != "equal",
        )
    yield Run(range(len(old) - last, len(old)), range(len(new) - last, len(new)), differ=False)


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    """Return how many items both begin with."""
    shorter = min(len(old), len(new))
    return next((k for k in range(shorter) if old[k] != new[k]), shorter)

"""Map words, passages, character ranges and paragraphs of an old text to a new text.

The common beginning and the common end of both texts are skipped. So after a single correction, mapping takes
milliseconds even in the longest transcript.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from aligner.model import Transcript
from aligner.normalization import fold, letters_of

_ALIKE = 0.7  # least similarity of two spellings of a word: Jon and John are one name, "six" and "dix" two numbers


def reading(text: str) -> str:
    """Return the key by which words are compared: the letters and digits in lower case, or the word if it has none."""
    return fold(text) or text


def is_same_word(old: str, new: str, language: str) -> bool:
    """Return whether ``old`` and ``new`` are equal, or similar spellings of one word."""
    from rapidfuzz.distance import Levenshtein

    if reading(old) == reading(new):
        return True
    one, other = letters_of(old, language), letters_of(new, language)
    return bool(one and other) and Levenshtein.normalized_similarity(one, other) >= _ALIKE


@dataclass(frozen=True, slots=True)
class Run:
    """A range of old items and the range of new items at the same place. ``differ`` is False if the items are equal."""

    old: range
    new: range
    differ: bool


class Mapping:
    """A mapping from indices of an old sequence to indices of a new one. Two items count as equal if ``key`` returns
    the same value for both, or without ``key`` if they compare as equal. ``changes`` are the pairs of ranges that
    differ, in order; adjacent changes are joined."""

    def __init__(
        self, old: Sequence[Hashable], new: Sequence[Hashable], key: Callable[..., Hashable] | None = None
    ) -> None:
        self._runs = list(_runs(old, new, key))
        touching = ([*group] for differ, group in groupby(self._runs, lambda run: run.differ) if differ)
        self.changes = [
            Run(range(each[0].old.start, each[-1].old.stop), range(each[0].new.start, each[-1].new.stop), True)
            for each in touching
        ]

    def unchanged(self) -> dict[int, int]:
        """Return a mapping from the old index to the new index of each unchanged item."""
        return {old: new for run in self._runs if not run.differ for old, new in zip(run.old, run.new, strict=True)}

    def counterparts(self) -> dict[int, int]:
        """Return ``unchanged`` plus each item that was replaced on its own, mapped to the item that replaced it."""
        replaced = {run.old[0]: run.new[0] for run in self._runs if run.differ and len(run.old) == 1 and run.new}
        return dict(sorted((self.unchanged() | replaced).items()))

    def passage(self, items: range) -> range:
        """Return the range of new items for the old ``items``, changed or not; an empty range if they were removed.

        Items inserted directly before or after are excluded. If the range starts inside a change, the new range starts
        equally many items after the start of the change. If the range stops inside a change, the new range stops
        equally many items before the end of the change."""
        start = self._start(items.start)
        return range(start, max(start, self._stop(items.stop)))

    def untouched(self, items: range) -> range | None:
        """Return the new indices of ``items``; None if an item was changed or something was inserted between the items.

        An empty range stands for the position before an item. The new empty range is the position before the same item.
        """
        if any(change.old.start < items.stop and items.start < change.old.stop for change in self.changes):
            return None
        start = self._start(items.start)
        return range(start, self._stop(items.stop) if items else start + items.stop - items.start)

    def is_inserted(self, new: range) -> bool:
        """Return whether all items in ``new`` (new indices) came in one change: inserted, or in place of old ones."""
        return any(each.new.start <= new.start and new.stop <= each.new.stop for each in self.changes)

    def _start(self, at: int) -> int:
        """Return the index at which a range in the new sequence starts if the old range started at ``at``."""
        done = bisect_right(self.changes, at, key=lambda change: change.old.stop)
        if done < len(self.changes) and (change := self.changes[done]).old.start < at:
            return min(change.new.start + at - change.old.start, change.new.stop)
        return at + (self.changes[done - 1].new.stop - self.changes[done - 1].old.stop if done else 0)

    def _stop(self, at: int) -> int:
        """Return the index at which a range in the new sequence stops if the old range stopped at ``at``."""
        started = bisect_left(self.changes, at, key=lambda change: change.old.start)
        if not started:
            return at
        change = self.changes[started - 1]
        return max(change.new.start, change.new.stop + at - change.old.stop)


class TextMapping(Mapping):
    """A mapping from the words of an old transcript to those of a new one, ignoring case, accents and punctuation."""

    def __init__(self, old: Transcript, new: Transcript) -> None:
        super().__init__([word.text for word in old.words], [word.text for word in new.words], reading)
        self._old, self._new = old.words, new.words

    def chars(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the character range, in the new text, of the words that correspond to the old words between the
        offsets ``start`` and ``end`` in the old text. Return None if there are no such words."""
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
    shorter = min(len(old), len(new))
    return next((k for k in range(shorter) if old[k] != new[k]), shorter)

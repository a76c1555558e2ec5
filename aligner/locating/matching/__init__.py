"""Matching the letters of a transcript with the letters that an ear heard, a whole episode at once.

Rare n-grams seed the match; between seeds, rarer ones do at that place; what is left is short and is aligned letter by
letter. So is what lies beside a hole, a passage that one side lacks: where something is said twice and written once, or
the other way round, seeds would tear it between its copies. What is there twice each side tells by itself. Last, pairs
that stand in a passage where little else matches are dropped: two unrelated passages have nearly half their letters in
common order by chance.

Time grows near-linearly with the episode, since only unmatched stretches of bounded size are aligned exhaustively.

Conventions
-----------
The reference is the transcript's spoken letters, the hypothesis the heard ones, both as spelled by
``aligner.normalization``; the result is, for each reference letter, the index of the hypothesis letter that it is, or
-1; and what of either side is a copy that the other one lacks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec import msgpack
from numpy.typing import NDArray

from aligner.content_cache import ContentCache, code_of, content_key
from aligner.locating.matching.affine import Copies, Costs, Run, Side, align_letters, copied_letters
from aligner.locating.matching.seeds import Letters, Pairs, seed_pairs

_KEPT = np.dtype("<i4")


def cached_seeds(reference: Letters, hypothesis: Letters, length: int, crossings: int, cache: ContentCache) -> Pairs:
    """As ``seed_pairs``; sought where it is not known."""
    key = content_key(_code(), reference.tobytes(), hypothesis.tobytes(), length, crossings)
    kept = cache.get(key)
    if kept is None:
        kept = _packed(seed_pairs(reference, hypothesis, length, crossings))
        cache.put(key, kept)
    return _unpacked(kept)


def cached_alignments(runs: Sequence[Run], cache: ContentCache) -> list[Pairs]:
    """As ``align_letters``, shape (n, 2) each; aligned where it is not known."""
    keys = [_key(run) for run in runs]
    new = [k for k, key in enumerate(keys) if cache.get(key) is None]
    for k, pairs in zip(new, align_letters([runs[k] for k in new]), strict=True):
        cache.put(keys[k], _packed(np.array(pairs, np.int64)))
    return [_unpacked(cache.used[key]) for key in keys]


def cached_copies(letters: Letters, cache: ContentCache) -> list[Copies]:
    """As ``copied_letters``; looked for where it is not known."""
    key = content_key(_code(), "copies", letters.tobytes())
    kept = cache.get(key)
    if kept is None:
        found = copied_letters(letters)
        kept = msgpack.encode([(one.slack, *one.edges) for one in found])
        cache.put(key, kept)
    return [Copies(tuple(edges), slack) for slack, *edges in msgpack.decode(kept, type=list[list[int]])]


def _key(run: Run) -> bytes:
    reference, hypothesis = ((side.letters.tobytes(), side.tears.tobytes(), repr(side.copies)) for side in run)
    return content_key(_code(), reference, hypothesis)


def _code() -> bytes:
    return code_of(str(Path(__file__).parent))


def _packed(pairs: Pairs) -> bytes:
    return pairs.astype(_KEPT).tobytes()


def _unpacked(kept: bytes) -> Pairs:
    return np.frombuffer(kept, _KEPT).reshape(-1, 2).astype(np.int64)


__all__ = ["Match", "Trust", "code_points", "match_letters"]

# Letters of a seed, about 4, 2 and 1 words in any language written in letters, each sought only between longer seeds;
# and in how many ways the places of a repeated one may be paired, eight teasers with eight: short repeats are too
# common to be told apart.
_SEEDS: tuple[tuple[int, int], ...] = ((16, 64), (10, 1), (6, 1))

_SMALL_CELLS = 1_500  # up to here letter alignment is as cheap as looking for seeds
_LARGE_CELLS = 2_000_000  # past this the passages have no seed in common and are taken as unrelated
_CORNER = 200  # letters at each end of such passages that are still aligned with each other


# Letters that one side has more than the other between two seeds, to be a hole; and how far beside it seeds are not
# believed: as far as it is long, if it may be a copy of what is beside it, and somewhat more.
_HOLE, _REACH, _AROUND = 8, 400, 32
_DRIFT = 0.25  # of the letters between two seeds, that one side may have more because so many were misheard

_SURE = 12  # letters of a copy; shorter ones are mostly words, which the frames tell better
_WHOLE = 0.75  # of a copy without pairs, for it to be left out: letters are misheard, or like others by chance

# Letters in a row that are as good as all paired, less a letter and a tenth for each that is not, are no chance: of 144
# texts and sounds that have nothing in common, up to 16 minutes long, none has 13.
_IN_A_ROW, _UNPAIRED = 14.0, 1.1

_TEAR = 1.5  # letters that an edge of a hole costs, where nothing is known of the place


@dataclass(frozen=True, slots=True)
class Trust:
    """A pair is believed if, of the letters that ``pairs`` around it span, these shares are paired.

    By default in the reference, which says little that the voices do not, and in the hypothesis, which has the voices'
    hesitations besides, as words of a recogniser are.
    """

    pairs: int = 20
    ref: float = 0.7
    hyp: float = 0.5


_WORDS = Trust()


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """``places`` (letters of the reference,) the index in the hypothesis of the same letter said there, or -1.

    ``unsaid`` flags letters of a copy that only the reference has, ``unwritten`` those of one that only the hypothesis
    has, but of a word; ``doubtful`` letters of the reference whose places may belong to such a copy.
    """

    places: NDArray[np.int64]
    unsaid: NDArray[np.bool_]
    unwritten: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A stretch of either side, which start at reference letter ``i`` and hypothesis letter ``j``."""

    ref: Side
    hyp: Side
    i: int
    j: int

    @property
    def cells(self) -> int:
        return len(self.ref.letters) * len(self.hyp.letters)

    def cut(self, i: int, i_end: int, j: int, j_end: int) -> _Part:
        return _Part(self.ref.cut(i, i_end), self.hyp.cut(j, j_end), self.i + int(i), self.j + int(j))


def match_letters(
    reference: str,
    hypothesis: str,
    trust: Trust = _WORDS,
    tears: tuple[Costs, Costs] | None = None,
    copies: tuple[Sequence[Copies], Sequence[Copies]] = ((), ()),
    cache: ContentCache | None = None,
) -> Match:
    """Where the letters of ``reference`` are in ``hypothesis``.

    The places that are not -1 increase strictly, and both letters of a pair are equal. Of either side, ``tears`` are
    what it costs that a passage which the other side lacks begins or ends before a letter, or after the last, and
    ``copies`` what stands there twice or more in a row; ``cache`` knows stretches that were matched before.
    """
    ref, hyp = code_points(reference), code_points(hypothesis)
    if tears is None:
        tears = np.full(len(ref) + 1, _TEAR, np.float32), np.full(len(hyp) + 1, _TEAR, np.float32)
    cache = cache or ContentCache()
    long = [tuple(one for one in of_side if one.shift >= _SURE) for of_side in copies]
    seeded, parts = _seeded(_Part(Side(ref, tears[0], long[0]), Side(hyp, tears[1], long[1]), 0, 0), cache)
    pairs = np.concatenate([*seeded, *_aligned(parts, cache)])
    pairs = _trusted(pairs[np.argsort(pairs[:, 0], kind="stable")], trust)
    places = np.full(len(ref), -1, np.int64)
    places[pairs[:, 0]] = pairs[:, 1]
    unsaid, unwritten, doubtful = np.zeros(len(ref), bool), np.zeros(len(hyp), bool), np.zeros(len(ref), bool)
    for one, count, stop in _left_out(pairs, long[0]):
        last = max(count, int(np.abs(np.array(one.edges) - stop).argmin()))
        unsaid[one.edges[last - count] : one.edges[last]] = True
    for one, count, stop in _left_out(pairs[:, ::-1], long[1]):
        start = stop - count * one.shift
        unwritten[max(0, start) : stop] = True
        doubtful[(places >= start - one.slack) & (places < start)] = True
    return Match(places, unsaid, unwritten, doubtful)


def _left_out(pairs: Pairs, copies: Sequence[Copies]) -> Iterator[tuple[Copies, int, int]]:
    """Where the first side of ``pairs`` has as many letters more than the other as its copies there have, or nearly:
    how many of these, and where they stop."""
    for one in copies:
        first = int(np.searchsorted(pairs[:, 0], one.start - one.slack))
        last = int(np.searchsorted(pairs[:, 0], one.stop + one.slack, "right"))
        near = pairs[max(0, first - 1) : last + 1]
        more = np.diff(near[:, 0]) - np.diff(near[:, 1])
        for at in np.flatnonzero(more >= _WHOLE * one.shift).tolist():
            start, stop = max(near[at, 0] + 1, one.start - one.slack), min(near[at + 1, 0], one.stop + one.slack)
            count = int(min(more[at], stop - start) / one.shift + 1 - _WHOLE)
            if 0 < count < len(one.edges):
                yield one, count, int(stop)


def code_points(text: str) -> Letters:
    """Letters as numbers, one each."""
    return np.frombuffer(text.encode("utf-32-le"), np.int32)


def _seeded(whole: _Part, cache: ContentCache) -> tuple[list[Pairs], list[_Part]]:
    """Pairs of seeds, ever shorter ones in each part that longer ones leave; and the parts that are left at last."""
    pairs, parts = [np.empty((0, 2), np.int64)], []
    open_parts = [(whole, _SEEDS)]
    while open_parts:
        part, seeds = open_parts.pop()
        if part.cells <= _SMALL_CELLS or not seeds:
            parts += _parts(part)
            continue
        found = cached_seeds(part.ref.letters, part.hyp.letters, *seeds[0], cache)
        edges = np.vstack([[[-1, -1]], found, [[len(part.ref.letters), len(part.hyp.letters)]]])
        beside = _beside_holes(edges, part)
        pairs.append(found[~beside[1:-1]] + np.array([part.i, part.j]))
        kept = np.flatnonzero(~beside)
        for k in np.flatnonzero((np.diff(edges[kept], axis=0) > 1).all(axis=1)).tolist():
            (i, j), (i_end, j_end) = (edges[kept[k]] + 1).tolist(), edges[kept[k + 1]].tolist()
            open_parts.append((part.cut(i, i_end, j, j_end), () if kept[k + 1] > kept[k] + 1 else seeds[1:]))
    return pairs, parts


def _beside_holes(edges: Pairs, part: _Part) -> NDArray[np.bool_]:
    """Which pairs are so near to a hole that they may be of another copy of what is said or written there twice.

    A hole between two pairs, on one side, is moved along by any number of letters without a loss if what it passes is
    the same as what it then leaves: seeds do not tell where it belongs. The first and the last pair are only edges.
    """
    steps = np.diff(edges, axis=0)
    sizes = np.abs(steps[:, 1] - steps[:, 0])
    beside = np.zeros(len(edges), bool)
    for at in np.flatnonzero(sizes >= _HOLE + _DRIFT * steps.min(axis=1)).tolist():
        reach = min(int(sizes[at]), _REACH) + _AROUND
        low, high = edges[at] - reach, edges[at + 1] + reach
        first = min(int(np.searchsorted(edges[:, side], low[side], "right")) for side in (0, 1))
        last = max(int(np.searchsorted(edges[:, side], high[side], "left")) for side in (0, 1))
        beside[first:last] = True
    for first, last in _beside_copies(edges, part):
        beside[first:last] = True
    beside[[0, -1]] = False
    kept = np.flatnonzero(~beside)
    large = np.diff(edges[kept], axis=0).prod(axis=1) > _LARGE_CELLS
    for at in np.flatnonzero(large).tolist():
        beside[kept[at] : kept[at + 1]] = False
    return beside


def _beside_copies(edges: Pairs, part: _Part) -> Iterator[tuple[int, int]]:
    """Ranges of pairs at copies, of which one side may have more than the other."""
    for side, copies in enumerate((part.ref.copies, part.hyp.copies)):
        for one in copies:
            first, last = np.searchsorted(edges[:, side], [one.start - _AROUND, one.stop + _AROUND])
            yield int(first), int(last)


def _parts(part: _Part) -> list[_Part]:
    """What of a part is aligned letter by letter: all, or of passages too large for that the ends at matched text."""
    n, m = len(part.ref.letters), len(part.hyp.letters)
    if not n or not m:
        return []
    if n * m <= _LARGE_CELLS:
        return [part]
    a, b = min(_CORNER, n // 2), min(_CORNER, m // 2)
    return [part.cut(0, a, 0, b), part.cut(n - a, n, m - b, m)]


def _aligned(parts: Sequence[_Part], cache: ContentCache) -> list[Pairs]:
    """The pairs of each part."""
    found = cached_alignments([(part.ref, part.hyp) for part in parts], cache)
    return [pairs + np.array([part.i, part.j]) for pairs, part in zip(found, parts, strict=True)]


def _trusted(pairs: Pairs, trust: Trust) -> Pairs:
    """The pairs with a dense enough stretch of pairs before, after or around them, or a short one of nearly all."""
    width = min(trust.pairs, len(pairs))
    if not width:
        return pairs
    spans = pairs[width - 1 :] - pairs[: len(pairs) - width + 1] + 1
    starts = np.flatnonzero((width / spans >= (trust.ref, trust.hyp)).all(axis=1))
    covered = np.zeros(len(pairs) + 1, np.int64)
    np.add.at(covered, starts, 1)
    np.add.at(covered, starts + width, -1)
    return pairs[(np.cumsum(covered[:-1]) > 0) | _in_a_row(pairs)]


def _in_a_row(pairs: Pairs) -> NDArray[np.bool_]:
    """Which pairs are of a stretch that scores more than chance does, from where it begins to where it scores most.

    A stretch ends where it has lost all, or as much as another one is worth (the X-drop of Altschul et al., "Basic
    local alignment search tool", J. Mol. Biol. 215, 1990).
    """
    likely = np.zeros(len(pairs), bool)
    start, score, best, last = 0, 0.0, 0.0, 0
    for k, lost in enumerate([0.0, *(_UNPAIRED * (np.diff(pairs, axis=0) - 1).max(axis=1)).tolist(), np.inf]):
        if lost >= score or best - score + lost >= _IN_A_ROW:
            likely[start : last + 1] |= best >= _IN_A_ROW
            start, score, best, last = k, lost, 0.0, k
        score += 1 - lost
        if score > best:
            best, last = score, k
    return likely

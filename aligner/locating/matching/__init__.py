"""Match the letters of a transcript with recognised letters, over a whole episode.

Rare n-grams, called seeds, are matched first, then shorter n-grams between them. The remaining text is aligned letter
by letter. The text beside a *hole* (a passage that only one side has) is aligned in this way too: if a passage is said
twice and written once, or the reverse, seeds would match some letters with one utterance and some with the other.
Finally, pairs with few other pairs around them are removed: even in unrelated passages, nearly half of the letters
match in the same order by chance.

Time is near-linear in the episode's length: only unmatched passages of limited size are aligned letter by letter.

Conventions
-----------
- There are two sides: the *reference*, the letters of the transcript, and the *hypothesis*, the recognised letters.
  Both are spelled by ``aligner.normalization``, as int32 arrays of code points. A *pair* ``(i, j)`` matches reference
  letter ``i`` with hypothesis letter ``j``; arrays of pairs have shape (n, 2).
- A *run* is a passage with equal letters on both sides, made of consecutive seeds. A *jump* between two runs is the
  number of letters by which their distance differs on the two sides. *Copies* are the consecutive utterances (or
  writings) of a repeated passage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.locating.matching.affine import Copies, Costs, Letters, Side, align_characters

Pairs = NDArray[np.int64]

# The letters of a seed, about 4, 2 and 1 words, each length used only between longer seeds; and the most ways of
# pairing its places that are tried, such as eight teasers with eight: short repetitions are too common to be told
# apart.
_SEEDS: tuple[tuple[int, int], ...] = ((16, 64), (10, 1), (6, 1))

_SMALL_CELLS = 1_500  # up to this size letter alignment is as fast as seeding
_LARGE_CELLS = 2_000_000  # larger passages, without a common seed, count as unrelated
_CORNER = 200  # letters at each end of such passages that are aligned nevertheless

# The least excess of letters on one side between two seeds that counts as a hole. Seeds beside it are dropped up to its
# length, at most _REACH letters, because it may be a copy of what is beside it, and _AROUND letters more.
_HOLE, _REACH, _AROUND = 8, 400, 32
_DRIFT = 0.25  # share of the letters between two seeds by which one side may be longer through misrecognition

_SURE = 12  # least letters of a copy; shorter ones are mostly words, which the search by frames places better
_WHOLE = 0.75  # share of a copy without pairs from which on it is omitted: some letters match by chance

# A passage of so many paired letters, less _UNPAIRED for each unpaired one, is no chance: of 144 unrelated pairs of
# text and audio, up to 16 minutes long, none has 13.
_IN_A_ROW, _UNPAIRED = 14.0, 1.1

_EDGE = 1.5  # letters; the default cost of an edge of a hole


@dataclass(frozen=True, slots=True)
class Trust:
    """How dense pairs of matching letters must be to be trusted.

    A pair is trusted if it is one of ``pairs`` consecutive pairs that make up at least the share ``ref`` of the
    reference letters and the share ``hyp`` of the hypothesis letters between the first and the last of them. The
    defaults suit the words of a recogniser.
    """

    pairs: int = 20
    ref: float = 0.7
    hyp: float = 0.5


_WORDS = Trust()


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """The result of matching the letters of a transcript (reference) with recognised letters (hypothesis).

    ``positions`` holds for each reference letter the index of its hypothesis letter, or -1. ``unsaid`` flags reference
    letters of repetitions that are missing from the hypothesis, ``unwritten`` hypothesis letters of repetitions that
    are missing from the reference. ``doubtful`` flags reference letters that may match an unwritten repetition.
    """

    positions: NDArray[np.int64]
    unsaid: NDArray[np.bool_]
    unwritten: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A passage of the reference and a passage of the hypothesis, to be matched with each other. ``i`` and ``j`` are
    the indices of their first letters in the whole texts."""

    ref: Side
    hyp: Side
    i: int
    j: int

    @property
    def cells(self) -> int:
        return len(self.ref.letters) * len(self.hyp.letters)

    def cut(self, i: int, i_end: int, j: int, j_end: int) -> _Part:
        return _Part(self.ref.cut(i, i_end), self.hyp.cut(j, j_end), self.i + int(i), self.j + int(j))


def match_characters(
    reference: str,
    hypothesis: str,
    trust: Trust = _WORDS,
    edges: tuple[Costs, Costs] | None = None,
    copies: tuple[Sequence[Copies], Sequence[Copies]] = ((), ()),
) -> Match:
    """Return which letters of ``reference`` and ``hypothesis`` match.

    Paired letters are equal and in the same order on both sides. ``edges`` holds, for each side, what it costs if a
    hole (a passage that only this side has) starts or ends before each letter, or after the last one. ``copies`` holds
    the repetitions on each side.
    """
    ref, hyp = code_points(reference), code_points(hypothesis)
    if edges is None:
        edges = np.full(len(ref) + 1, _EDGE, np.float32), np.full(len(hyp) + 1, _EDGE, np.float32)
    long = [tuple(one for one in of_side if one.shift >= _SURE) for of_side in copies]
    seeded, parts = _seeded(_Part(Side(ref, edges[0], long[0]), Side(hyp, edges[1], long[1]), 0, 0))
    pairs = np.concatenate([*seeded, *_aligned(parts)])
    pairs = _trusted(pairs[np.argsort(pairs[:, 0], kind="stable")], trust)
    positions = np.full(len(ref), -1, np.int64)
    positions[pairs[:, 0]] = pairs[:, 1]
    unsaid, unwritten, doubtful = np.zeros(len(ref), bool), np.zeros(len(hyp), bool), np.zeros(len(ref), bool)
    for one, count, stop in _left_out(pairs, long[0]):
        last = max(count, int(np.abs(np.array(one.edges) - stop).argmin()))
        unsaid[one.edges[last - count] : one.edges[last]] = True
    for one, count, stop in _left_out(pairs[:, ::-1], long[1]):
        start = stop - count * one.shift
        unwritten[max(0, start) : stop] = True
        doubtful[(positions >= start - one.slack) & (positions < start)] = True
    return Match(positions, unsaid, unwritten, doubtful)


def _left_out(pairs: Pairs, copies: Sequence[Copies]) -> Iterator[tuple[Copies, int, int]]:
    """Find passages that are repeated more often on the first side of ``pairs`` than on the second. Yield each passage,
    the number of copies missing on the second side, and the first side's index after the surplus copies. Copies are
    missing where, between two pairs, the first side has a surplus of letters about as long as whole copies."""
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
    """Return the Unicode code points of a text as an array."""
    return np.frombuffer(text.encode("utf-32-le"), np.int32)


def _seeded(whole: _Part) -> tuple[list[Pairs], list[_Part]]:
    """Return the pairs in seeds (long n-grams, then shorter ones in between), and the parts still to be aligned."""
    pairs, parts = [np.empty((0, 2), np.int64)], []
    open_parts = [(whole, _SEEDS)]
    while open_parts:
        part, seeds = open_parts.pop()
        if part.cells <= _SMALL_CELLS or not seeds:
            parts += _parts(part)
            continue
        found = seed_pairs(part.ref.letters, part.hyp.letters, *seeds[0])
        edges = np.vstack([[[-1, -1]], found, [[len(part.ref.letters), len(part.hyp.letters)]]])
        beside = _beside_holes(edges, part)
        pairs.append(found[~beside[1:-1]] + np.array([part.i, part.j]))
        valid = np.flatnonzero(~beside)
        for k in np.flatnonzero((np.diff(edges[valid], axis=0) > 1).all(axis=1)).tolist():
            (i, j), (i_end, j_end) = (edges[valid[k]] + 1).tolist(), edges[valid[k + 1]].tolist()
            open_parts.append((part.cut(i, i_end, j, j_end), () if valid[k + 1] > valid[k] + 1 else seeds[1:]))
    return pairs, parts


def _beside_holes(edges: Pairs, part: _Part) -> NDArray[np.bool_]:
    """Flag the pairs to align again, letter by letter: pairs near a hole (a passage that only one side has) or a
    repetition. Such a pair may belong to the wrong copy, since copies match equally well. Pairs stay unflagged where
    the passage to align would be too long. ``edges`` holds the pairs of ``part``, after a row for the start of ``part``
    and before a row for its end."""
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
    others = np.flatnonzero(~beside)
    large = np.diff(edges[others], axis=0).prod(axis=1) > _LARGE_CELLS
    for at in np.flatnonzero(large).tolist():
        beside[others[at] : others[at + 1]] = False
    return beside


def _beside_copies(edges: Pairs, part: _Part) -> Iterator[tuple[int, int]]:
    for side, copies in enumerate((part.ref.copies, part.hyp.copies)):
        for one in copies:
            first, last = np.searchsorted(edges[:, side], [one.start - _AROUND, one.stop + _AROUND])
            yield int(first), int(last)


def _parts(part: _Part) -> list[_Part]:
    n, m = len(part.ref.letters), len(part.hyp.letters)
    if not n or not m:
        return []
    if n * m <= _LARGE_CELLS:
        return [part]
    a, b = min(_CORNER, n // 2), min(_CORNER, m // 2)
    return [part.cut(0, a, 0, b), part.cut(n - a, n, m - b, m)]


def _aligned(parts: Sequence[_Part]) -> list[Pairs]:
    found = align_characters([(part.ref, part.hyp) for part in parts])
    return [
        np.array(pairs, np.int64).reshape(-1, 2) + np.array([part.i, part.j])
        for pairs, part in zip(found, parts, strict=True)
    ]


def _trusted(pairs: Pairs, trust: Trust) -> Pairs:
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
    """Flag the pairs in passages that match too well for chance. Each pair adds 1 to the score of a passage, and each
    unpaired letter subtracts ``_UNPAIRED``. A passage ends at its highest score, which must be at least ``_IN_A_ROW``.
    The search for this end stops once the score is 0, or ``_IN_A_ROW`` below the highest one (X-drop: Altschul et al.,
    "Basic local alignment search tool", J. Mol. Biol. 215, 1990)."""
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


# The cost of a jump, in letters per factor 2 in its length, so that repetitions are paired in order and chance matches
# are skipped. Form and value are Minimap2's (Li 2018).
_JUMP = 0.5

_MOST_RUNS = 20_000  # the longest ones; only pathological inputs have more
_LOOK_BACK = 1000  # runs considered as the predecessor of a run
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # golden ratio times 2**64: spreads neighbouring values (Knuth, TAOCP 6.4)


def seed_pairs(reference: Letters, hypothesis: Letters, length: int, crossings: int) -> Pairs:
    """Return the pairs of letters in n-grams of ``length`` letters that are rare and occur on both sides.

    If an n-gram occurs ``a`` times on one side and ``b`` times on the other, all ``a * b`` pairs of occurrences are
    candidates. If these are more than ``crossings``, the n-gram is ignored, unless ``a == b``: then first is paired
    with first, second with second, and so on. The best chain of candidates in the same order on both sides is returned.
    So a passage that is said twice and written twice is paired twice; a passage that is only written twice is paired
    where the passages around it fit.
    """
    ref_keys, hyp_keys = _ngram_keys(reference, length), _ngram_keys(hypothesis, length)
    if not len(ref_keys) or not len(hyp_keys):
        return np.empty((0, 2), np.int64)
    ref_order, ref_unique, ref_first, ref_count = _occurrences(ref_keys)
    hyp_order, hyp_unique, hyp_first, hyp_count = _occurrences(hyp_keys)
    _, in_ref, in_hyp = np.intersect1d(ref_unique, hyp_unique, assume_unique=True, return_indices=True)
    a, b = ref_count[in_ref], hyp_count[in_hyp]
    rare, even = a * b <= crossings, (a * b > crossings) & (a == b)
    ngram, within = _enumerated(np.where(rare, a * b, np.where(even, a, 0)))
    nth_ref = np.where(even[ngram], within, within // b[ngram])
    nth_hyp = np.where(even[ngram], within, within % b[ngram])
    i = ref_order[ref_first[in_ref[ngram]] + nth_ref]
    j = hyp_order[hyp_first[in_hyp[ngram]] + nth_hyp]
    order = np.lexsort((-j, i))  # so that the chain takes at most one candidate of each place
    return _best_chain(np.column_stack([i[order], j[order]]), length)


def _enumerated(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Given the sizes of groups, return each item's group and number in it: [2, 0, 1] gives [0, 0, 2], [0, 1, 0]."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner]


def _ngram_keys(letters: Letters, length: int) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each n-gram, shape (n - length + 1,)."""
    count = len(letters) - length + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    keys = np.zeros(count, np.uint64)
    for k in range(length):
        keys = keys * _MULTIPLIER + letters[k : k + count].astype(np.uint64) + np.uint64(1)
        keys ^= keys >> np.uint64(29)
    return keys


def _occurrences(
    keys: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Group equal ``keys``. Return the indices that sort the keys and, for each distinct key: the key, its first
    position among the sorted keys, and its number of occurrences."""
    order = np.argsort(keys, kind="stable")
    return order, *np.unique(keys[order], return_index=True, return_counts=True)


def _best_chain(seeds: Pairs, length: int) -> Pairs:
    """Return the pairs of letters in the best chain of seeds: seeds in the same order on both sides. ``seeds`` holds
    the first pair of each seed, ``length`` is the number of letters of a seed."""
    runs = _runs(seeds, length)
    if not len(runs):
        return np.empty((0, 2), np.int64)
    chain = _chained(runs)
    starts, stops = runs[chain, :2], runs[chain, 2:]
    # Letters in two runs are left to the first one.
    overlap = np.maximum(0, (stops[:-1] - starts[1:]).max(axis=1, initial=0))
    starts[1:] += overlap[:, None]
    lengths = stops[:, 0] - starts[:, 0]
    owner, within = _enumerated(lengths)
    pairs: Pairs = starts[owner] + within[:, None]
    return pairs


def _runs(seeds: Pairs, length: int) -> NDArray[np.int64]:
    """Join overlapping or adjacent seeds to passages. Return them as rows (i, j, i_stop, j_stop), sorted by ``i_stop``;
    i is the index in the reference, j in the hypothesis."""
    diagonal = seeds[:, 1] - seeds[:, 0]
    order = np.lexsort((seeds[:, 0], diagonal))
    i, diagonal = seeds[order, 0], diagonal[order]
    new = np.append(True, (np.diff(diagonal) != 0) | (np.diff(i) > length))[: len(i)]
    first = np.flatnonzero(new)
    start, stop = i[first], i[np.append(first[1:], len(i))[: len(first)] - 1] + length
    runs = np.column_stack([start, start + diagonal[first], stop, stop + diagonal[first]])
    if len(runs) > _MOST_RUNS:
        runs = runs[np.argsort(start - stop, kind="stable")[:_MOST_RUNS]]
    return runs[np.lexsort((runs[:, 3], runs[:, 2]))]


def _chained(runs: NDArray[np.int64]) -> NDArray[np.int64]:
    i, j, i_stop, j_stop = runs.astype(np.float64).T.copy()
    lengths, diagonal = i_stop - i, j - i
    score, before = lengths.copy(), np.full(len(runs), -1, np.int64)
    for k in range(1, len(runs)):
        first = max(0, k - _LOOK_BACK)
        risen = (i[first:k] < i[k]) & (j[first:k] < j[k])
        risen &= (i_stop[first:k] < i_stop[k]) & (j_stop[first:k] < j_stop[k])
        earlier = np.flatnonzero(risen) + first
        if not len(earlier):
            continue
        free = np.minimum(i_stop[k] - i_stop[earlier], j_stop[k] - j_stop[earlier])
        jump = _JUMP * np.log2(1 + np.abs(diagonal[k] - diagonal[earlier]))
        total = score[earlier] + np.minimum(free, lengths[k]) - jump
        best = int(total.argmax())
        if total[best] > score[k]:
            score[k], before[k] = total[best], earlier[best]
    chain = [int(score.argmax())]
    while before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    return np.array(chain[::-1])

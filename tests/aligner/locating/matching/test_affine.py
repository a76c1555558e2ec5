"""The letter alignment reaches what an exhaustive search reaches."""

import itertools
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.matching.affine import (
    GAP_EXTEND,
    GAP_OPEN,
    LATER,
    LATER_MOST,
    LATER_REF,
    MATCH,
    MISMATCH,
    Copies,
    Side,
    align_letters,
)
from tests.tables import over_rows

short = st.text(alphabet="abc", max_size=7)
SEEDS = st.integers(0, 2**32 - 1)


def side(text: str, tears: float | np.ndarray = 1.5) -> Side:
    letters = np.frombuffer(text.encode("utf-32-le"), np.int32)
    return Side(letters, np.broadcast_to(np.float32(tears), len(text) + 1).astype(np.float32))


def letters_of(one: Side) -> str:
    return "".join(map(chr, one.letters))


def with_copies(one: Side, slack: int, *edges: int) -> Side:
    """The side as if it had copies there, if it is long enough."""
    return replace(one, copies=(Copies(edges, slack),)) if edges[-1] <= len(one.letters) else one


def best_score(run: tuple[Side, Side], start: tuple[int, int], stop: tuple[int, int]) -> float:
    """Slow oracle of a stretch of a run: the definition of an alignment with gaps and holes, every path tried."""
    (reference, hypothesis), (across, along) = map(letters_of, run), (one.holes().astype(float) for one in run)

    leaps = [list(one.leaps()) for one in run]
    within = run[0].where_leapt()
    later = min(LATER, LATER_MOST / max(1, len(hypothesis)))

    @cache
    def best(i: int, j: int, last: str) -> float:
        if (i, j) == stop:
            return 0.0
        options = []
        if i < stop[0] and j < stop[1]:
            options.append(
                (MATCH if reference[i] == hypothesis[j] else MISMATCH) + later * j + best(i + 1, j + 1, "pair")
            )
        if i < stop[0]:
            options.append((GAP_EXTEND if last == "ref" else GAP_OPEN) + best(i + 1, j, "ref"))
        if j < stop[1]:
            options.append((GAP_EXTEND if last == "hyp" else GAP_OPEN) + best(i, j + 1, "hyp"))
        for end in range(i + 1, stop[0] + 1):
            cost = across[i] + across[end] + 2 * along[j] + LATER_REF * (i + 1)
            options.append(best(end, j, "hole in ref") - cost)
        for end in range(j + 1, stop[1] + 1) if last not in ("hyp", "hole in hyp") else ():
            cost = along[j] + along[end] + 2 * across[i]
            options.append(best(i, end, "hole in hyp") - cost)
        options += [
            best(to, j, "hole in ref") - cost for first, to, cost, _ in leaps[0] if i == first and to <= stop[0]
        ]
        for first, to, cost, times in leaps[1] if last not in ("hyp", "hole in hyp") else ():
            if j == first and to <= stop[1]:
                options.append(best(i, to, "hole in hyp") - cost - times * within[i])
        return max(options)

    return best(*start, "start")


def score_of_pairs(pairs: list[tuple[int, int]], run: tuple[Side, Side]) -> float:
    """The best score of an alignment whose equal pairs are just ``pairs``: between them, no letter is paired with an
    equal one, so each stretch is scored alone by mismatches, gaps and holes."""
    hypothesis = run[1].letters
    total = sum(MATCH + min(LATER, LATER_MOST / max(1, len(hypothesis))) * j for _, j in pairs)
    edges = [(-1, -1), *pairs, tuple(len(one.letters) for one in run)]
    for (i, j), stop in itertools.pairwise(edges):
        total += best_score(run, (i + 1, j + 1), stop)
    return total


@pytest.mark.nightly
@given(short, short, SEEDS)
@settings(max_examples=200, deadline=None)
def test_the_pairs_reach_the_best_score_there_is(reference: str, hypothesis: str, seed: int) -> None:
    tears = np.random.default_rng(seed).uniform(0, 3, 50).astype(np.float32)
    run = side(reference, tears[: len(reference) + 1]), side(hypothesis, tears[20 : 21 + len(hypothesis)])
    (pairs,) = align_letters([run])
    whole = best_score(run, (0, 0), (len(reference), len(hypothesis)))
    assert score_of_pairs(pairs, run) >= whole - 0.01


@pytest.mark.nightly
@given(short, short, SEEDS, st.integers(0, 1), st.integers(0, 2), st.integers(1, 3))
@settings(max_examples=200, deadline=None)
def test_the_pairs_reach_the_best_score_that_leaps_over_copies_allow(
    reference: str, hypothesis: str, seed: int, slack: int, first: int, shift: int
) -> None:
    tears = np.random.default_rng(seed).uniform(0, 6, 50).astype(np.float32)
    run = side(reference, tears[: len(reference) + 1]), side(hypothesis, tears[20 : 21 + len(hypothesis)])
    edges = [first + k * shift for k in range(4)]
    run = with_copies(run[0], 0, *edges[: 2 + slack]), with_copies(run[1], slack, *edges)
    (pairs,) = align_letters([run])
    whole = best_score(run, (0, 0), (len(reference), len(hypothesis)))
    assert score_of_pairs(pairs, run) >= whole - 0.01


@pytest.mark.nightly
@given(st.lists(st.tuples(st.text(alphabet="abc", max_size=40), st.text(alphabet="abc", max_size=40)), max_size=12))
@settings(deadline=None)
def test_many_together_are_aligned_as_each_alone(runs: list[tuple[str, str]]) -> None:
    pairs = [(side(reference), side(hypothesis)) for reference, hypothesis in runs]
    assert align_letters(pairs) == [align_letters([pair])[0] for pair in pairs]


BEFORE, LONG, AFTER = "thewindfellatnight", "nobodysleptuntilthelampswerelit", "andthesnowcame"
FIRST, NEXT, LAST = (len(BEFORE) + k * len(LONG) for k in range(3))


def torn_at(text: str, *places: int) -> Side:
    """A side whose holes begin and end at these places, if anywhere."""
    tears = np.full(len(text) + 1, 4.0, np.float32)
    tears[[0, *places, -1]] = 0.5
    return side(text, tears)


@over_rows("ends, expected", [(NEXT, 0), (FIRST, 1), (0, 1)])
@over_rows("better", [0, 1])
def test_which_copy_in_the_sound_is_taken_is_told_by_where_the_sentence_ends_not_by_what_is_misheard(
    ends: int, expected: int, better: int
) -> None:
    heard = [LONG.replace("bod", "pid")] * 2
    heard[better] = LONG
    sound = with_copies(side(BEFORE + "".join(heard) + AFTER), 2, FIRST, NEXT, LAST)
    (pairs,) = align_letters([(torn_at(BEFORE + LONG + AFTER, ends), sound)])
    assert {int(j >= NEXT) for i, j in pairs if FIRST <= i < NEXT} == {expected}

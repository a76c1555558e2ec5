"""The letter alignment reaches what an exhaustive search reaches."""

import itertools
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.matching.affine import GAP_EXTEND, GAP_OPEN, MATCH, MISMATCH, align_letters

short = st.text(alphabet="abc", max_size=8)


def letters(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le"), np.int32)


def best_score(reference: str, hypothesis: str) -> float:
    """Slow oracle: the definition of an affine-gap alignment, every path tried."""

    @cache
    def best(i: int, j: int, last: str) -> float:
        if i == len(reference) and j == len(hypothesis):
            return 0.0
        options = []
        if i < len(reference) and j < len(hypothesis):
            options.append((MATCH if reference[i] == hypothesis[j] else MISMATCH) + best(i + 1, j + 1, "pair"))
        if i < len(reference):
            options.append((GAP_EXTEND if last == "ref" else GAP_OPEN) + best(i + 1, j, "ref"))
        if j < len(hypothesis):
            options.append((GAP_EXTEND if last == "hyp" else GAP_OPEN) + best(i, j + 1, "hyp"))
        return max(options)

    return best(0, 0, "start")


def score_of_pairs(pairs: list[tuple[int, int]], reference: str, hypothesis: str) -> float:
    """The best score of an alignment whose equal pairs are just ``pairs``: between them, no letter is paired with an
    equal one, so each stretch is scored alone by mismatches and gaps."""
    total = MATCH * len(pairs)
    edges = [(-1, -1), *pairs, (len(reference), len(hypothesis))]
    for (i, j), (i_next, j_next) in itertools.pairwise(edges):
        total += best_score(reference[i + 1 : i_next], hypothesis[j + 1 : j_next])
    return total


@given(short, short)
@settings(max_examples=300, deadline=None)
def test_the_pairs_reach_the_best_score_there_is(reference: str, hypothesis: str) -> None:
    (pairs,) = align_letters([(letters(reference), letters(hypothesis))])
    assert score_of_pairs(pairs, reference, hypothesis) >= best_score(reference, hypothesis) - 1e-4


@given(short, short)
def test_pairs_increase_and_are_of_equal_letters(reference: str, hypothesis: str) -> None:
    (pairs,) = align_letters([(letters(reference), letters(hypothesis))])
    assert all(reference[i] == hypothesis[j] for i, j in pairs)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(pairs))


def test_a_long_insertion_is_one_gap_and_scatters_nothing() -> None:
    reference, advert = "lesdeuxrives", "oeriesidvxsuadlere"
    (pairs,) = align_letters([(letters(reference), letters("lesdeux" + advert + "rives"))])
    assert pairs == [(k, k) for k in range(7)] + [(k, k + len(advert)) for k in range(7, 12)]


@given(st.lists(st.tuples(st.text(alphabet="abc", max_size=40), st.text(alphabet="abc", max_size=40)), max_size=12))
@settings(deadline=None)
def test_many_together_are_aligned_as_each_alone(runs: list[tuple[str, str]]) -> None:
    pairs = [(letters(reference), letters(hypothesis)) for reference, hypothesis in runs]
    assert align_letters(pairs) == [align_letters([pair])[0] for pair in pairs]

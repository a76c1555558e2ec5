"""The chain that pairs most letters with the fewest jumps, so that repeats are paired in order."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.matching.chains import best_chain


def chain(seeds: list[tuple[int, int]], length: int) -> list[list[int]]:
    return best_chain(np.array(seeds, np.int64).reshape(-1, 2), length).tolist()


def run(i: int, j: int, count: int) -> list[tuple[int, int]]:
    return [(i + k, j + k) for k in range(count)]


def every_way(*of_text: int, of_sound: tuple[int, ...], count: int) -> list[tuple[int, int]]:
    """Seeds of a passage at places of the text, each with all its places in the sound."""
    return [seed for i, j in itertools.product(of_text, of_sound) for seed in run(i, j, count)]


def test_seeds_one_after_the_other_pair_all_their_letters_once() -> None:
    assert chain(run(3, 5, 4), 3) == [[3 + k, 5 + k] for k in range(6)]


def test_a_passage_twice_on_either_side_is_paired_in_order() -> None:
    seeds = every_way(0, 50, of_sound=(0, 50), count=20)
    assert chain(seeds, 4) == [[k, k] for k in (*range(23), *range(50, 73))]


def test_where_only_one_copy_was_heard_well_it_is_paired_with_its_own() -> None:
    """Between what was heard before and after, the letters of the first sound might be those of either copy."""
    seeds = [*run(0, 0, 40), *every_way(100, 200, of_sound=(100,), count=20), *run(300, 300, 40)]
    diagonals = {j - i for i, j in chain(seeds, 4)}
    assert diagonals == {0}


def test_a_stray_likeness_far_away_is_passed_over() -> None:
    seeds = [*run(0, 0, 40), *run(60, 900, 1), *run(1000, 1000, 40)]
    assert {j - i for i, j in chain(seeds, 6)} == {0}


def test_a_passage_that_one_side_lacks_is_no_reason_to_pass_over_anything() -> None:
    seeds = [*run(0, 0, 10), *run(10 + 13, 5000, 10)]
    assert len(chain(seeds, 13)) == 2 * 22


def test_no_seeds_make_no_chain() -> None:
    assert best_chain(np.empty((0, 2), np.int64), 6).shape == (0, 2)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=40, unique=True), st.integers(1, 12))
@settings(max_examples=200, deadline=None)
def test_whatever_the_seeds_are_pairs_rise_and_are_theirs(seeds: list[tuple[int, int]], length: int) -> None:
    pairs = chain(seeds, length)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(pairs))
    theirs = {(i + k, j + k) for i, j in seeds for k in range(length)}
    # Runs are joined over seeds that are missing among them.
    assert all(any((i + k, j + k) in theirs for k in (0, *range(-length, length + 1))) for i, j in pairs)


@pytest.mark.parametrize("copies", [30, 200])
def test_worst_inputs_end(copies: int) -> None:
    rng = np.random.default_rng(3)
    seeds = rng.integers(0, 100 * copies, (100 * copies, 2))
    assert len(best_chain(seeds[np.lexsort((-seeds[:, 1], seeds[:, 0]))], 6))

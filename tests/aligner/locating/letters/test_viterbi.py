"""The best path: what was planted comes back, and no search, however slow, finds a better one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.letters.viterbi import PathCosts, Trellis, WordPath, best_paths
from tests.aligner.locating.letters import every_path

CLASSES = 6
COSTS = PathCosts()
SEEDS = st.integers(0, 2**32 - 1)


def planted(words: list[list[int]], layout: str) -> Trellis:
    """Scores in which one symbol a frame is likely: a digit for a letter class, a dot for the gap."""
    sounding = np.array([0 if symbol == "." else int(symbol) for symbol in layout])
    letters = np.full((len(layout), CLASSES), -6.0, np.float32)
    letters[np.arange(len(layout)), sounding] = -0.1
    gap, nothing = letters[:, 0].copy(), np.zeros(len(layout), np.float32)
    holes = np.full(len(words) + 1, 5.0, np.float32)
    return Trellis(words, np.zeros(len(words), bool), letters, letters, gap, gap, nothing, nothing, holes)


def random_trellis(rng: np.random.Generator, frames: int, most_words: int = 4) -> Trellis:
    words = [rng.integers(1, CLASSES, rng.integers(1, 4)).tolist() for _ in range(rng.integers(0, most_words + 1))]

    def scores(*shape: int) -> np.ndarray:
        return rng.normal(0, 2, shape).astype(np.float32)

    enter = scores(frames, CLASSES)
    stay = enter if rng.random() < 0.3 else scores(frames, CLASSES)
    heard = rng.random(len(words)) < 0.5
    gap, hole, starts, ends = (scores(frames) for _ in range(4))
    holes = rng.uniform(0, 5, len(words) + 1).astype(np.float32)
    return Trellis(words, heard, enter, stay, gap, hole, starts, ends, holes)


def random_costs(rng: np.random.Generator) -> PathCosts:
    return PathCosts(*rng.uniform((0.2, 0.5, 0.1, 0.1, 0.0), (3, 6, 2, 4, 1)).tolist())


def one(trellis: Trellis, costs: PathCosts = COSTS) -> WordPath:
    (path,) = best_paths([trellis], costs)
    return path


def test_planted_letters_are_recovered_exactly() -> None:
    #        0123456789012345678
    layout = "...1122333...4455.."
    path = one(planted([[1, 2], [3], [4, 5]], layout))
    assert path.frames.tolist() == [[3, 7], [7, 10], [13, 17]]
    assert path.gain == pytest.approx([4 * 5.9, 3 * 5.9, 4 * 5.9], rel=1e-5)


def test_words_may_fill_the_trellis_from_its_first_frame_to_its_last() -> None:
    assert one(planted([[1, 2], [3, 4]], "12223344")).frames.tolist() == [[0, 4], [4, 8]]


def test_a_word_that_nobody_says_is_left_out_and_its_neighbours_stay() -> None:
    words = [[1, 2], [4, 5] * 6, [3]]
    path = one(planted(words, "..1122..............33.."))
    assert path.frames.tolist() == [[2, 6], [-1, -1], [20, 22]]
    assert path.gain[1] == 0


def test_a_word_that_is_heard_badly_is_not_left_out_with_one_beside_it_that_nobody_says() -> None:
    trellis = planted([[1, 2], [3], [4, 5] * 6, [1, 2]], "..1122....1122..")
    trellis.enter[6, 3] = -5.6  # much worse than nothing, and the best there is
    assert one(trellis).frames.tolist() == [[2, 6], [6, 7], [-1, -1], [10, 14]]


def test_other_speech_between_two_words_is_taken_by_neither() -> None:
    trellis = planted([[1, 2], [3]], "..1122..4545454545..33..")
    other = np.full(len(trellis.gap), -6.0, np.float32)
    other[8:18] = -1.0  # not nothing, but not these words either
    trellis = replace(trellis, gap=np.maximum(trellis.gap, other))
    assert one(trellis).frames.tolist() == [[2, 6], [20, 22]]


def test_a_letter_that_is_not_heard_is_skipped_at_any_place_in_a_word() -> None:
    for word in ([5, 1, 2, 3], [1, 5, 2, 3], [1, 2, 3, 5]):
        assert one(planted([word], "..112233..")).frames.tolist() == [[2, 8]]


def test_of_two_places_alike_starts_and_ends_decide() -> None:
    trellis = planted([[1]], "..1111..")
    trellis.starts[3], trellis.ends[5] = 8.0, 14.0
    assert one(trellis).frames.tolist() == [[3, 5]]


def test_words_that_a_short_sound_cannot_hold_are_left_out_not_squeezed() -> None:
    words = [[1], [2], *[[3]] * 9]
    path = one(planted(words, ".1.2.."))
    assert path.frames[:2].tolist() == [[1, 2], [3, 4]]
    assert (path.frames[2:] == -1).all()


def test_of_two_places_alike_a_word_takes_the_one_beside_its_neighbour() -> None:
    words = [[1], [2], [3]]
    pause = 500 * "."
    early = f"..11222{pause}222{pause}33.."
    late = f"..11{pause}222{pause}22233.."
    assert one(planted(words, early)).frames[1].tolist() == [4, 7]
    assert one(planted(words, late)).frames[1].tolist() == [1007, 1010]


def test_a_word_heard_on_both_sides_of_a_break_stands_where_the_text_parts_it_from_its_neighbour() -> None:
    layout = "..11..222" + 500 * "." + "222..33.."
    for cheap, expected in ((1, 509), (2, 6)):
        trellis = planted([[1], [2], [3]], layout)
        trellis.holes[cheap] = 0.5
        assert one(trellis).frames[1, 0] == expected


def test_a_trellis_without_words_and_no_trellises_at_all_have_their_paths() -> None:
    assert best_paths([], COSTS) == []
    empty, word = best_paths([planted([], "..."), planted([[1]], ".1.")], COSTS)
    assert empty.frames.shape == (0, 2)
    assert word.frames.tolist() == [[1, 2]]


@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_no_slow_search_of_all_paths_finds_a_better_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    costs = random_costs(rng)
    trellises = [random_trellis(rng, int(rng.integers(2, 14))) for _ in range(rng.integers(1, 4))]
    for trellis, path in zip(trellises, best_paths(trellises, costs), strict=True):
        states, _ = every_path.best_path(trellis, costs)
        assert path.frames.tolist() == every_path.frames_of(states, len(trellis.words))


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_gains_are_what_a_words_letters_score_above_the_gap(seed: int) -> None:
    rng = np.random.default_rng(seed)
    trellis = random_trellis(rng, 12)
    states, _ = every_path.best_path(trellis, COSTS)
    wanted = np.zeros(len(trellis.words))
    for t, (word, letter) in enumerate(states):
        if letter > every_path.GAP:
            entered = t == 0 or states[t - 1] != states[t]
            score = (trellis.enter if entered else trellis.stay)[t, trellis.words[word][letter]]
            wanted[word] += score - trellis.gap[t]
    assert one(trellis).gain == pytest.approx(wanted, abs=1e-4)


@pytest.mark.slow
@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_a_trellis_has_the_same_path_alone_as_among_others_of_any_length(seed: int) -> None:
    rng = np.random.default_rng(seed)
    trellises = [random_trellis(rng, int(rng.integers(1, 60)), 9) for _ in range(6)]
    for trellis, path in zip(trellises, best_paths(trellises, COSTS), strict=True):
        assert path.frames.tolist() == one(trellis).frames.tolist()
        assert path.gain.tolist() == one(trellis).gain.tolist()


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_words_take_frames_in_order_that_do_not_overlap(seed: int) -> None:
    rng = np.random.default_rng(seed)
    trellis = random_trellis(rng, int(rng.integers(1, 80)), 12)
    frames = one(trellis, random_costs(rng)).frames
    assert ((frames[:, 0] < frames[:, 1]) | (frames == -1).all(axis=1)).all()
    edges = frames[frames[:, 0] >= 0].ravel()
    assert (np.diff(edges) >= 0).all()
    assert not len(edges) or (edges[0] >= 0 and edges[-1] <= len(trellis.gap))


@given(SEEDS, st.integers(1, 30))
@settings(max_examples=40, deadline=None)
def test_silence_put_before_the_sound_shifts_the_path_by_its_length(seed: int, silence: int) -> None:
    rng = np.random.default_rng(seed)
    trellis = random_trellis(rng, 40, 6)

    def after(frames: int) -> Trellis:
        def padded(scores: np.ndarray, value: float) -> np.ndarray:
            return np.concatenate([np.full((frames, *scores.shape[1:]), value, np.float32), scores])

        enter, stay = padded(trellis.enter, -1000.0), padded(trellis.stay, -1000.0)
        others = (padded(scores, 0.0) for scores in (trellis.gap, trellis.hole, trellis.starts, trellis.ends))
        free = np.append(np.float32(0.0), trellis.holes[1:])
        return Trellis(trellis.words, trellis.heard, enter, stay, *others, free)

    costs = replace(COSTS, gap_frame=0.0)
    near, far = one(after(1), costs).frames, one(after(1 + silence), costs).frames
    placed = near[:, 0] >= 0
    assert (placed == (far[:, 0] >= 0)).all()
    assert (far[placed] == near[placed] + silence).all()

"""The best path has the planted words, alone and in a batch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.acoustic.paths import PathCosts, Trellis, WordPath, best_paths

CLASSES = 6
COSTS = PathCosts()
SEEDS = st.integers(0, 2**32 - 1)


def planted(words: list[list[int]], layout: str) -> Trellis:
    """Return scores in which one symbol a frame is likely: a digit for a letter class, a dot for the gap."""
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


def one(trellis: Trellis, costs: PathCosts = COSTS) -> WordPath:
    (path,) = best_paths([trellis], costs)
    return path


def test_planted_letters_are_recovered_exactly() -> None:
    #        0123456789012345678
    layout = "...1122333...4455.."
    path = one(planted([[1, 2], [3], [4, 5]], layout))
    assert path.frames.tolist() == [[3, 7], [7, 10], [13, 17]]
    assert path.gain == pytest.approx([4 * 5.9, 3 * 5.9, 4 * 5.9], rel=1e-5)


def test_a_trellis_without_words_and_no_trellises_at_all_have_their_paths() -> None:
    assert best_paths([], COSTS) == []
    empty, word = best_paths([planted([], "..."), planted([[1]], ".1.")], COSTS)
    assert empty.frames.shape == (0, 2)
    assert word.frames.tolist() == [[1, 2]]


@pytest.mark.nightly
@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_a_trellis_has_the_same_path_alone_as_in_a_batch(seed: int) -> None:
    rng = np.random.default_rng(seed)
    trellises = [random_trellis(rng, int(rng.integers(1, 60)), 9) for _ in range(6)]
    for trellis, path in zip(trellises, best_paths(trellises, COSTS), strict=True):
        assert path.frames.tolist() == one(trellis).frames.tolist()
        assert path.gain.tolist() == one(trellis).gain.tolist()

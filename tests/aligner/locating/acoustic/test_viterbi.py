"""The best path of a trellis is the same alone as in a batch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.acoustic.paths import PathCosts, Trellis, WordPath, best_paths

CLASSES = 6
COSTS = PathCosts()
SEEDS = st.integers(0, 2**32 - 1)


def random_trellis(rng: np.random.Generator, frames: int, most_words: int) -> Trellis:
    words = [rng.integers(1, CLASSES, rng.integers(1, 4)).tolist() for _ in range(rng.integers(0, most_words + 1))]

    def scores(*shape: int) -> np.ndarray:
        return rng.normal(0, 2, shape).astype(np.float32)

    enter = scores(frames, CLASSES)
    stay = enter if rng.random() < 0.3 else scores(frames, CLASSES)
    heard = rng.random(len(words)) < 0.5
    gap, hole, starts, ends = (scores(frames) for _ in range(4))
    holes = rng.uniform(0, 5, len(words) + 1).astype(np.float32)
    return Trellis(words, heard, enter, stay, gap, hole, starts, ends, holes)


def one(trellis: Trellis) -> WordPath:
    (path,) = best_paths([trellis], COSTS)
    return path


def test_no_trellises_and_one_without_words_have_their_paths() -> None:
    assert best_paths([], COSTS) == []
    assert one(random_trellis(np.random.default_rng(0), 3, 0)).frames.shape == (0, 2)


@pytest.mark.nightly
@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_a_trellis_has_the_same_path_alone_as_in_a_batch(seed: int) -> None:
    rng = np.random.default_rng(seed)
    trellises = [random_trellis(rng, int(rng.integers(1, 60)), 9) for _ in range(6)]
    for trellis, path in zip(trellises, best_paths(trellises, COSTS), strict=True):
        assert path.frames.tolist() == one(trellis).frames.tolist()
        assert path.gain.tolist() == one(trellis).gain.tolist()

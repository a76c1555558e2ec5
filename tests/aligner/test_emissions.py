"""What the letters ear says of each frame: its parts, and what is no scores at all."""

import numpy as np
import pytest

from aligner.emissions import CLASSES, COLUMNS, LetterScores, unheard

PRIOR = np.full(CLASSES, 1 / CLASSES, np.float32)


def test_the_columns_are_two_opinions_and_two_edges() -> None:
    values = np.tile(np.arange(COLUMNS, dtype=np.float16), (5, 1))
    scores = LetterScores(values, PRIOR)
    assert len(scores) == 5
    joined = np.column_stack([scores.spikes, scores.letters, scores.starts, scores.ends])
    assert np.array_equal(joined, values)
    assert scores.spikes.shape == scores.letters.shape == (5, CLASSES)


def test_in_frames_that_nobody_listened_to_nothing_sounds_and_no_word_starts_or_ends() -> None:
    scores = LetterScores(unheard(4), PRIOR)
    assert (scores.spikes.argmax(axis=1) == 0).all()
    assert (scores.letters.argmax(axis=1) == 0).all()
    assert np.exp(scores.starts.astype(np.float64)).max() < 1e-4
    assert np.exp(scores.ends.astype(np.float64)).max() < 1e-4


@pytest.mark.parametrize("shape", [(5,), (5, COLUMNS - 1), (5, COLUMNS, 1)])
def test_values_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="scores have shape"):
        LetterScores(np.zeros(shape, np.float16), PRIOR)


def test_a_prior_of_another_alphabet_is_refused() -> None:
    with pytest.raises(ValueError, match="scores have shape"):
        LetterScores(unheard(5), PRIOR[:-1])

"""What the letters ear says of each frame: its parts, and what is no emissions at all."""

import numpy as np
import pytest

from aligner.emissions import CLASSES, COLUMNS, Emissions, silent_frames

PRIOR = np.full(CLASSES, 1 / CLASSES, np.float32)


def test_the_columns_are_letters_twice_and_two_edges() -> None:
    values = np.tile(np.arange(COLUMNS, dtype=np.float16), (5, 1))
    emissions = Emissions(values, PRIOR)
    assert len(emissions) == 5
    joined = np.column_stack([emissions.ctc, emissions.framewise, emissions.starts, emissions.ends])
    assert np.array_equal(joined, values)
    assert emissions.ctc.shape == emissions.framewise.shape == (5, CLASSES)


def test_in_frames_that_nobody_listened_to_nothing_sounds_and_no_word_starts_or_ends() -> None:
    emissions = Emissions(silent_frames(4), PRIOR)
    assert (emissions.ctc.argmax(axis=1) == 0).all()
    assert (emissions.framewise.argmax(axis=1) == 0).all()
    assert np.exp(emissions.starts.astype(np.float64)).max() < 1e-4
    assert np.exp(emissions.ends.astype(np.float64)).max() < 1e-4


@pytest.mark.parametrize("shape", [(5,), (5, COLUMNS - 1), (5, COLUMNS, 1)])
def test_values_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="emissions have shape"):
        Emissions(np.zeros(shape, np.float16), PRIOR)


def test_a_prior_of_another_alphabet_is_refused() -> None:
    with pytest.raises(ValueError, match="emissions have shape"):
        Emissions(silent_frames(5), PRIOR[:-1])

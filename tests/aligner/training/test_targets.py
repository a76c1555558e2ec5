"""The targets say what was planted, in the frame it was planted in."""

import itertools

import numpy as np
import pytest

from aligner.emissions import CLASSES, FRAME
from aligner.recognition.letters.encoder import CHUNK, CHUNK_FRAMES
from tests.tables import over_rows

training = pytest.importorskip("aligner.training.targets", exc_type=ImportError)
composition = pytest.importorskip("aligner.training.composition", exc_type=ImportError)

Spelt, Sounded = composition.Spelt, composition.Sounded


def _targets(*words):
    return training.targets(words, (), {})


def test_a_word_starts_and_ends_in_the_frames_of_its_times():
    found = _targets(Spelt("oui", 2.0, 2.4))
    assert found.boundaries[:, 0].argmax() == round(2.0 / FRAME)
    assert found.boundaries[:, 1].argmax() == round(2.4 / FRAME)
    assert found.boundaries.max() == pytest.approx(1.0)


def test_outside_words_nothing_sounds_and_inside_a_broken_off_one_nothing_is_known():
    found = _targets(Spelt("", 1.0, 1.2))
    labels = training.letter_labels(found, np.zeros((CHUNK_FRAMES, CLASSES)))
    assert not found.words
    assert (labels[50:60] == training.IGNORED).all()
    assert (np.delete(labels, range(50, 60)) == 0).all()


@over_rows("start, end", [(-0.3, 0.3), (CHUNK - 0.2, CHUNK + 0.2)])
def test_the_letters_of_a_word_that_crosses_an_edge_are_unknown(start, end):
    found = _targets(Spelt("bonjour", start, end))
    labels = training.letter_labels(found, np.zeros((CHUNK_FRAMES, CLASSES)))
    assert not found.words
    assert (labels == training.IGNORED).sum() >= 10
    assert not found.silent[labels == training.IGNORED].any()


def test_laying_out_letters_agrees_with_trying_every_way():
    rng = np.random.default_rng(4)
    for classes in [(1, 2), (3, 1, 3), (4, 4, 2, 1)]:
        scores = rng.normal(size=(7, CLASSES))
        ways = [
            np.repeat(classes, np.diff([0, *cuts, 7])) for cuts in itertools.combinations(range(1, 7), len(classes) - 1)
        ]
        best = max(ways, key=lambda way: scores[np.arange(7), way].sum())
        assert training.laid_out(classes, scores).tolist() == best.tolist()

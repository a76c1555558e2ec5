"""The targets say what was planted, in the frame it was planted in."""

import itertools

import numpy as np
import pytest

from aligner.emissions import CLASSES, FRAME
from aligner.normalization import ALPHABET
from aligner.recognition.letters.encoder import CHUNK, CHUNK_FRAMES

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


def test_a_start_between_two_frames_is_shared_by_them():
    found = _targets(Spelt("oui", 2.01, 2.4))
    assert found.boundaries[100, 0] == pytest.approx(found.boundaries[101, 0])


def test_outside_words_nothing_sounds_and_inside_a_broken_off_one_nothing_is_known():
    found = _targets(Spelt("", 1.0, 1.2))
    labels = training.letter_labels(found, np.zeros((CHUNK_FRAMES, CLASSES)))
    assert not found.words
    assert (labels[50:60] == training.IGNORED).all()
    assert (np.delete(labels, range(50, 60)) == 0).all()


@pytest.mark.parametrize(("start", "end"), [(-0.3, 0.3), (CHUNK - 0.2, CHUNK + 0.2)])
def test_the_letters_of_a_word_that_crosses_an_edge_are_unknown(start, end):
    found = _targets(Spelt("bonjour", start, end))
    labels = training.letter_labels(found, np.zeros((CHUNK_FRAMES, CLASSES)))
    assert not found.words
    assert (labels == training.IGNORED).sum() >= 10
    assert not found.silent[labels == training.IGNORED].any()


def test_letters_are_laid_out_where_the_scores_like_them():
    planted = [2, 2, 2, 5, 5, 1, 1, 1, 1]
    scores = np.full((9, CLASSES), -5.0)
    scores[np.arange(9), planted] = 0.0
    assert training.laid_out((2, 5, 1), scores).tolist() == planted


def test_laying_out_letters_agrees_with_trying_every_way():
    rng = np.random.default_rng(4)
    for classes in [(1, 2), (3, 1, 3), (4, 4, 2, 1)]:
        scores = rng.normal(size=(7, CLASSES))
        ways = [
            np.repeat(classes, np.diff([0, *cuts, 7])) for cuts in itertools.combinations(range(1, 7), len(classes) - 1)
        ]
        best = max(ways, key=lambda way: scores[np.arange(7), way].sum())
        assert training.laid_out(classes, scores).tolist() == best.tolist()


def test_more_letters_than_frames_leave_some_out_and_fill_every_frame():
    found = training.laid_out((1, 2, 3, 4, 5), np.zeros((3, CLASSES)))
    assert len(found) == 3
    assert sorted(found) == found.tolist()


def test_equal_letters_in_a_row_need_a_frame_between_their_spikes():
    assert training.teaches_ctc(training.WordFrames(0, 2, (1, 2, 3)))
    assert not training.teaches_ctc(training.WordFrames(0, 1, (1, 1, 1)))


def test_every_letter_of_the_alphabet_has_a_class():
    assert sorted(training.CLASS_OF.values()) == list(range(1, CLASSES))
    assert list(training.CLASS_OF) == list(ALPHABET)


def test_a_stress_mark_belongs_to_the_sound_after_it_and_a_length_mark_to_the_one_before():
    phones = (Sounded("ˈ", 1.0, 1.1), Sounded("a", 1.1, 1.2), Sounded("ː", 1.2, 1.3))
    classes = training.phone_classes([phones], least=1)
    labels = training.targets((), phones, classes).phones
    assert classes == {"a": 1}
    assert np.flatnonzero(labels).tolist() == list(range(50, 65))

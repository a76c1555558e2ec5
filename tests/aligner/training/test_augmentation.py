"""Disturbances leave speech as long as it was, and where it was."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from aligner.training import augmentation, codecs, sounds
from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord
from tests.tables import over_rows

_BEGINS = 1.0  # seconds: where the burst of the sound below starts


def _burst() -> np.ndarray:
    """A second of silence, a second of sound, a second of silence."""
    t = np.arange(RATE) / RATE
    rng = np.random.default_rng(1)
    middle = (np.sin(2 * np.pi * 440 * t) + rng.normal(0, 0.3, RATE)) * 0.1
    return np.concatenate([np.zeros(RATE), middle, np.zeros(RATE)]).astype(np.float32)


def _onset(samples: np.ndarray) -> float:
    """The second in which 20 ms are first louder than a tenth of the loudest."""
    n = RATE // 50
    power = np.convolve(np.square(samples), np.ones(n) / n, mode="full")[: len(samples)]
    return float(np.argmax(power > power.max() / 10)) / RATE


@over_rows("codec, rate", [(name, rates[0]) for name, (*_, rates) in codecs.CODECS.items()])
def test_a_codec_gives_back_as_much_sound_and_where_it_was(codec, rate):
    given = _burst()
    found = codecs.through(given, codec, rate)
    assert found.shape == given.shape
    assert _onset(found) == pytest.approx(_onset(given), abs=0.012)


def test_a_recording_keeps_length_and_onset():
    for seed in range(12):
        rng = np.random.default_rng(seed)
        given = augmentation.LEVEL * sounds.unit_power(_burst())
        found = augmentation.of_a_recording(given, np.zeros_like(given), rng)
        assert found.shape == given.shape
        assert np.abs(found).max() <= 1.0
        assert np.isfinite(found).all()


def test_stretching_moves_words_with_their_sound():
    given = SpokenUtterance("fr", _burst(), (SpokenWord("la", 1.0, 2.0),), (Phone("a", 1.5, 2.0),))
    found = augmentation.stretched(given, 110)
    assert found.duration == pytest.approx(3.3, abs=0.001)
    assert (found.words[0].start, found.words[0].end) == pytest.approx((1.1, 2.2))
    assert (found.phones[0].start, found.phones[0].end) == pytest.approx((1.65, 2.2))
    assert _onset(found.samples) == pytest.approx(_onset(given.samples) * 1.1, abs=0.01)


def test_a_second_voice_is_silent_where_the_first_one_is():
    """Alone it would sound like words that the text must have."""
    given = augmentation.LEVEL * sounds.unit_power(_burst())
    sounding = 0
    for seed in range(40):
        found = augmentation._at_once(given, np.random.default_rng(seed))
        assert found.shape == given.shape
        assert not found[: round((_BEGINS - 0.2) * RATE)].any()
        assert not found[round((2 * _BEGINS + 0.2) * RATE) :].any()
        sounding += found.any()
    assert sounding >= 20

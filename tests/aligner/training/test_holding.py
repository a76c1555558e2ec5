"""Sounds that are held stay what they were, only longer, and all that comes after them moves with its sound."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from aligner.training import holding
from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord


def _tone(hertz: float, seconds: float) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def _spoken(text: str, first: str, sound: np.ndarray) -> SpokenUtterance:
    """``sound`` for 0.2 s as the word ``text``, a pause, and a word that is a tone of another pitch."""
    silence = np.zeros(round(0.3 * RATE), np.float32)
    samples = np.concatenate([silence, sound, silence, _tone(900, 0.2), silence])
    words = (SpokenWord(text, 0.3, 0.5), SpokenWord("bip", 0.8, 1.0))
    return SpokenUtterance("fr", samples, words, (Phone(first, 0.3, 0.5), Phone("b", 0.8, 1.0)))


def _always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "_HESITATIONS_SHARE", 1.0)
    monkeypatch.setattr(holding, "_OPENINGS_SHARE", 1.0)


def _pitch(samples: np.ndarray) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(samples * np.hanning(len(samples))))) * RATE / len(samples))


def test_a_hesitation_is_held_for_as_long_as_people_do_and_keeps_its_pitch(monkeypatch):
    _always(monkeypatch)
    given = _spoken("euh", "œ", _tone(140, 0.2))
    for seed in range(8):
        found = holding.held(given, np.random.default_rng(seed))
        word, later = found.words
        assert word.start == 0.3
        assert 0.3 <= word.end - word.start <= 1.0
        grown = found.duration - given.duration
        assert (later.start, later.end) == pytest.approx((0.8 + grown, 1.0 + grown))
        sound = found.samples[round((word.start + 0.02) * RATE) : round((word.end - 0.02) * RATE)]
        assert _pitch(sound) == pytest.approx(140, abs=4)
        assert np.sqrt(np.mean(np.square(sound))) == pytest.approx(0.3 / np.sqrt(2), rel=0.1)
        assert _pitch(found.samples[round(later.start * RATE) : round(later.end * RATE)]) == pytest.approx(900, abs=6)


def test_a_hiss_that_opens_a_word_stays_a_hiss_of_the_same_loudness(monkeypatch):
    _always(monkeypatch)
    noise = np.random.default_rng(4).normal(0, 0.1, round(0.2 * RATE)).astype(np.float32)
    for seed in range(8):
        found = holding.held(_spoken("chat", "ʃ", noise), np.random.default_rng(seed))
        word = found.words[0]
        assert word.end - word.start <= 0.4 + 1e-3
        sound = found.samples[round((word.start + 0.02) * RATE) : round((word.end - 0.02) * RATE)]
        assert np.std(sound) == pytest.approx(0.1, rel=0.15)
        spectrum = np.abs(np.fft.rfft(sound))
        assert spectrum.max() < 6 * spectrum.mean()  # no hum


def test_what_cannot_be_held_and_what_does_not_sound_is_left_alone(monkeypatch):
    _always(monkeypatch)
    stop, silent = _spoken("ta", "t", _tone(140, 0.2)), _spoken("chat", "ʃ", np.zeros(round(0.2 * RATE), np.float32))
    for given in (stop, silent):
        assert np.array_equal(holding.held(given, np.random.default_rng(1)).samples, given.samples)


def test_a_word_of_one_language_is_no_hesitation_in_another(monkeypatch):
    monkeypatch.setattr(holding, "_HESITATIONS_SHARE", 1.0)
    monkeypatch.setattr(holding, "_OPENINGS_SHARE", 0.0)
    given = _spoken("um", "œ", _tone(140, 0.2))  # "around" in German
    assert holding.held(given, np.random.default_rng(1)).duration == given.duration

"""Windows say truly where their words are."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from aligner.recognition.letters.encoder import CHUNK
from aligner.training import augmentation, composition
from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord


def _beeps(*times: tuple[float, float], seconds: float) -> np.ndarray:
    t = np.arange(int(seconds * RATE)) / RATE
    sounding = sum(((t >= start) & (t < end)).astype(np.float32) for start, end in times)
    return (0.3 * np.sin(2 * np.pi * 500 * t) * sounding).astype(np.float32)


def _utterance() -> SpokenUtterance:
    words = (SpokenWord("bip", 0.5, 0.8), SpokenWord("", 1.2, 1.5), SpokenWord("bop", 2.0, 2.4))
    sound = _beeps(*((word.start, word.end) for word in words), seconds=3.0)
    return SpokenUtterance("fr", sound, words, tuple(Phone("b", word.start, word.end) for word in words))


@pytest.fixture
def clean(monkeypatch):
    """Nothing but the beeps themselves."""
    monkeypatch.setattr(augmentation, "of_a_recording", lambda samples, others, rng: samples)
    monkeypatch.setattr(augmentation, "of_a_speaker", lambda utterance, rng: utterance)
    monkeypatch.setattr(composition, "_BREATH_SHARE", 0.0)


@pytest.mark.usefixtures("clean")
def test_each_word_is_where_it_sounds():
    rng = np.random.default_rng(3)
    heard = 0
    for example in composition.examples([_utterance()] * 20, [_utterance()], rng):
        assert len(example.samples) == round(CHUNK * RATE)
        for word in example.words:
            low, high = (round(t * RATE) for t in (word.start + 0.02, word.end - 0.02))
            if low >= 0 and high <= len(example.samples):
                heard += 1
                assert np.square(example.samples[low:high]).mean() > 0.02
                assert np.square(example.samples[max(0, low - 1600) : max(0, low - 640)]).sum() == 0
    assert heard >= 40


@pytest.mark.usefixtures("clean")
def test_no_word_is_lost_between_windows():
    rng = np.random.default_rng(8)
    windows = list(composition.examples([_utterance()] * 20, [_utterance()], rng))
    background = sum(not example.words for example in windows)
    whole = [word for e in windows for word in e.words if word.start >= 0 and word.end <= CHUNK]
    crossing = [word for e in windows for word in e.words if word.start < 0]
    assert len(whole) + len(crossing) >= 60 - 12 * background


@pytest.mark.usefixtures("clean")
def test_a_breath_lies_where_no_word_is(monkeypatch):
    monkeypatch.setattr(composition, "_BREATH_SHARE", 1.0)
    monkeypatch.setattr(composition, "held", lambda utterance, rng: utterance)
    heard = 0
    for example in composition.examples([_utterance()] * 20, [_utterance()], np.random.default_rng(5)):
        sounding = np.abs(example.samples) > 1e-3
        t = np.arange(len(sounding)) / RATE
        for phone in example.phones:
            sounding &= (t < phone.start - 0.01) | (t > phone.end + 0.01)
        for at in t[sounding]:
            assert all(at < word.start or at > word.end for word in example.words)
        heard += sounding.any()
    assert heard >= 3

"""Training windows have the right word times."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from aligner.recognition.acoustic.encoder import CHUNK
from aligner.training import augmentation, composition
from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord


def _utterance() -> SpokenUtterance:
    words = (SpokenWord("bip", 0.5, 0.8), SpokenWord("", 1.2, 1.5), SpokenWord("bop", 2.0, 2.4))
    t = np.arange(3 * RATE) / RATE
    speaking = np.any([(t >= word.start) & (t < word.end) for word in words], axis=0)
    tones = (0.3 * np.sin(2 * np.pi * 500 * t) * speaking).astype(np.float32)
    return SpokenUtterance("fr", tones, words, tuple(Phone("b", word.start, word.end) for word in words))


def test_each_word_is_where_its_audio_is(monkeypatch):
    monkeypatch.setattr(augmentation, "degrade_recording", lambda samples, others, rng: samples)
    monkeypatch.setattr(augmentation, "vary_speaker", lambda utterance, rng: utterance)
    monkeypatch.setattr(composition, "_BREATH_SHARE", 0.0)
    rng = np.random.default_rng(3)
    complete = 0
    for example in composition.examples([_utterance()] * 20, [_utterance()], rng):
        assert len(example.samples) == round(CHUNK * RATE)
        for word in example.words:
            low, high = (round(t * RATE) for t in (word.start + 0.02, word.end - 0.02))
            if low >= 0 and high <= len(example.samples):
                complete += 1
                assert np.square(example.samples[low:high]).mean() > 0.02
                assert np.square(example.samples[max(0, low - 1600) : max(0, low - 640)]).sum() == 0
    assert complete >= 40

"""What is said again is said with the same words, each where it sounds."""

import numpy as np
import pytest

pytest.importorskip("scipy")

from aligner.training import repeating
from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord

_WORDS = ("un", "deux", "trois")


def _utterance() -> SpokenUtterance:
    """Three beeps, 0.2 s each, a tenth of a second apart."""
    starts = [0.3, 0.6, 0.9]
    t = np.arange(round(1.5 * RATE)) / RATE
    sounding = sum(((t >= start) & (t < start + 0.2)).astype(np.float32) for start in starts)
    words = tuple(SpokenWord(word, start, start + 0.2) for word, start in zip(_WORDS, starts, strict=True))
    phones = tuple(Phone("a", word.start, word.end) for word in words)
    return SpokenUtterance("fr", (0.3 * np.sin(2 * np.pi * 500 * t) * sounding).astype(np.float32), words, phones)


def test_a_copy_has_words_of_the_utterance_in_their_order_where_they_sound(monkeypatch):
    monkeypatch.setattr(repeating, "_SHARE", 1.0)
    whole = parts = 0
    for seed in range(40):
        said = list(repeating.with_copies(_utterance(), np.random.default_rng(seed)))
        assert len(said) == 2
        texts = [tuple(word.text for word in one.words) for one in said]
        assert _WORDS in texts
        copy = min(texts, key=len)
        assert " ".join(copy) in " ".join(_WORDS)
        whole += copy == _WORDS
        parts += copy != _WORDS
        for one in said:
            for word, phone in zip(one.words, one.phones, strict=True):
                low, high = round((word.start + 0.02) * RATE), round((word.end - 0.02) * RATE)
                assert np.square(one.samples[low:high]).mean() > 0.02
                assert (phone.start, phone.end) == pytest.approx((word.start, word.end))
    assert whole >= 8
    assert parts >= 8


def test_words_cut_out_are_all_that_is_left():
    found = repeating.cut_out(_utterance(), 1, 2)
    assert [word.text for word in found.words] == ["deux"]
    assert (found.words[0].start, found.words[0].end) == pytest.approx((0.0, 0.2))
    assert found.duration == pytest.approx(0.2, abs=1e-3)


def test_most_is_said_once():
    said = [len(list(repeating.with_copies(_utterance(), np.random.default_rng(seed)))) for seed in range(200)]
    assert 5 <= said.count(2) <= 60

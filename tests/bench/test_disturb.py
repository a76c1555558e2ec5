"""Conditions of recordings leave the times of words where they are, and are as bad as they say."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.bench.disturb import CONDITIONS, noisy, power
from tests.bench.join import moved
from tests.bench.recordings import RATE
from tests.places import SAMPLE
from tests.tables import over_rows


def bursts(seconds: float = 4.0) -> np.ndarray:
    """A voice of sorts: bursts of sound at 700 Hz with silence between."""
    t = np.arange(int(seconds * RATE)) / RATE
    return (0.2 * np.sin(2 * np.pi * 700 * t) * (t % 0.8 < 0.37)).astype(np.float32)


def loudness(samples: np.ndarray) -> np.ndarray:
    """Energy around 700 Hz, every millisecond, without its mean."""
    t = np.arange(-160, 160) / RATE
    tuned = np.abs(np.convolve(samples, np.exp(2j * np.pi * 700 * t) * np.hanning(320), "same"))[::16]
    return tuned - tuned.mean()


@over_rows("condition", list(CONDITIONS))
def test_a_condition_moves_no_sound_and_changes_no_length(condition: str) -> None:
    clean = bursts()
    disturbed = CONDITIONS[condition](clean, np.random.default_rng(1))
    assert disturbed.shape == clean.shape
    likeness = np.correlate(loudness(disturbed), loudness(clean), "same")
    assert abs(int(likeness.argmax()) - len(likeness) // 2) <= 3  # milliseconds; echoes come later by nature


@over_rows("decibels", [10, 0])
def test_noise_is_as_far_under_the_voice_as_it_says(decibels: float) -> None:
    clean = bursts()
    mixed = noisy(decibels)(clean, np.random.default_rng(1))
    scale = np.dot(mixed, clean) / np.dot(clean, clean)
    under = 20 * np.log10(power(clean) * scale / power(mixed - scale * clean))
    assert under == pytest.approx(decibels, abs=0.5)


def test_a_joined_word_is_later_in_sound_and_text_and_an_unsaid_one_stays_so() -> None:
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    said = next(word for word in truth["words"] if word["start"] is not None)
    later = moved(said, 100.0, 1000)
    assert (later["start"], later["end"]) == pytest.approx((said["start"] + 100, said["end"] + 100))
    assert later["char_end"] - said["char_end"] == later["char_start"] - said["char_start"] == 1000
    unsaid = next(word for word in truth["words"] if word["start"] is None)
    assert moved(unsaid, 100.0, 1000)["start"] is None

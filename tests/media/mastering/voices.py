"""Sound with known pauses and levels, in the stead of voices."""

from __future__ import annotations

import numpy as np

from media.decode import Waveform

RATE = 44_100


def voice(
    *bursts: tuple[float, float], duration: float, noise: float = 0.001, channels: int = 1, steady: bool = False
) -> Waveform:
    """Tones of a voice's pitch that swell and fall like syllables between the given times, or are ``steady`` like one
    vowel, and noise everywhere."""
    times = np.arange(round(duration * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * 140 * k * times) / k for k in range(1, 12)) * (
        0.3 if steady else 0.3 + 0.2 * np.sin(2 * np.pi * 4 * times)
    )
    inside = np.zeros(len(times), bool)
    for start, end in bursts:
        inside |= (times >= start) & (times < end)
    samples = np.where(inside, 0.5 * tone, 0.0) + noise * np.random.default_rng(1).standard_normal(len(times))
    return Waveform(np.repeat(samples.astype(np.float32)[:, None], channels, axis=1), RATE)

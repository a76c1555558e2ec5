"""Sound that is made for a test and as rich as speech: noise whose colour and loudness change all the time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

RATE = 16000
Samples = NDArray[np.float32]


def murmur(seconds: float, seed: int) -> Samples:
    """Noise in syllables, no two alike: every 80 to 250 ms other bands of it are loud."""
    from scipy.fft import irfft, rfft

    rng = np.random.default_rng(seed)
    size, hop = 1024, 512
    frames = round(seconds * RATE) // hop + 2
    noise = rng.standard_normal((frames, size)).astype(np.float32)
    lengths = rng.integers(3, 9, frames)
    syllables = np.repeat(np.arange(frames), lengths)[:frames]
    colours = np.exp(1.5 * rng.standard_normal((frames, 24)))
    bands = np.clip(np.log2(np.arange(size // 2 + 1) / 16 + 1) * 5, 0, 23).astype(int)
    shaped = irfft(rfft(noise * np.hanning(size), axis=1) * colours[syllables][:, bands], axis=1)
    sound = np.zeros((frames + 1) * hop)
    for k, frame in enumerate(shaped):
        sound[k * hop : k * hop + size] += frame
    sound = sound[hop : hop + round(seconds * RATE)]
    return (0.1 * sound / sound.std()).astype(np.float32)


def blocks(samples: Samples, start: float = 0.0, end: float | None = None) -> Iterator[tuple[float, Samples]]:
    """The samples as decoding gives them."""
    last = len(samples) if end is None else min(len(samples), round(end * RATE))
    for at in range(round(start * RATE), last, 10 * RATE):
        yield at / RATE, samples[at : min(last, at + 10 * RATE)]

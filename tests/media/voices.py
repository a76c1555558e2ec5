"""Generated audio for tests: noise as rich as speech, and tones with known pauses and levels."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from media.decode import Waveform

RATE, VOICE_RATE = 16_000, 44_100
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


def voice(
    *bursts: tuple[float, float], duration: float, noise: float = 0.001, channels: int = 1, steady: bool = False
) -> Waveform:
    """Tones of a voice's pitch that swell and fall like syllables between the given times, or are ``steady`` like one
    vowel, and noise everywhere."""
    times = np.arange(round(duration * VOICE_RATE)) / VOICE_RATE
    tone = sum(np.sin(2 * np.pi * 140 * k * times) / k for k in range(1, 12)) * (
        0.3 if steady else 0.3 + 0.2 * np.sin(2 * np.pi * 4 * times)
    )
    inside = np.zeros(len(times), bool)
    for start, end in bursts:
        inside |= (times >= start) & (times < end)
    samples = np.where(inside, 0.5 * tone, 0.0) + noise * np.random.default_rng(1).standard_normal(len(times))
    return Waveform(np.repeat(samples.astype(np.float32)[:, None], channels, axis=1), VOICE_RATE)

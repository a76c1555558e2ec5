"""What recordings do to speech. Every disturbance leaves the times of words right: it shifts nothing, or says how much.

Conventions: ``rng`` decides all; the same state gives the same sound. Powers are relative to speech of unit power.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, fftconvolve, lfilter, resample_poly, sosfilt

from aligner.training import codecs, sounds
from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord

Samples = NDArray[np.float32]
LEVEL = 0.08  # root mean square of speech at its usual level


def stretched(utterance: SpokenUtterance, percent: int) -> SpokenUtterance:
    """Played at another rate: ``percent`` of its length, pitch and formants with it, the times of words too."""
    factor = percent / 100
    return replace(
        utterance,
        samples=resample_poly(utterance.samples, percent, 100).astype(np.float32),
        words=tuple(SpokenWord(w.text, w.start * factor, w.end * factor) for w in utterance.words),
        phones=tuple(Phone(p.symbol, p.start * factor, p.end * factor) for p in utterance.phones),
    )


def of_a_speaker(utterance: SpokenUtterance, rng: np.random.Generator) -> SpokenUtterance:
    """One speaker before one microphone: another voice, another room, another loudness and tone."""
    if rng.random() < 0.6:
        utterance = stretched(utterance, int(rng.integers(90, 113)))
    samples = sounds.unit_power(utterance.samples)
    if rng.random() < 0.5:
        samples = fftconvolve(samples, sounds.room(rng))[: len(samples)]
    if rng.random() < 0.6:
        samples = tilted(samples, rng)
    gain_db = rng.uniform(-10, 4)
    return replace(utterance, samples=sounds.unit_power(samples) * np.float32(LEVEL * 10 ** (gain_db / 20)))


def tilted(samples: Samples, rng: np.random.Generator) -> Samples:
    """Bass or treble lifted, and a resonance somewhere, as microphones and equalisers have it."""
    slope = rng.uniform(0.1, 0.8)
    tilted = lfilter([1, -slope], [1], samples) if rng.random() < 0.5 else lfilter([1 - slope], [1, -slope], samples)
    if rng.random() < 0.5:
        low = rng.uniform(150, 4000)
        band = butter(1, [low, low * rng.uniform(1.3, 2)], "bandpass", fs=RATE, output="sos")
        tilted = tilted + rng.uniform(-0.7, 1.5) * sosfilt(band, tilted)
    return tilted.astype(np.float32)


def of_a_recording(samples: Samples, others: Samples, rng: np.random.Generator) -> Samples:
    """What the whole recording goes through: noise, music, ``others`` talking (as long), a narrow band, a codec."""
    n = len(samples)
    mixed = samples + _under(5, 45, rng) * sounds.noise(n, rng)
    if rng.random() < 0.35:
        mixed = mixed + _under(3, 25, rng) * sounds.music(n, rng) * _present(n, rng)
    if rng.random() < 0.2:
        mixed = mixed + _under(8, 25, rng) * sounds.unit_power(others)
    if rng.random() < 0.12:
        mixed = mixed + _under(3, 12, rng) * sounds.unit_power(others) * _at_once(samples, rng)
    chance = rng.random()
    if chance < 0.12:
        mixed = sosfilt(butter(4, [300, 3400], "bandpass", fs=RATE, output="sos"), mixed)
    elif chance < 0.35:
        mixed = sosfilt(butter(3, rng.uniform(3000, 7500), fs=RATE, output="sos"), mixed)
    mixed = mixed.astype(np.float32)
    if rng.random() < 0.08:
        mixed = np.clip(mixed, -1.5 * LEVEL, 1.5 * LEVEL)
    if rng.random() < 0.4:
        codec = rng.choice(list(codecs.CODECS))
        mixed = codecs.through(mixed, codec, int(rng.choice(codecs.CODECS[codec][3])))
    return np.clip(mixed * np.float32(10 ** (rng.uniform(-12, 8) / 20)), -1, 1)


def _at_once(samples: Samples, rng: np.random.Generator) -> Samples:
    """Loudness in time of a voice that talks for some seconds, while the text's does: it must not be heard alone."""
    talking = uniform_filter1d(np.abs(samples), round(0.2 * RATE)) > 0.1 * LEVEL
    t = np.arange(len(samples)) / RATE
    begins = rng.uniform(0, t[-1])
    return (talking & (t >= begins) & (t < begins + rng.uniform(1, 5))).astype(np.float32)


def _under(least_db: float, most_db: float, rng: np.random.Generator) -> np.float32:
    return np.float32(LEVEL * 10 ** (-rng.uniform(least_db, most_db) / 20))


def _present(n: int, rng: np.random.Generator) -> Samples:
    """Loudness in time of music that is there all along, or fades in or out."""
    if rng.random() < 0.6:
        return np.ones(n, np.float32)
    ramp = np.clip((np.arange(n) / RATE - rng.uniform(0, 12)) / rng.uniform(0.2, 3), 0, 1)
    return (ramp if rng.random() < 0.5 else 1 - ramp).astype(np.float32)

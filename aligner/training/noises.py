"""Synthesise noise, music, breath and room responses. All but the room responses have unit power."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

from aligner.training.records import RATE, Samples

_SCALE = np.array([1, 9 / 8, 5 / 4, 4 / 3, 3 / 2, 5 / 3, 15 / 8, 2])


def unit_power(samples: NDArray[np.floating]) -> Samples:
    return (samples / (np.sqrt(np.mean(np.square(samples))) + 1e-9)).astype(np.float32)


def noise(n: int, rng: np.random.Generator) -> Samples:
    """Return ``n`` samples of white to brown noise, sometimes with hum or a changing level."""
    audio = lfilter([1.0], [1.0, -rng.choice([0.0, 0.5, 0.8, 0.95, 0.99])], rng.normal(0, 1, n))
    audio = unit_power(audio)
    t = np.arange(n) / RATE
    if rng.random() < 0.25:
        hum = rng.choice([50, 60, 100, 120])
        audio = audio + rng.uniform(0.3, 1.5) * sum(np.sin(2 * np.pi * hum * h * t) / h for h in (1, 2, 3, 5))
    if rng.random() < 0.3:
        audio = audio * (1 + 0.9 * np.sin(2 * np.pi * (rng.uniform(0.1, 2) * t + rng.random())))
    return unit_power(audio)


def music(n: int, rng: np.random.Generator) -> Samples:
    """Return ``n`` samples of random music: notes with overtones, sometimes drums and a sustained chord."""
    audio = np.zeros(n)
    beat, base = rng.uniform(0.2, 0.8), rng.uniform(90, 330)
    drums, decay, overtones = rng.random() < 0.5, rng.uniform(0.5, 6), int(rng.integers(2, 9))
    for k in range(int(n / RATE / beat) + 1):
        at = int(k * beat * RATE)
        for _ in range(rng.integers(1, 4)):
            pitch = base * rng.choice(_SCALE) * rng.choice([0.5, 1, 1, 2])
            _add(audio, at, _note(pitch, rng.uniform(0.2, 1.5), decay, overtones, rng))
        if drums and rng.random() < 0.7:
            hit = rng.normal(0, rng.uniform(0.2, 1.0), int(0.15 * RATE))
            _add(audio, at, hit * np.exp(-rng.uniform(20, 60) * np.arange(len(hit)) / RATE))
    if rng.random() < 0.4:
        chord = [base * ratio for ratio in rng.choice(_SCALE, 3, replace=False)]
        t = np.arange(n) / RATE
        wobble = 1 + 0.005 * np.sin(2 * np.pi * rng.uniform(3, 6) * t) / 5
        audio += rng.uniform(0.1, 0.6) * sum(np.sin(2 * np.pi * pitch * t * wobble) for pitch in chord)
    return unit_power(audio)


def _note(pitch: float, seconds: float, decay: float, overtones: int, rng: np.random.Generator) -> NDArray[np.float64]:
    t = np.arange(int(seconds * RATE)) / RATE
    shape = np.exp(-decay * t) * np.minimum(1, t / rng.uniform(0.003, 0.05)) * np.minimum(1, (seconds - t) / 0.02)
    parts = [rng.random() / h * np.sin(2 * np.pi * pitch * h * t) for h in range(1, overtones + 1)]
    return shape * np.sum(parts, axis=0)


def _add(audio: NDArray[np.float64], at: int, part: NDArray[np.float64]) -> None:
    part = part[: max(0, len(audio) - at)]
    audio[at : at + len(part)] += part


def breath(rng: np.random.Generator) -> Samples:
    """Return a breath (a hiss that swells and fades) or laughter (a series of breaths)."""
    n = int(rng.uniform(0.15, 0.7) * RATE)
    low = rng.uniform(200, 900)
    band = butter(1, [low, low * rng.uniform(3, 7)], "bandpass", fs=RATE, output="sos")
    audio = sosfilt(band, rng.normal(0, 1, n))
    t = np.arange(n) / RATE
    swell = np.sin(np.pi * (t / t[-1]) ** rng.uniform(0.5, 2.0))
    if rng.random() < 0.3:  # laughter: four to six puffs a second, voiced or not
        puffs = np.maximum(0.0, np.sin(2 * np.pi * rng.uniform(4, 6) * t))
        pitch = rng.uniform(120, 400) * (1 - 0.2 * t)
        voiced = sum(np.sin(2 * np.pi * h * np.cumsum(pitch) / RATE) / h for h in range(1, 6))
        audio = (unit_power(audio) + rng.choice([0.0, 0.7]) * voiced) * puffs
    return unit_power(audio * swell)


def room(rng: np.random.Generator) -> Samples:
    """Return a room impulse response: direct sound, a few early echoes, and a tail with an RT60 of 0.1 to 1 s."""
    rt60 = rng.uniform(0.1, 1.0)
    t = np.arange(int(rt60 * RATE)) / RATE
    tail = rng.normal(0, 1, len(t)) * 10 ** (-3 * t / rt60)
    tail = lfilter([1.0], [1.0, -rng.uniform(0, 0.7)], tail)  # walls absorb high frequencies
    tail[: int(rng.uniform(0.002, 0.02) * RATE)] = 0
    tail *= 10 ** (rng.uniform(-12, 3) / 20) / (np.sqrt(np.sum(tail**2)) + 1e-9)
    for _ in range(rng.integers(0, 6)):
        tail[int(rng.uniform(0.001, 0.03) * RATE) % len(tail)] += rng.uniform(-0.5, 0.5)
    tail[0] = 1.0
    return tail.astype(np.float32)

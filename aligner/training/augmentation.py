"""Degrade synthetic speech to resemble real recordings, and keep the times of words correct.

Conventions: the same arguments and state of ``rng`` give the same audio. ``LEVEL`` is the level of average speech.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, correlate, fftconvolve, lfilter, resample_poly, sosfilt

from aligner.training import noises
from aligner.training.records import RATE, Samples, SpokenUtterance

LEVEL = 0.08  # usual root mean square of speech
CODECS = {  # encoder and container of PyAV, sample rate, bit rates that audibly degrade speech
    "mp3": ("libmp3lame", "mp3", 24_000, (24_000, 32_000, 48_000, 64_000)),
    "aac": ("aac", "adts", 24_000, (20_000, 32_000, 48_000)),
    "opus": ("libopus", "ogg", 24_000, (8_000, 12_000, 16_000, 24_000)),
}
_LONGEST_DELAY = 0.15  # seconds


def change_speed(utterance: SpokenUtterance, percent: int) -> SpokenUtterance:
    """Resample an utterance to ``percent`` of its length and scale its times. This also changes pitch and formants."""
    factor = percent / 100
    samples = resample_poly(utterance.samples, percent, 100).astype(np.float32)
    return utterance.retimed(samples, lambda second: second * factor)


def vary_speaker(utterance: SpokenUtterance, rng: np.random.Generator) -> SpokenUtterance:
    """Return the utterance with pitch, room echo, frequency response and loudness changed at random."""
    if rng.random() < 0.6:
        utterance = change_speed(utterance, int(rng.integers(90, 113)))
    samples = noises.unit_power(utterance.samples)
    if rng.random() < 0.5:
        samples = fftconvolve(samples, noises.room(rng))[: len(samples)]
    if rng.random() < 0.6:
        samples = change_tone(samples, rng)
    gain_db = rng.uniform(-10, 4)
    return replace(utterance, samples=noises.unit_power(samples) * np.float32(LEVEL * 10 ** (gain_db / 20)))


def change_tone(samples: Samples, rng: np.random.Generator) -> Samples:
    """Boost bass or treble and, half of the time, raise or lower one band, as a microphone or an equaliser may."""
    slope = rng.uniform(0.1, 0.8)
    tilted = lfilter([1, -slope], [1], samples) if rng.random() < 0.5 else lfilter([1 - slope], [1, -slope], samples)
    if rng.random() < 0.5:
        low = rng.uniform(150, 4000)
        band = butter(1, [low, low * rng.uniform(1.3, 2)], "bandpass", fs=RATE, output="sos")
        tilted = tilted + rng.uniform(-0.7, 1.5) * sosfilt(band, tilted)
    return tilted.astype(np.float32)


def degrade_recording(samples: Samples, others: Samples, rng: np.random.Generator) -> Samples:
    """Add noise. At random, also add music or ``others`` (equally long speech), limit bandwidth or apply a codec."""
    n = len(samples)
    loud = rng.random() < 0.3
    mixed = samples + (_gain(1, 18, rng) if loud else _gain(15, 45, rng)) * noises.noise(n, rng)
    if rng.random() < 0.35:
        mixed = mixed + _gain(2, 25, rng) * noises.music(n, rng) * _music_gain(n, rng)
    if rng.random() < 0.2:
        mixed = mixed + _gain(8, 25, rng) * noises.unit_power(others)
    if rng.random() < 0.12:
        mixed = mixed + _gain(3, 12, rng) * noises.unit_power(others) * _overlap_gain(samples, rng)
    chance = rng.random()
    if chance < 0.12:
        mixed = sosfilt(butter(4, [300, 3400], "bandpass", fs=RATE, output="sos"), mixed)
    elif chance < 0.35:
        mixed = sosfilt(butter(3, rng.uniform(3000, 7500), fs=RATE, output="sos"), mixed)
    mixed = mixed.astype(np.float32)
    if rng.random() < 0.08:
        mixed = np.clip(mixed, -1.5 * LEVEL, 1.5 * LEVEL)
    if rng.random() < 0.4:
        codec = rng.choice(list(CODECS))
        mixed = through_codec(mixed, codec, int(rng.choice(CODECS[codec][3])))
    return np.clip(mixed * np.float32(10 ** (rng.uniform(-12, 8) / 20)), -1, 1)


def _overlap_gain(samples: Samples, rng: np.random.Generator) -> Samples:
    """Return the gain of background speech: 1 for a few seconds, but only where ``samples`` has speech; else 0."""
    talking = uniform_filter1d(np.abs(samples), round(0.2 * RATE)) > 0.1 * LEVEL
    t = np.arange(len(samples)) / RATE
    begins = rng.uniform(0, t[-1])
    return (talking & (t >= begins) & (t < begins + rng.uniform(1, 5))).astype(np.float32)


def _gain(least_db: float, most_db: float, rng: np.random.Generator) -> np.float32:
    return np.float32(LEVEL * 10 ** (-rng.uniform(least_db, most_db) / 20))


def _music_gain(n: int, rng: np.random.Generator) -> Samples:
    if rng.random() < 0.6:
        return np.ones(n, np.float32)
    ramp = np.clip((np.arange(n) / RATE - rng.uniform(0, 12)) / rng.uniform(0.2, 3), 0, 1)
    return (ramp if rng.random() < 0.5 else 1 - ramp).astype(np.float32)


def through_codec(samples: Samples, codec: str, bit_rate: int) -> Samples:
    """Return samples encoded by a codec of ``CODECS`` at ``bit_rate`` bit/s and decoded; the length is unchanged."""
    coder, container, rate, _ = CODECS[codec]
    file = io.BytesIO()
    _encoded(file, samples, coder, container, rate, bit_rate)
    file.seek(0)
    return _aligned(_decoded(file, container), samples)


def _encoded(file: io.BytesIO, samples: Samples, coder: str, container: str, rate: int, bit_rate: int) -> None:
    import av

    with av.open(file, "w", format=container) as output:
        stream: Any = output.add_stream(coder, rate=rate, layout="mono", bit_rate=bit_rate)
        resampler = av.AudioResampler(stream.format, "mono", rate, frame_size=stream.frame_size or 1024)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None]), format="flt", layout="mono")
        frame.sample_rate = RATE
        for ready in [*resampler.resample(frame), *resampler.resample(None)]:
            ready.pts = None
            output.mux(stream.encode(ready))
        output.mux(stream.encode(None))


def _decoded(file: io.BytesIO, container: str) -> Samples:
    import av

    with av.open(file, format="aac" if container == "adts" else container) as source:
        resampler = av.AudioResampler("flt", "mono", RATE)
        frames = [ready for frame in source.decode(audio=0) for ready in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def _aligned(decoded: Samples, original: Samples) -> Samples:
    """Remove the codec's delay from decoded audio, and crop or pad the result to the length of the original."""
    reach = int(_LONGEST_DELAY * RATE)
    padded = np.pad(decoded, (reach, max(0, len(original) - len(decoded)) + reach))[: len(original) + 2 * reach]
    shift = int(np.argmax(correlate(padded, original, mode="valid")))
    return padded[shift : shift + len(original)].astype(np.float32)

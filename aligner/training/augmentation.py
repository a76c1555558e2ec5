"""What recordings do to speech. Every disturbance leaves the times of words right: it shifts nothing, or says how much.

Conventions: ``rng`` decides all; the same state gives the same sound. Powers are relative to speech of unit power.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, correlate, fftconvolve, lfilter, resample_poly, sosfilt

from aligner.training import sounds
from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord

Samples = NDArray[np.float32]
LEVEL = 0.08  # root mean square of speech at its usual level
CODECS = {  # PyAV's coder and container, the rate it works at, bits per second that hurt
    "mp3": ("libmp3lame", "mp3", 24_000, (24_000, 32_000, 48_000, 64_000)),
    "aac": ("aac", "adts", 24_000, (20_000, 32_000, 48_000)),
    "opus": ("libopus", "ogg", 24_000, (8_000, 12_000, 16_000, 24_000)),
}
_LONGEST_DELAY = 0.15  # seconds


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
        codec = rng.choice(list(CODECS))
        mixed = through_codec(mixed, codec, int(rng.choice(CODECS[codec][3])))
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


def through_codec(samples: Samples, codec: str, bit_rate: int) -> Samples:
    """``samples`` (RATE) as they come back from ``codec``, as long as they were: a coder's own delay is undone."""
    coder, container, rate, _ = CODECS[codec]
    file = io.BytesIO()
    _encoded(file, samples, coder, container, rate, bit_rate)
    file.seek(0)
    return _in_place(_decoded(file, container), samples)


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


def _in_place(found: Samples, given: Samples) -> Samples:
    """``found`` shifted to where it agrees most with ``given``, and cut or filled to its length."""
    reach = int(_LONGEST_DELAY * RATE)
    padded = np.pad(found, (reach, max(0, len(given) - len(found)) + reach))[: len(given) + 2 * reach]
    shift = int(np.argmax(correlate(padded, given, mode="valid")))
    return padded[shift : shift + len(given)].astype(np.float32)

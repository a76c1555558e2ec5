#!/usr/bin/env python3
"""Add noise, music, a second voice, reverberation or compression to episodes; the times of their words stay true.

Usage: python -m tests.bench.disturb FOLDER... OUT_DIR [--conditions noise10,noise0,music5,voice10,...]

Writes ``OUT_DIR/CONDITION/NAME`` for each episode: its audio disturbed, its transcript and truth unchanged, and
prints the SHA-256 of all audio in each condition. The second voice is the episode half a list further on, repeated.

Conventions: decibels are of the voice where it speaks over what is under it; every delay is undone or none.
"""

import argparse
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media.ffmpeg import ffmpeg_path
from tests.bench.recordings import RATE, Samples, samples_of, write_wave
from tests.bench.trial import find_episodes

Condition = Callable[[Samples, np.random.Generator, Samples], Samples]  # of samples, chance, another voice

CHORDS = ((220, 262, 330), (175, 220, 262), (196, 247, 294), (165, 208, 247))  # Hz


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--conditions", default=",".join(CONDITIONS))
    options = parser.parse_args()
    episodes = list(find_episodes(options.folders))
    hashes = {condition: hashlib.sha256() for condition in options.conditions.split(",")}
    for k, files in enumerate(episodes):
        samples, other = samples_of(files.audio), samples_of(episodes[(k + len(episodes) // 2) % len(episodes)].audio)
        for condition, digest in hashes.items():
            folder = options.out / condition / files.name
            folder.mkdir(parents=True, exist_ok=True)
            for file in (files.transcript, files.truth):
                shutil.copyfile(file, folder / file.name)
            changed = CONDITIONS[condition](samples, np.random.default_rng(1), np.resize(other, len(samples)))
            digest.update(np.round(changed * 32767).astype("<i2").tobytes())
            write(folder, changed, condition)
    for condition, digest in hashes.items():
        print(condition, digest.hexdigest()[:16])


def write(folder: Path, samples: Samples, condition: str) -> None:
    """Write the audio as WAVE, or as MP3 in that condition."""
    path = folder / "episode.wav"
    write_wave(path, samples)
    if condition == "mp3":
        command = [ffmpeg_path(), "-y", "-v", "error", "-i", path, "-b:a", "32k", folder / "episode.mp3"]
        subprocess.run(list(map(str, command)), check=True)
        path.unlink()


def noisy(decibels: float) -> Condition:
    """Pink noise so far under the voice."""

    def disturbed(samples: Samples, rng: np.random.Generator, other: Samples) -> Samples:
        spectrum = np.fft.rfft(rng.normal(0, 1, len(samples)))
        spectrum /= np.sqrt(np.maximum(1, np.arange(len(spectrum))))
        return under(samples, np.fft.irfft(spectrum, len(samples)), decibels)

    return disturbed


def musical(decibels: float) -> Condition:
    """Music so far under the voice."""
    return lambda samples, rng, other: under(samples, music(len(samples), rng), decibels)


def sung(decibels: float) -> Condition:
    """A song so far under the voice: music, and words of the other voice, as loud, that ring at its chords' pitches."""

    def disturbed(samples: Samples, rng: np.random.Generator, other: Samples) -> Samples:
        bars = [other[at : at + 2 * RATE].astype(float) for at in range(0, len(other), 2 * RATE)]
        words = np.concatenate([ringing(bar, CHORDS[k % len(CHORDS)]) for k, bar in enumerate(bars)])
        song = music(len(samples), rng)
        return under(samples, song / power(song) + words / power(words), decibels)

    return disturbed


def ringing(samples: NDArray[np.float64], pitches: Sequence[int]) -> NDArray[np.float64]:
    """The sum of comb filters, one at each pitch (Hz)."""
    from scipy.signal import lfilter

    delays = [RATE // pitch for pitch in pitches]
    return np.sum([lfilter([1], [1, *[0] * (delay - 1), -0.9], samples) for delay in delays], axis=0)


def beside(decibels: float) -> Condition:
    """Another voice so far under the voice."""
    return lambda samples, rng, other: under(samples, other.astype(float), decibels)


def music(length_samples: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Chords that change every two seconds and plucked notes over them."""
    t = np.arange(2 * RATE) / RATE
    bars = []
    for k in range(length_samples // len(t) + 1):
        chord = CHORDS[k % len(CHORDS)]
        bar = sum(np.sin(2 * np.pi * pitch * h * t) / h**1.5 for pitch in chord for h in range(1, 7))
        for beat in range(8):
            pitch, at = 2 * rng.choice(chord), beat * RATE // 4
            rest = t[: len(t) - at]
            note = sum(np.sin(2 * np.pi * pitch * h * rest) / h for h in range(1, 9))
            bar[at:] += 3 * np.exp(-7 * rest) * note
        bars.append(bar)
    return np.concatenate(bars)[:length_samples]


def in_a_room(samples: Samples, rng: np.random.Generator, other: Samples) -> Samples:
    """A hall of RT60 0.6 s, the direct sound 3 dB over all of its echoes."""
    from scipy.signal import fftconvolve

    t = np.arange(int(0.8 * RATE)) / RATE
    echoes = rng.normal(0, 1, len(t)) * 10 ** (-3 * t / 0.6)
    echoes[: RATE // 100] = 0
    echoes *= 10 ** (-3 / 20) / np.sqrt(np.sum(echoes**2))
    echoes[0] = 1
    return level(fftconvolve(samples, echoes)[: len(samples)], samples)


def by_telephone(samples: Samples, rng: np.random.Generator, other: Samples) -> Samples:
    """300 to 3400 Hz, by a filter that delays nothing."""
    from scipy.signal import butter, sosfiltfilt

    return level(sosfiltfilt(butter(4, [300, 3400], "bandpass", fs=RATE, output="sos"), samples), samples)


def under(samples: Samples, sound: NDArray[np.float64], decibels: float) -> Samples:
    """``samples`` with ``sound`` so far under their voice, as loud together as they were alone."""
    return level(samples + sound * (power(samples) / power(sound)) * 10 ** (-decibels / 20), samples)


def level(sound: NDArray[np.floating], like: Samples) -> Samples:
    return (sound * (power(like) / power(sound))).astype(np.float32)


def power(samples: NDArray[np.floating]) -> float:
    """The root mean square over the tenths of a second that are not quiet."""
    parts = samples[: len(samples) // 1600 * 1600].reshape(-1, 1600)
    squares = np.square(parts, dtype=np.float64).mean(axis=1)
    return float(np.sqrt(squares[squares > squares.max() / 100].mean()))


CONDITIONS: dict[str, Condition] = {
    "noise10": noisy(10),
    "music5": musical(5),
    "room": in_a_room,
    "telephone": by_telephone,
    "mp3": lambda samples, rng, other: samples,
    "noise0": noisy(0),
    "music0": musical(0),
    "song5": sung(5),
    "voice10": beside(10),
    "voice0": beside(0),
}

if __name__ == "__main__":
    main()

"""Whose voice it is, of planted voices: a buzz of some pitch through the formants of a throat of some length."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.model import Alignment, Kind, Segment, Span, TimedSegment
from aligner.recognition import RATE
from aligner.recognition.voices import guessed_speaker, pieces_of, speaker_of
from tests.aligner.captions.spoken import spoken
from tests.tables import over_rows

Samples = NDArray[np.float32]
VOWELS_HZ = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (660, 1720, 2410))
ADA, LUC, EVE = (210.0, 1.15), (115.0, 0.95), (160.0, 1.4)


def voice(who: tuple[float, float], seconds: float, seed: int) -> Samples:
    """So many seconds of vowels, a fifth of a second each, by a voice of a pitch in Hz and a length of throat."""
    from scipy.signal import lfilter

    pitch_hz, throat = who
    rng, parts = np.random.default_rng(seed), []
    for _ in range(round(seconds * 5)):
        samples = RATE // 5
        buzz = np.zeros(samples)
        buzz[np.cumsum(rng.normal(RATE / pitch_hz, 2.0, samples)).astype(int).clip(0, samples - 1)] = 1.0
        buzz += rng.normal(0, 0.002, samples)
        for formant_hz in VOWELS_HZ[rng.integers(len(VOWELS_HZ))]:
            angle, near = 2 * np.pi * formant_hz * throat / RATE, 0.97
            buzz = lfilter([1.0], [1.0, -2 * near * np.cos(angle), near**2], buzz)
        parts.append(0.2 * buzz / np.abs(buzz).max())
    return np.concatenate(parts).astype(np.float32)


@cache
def known() -> dict[str, list[NDArray[np.float64]]]:
    return {"Ada": pieces_of(voice(ADA, 36, 1)), "Luc": pieces_of(voice(LUC, 36, 2))}


@over_rows("who, said_by", [("Ada", ADA), ("Luc", LUC)])
@over_rows("seconds", [6, 12])
def test_a_known_voice_that_says_something_else_is_told(who: str, said_by: tuple[float, float], seconds: int) -> None:
    assert speaker_of(pieces_of(voice(said_by, seconds, 7)), known()) == who


@over_rows("seed", range(4))
def test_a_voice_that_is_nobodys_is_not_guessed(seed: int) -> None:
    assert speaker_of(pieces_of(voice(EVE, 12, seed)), known()) is None


def test_noise_and_silence_are_nobodys() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 6 * RATE).astype(np.float32)
    assert speaker_of(pieces_of(noise), known()) is None
    assert speaker_of(pieces_of(np.zeros(6 * RATE, np.float32)), known()) is None
    assert speaker_of(pieces_of(np.zeros(100, np.float32)), known()) is None


def planted(*turns: tuple[str, float, float]) -> Alignment:
    segments = [
        TimedSegment(f"s{n}", Segment(Kind.SPEECH, name, n, n + 1), start, end, 1.0)
        for n, (name, start, end) in enumerate(turns)
    ]
    return replace(spoken("Il pleut."), segments=tuple(segments))


def test_a_passage_of_an_episode_is_given_to_who_says_it_by_the_turns_around_it(tmp_path: Path) -> None:
    from scipy.io import wavfile

    parts = voice(ADA, 18, 1), voice(LUC, 18, 2), voice(ADA, 9, 3), voice(EVE, 9, 4)
    wavfile.write(tmp_path / "talk.wav", RATE, np.concatenate(parts))
    alignment = planted(("Ada", 0.0, 18.0), ("Luc", 18.0, 36.0))
    assert guessed_speaker(alignment, tmp_path / "talk.wav", Span(36.0, 45.0)) == "Ada"
    assert guessed_speaker(alignment, tmp_path / "talk.wav", Span(45.0, 54.0)) is None

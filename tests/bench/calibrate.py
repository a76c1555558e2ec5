#!/usr/bin/env python3
"""Fit what each feature of a word says for it, on episodes whose truth is known.

Usage: python -m tests.bench.calibrate FOLDER... [--check FOLDER...] [--language fr]

Prints the fields of ``aligner.locating.acoustic.scoring.ScoreWeights``, and how a word's score then compares with
the share of words that are right, there and in the episodes to check. A folder is an episode or holds episodes, as for
``run``. Each is taken as it is, and three times with words of its own, in any order, put in and in the place of others,
singly and in runs: as a cut paragraph, and one in whose place something else is said.

Conventions: a word is right if it is said and starts within 0.2 s of where it was found.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.locating.acoustic import find_candidates
from aligner.locating.acoustic.anchors import decode
from aligner.locating.acoustic.scoring import ScoreWeights, score_words, word_features
from aligner.locating.spoken_words import spoken_tokens
from aligner.normalization import readings
from aligner.recognition import examine, recognise
from aligner.recognition.acoustic import AcousticRecogniser
from aligner.transcript import read_transcript
from tests.bench.evaluation import read_truth
from tests.bench.trial import EpisodeFiles, find_episodes

RIGHT = 0.2  # seconds
PUT_IN, REPLACED = 0.03, 0.01  # chances at each word, and of how many words at a time:
RUNS = (1, 1, 1, 1, 2, 3, 5, 8, 20, 50)
BANDS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """What speaks for each word that was placed, (words, weights), and whether it is right."""

    columns: NDArray[np.float64]
    right: NDArray[np.bool_]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--check", nargs="+", type=Path, default=[], metavar="FOLDER")
    parser.add_argument("--language", help="default: detected for each episode")
    options = parser.parse_args()
    fitted = joined(sample_of(files, options.language) for files in find_episodes(options.folders))
    weights = fit(fitted.columns, fitted.right)
    for field, weight in zip(fields(ScoreWeights), weights, strict=True):
        print(f"    {field.name}: float = {weight:.2f}")
    show("fitted", fitted, weights)
    for folder in options.check:
        show(str(folder), joined(sample_of(files, options.language) for files in find_episodes([folder])), weights)


def sample_of(files: EpisodeFiles, language: str | None) -> Sample:
    """The words of an episode as it is and with its words disturbed."""
    heard = recognise(examine(files.audio), AcousticRecogniser("base", language))
    emissions = heard.emissions
    if emissions is None:
        raise SystemExit("no letters were recognised")
    transcript = read_transcript(files.transcript)
    said = {word.char_start: word.span.start for word in read_truth(files.truth).words if word.span}
    starts = [said.get(word.char_start) for word in transcript.words]
    tokens = spoken_tokens(transcript, heard.language)
    ways = readings([token or "" for token in tokens], heard.language)
    decoded = decode(emissions)
    parts = []
    for seed in range(4):
        disturbed, truth = disturb(ways, starts, random.Random(seed)) if seed else (list(ways), list(starts))
        breaks = np.zeros(len(disturbed), np.int64)
        found = find_candidates(disturbed, decoded, emissions, breaks)
        placed = np.flatnonzero(np.maximum(*(path.frames[:, 0] for path in found.paths)) >= 0)
        at = score_words(found.lengths, found.anchors, found.paths, emissions, breaks).starts[placed]
        true = np.array([np.nan if truth[k] is None else truth[k] for k in placed], np.float64)
        columns = word_features(found.lengths, found.anchors, found.paths, breaks)[placed]
        parts.append(Sample(columns, np.abs(at - true) <= RIGHT))
    return joined(parts)


def disturb(
    ways: Sequence[Sequence[str]], starts: Sequence[float | None], rng: random.Random
) -> tuple[list[Sequence[str]], list[float | None]]:
    """Insert and replace words, which are then unspoken."""
    others = [way for way in ways if way[0]]
    disturbed: list[Sequence[str]] = []
    truth: list[float | None] = []
    instead: list[Sequence[str]] = []
    for way, start in zip(ways, starts, strict=True):
        if rng.random() < PUT_IN:
            put_in = rng.choices(others, k=rng.choice(RUNS))
            disturbed, truth = disturbed + put_in, truth + [None] * len(put_in)
        if not instead and rng.random() < REPLACED:
            instead = rng.choices(others, k=rng.choice(RUNS))
        if instead and way[0]:
            disturbed.append(instead.pop())
            truth.append(None)
        else:
            disturbed.append(way)
            truth.append(start)
    return disturbed, truth


def joined(parts: Iterator[Sample] | Sequence[Sample]) -> Sample:
    parts = list(parts)
    return Sample(np.concatenate([part.columns for part in parts]), np.concatenate([part.right for part in parts]))


def fit(columns: NDArray[np.float64], right: NDArray[np.bool_], ridge: float = 1.0) -> NDArray[np.float64]:
    """Logistic regression by Newton's method; the first column, the bias, is not held back."""
    weights = np.zeros(columns.shape[1])
    held = ridge * np.eye(len(weights))
    held[0, 0] = 0.0
    for _ in range(30):
        chance = probability(columns, weights)
        slope = columns.T @ (right - chance) - held @ weights
        curve = (columns * (chance * (1 - chance))[:, None]).T @ columns + held
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def probability(columns: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-columns @ weights))


def show(name: str, words: Sample, weights: NDArray[np.float64]) -> None:
    """How many words each band of scores holds, and which share of them is right."""
    chance = probability(words.columns, weights)
    print(f"{name}: {len(chance)} words placed, {words.right.mean():.1%} right")
    for low, high in pairwise(BANDS):
        inside = (chance >= low) & (chance < high)
        if inside.any():
            print(f"  {low:.2f}-{high:.2f}: {inside.sum():6d} words, {words.right[inside].mean():6.1%} right")


if __name__ == "__main__":
    main()

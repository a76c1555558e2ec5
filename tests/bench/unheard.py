#!/usr/bin/env python3
"""How many letters of words are recognised at their times, and elsewhere: the odds of ``aligner.report.doubt``, and
the words of whole episodes that it then doubts.

Usage: python -m tests.bench.unheard FOLDER... [--judged FOLDER...] [--seed 1]

Of confident words, the share of letters recognised within their times; the same of runs
of 1 to 40 of them that are shifted by 0.3 to 5 s; and the logarithm of the ratio. Of episodes that are ``--judged``:
the words that are asked as they were aligned, and how many of 60 shifted runs are asked. Folders as for ``run.py``.
"""

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from aligner.emissions import Emissions
from aligner.locating.quality import UNSURE
from aligner.model import Alignment, Status
from aligner.report.doubt import SHARES, matched_shares, mismatched_runs
from tests.bench.corrections import MOST_WORDS, aligned, shifted
from tests.bench.report import table
from tests.bench.trial import find_episodes

_RUNS = 20, 60  # that are shifted in an episode of those that are weighed, and of those that are judged
_MOVED = 0.1  # seconds
_BOUNDS = (0.0, *SHARES, 1.01)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--judged", type=Path, nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if options.folders:
        right, wrong = (np.histogram(found, _BOUNDS)[0] for found in _weighed(options.folders, options.seed))
        ratio = np.log((wrong + 0.5) / wrong.sum() / ((right + 0.5) / right.sum()))
        counts = (map(str, each) for each in (right, wrong, ratio.round(2)))
        print(
            table(
                ["up to", *map(str, _BOUNDS[1:])],
                [[n, *c] for n, c in zip(("right", "moved", "log"), counts, strict=True)],
            )
        )
    if options.judged:
        rows = [_judged(*found, options.seed) for found in _episodes(options.judged)]
        print(table(["episode", "words", "asked", "runs", "found", "share"], rows))
    return 0


def _episodes(folders: Sequence[Path]) -> Iterator[tuple[str, Alignment, Emissions]]:
    for files in find_episodes(folders):
        alignment, heard = aligned(files)
        if heard.recognition.emissions:
            yield files.name, alignment, heard.recognition.emissions


def _weighed(folders: Sequence[Path], seed: int) -> tuple[list[float], list[float]]:
    right, wrong = [], []
    for _, alignment, emissions in _episodes(folders):
        sure = [w.status.is_matched and w.confidence >= UNSURE for w in alignment.words]
        shares = list(matched_shares(alignment.words, emissions))
        right += [share for share, is_sure in zip(shares, sure, strict=True) if is_sure and share is not None]
        for moved, words in _moved(alignment, seed, _RUNS[0]):
            shares = list(matched_shares(moved.words, emissions))
            wrong += [share for k in words if (share := shares[k]) is not None]
    return right, wrong


def _moved(alignment: Alignment, seed: int, count: int) -> Iterator[tuple[Alignment, list[int]]]:
    """The alignment with a run of words shifted, and which of them are elsewhere now."""
    rng = random.Random(seed)
    said = [k for k, word in enumerate(alignment.words) if word.status is Status.EXACT]
    for _ in range(count if said else 0):
        first = rng.choice(said)
        run = range(first, min(len(alignment.words), first + rng.randint(1, MOST_WORDS)))
        moved = shifted(alignment, run, rng)
        pairs = [(k, alignment.words[k].span, moved.words[k].span) for k in run]
        yield moved, [k for k, a, b in pairs if a and b and abs(a.start - b.start) > _MOVED]


def _judged(name: str, alignment: Alignment, emissions: Emissions, seed: int) -> list[str]:
    asked = sum(map(len, mismatched_runs(alignment, emissions)))
    found, share, runs = 0, 0.0, 0
    for moved, words in _moved(alignment, seed, _RUNS[1]):
        told = {word for run in mismatched_runs(moved, emissions) for word in run} & set(words)
        if words:
            runs, found, share = runs + 1, found + bool(told), share + len(told) / len(words)
    return [name, str(len(alignment.words)), str(asked), str(runs), str(found), f"{100 * share / max(1, runs):.0f}"]


if __name__ == "__main__":
    sys.exit(main())

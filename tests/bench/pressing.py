#!/usr/bin/env python3
"""How far off "it starts now" is, pressed while one listens: as it is pressed, and as the letters near say.

Usage: python -m tests.bench.pressing FOLDER... [--presses 200] [--seed 1]

Presses are 0.05 to 0.35 s late, of words whose true start is known and of which the alignment is anything. Told are the
median and the 95th percentile of how far off the start then is, in milliseconds, both ways, how many of the presses
were moved at all, and how many of as many presses for another word of the text, which is not said there. Folders as for
``run.py``.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from aligner.corrections.pinning import start_heard
from aligner.corrections.repair import Heard
from aligner.evaluation import read_truth
from aligner.model import Alignment
from tests.bench.corrections import aligned
from tests.bench.report import table
from tests.bench.trial import EpisodeFiles, find_episodes

_LATE = 0.05, 0.35  # seconds
_MOST_LATE = 0.4


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--presses", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    rows = [_measured(files, options.presses, options.seed) for files in find_episodes(options.folders)]
    print(table(["episode", "presses", "late", "p95", "off", "p95", "moved", "worse", "others moved", "ms"], rows))
    return 0


def _measured(files: EpisodeFiles, presses: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    alignment, heard = aligned(files)
    before, after, moved, others = [], [], 0, 0
    starts = _true_starts(files, alignment)
    chosen = rng.sample(sorted(starts), min(presses, len(starts)))
    began = time.process_time()
    for word in chosen:
        at = starts[word] + rng.uniform(*_LATE)
        found = start_heard(alignment, word, at, _MOST_LATE, heard)
        before.append(at - starts[word])
        after.append(abs((at if found is None else found) - starts[word]))
        moved += found is not None
        others += _other(alignment, word, at, heard, rng)
    spent = (time.process_time() - began) / max(1, 2 * len(chosen))
    worse = sum(a > b + 0.02 for a, b in zip(after, before, strict=True))
    figures = [np.percentile(each, share) if each else 0 for each in (before, after) for share in (50, 95)]
    told = [f"{1000 * figure:.0f}" for figure in figures]
    return [files.name, str(len(chosen)), *told, str(moved), str(worse), str(others), f"{1000 * spent:.0f}"]


def _true_starts(files: EpisodeFiles, alignment: Alignment) -> dict[int, float]:
    """When the words start of which that is known."""
    known = {word.char_start: word.span.start for word in read_truth(files.truth).words if word.span}
    words = ((k, known.get(timed.word.char_start)) for k, timed in enumerate(alignment.words))
    return {k: start for k, start in words if start is not None}


def _other(alignment: Alignment, word: int, at: float, heard: Heard, rng: random.Random) -> bool:
    other = rng.randrange(len(alignment.words))
    far = abs(other - word) > 20
    return far and start_heard(alignment, other, at, _MOST_LATE, heard) is not None


if __name__ == "__main__":
    sys.exit(main())

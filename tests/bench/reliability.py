#!/usr/bin/env python3
"""Whether words are as sure as quotecast says that they are: reliability in ten bins, and risk against coverage.

Usage: python -m tests.bench.reliability FOLDER... [--texts published,all] [--seed 1] [--list]

A folder is an episode or holds episodes, as for ``run.py``. The texts are those of ``python -m tests.bench.rivals``: in
an edited one, words that nobody says are among those that have a time.

A word counts if it was given a time and its start is known, or nobody says it; it is right if it is said and starts
within 0.2 s of that time. The first table has, for each FOLDER and each tenth of confidence, the words, their mean
confidence and the share that is right; *all* is the expected calibration error, the mean distance of both. The second
has the share that is wrong among the most confident words, for each share of all words, and for each status.
``--list`` prints the words that are called exact and are wrong.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.model import Status
from tests.bench.edited import VERSIONS, edited
from tests.bench.judging import WRONG, Judged, by_quotecast, exact_and_wrong, judged, read_judged
from tests.bench.report import percent, table

_BINS = 10
_COVERAGES = (0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
_STATUSES = (Status.EXACT, Status.FUZZY, Status.INTERPOLATED)

Words = Mapping[str, Sequence[Judged]]
"""By the folder and the text that they are of."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--texts", default="published", help="of " + ",".join(VERSIONS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="words that are called exact and are wrong")
    options = parser.parse_args()
    words: dict[str, list[Judged]] = defaultdict(list)
    for source in read_judged(options.folders):
        recording = source.recording
        for text in options.texts.split(","):
            version = edited(recording, text, options.seed)
            if version:
                found = judged(version, by_quotecast(version, source.audio))
                words[f"{source.folder} {text}"] += found
                for line in listed(f"{recording.name} {text}", found) if options.list else ():
                    print(line)
    print(reliability_table(words), risk_table(words), sep="\n\n")
    return 0


def sureness(words: Iterable[Judged]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The confidence of each word that counts, and whether it is right."""
    counted = counting(words)
    confidence = np.array([word.timed.confidence if word.timed else 0.0 for word in counted], np.float64)
    return confidence, np.array([word.off is not None and abs(word.off) <= WRONG for word in counted], np.bool_)


def counting(words: Iterable[Judged]) -> list[Judged]:
    return [word for word in words if word.start is not None and (word.true is None or word.off is not None)]


def reliability_table(words: Words) -> str:
    rows = []
    for name, of_name in words.items():
        confidence, right = sureness(of_name)
        bins = bin_of(confidence)
        for k in np.unique(bins):
            inside = bins == k
            said = f"{k / _BINS:.1f}-{(k + 1) / _BINS:.1f}"
            shares = (float(confidence[inside].mean()), float(right[inside].mean()))
            rows.append([name, said, str(inside.sum()), *map(percent, shares), ""])
        rows.append([name, "all", str(len(right)), "", "", percent(calibration_error(confidence, right))])
    return table(("text", "confidence", "words", "said", "right", "error"), rows)


def bin_of(confidence: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)


def calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float | None:
    """Return the mean distance over the bins of confidence from the share that is right, weighted by their words.

    Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """
    if not len(right):
        return None
    distances = np.abs(np.bincount(bin_of(confidence), confidence - right, _BINS))
    return float(distances.sum() / len(right))


def risk_table(words: Words) -> str:
    head = ("text", *(f"{share:.0%}" for share in _COVERAGES), *_STATUSES)
    rows = []
    for name, of_name in words.items():
        confidence, right = sureness(of_name)
        by_status = [sureness(word for word in of_name if word.timed and word.timed.status is s)[1] for s in _STATUSES]
        wrong = [risk(confidence, right, share) for share in _COVERAGES]
        called = [f"{percent(1 - float(of.mean()))} of {len(of)}" if len(of) else "-" for of in by_status]
        rows.append([name, *(percent(share, decimals=2) for share in wrong), *called])
    return table(head, rows)


def risk(confidence: NDArray[np.float64], right: NDArray[np.bool_], coverage: float) -> float | None:
    """The share that is wrong among the surest of the words, so many of all; who is as sure as the last counts too."""
    if not len(right):
        return None
    least = np.sort(confidence)[::-1][max(0, round(coverage * len(right)) - 1)]
    return 1 - float(right[confidence >= least].mean())


def listed(name: str, words: Iterable[Judged]) -> list[str]:
    """A line for each word that is called exact and is wrong."""
    return [
        f"{name}  {word.text}  "
        + ("not said" if word.true is None else f"true {word.true.latest:.2f}")
        + f"  found {word.start:.2f}  {word.timed.confidence if word.timed else 0:.2f}"
        for word in exact_and_wrong(words)
    ]


if __name__ == "__main__":
    sys.exit(main())

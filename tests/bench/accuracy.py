#!/usr/bin/env python3
"""Align every set of episodes whose truth is known and compare the figures with the committed ones.

Usage: python -m tests.bench.accuracy [--write]

The sets are the demo's sample and, where they lie beside the checkout, those of ``../shared/bench``. The committed
figures are in ``accuracy.json``; ``--write`` replaces those of the sets that are there. The exit status is 1 if a
figure is worse by more than its tolerance, which allows for what processors round differently.
"""

import argparse
import json
import sys
from pathlib import Path

from aligner.pipeline import AlignOptions, recognisers_for
from tests.bench.evaluation import summarise
from tests.bench.report import table
from tests.bench.trial import find_episodes, pool, run_trial
from tests.paths import SAMPLE, SHARED

COMMITTED = Path(__file__).with_suffix(".json")
SETS = {"sample": SAMPLE, **{name: SHARED / "bench" / name for name in ("dev", "real", "voices")}}
# How much worse a figure may be: above it where less is better, below it where more is.
MOST = {"start_median_ms": 2.0, "start_p95_ms": 10.0, "end_median_ms": 3.0, "missed_percent": 0.5}
LEAST = {"within_100_ms_percent": 0.5, "cues_within_norms_percent": 1.0}

Figures = dict[str, float]


def main() -> int:
    options = arguments()
    committed: dict[str, Figures] = json.loads(COMMITTED.read_text(encoding="utf-8"))
    measured = {name: figures_of(folder) for name, folder in SETS.items() if folder.is_dir()}
    rows = []
    for name, figures in measured.items():
        before = committed.get(name, {})
        worse = worsened(figures, before) if before else set()
        rows += [
            [name, figure, str(before.get(figure, "-")), str(value), "WORSE" if figure in worse else ""]
            for figure, value in figures.items()
        ]
    print(table(("set", "figure", "committed", "measured", ""), rows))
    if options.write:
        COMMITTED.write_text(json.dumps({**committed, **measured}, indent=2) + "\n", encoding="utf-8")
        return 0
    if absent := committed.keys() - measured.keys():
        print(f"not here, and not measured: {', '.join(sorted(absent))}", file=sys.stderr)
    missing = measured.keys() - committed.keys()
    if missing:
        print(f"no figures are committed for {', '.join(sorted(missing))}: run this with --write", file=sys.stderr)
    return int(bool(missing) or any(row[-1] for row in rows))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="replace the committed figures by those measured now")
    return parser.parse_args()


def figures_of(folder: Path) -> Figures:
    """Return the figures of all episodes of a folder taken together, rounded to a tenth."""
    trials = [run_trial(files, recognisers_for(AlignOptions()), with_usual=False) for files in find_episodes([folder])]
    pooled = pool(trials)
    score = summarise(pooled.ours)
    figures = {
        "start_median_ms": 1000 * score.start_median,
        "start_p95_ms": 1000 * score.start_p95,
        "end_median_ms": 1000 * score.end_median,
        "missed_percent": 100 * score.missed,
        "within_100_ms_percent": 100 * score.within_100_ms,
        "cues_within_norms_percent": 100 * pooled.cues.within / pooled.cues.cues,
    }
    return {name: round(value, 1) for name, value in figures.items()}


def worsened(measured: Figures, committed: Figures) -> set[str]:
    """Return the names of the figures that are worse than the committed ones by more than their tolerance."""
    above = {name for name, most in MOST.items() if measured[name] > committed[name] + most}
    return above | {name for name, least in LEAST.items() if measured[name] < committed[name] - least}


if __name__ == "__main__":
    sys.exit(main())

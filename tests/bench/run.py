#!/usr/bin/env python3
"""Align every episode whose truth is known and print the errors, beside those of the usual method.

Usage: python -m tests.bench.run FOLDER... [--method acoustic,asr] [--model base] [--language fr] [--no-cache]
           [--baseline off]

A folder is an episode (``episode.*``, ``transcript.*``, ``truth.json``) or holds episodes. The usual method takes the
words that ASR recognised in the same run, keeps exact matches and interpolates the rest.

Timing table: errors of word starts (mean, median, p95) and of ends (median) in ms; shares of spoken words within 100
and 200 ms, more than 1 s off, and missed; F1 of unspoken text; recall and precision of untranscribed
speech; of words over 0.5 s off, the share not called exact and confident; seconds of work per second of audio. Cached
recognition is used: with ``--no-cache`` the time is that of a first run.

Caption table: cues, the share inside every norm but reading speed, the share inside the reading speed, and the most
that any cut into cues could have inside it.
"""

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from aligner.errors import AlignerError
from aligner.pipeline import AlignOptions, recognisers_for
from aligner.recognition.cache import cache_folder
from media.errors import MediaError
from tests.bench.report import caption_table, timing_table
from tests.bench.trial import Trial, find_episodes, pool, run_trial


def main() -> int:
    options = arguments()
    episodes = find_episodes(options.folders)
    trials: list[Trial] = []
    with fresh_cache() if options.no_cache else contextlib.nullcontext():
        for number, files in enumerate(episodes, start=1):
            print(f"{number}/{len(episodes)} {files.name}", file=sys.stderr)
            for method in options.method.split(","):
                aligning = AlignOptions(model=options.model, language=options.language, method=method)
                try:
                    trials.append(
                        run_trial(files, recognisers_for(aligning), method == "asr" and options.baseline == "on")
                    )
                except (AlignerError, MediaError) as error:
                    print(f"{files.name}: failed: {error}", file=sys.stderr)
    if trials:
        show(trials)
        if not options.no_cache:
            print("times include results from the cache (--no-cache recognises again)", file=sys.stderr)
    return 0 if len(trials) == len(episodes) * len(options.method.split(",")) else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--method", choices=("acoustic", "asr", "acoustic,asr"), default="acoustic,asr")
    parser.add_argument("--model", default="base")
    parser.add_argument("--language", help="default: detected for each episode")
    parser.add_argument("--no-cache", action="store_true", help="recognise again, to time it")
    parser.add_argument("--baseline", choices=("on", "off"), default="on", help="the usual method beside ours")
    return parser.parse_args()


def show(trials: Sequence[Trial]) -> None:
    """Print all trials, and the pooled figures if there are several."""
    pooled = [pool(group) for group in by_method(trials)]
    rows = [*trials, *pooled] if len(trials) > len(pooled) else trials
    print(timing_table(rows), caption_table(rows), sep="\n\n")


def by_method(trials: Sequence[Trial]) -> list[list[Trial]]:
    """Return the trials of each method, in the order in which the methods first occur."""
    return [[t for t in trials if t.method == method] for method in dict.fromkeys(trial.method for trial in trials)]


@contextlib.contextmanager
def fresh_cache() -> Iterator[None]:
    """Use an empty recognition cache, but keep the installed models."""
    models = cache_folder() / "models"
    before = os.environ.get("QUOTECAST_CACHE")
    with tempfile.TemporaryDirectory() as folder:
        if models.is_dir():
            Path(folder, "models").symlink_to(models.resolve(), target_is_directory=True)
        os.environ["QUOTECAST_CACHE"] = folder
        try:
            yield
        finally:
            os.environ.pop("QUOTECAST_CACHE")
            if before is not None:
                os.environ["QUOTECAST_CACHE"] = before


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""What it costs to keep a change: in the history and the alignment, which is waited for, and in the captions, which is
not.

Usage: python -m tests.bench.keeping ALIGNMENT... [--changes 20] [--seed 1]

The alignment is copied with the captions beside it; words of it are pinned one by one. Told are the milliseconds of
processor time of a change and of opening the history, the median and what one in twenty exceeds, and those of the
captions that follow, with and without what is known of the cuts of before; and whether the files are then to the byte
what writing all of them anew makes.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from aligner.model import Alignment
from aligner.recognition.cache import found_before
from aligner.storage.file_names import JSON_SUFFIX
from aligner.storage.following import captions_follow
from aligner.storage.history import History, changed, open_history
from aligner.storage.outputs import OutputOptions, output_contents
from tests.bench.corrections import times
from tests.bench.report import table

T = TypeVar("T")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("alignments", type=Path, nargs="+")
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    rows = [_measured(path, options.changes, random.Random(options.seed)) for path in options.alignments]
    head = ["alignment", "words", "change", "p95", "opening", "p95", "captions", "p95", "known", "p95", "as anew"]
    print(table(head, rows))
    return 0


def _measured(path: Path, count: int, rng: random.Random) -> list[str]:
    name = path.name.removesuffix(JSON_SUFFIX)
    spent: dict[str, list[float]] = {"change": [], "open": [], "captions": [], "known": []}
    with tempfile.TemporaryDirectory() as folder:
        for each in path.parent.glob(f"{name}.*"):
            if each.suffix in (".json", ".vtt", ".srt"):
                shutil.copy(each, folder)
        copy = Path(folder) / path.name
        history = _pinned(open_history(copy), rng)
        for number in range(count):
            history = _timed(spent["change"], partial(_pinned, history, rng))
            _timed(spent["open"], partial(open_history, copy))
            if number % 2:
                _timed(spent["captions"], partial(captions_follow, copy))
            else:
                _timed(spent["known"], partial(captions_follow, copy, partial(found_before, "captions")))
        there = tuple(each.suffix[1:] for each in Path(folder).glob(f"{name}.[vs][tr]t"))
        wanted = output_contents(history.alignment, Path(folder), name, OutputOptions((*there, "json")))
        same = all(each.read_bytes() == content for each, content in wanted.items())
    words = str(len(history.alignment.words))
    return [name, words, *(figure for each in spent.values() for figure in times(each)), "yes" if same else "NO"]


def _pinned(history: History, rng: random.Random) -> History:
    alignment: Alignment = history.alignment
    word = rng.choice([k for k, each in enumerate(alignment.words) if each.span and not each.pinned])
    words = [replace(each, pinned=each.pinned or k == word) for k, each in enumerate(alignment.words)]
    return changed(history, replace(alignment, words=tuple(words)), {"kind": "accept", "word": word}, "")


def _timed(spent: list[float], work: Callable[[], T]) -> T:
    began = time.process_time()
    made = work()
    spent.append(time.process_time() - began)
    return made


if __name__ == "__main__":
    sys.exit(main())

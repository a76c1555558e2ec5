#!/usr/bin/env python3
"""What becomes of words that are not said: a share of an episode's words gives way to others of its own.

Usage: python -m tests.bench.replaced FOLDER... [--share 0.2] [--language fr] [--seed 3]

Prints what the words put in are called, and how well the others are still found. A folder is an episode or holds
episodes, as for ``run.py``.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aligner.evaluation import read_truth
from aligner.model import Alignment, Status, Word
from aligner.pipeline import AlignOptions, align
from aligner.transcript import read_transcript
from tests.bench.trial import EpisodeFiles, find_episodes

NEAR = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class Tally:
    """How many words were put in, by status, and of the others: how many are said, near the truth, called exact."""

    put_in: Counter[Status]
    said: int
    near: int
    exact: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--share", type=float, default=0.2, help="of the words that are said")
    parser.add_argument("--language", help="default: what the ear makes of each episode")
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    for files in find_episodes(options.folders):
        outcome = tried(files, options.share, options.language, random.Random(options.seed))
        words = outcome.put_in.total()
        if not words:
            raise SystemExit(f"{files.name}: no word was put in")
        called = ", ".join(f"{outcome.put_in[status]} {status}" for status in Status)
        print(f"{files.name}: {words} words put in: {called} ({outcome.put_in[Status.EXACT] / words:.1%} exact)")
        print(f"  {outcome.said} others: {outcome.near / outcome.said:.1%} within {NEAR} s, {outcome.exact} exact")


def tried(files: EpisodeFiles, share: float, language: str | None, rng: random.Random) -> Tally:
    """Align the episode with a transcript in which so many words are others."""
    transcript = read_transcript(files.transcript)
    said = {word.char_start: word.span.start for word in read_truth(files.truth).words if word.span}
    starts = [said.get(word.char_start) for word in transcript.words]
    text, replaced = with_others(transcript.text, transcript.words, starts, share, rng)
    alignment = _aligned(files, text, language)
    if len(alignment.words) != len(starts):
        raise SystemExit(f"{files.transcript}: is read as other words once some are replaced")
    put_in = Counter(word.status for k, word in enumerate(alignment.words) if k in replaced)
    rest = [
        (word, start)
        for k, (word, start) in enumerate(zip(alignment.words, starts, strict=True))
        if start is not None and k not in replaced
    ]
    near = sum(word.span is not None and abs(word.span.start - start) <= NEAR for word, start in rest)
    return Tally(put_in, len(rest), near, sum(word.status is Status.EXACT for word, _ in rest))


def with_others(
    text: str, words: Sequence[Word], starts: Sequence[float | None], share: float, rng: random.Random
) -> tuple[str, set[int]]:
    """The text with others of its words in the places of some that are said, and which these are."""
    choice = [word.text for word in words if word.text.isalpha()]
    replaced, parts, at = set(), [], 0
    for k, (word, start) in enumerate(zip(words, starts, strict=True)):
        other = rng.choice(choice)
        if start is not None and word.text.isalpha() and rng.random() < share and other.lower() != word.text.lower():
            parts += [text[at : word.char_start], other]
            at = word.char_end
            replaced.add(k)
    return "".join([*parts, text[at:]]), replaced


def _aligned(files: EpisodeFiles, text: str, language: str | None) -> Alignment:
    with tempfile.TemporaryDirectory() as folder:
        transcript = Path(folder) / "transcript.txt"
        transcript.write_text(text, encoding="utf-8")
        return align(files.audio, transcript, AlignOptions(language=language)).alignment


if __name__ == "__main__":
    main()

"""Alignments of which some words are in doubt."""

from dataclasses import replace

from aligner.model import Alignment, Status


def with_doubt(alignment: Alignment, *runs: tuple[range, float]) -> Alignment:
    """The alignment, the words of each run that have a time as sure as is said."""
    words = list(alignment.words)
    for run, confidence in runs:
        for k in run:
            if words[k].span:
                words[k] = replace(words[k], confidence=confidence, status=Status.INTERPOLATED)
    return replace(alignment, words=tuple(words))


def numbered(count: int) -> str:
    """So many words, no two of them the same."""
    return " ".join(f"mot{k}" for k in range(count))

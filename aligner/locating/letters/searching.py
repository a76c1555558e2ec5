"""Searching an episode's letters for words: how each is read, where it was heard, and its path by either opinion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import Emissions
from aligner.locating.letters.memory import Memory, recalled_paths
from aligner.locating.letters.paths import PathOptions, Paths
from aligner.locating.letters.reading import chosen_readings, letter_classes
from aligner.locating.letters.sights import HeardLetters, Sights, find_sights
from aligner.locating.letters.stretches import plan_stretches


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """Where words may be: how each is spelled, its letters' classes and their number, its sight and its two paths."""

    spelled: Sequence[str]
    classes: Sequence[Sequence[int]]
    lengths: NDArray[np.int64]
    sights: Sights
    paths: tuple[Paths, Paths]


def search(
    ways: Sequence[Sequence[str]], letters: HeardLetters, scores: Emissions, memory: Memory | None = None
) -> Search:
    """Look for words in the scores, given the ways in which each may be read, as of ``aligner.normalization.readings``.

    ``memory`` recalls what an earlier search found, and keeps what this one does.
    """
    sights = find_sights([way[0] for way in ways], letters)
    spelled = chosen_readings(ways, sights, letters)
    classes = [letter_classes(word) for word in spelled]
    lengths = np.array([len(word) for word in classes], np.int64)
    stretches = plan_stretches(lengths, sights, len(scores))
    paths = recalled_paths(classes, stretches, scores, PathOptions(), memory or Memory())
    return Search(spelled, classes, lengths, sights, paths)

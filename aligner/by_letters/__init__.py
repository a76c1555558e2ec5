"""Locating a transcript among heard letters: the page to read first.

text --readings--> letters of each word -+-find_sights--> where they were heard
sound --heard_letters--> letters --------+      |
sound --scores--------------------------------- + --plan_stretches, find_paths--> frames --weigh--> findings
findings --place--> placements --find_untranscribed--> passages that the text lacks
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.by_letters.copies import at_last_copies
from aligner.by_letters.finding import believable, weigh
from aligner.by_letters.passages import find_untranscribed
from aligner.by_letters.paths import PathOptions, Paths, find_paths, what_sounds, what_spikes
from aligner.by_letters.placing import place
from aligner.by_letters.reading import chosen_readings, letter_classes
from aligner.by_letters.sights import HeardLetters, Sights, find_sights, heard_letters
from aligner.by_letters.stretches import plan_stretches
from aligner.model import Heard, Located, Transcript
from aligner.scores import LetterScores
from aligner.spelling import readings
from aligner.spoken import spoken_tokens

__all__ = ["Search", "locate_by_letters", "search"]


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """Where words may be: how each is spelled, its letters' classes and their number, its sight and its two paths."""

    spelled: Sequence[str]
    classes: Sequence[Sequence[int]]
    lengths: NDArray[np.int64]
    sights: Sights
    paths: tuple[Paths, Paths]


def locate_by_letters(transcript: Transcript, heard: Heard, language: str) -> Located:
    """When each word of the transcript is said, and where something is said that it lacks, from the heard letters."""
    scores = heard.letters
    if scores is None:
        raise ValueError("the ear heard no letters")
    tokens = spoken_tokens(transcript, language)
    letters = heard_letters(scores)
    found = search(readings([token or "" for token in tokens], language), letters, scores)
    findings = believable(transcript, weigh(found.lengths, found.sights, found.paths, scores))
    findings = at_last_copies(found.spelled, found.classes, findings, letters, scores)
    placements = place(transcript, findings, found.lengths, heard)
    return Located(placements, find_untranscribed(placements, letters, heard))


def search(ways: Sequence[Sequence[str]], letters: HeardLetters, scores: LetterScores) -> Search:
    """Look for words in the scores, given the ways in which each may be read, as of ``aligner.spelling.readings``."""
    sights = find_sights([way[0] for way in ways], letters)
    spelled = chosen_readings(ways, sights, letters)
    classes = [letter_classes(word) for word in spelled]
    lengths = np.array([len(word) for word in classes], np.int64)
    stretches, options = plan_stretches(lengths, sights, len(scores)), PathOptions()
    sounds, spikes = (
        find_paths(classes, stretches, opinion, scores, options) for opinion in (what_sounds, what_spikes)
    )
    return Search(spelled, classes, lengths, sights, (sounds, spikes))

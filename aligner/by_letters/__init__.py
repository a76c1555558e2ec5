"""Locating a transcript among heard letters: the page to read first.

text --readings--> letters of each word -+-find_sights--> where they were heard
sound --heard_letters--> letters --------+      |
sound --scores--------------------------------- + --plan_stretches, find_paths--> frames --weigh--> findings
findings --place--> placements --find_untranscribed--> passages that the text lacks
"""

from __future__ import annotations

import numpy as np

from aligner.by_letters.copies import at_last_copies
from aligner.by_letters.finding import believable, weigh
from aligner.by_letters.passages import find_untranscribed
from aligner.by_letters.paths import PathOptions, find_paths, what_sounds, what_spikes
from aligner.by_letters.placing import place
from aligner.by_letters.reading import chosen_readings, letter_classes
from aligner.by_letters.sights import find_sights, heard_letters
from aligner.by_letters.stretches import plan_stretches
from aligner.model import Heard, Located, Transcript
from aligner.spelling import readings
from aligner.spoken import spoken_tokens

__all__ = ["locate_by_letters"]


def locate_by_letters(transcript: Transcript, heard: Heard, language: str) -> Located:
    """When each word of the transcript is said, and where something is said that it lacks, from the heard letters."""
    scores = heard.letters
    if scores is None:
        raise ValueError("the ear heard no letters")
    tokens = spoken_tokens(transcript, language)
    ways = readings([token or "" for token in tokens], language)
    letters = heard_letters(scores)
    sights = find_sights([way[0] for way in ways], letters)
    spelled = chosen_readings(ways, sights, letters)
    classes = [letter_classes(word) for word in spelled]
    lengths = np.array([len(word) for word in classes], np.int64)

    options = PathOptions()
    stretches = plan_stretches(lengths, sights.frames, len(scores))
    paths = (
        find_paths(classes, stretches, what_sounds, scores, options),
        find_paths(classes, stretches, what_spikes, scores, options),
    )
    findings = believable(transcript, weigh(lengths, sights, paths, scores))
    findings = at_last_copies(spelled, classes, findings, letters, scores)
    placements = place(transcript, findings, lengths, heard)
    return Located(placements, find_untranscribed(placements, letters, heard))

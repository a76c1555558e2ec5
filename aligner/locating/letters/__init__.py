"""Locating a transcript among heard letters: the page to read first.

text --readings--> letters of each word -+-find_sights--> where they were heard
sound --heard_letters--> letters --------+      |
sound --scores--------------------------------- + --plan_stretches, recalled_paths--> frames --weigh--> findings
findings --place--> placements --find_untranscribed--> passages that the text lacks
"""

from __future__ import annotations

from aligner.emissions import Emissions
from aligner.locating.letters.copies import at_last_copies, beside_neighbours
from aligner.locating.letters.finding import believable, heard_as_written, run_on, weigh
from aligner.locating.letters.memory import Memory
from aligner.locating.letters.passages import find_untranscribed
from aligner.locating.letters.placing import place
from aligner.locating.letters.searching import search
from aligner.locating.letters.sights import heard_letters
from aligner.locating.spoken_words import spoken_tokens
from aligner.model import Audio, Located, Transcript
from aligner.normalization import readings

__all__ = ["Memory", "locate_by_letters"]


def locate_by_letters(
    transcript: Transcript, audio: Audio, emissions: Emissions, language: str, memory: Memory | None = None
) -> Located:
    """When each word of the transcript is said, and where something is said that it lacks, from the heard letters.

    With the ``memory`` of an earlier text of the same sound, only what has changed is searched.
    """
    tokens = spoken_tokens(transcript, language)
    letters = heard_letters(emissions)
    found = search(readings([token or "" for token in tokens], language), letters, emissions, memory)
    findings = believable(transcript, weigh(found.lengths, found.sights, found.paths, emissions))
    findings = at_last_copies(found.spelled, found.classes, findings, letters, emissions)
    findings = beside_neighbours(found.classes, findings, emissions)
    findings = run_on(heard_as_written(findings, found.spelled, letters))
    placements = place(transcript, findings, found.spelled, letters, audio)
    return Located(placements, find_untranscribed(placements, letters, audio))

"""Locating a transcript among heard words.

words of both --match--> anchors --place--> times --with_doubts--> placements
placements --with_marks--> those of footnote marks that are read aloud
"""

from __future__ import annotations

from collections.abc import Sequence

from aligner.locating.untranscribed import worded_passages
from aligner.locating.words.anchors import match, unclaimed
from aligner.locating.words.placing import place, with_doubts, with_marks
from aligner.model import Audio, HeardWord, Located, Transcript

__all__ = ["locate_by_words"]


def locate_by_words(transcript: Transcript, audio: Audio, heard: Sequence[HeardWord], language: str) -> Located:
    """When each word of the transcript is said, and what is said that it lacks, from the words an ear heard."""
    matched = match(transcript, heard, language)
    placements = with_doubts(place(transcript, matched, audio), matched)
    free = unclaimed(matched, heard)
    return Located(with_marks(transcript, placements, free, language), worded_passages(placements, free, audio))

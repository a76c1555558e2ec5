"""Locating a transcript among heard words.

words of both --match--> anchors --place--> times --with_doubts--> placements
"""

from __future__ import annotations

from collections.abc import Sequence

from aligner.locating.words.anchoring import match
from aligner.locating.words.confidence import with_doubts
from aligner.locating.words.passages import find_untranscribed
from aligner.locating.words.timing import place
from aligner.model import Audio, HeardWord, Located, Transcript

__all__ = ["locate_by_words"]


def locate_by_words(transcript: Transcript, audio: Audio, words: Sequence[HeardWord], language: str) -> Located:
    """When each word of the transcript is said, and what is said that it lacks, from the words an ear heard."""
    anchors = match(transcript, words, language)
    placements = with_doubts(place(transcript, anchors, audio), anchors)
    return Located(placements, find_untranscribed(placements, anchors, audio, words))

"""Locating a transcript among heard words.

words of both --match--> anchors --place--> times --with_doubts--> placements
"""

from __future__ import annotations

from aligner.locating.words.anchoring import match
from aligner.locating.words.confidence import with_doubts
from aligner.locating.words.passages import find_untranscribed
from aligner.locating.words.timing import place
from aligner.model import Heard, Located, Transcript

__all__ = ["locate_by_words"]


def locate_by_words(transcript: Transcript, heard: Heard, language: str) -> Located:
    """When each word of the transcript is said, and what is said that it lacks, from the words an ear heard."""
    anchors = match(transcript, heard.words, language)
    placements = with_doubts(place(transcript, anchors, heard), anchors)
    return Located(placements, find_untranscribed(placements, anchors, heard))

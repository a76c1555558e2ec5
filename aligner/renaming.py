"""Speakers by another name than the transcript labels them with; its text stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aligner.model import Transcript


def renamed(transcript: Transcript, names: Mapping[str, str]) -> Transcript:
    """The transcript with each speaker whose label is in ``names`` called by the name it has there."""
    segments = tuple(
        replace(segment, speaker=names.get(segment.speaker, segment.speaker)) if segment.speaker else segment
        for segment in transcript.segments
    )
    return replace(transcript, segments=segments)

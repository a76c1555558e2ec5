"""The cues of a timed text file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CueBlock:
    """A cue as it stands in a file: times in seconds, and the lines of its text with tags and escapes."""

    start: float
    end: float
    lines: tuple[str, ...]

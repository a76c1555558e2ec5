"""Speech that the transcript lacks, where letters were heard: passages between words that are full of others' letters.

Conventions
-----------
Seconds. The passages have no text yet: letters are no words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aligner.emissions import FRAME
from aligner.locating.letters.sights import HeardLetters
from aligner.model import Audio, Placement, Span, Untranscribed
from aligner.spans import Speech, total


@dataclass(frozen=True, slots=True)
class PassageOptions:
    """What counts as a passage."""

    least: float = 1.5  # seconds of speech; less between words is hesitation
    least_letters: int = 12  # heard in it, some three words
    letters_a_second: float = 4.0  # of speech; people say fifteen, and music that is taken for speech has few
    edge: float = 0.3  # seconds of speech that may hang over a word's end without being a passage
    pause: float = 0.3  # seconds between a passage and the words around it
    jingle: float = 5.0  # seconds of music around a passage that belong to it, up to the words around it


def find_untranscribed(
    placements: Sequence[Placement], letters: HeardLetters, audio: Audio, options: PassageOptions | None = None
) -> tuple[Untranscribed, ...]:
    """Stretches of speech between timed words in which letters were heard."""
    options = options or PassageOptions()
    speech, at = Speech(audio.speech), letters.frames * FRAME
    found, free_from = [], 0.0
    timed = [(p.span.start, p.span.end) for p in placements if p.span]
    for start, end in [*timed, (audio.duration, audio.duration)]:
        if start - free_from >= options.least:
            gap = Span(free_from, start)
            count = int(np.diff(np.searchsorted(at, [gap.start, gap.end]))[0])
            found += _passage(gap, speech.between(gap.start, gap.end), count, options)
        free_from = max(free_from, end)
    return tuple(found)


def _passage(gap: Span, room: Sequence[Span], letters: int, options: PassageOptions) -> list[Untranscribed]:
    """The speech in one gap between words as a passage, if it is long enough and has letters enough."""
    inside = [span for span in room if span.duration >= options.edge]
    said = total(inside)
    if said < options.least or letters < max(options.least_letters, options.letters_a_second * said):
        return []
    start, end = inside[0].start, inside[-1].end
    first, last = min(start, gap.start + options.pause), max(end, gap.end - options.pause)
    return [
        Untranscribed(
            first if start - first <= options.jingle else max(first, start - options.pause),
            last if last - end <= options.jingle else min(last, end + options.pause),
            "",
        )
    ]

"""Speech that the transcript lacks: passages between words that hold words, or letters enough, of their own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from aligner.model import Audio, HeardWord, Placement, Span, Untranscribed
from aligner.spans import SpeechSpans, total

_LEAST = 1.5  # seconds of speech; less between words is hesitation
_EDGE = 0.3  # seconds of speech that may hang over a word's end without being a passage

_MARGIN = 0.3  # seconds of breath and fade on either side of heard words that belong to a passage
_LEAST_WORDS = 4  # fewer heard words than this in a gap are a stray or a restart, not a passage

_LEAST_LETTERS = 12  # heard in a passage, some three words
_LETTERS_A_SECOND = 4.0  # of speech; people say fifteen, and music that is taken for speech has few
_PAUSE = 0.3  # seconds between a passage and the words around it
_JINGLE = 5.0  # seconds of music around a passage that belong to it, up to the words around it


def worded_passages(
    placements: Sequence[Placement], unclaimed: Sequence[HeardWord], audio: Audio
) -> tuple[Untranscribed, ...]:
    """Stretches of speech between timed words that hold heard words of their own.

    ``unclaimed`` are the heard words in which no word of the transcript was found, in order of their middles.
    """
    middles = [(word.start + word.end) / 2 for word in unclaimed]
    found = []
    for gap, speech in _speech_between(placements, audio):
        said = unclaimed[bisect_left(middles, gap.start) : bisect_left(middles, gap.end)]
        if len(said) >= _LEAST_WORDS:
            start = max(gap.start, min(speech[0].start, said[0].start) - _MARGIN)
            end = min(gap.end, max(speech[-1].end, said[-1].end) + _MARGIN)
            found.append(Untranscribed(start, end, " ".join(word.text.strip() for word in said)))
    return tuple(found)


def lettered_passages(
    placements: Sequence[Placement], times: NDArray[np.floating], audio: Audio
) -> tuple[Untranscribed, ...]:
    """Stretches of speech between timed words in which letters were heard, at rising ``times``.

    They have no text yet: letters are no words.
    """
    found = []
    for gap, speech in _speech_between(placements, audio):
        letters = int(np.diff(np.searchsorted(times, [gap.start, gap.end]))[0])
        if letters >= max(_LEAST_LETTERS, _LETTERS_A_SECOND * total(speech)):
            start, end = speech[0].start, speech[-1].end
            first, last = min(start, gap.start + _PAUSE), max(end, gap.end - _PAUSE)
            found.append(
                Untranscribed(
                    first if start - first <= _JINGLE else max(first, start - _PAUSE),
                    last if last - end <= _JINGLE else min(last, end + _PAUSE),
                    "",
                )
            )
    return tuple(found)


def _speech_between(placements: Sequence[Placement], audio: Audio) -> Iterator[tuple[Span, list[Span]]]:
    """Each gap between timed words that holds speech enough for a passage, with that speech."""
    speech, free_from = SpeechSpans(audio.speech), 0.0
    timed = [placement.span for placement in placements if placement.span]
    for word in [*timed, Span(audio.duration, audio.duration)]:
        if word.start - free_from >= _LEAST:
            gap = Span(free_from, word.start)
            inside = [span for span in speech.between(gap.start, gap.end) if span.duration >= _EDGE]
            if total(inside) >= _LEAST:
                yield gap, inside
        free_from = max(free_from, word.end)

"""Speech that the transcript lacks: passages between words that hold words, or letters enough, of their own."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.model import Audio, HeardWord, Placement, Span, Untranscribed
from aligner.spans import SpeechSpans, total

_LEAST = 1.5  # seconds of speech; less between words is hesitation
_EDGE = 0.3  # seconds of speech that may hang over a word's end without being a passage

_MARGIN = 0.3  # seconds of breath and fade on either side of what was heard that belong to a passage
_JINGLE = 5.0  # seconds of music or silence in a passage, or between it and the words around, that belong to it
_LEAST_WORDS = 4  # fewer heard words than this in a passage are a stray or a restart

LEAST_LETTERS = 12  # heard in a passage, some three words
_LETTERS_A_SECOND = 4.0  # people say fifteen, and music that is taken for speech has few


def worded_passages(
    placements: Sequence[Placement], unclaimed: Sequence[HeardWord], audio: Audio
) -> tuple[Untranscribed, ...]:
    """Stretches of speech between timed words that hold heard words of their own.

    ``unclaimed`` are the heard words in which no word of the transcript was found, in order of their middles.
    """
    middles = [(word.start + word.end) / 2 for word in unclaimed]
    found = []
    for gap, _ in _speech_between(placements, audio):
        for said in _in_a_row(unclaimed[bisect_left(middles, gap.start) : bisect_left(middles, gap.end)]):
            if len(said) >= _LEAST_WORDS:
                start, end = max(gap.start, said[0].start - _MARGIN), min(gap.end, said[-1].end + _MARGIN)
                found.append(Untranscribed(start, end, " ".join(word.text.strip() for word in said)))
    return tuple(found)


def lettered_passages(
    placements: Sequence[Placement], times: NDArray[np.floating], audio: Audio
) -> tuple[Untranscribed, ...]:
    """Stretches of speech between timed words in which letters were heard, at rising ``times``.

    They have no text yet: letters are no words.
    """
    found: list[Untranscribed] = []
    for gap, speech in _speech_between(placements, audio):
        spans = SpeechSpans(speech)
        letters = np.concatenate([times[slice(*np.searchsorted(times, [s.start, s.end]))] for s in speech])
        dense = (heard for heard in _dense_in(letters.tolist()) if _is_spoken(heard, spans))
        found += (Untranscribed(span.start, span.end, "") for span in _with_jingles(list(dense), gap))
    return tuple(found)


def _is_spoken(heard: Span, speech: SpeechSpans) -> bool:
    """Whether there is speech enough for a passage where letters were heard."""
    return total(speech.between(heard.start - _MARGIN, heard.end + _MARGIN)) >= _LEAST


def _in_a_row(words: Sequence[HeardWord]) -> Iterator[Sequence[HeardWord]]:
    """The words, parted where nothing is heard for long."""
    starts = [k for k in range(1, len(words)) if words[k].start - words[k - 1].end > _JINGLE]
    return (words[first:stop] for first, stop in pairwise([0, *starts, len(words)]) if first < stop)


def _dense_in(times: Sequence[float]) -> Iterator[Span]:
    """The stretches of rising ``times`` of letters that have the most letters beyond those of music, each of them
    letters enough; one ends where so few follow that it would lose more than a jingle costs.

    Zhang, Berman and Miller, "Alignments without low-scoring regions", J. Comput. Biol. 5 (1998).
    """
    gained = most = 0.0
    first = last = 0
    for k, (before, at) in enumerate(pairwise([0.0, *times, np.inf])):
        gained -= _LETTERS_A_SECOND * (at - before)
        if gained <= max(0.0, most - _LETTERS_A_SECOND * _JINGLE):
            if last + 1 - first >= LEAST_LETTERS:
                yield Span(times[first], times[last])
            gained = most = 0.0
            first = last = k
        gained += 1.0
        if gained > most:
            most, last = gained, k


def _with_jingles(heard: Sequence[Span], gap: Span) -> Iterator[Span]:
    """What was heard in a gap between two words, with its margins, and with short music or silence up to the words; of
    stretches beside each other none reaches into the next."""
    middles = [(one.end + other.start) / 2 for one, other in pairwise(heard)]
    first, last = gap.start + _MARGIN, gap.end - _MARGIN
    for one, low, high in zip(heard, [gap.start, *middles], [*middles, gap.end], strict=False):
        start, end = max(one.start, gap.start) - _MARGIN, min(one.end, gap.end) + _MARGIN
        if low == gap.start and start - first <= _JINGLE:
            start = min(start, first)
        if high == gap.end and last - end <= _JINGLE:
            end = max(end, last)
        yield Span(max(low, start), min(high, end))


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

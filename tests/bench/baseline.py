"""The usual method, to measure ours against: exact matches of words, and straight lines between them.

Transcript and heard words are cut at apostrophes and hyphens and lower-cased, so that it is no worse off than it need
be; equal pieces in common order are anchors, and every other word lies on the line between its neighbours. It knows
nothing of unspoken text or of speech that the transcript lacks: everything gets a time.

Conventions: seconds; a *piece* is a run of letters and digits inside a word.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from aligner.model import Audio, RecognisedWord, Span, Status, TimedWord, Word

_PIECE = re.compile(r"\w+")
_LEAST = 0.001  # seconds; an end comes after its start


def exact_and_interpolated(
    words: Sequence[Word], audio: Audio, heard: Sequence[RecognisedWord]
) -> tuple[TimedWord, ...]:
    """Return a time for every word of a transcript from recognised words."""
    anchors = _anchors(words, heard)
    starts = _on_lines([anchor.start if anchor else None for anchor in anchors], audio.duration)
    timed = []
    for k, (word, anchor) in enumerate(zip(words, anchors, strict=True)):
        if anchor:
            end, status, confidence = anchor.end, Status.EXACT, 1.0
        else:
            end, status, confidence = starts[k + 1], Status.INTERPOLATED, 0.0
        timed.append(TimedWord(word, Span(starts[k], max(end, starts[k] + _LEAST)), status, confidence))
    return tuple(timed)


def _anchors(words: Sequence[Word], heard: Sequence[RecognisedWord]) -> list[Span | None]:
    """Return the recognised span of each word's pieces, None if none was recognised."""
    ours = [(k, piece) for k, word in enumerate(words) for piece in _PIECE.findall(word.text.casefold())]
    theirs = [(k, piece) for k, word in enumerate(heard) for piece in _PIECE.findall(word.text.casefold())]
    anchors: list[Span | None] = [None] * len(words)
    for code in LCSseq.opcodes([piece for _, piece in ours], [piece for _, piece in theirs]):
        if code.tag != "equal":
            continue
        for i, j in zip(range(code.src_start, code.src_end), range(code.dest_start, code.dest_end), strict=True):
            before, now = anchors[ours[i][0]], heard[theirs[j][0]]
            anchors[ours[i][0]] = Span(before.start if before else now.start, now.end)
    return anchors


def _on_lines(starts: Sequence[float | None], duration: float) -> list[float]:
    """The starts, and the duration after them, with the unknown ones on the lines between their neighbours."""
    known = [(-1, 0.0), *((k, start) for k, start in enumerate(starts) if start is not None), (len(starts), duration)]
    filled = []
    for (i, low), (j, high) in pairwise(known):
        filled += [low + (high - low) * (k - i) / (j - i) for k in range(i, j)]
    return [*filled[1:], duration]

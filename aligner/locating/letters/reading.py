"""In which of its ways each word was read aloud, and the classes of its letters."""

from __future__ import annotations

from collections.abc import Sequence

from aligner.locating.letters.sights import HeardLetters, Sights
from aligner.normalization import ALPHABET, plain

_CLASS = {letter: k for k, letter in enumerate(ALPHABET, start=1)}
_BEYOND = 12  # heard letters looked at on each side of where a word should be
_FEW = 2
_CLEARLY = 10.0  # points of 100 by which another way must be nearer to what was heard


def chosen_readings(ways: Sequence[Sequence[str]], sights: Sights, heard: HeardLetters) -> list[str]:
    """For each word the way of reading it that is nearest to the letters heard between the words around it.

    ``ways`` as of ``aligner.normalization.readings``, an empty one where a word is not read; the first way stands
    unless another is clearly nearer.
    """
    return [
        _nearest(options, _heard_around(k, sights, heard))
        if len(options) > 1 and _doubtful(options[0], share)
        else options[0]
        for k, (options, share) in enumerate(zip(ways, sights.share, strict=True))
    ]


def _doubtful(way: str, share: float) -> bool:
    """Whether a way may not be the one: its letters were not all heard, or so few that they are heard anywhere."""
    return share < 1.0 or len(way) <= _FEW


def _heard_around(word: int, sights: Sights, heard: HeardLetters) -> str:
    """The letters heard after the last word in sight before ``word`` and before the next one in sight."""
    before = next((k for k in range(word - 1, max(-1, word - 8), -1) if sights.frames[k, 0] >= 0), None)
    after = next((k for k in range(word + 1, min(len(sights.share), word + 8)) if sights.frames[k, 0] >= 0), None)
    if before is None or after is None:
        return ""
    low = int(heard.frames.searchsorted(sights.frames[before, 1]))
    high = int(heard.frames.searchsorted(sights.frames[after, 0]))
    return heard.letters[low:high]


def _nearest(ways: Sequence[str], heard: str) -> str:
    from rapidfuzz import fuzz

    if not heard:
        return ways[0]
    scores = [fuzz.ratio(plain(way), heard) for way in ways]
    best = max(range(len(ways)), key=scores.__getitem__)
    return ways[best] if scores[best] >= scores[0] + _CLEARLY else ways[0]


def letter_classes(spelled: str) -> list[int]:
    """Classes of a word's letters, doubled ones once: two of the same cannot be told from a long one."""
    return [_CLASS[c] for k, c in enumerate(spelled) if k == 0 or c != spelled[k - 1]]

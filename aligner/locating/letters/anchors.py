"""Anchors: where the letters of each word were heard, from a match of the whole episode's; and which way it was read.

Conventions
-----------
Frames are ``FRAME`` seconds. A word's *anchor* is the range of frames ``[start, stop)`` in which letters of it were
heard; it may be narrower than the word, for silent letters are heard anywhere or nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.content_cache import ContentCache
from aligner.emissions import Emissions, spikes
from aligner.locating.matching import Trust, code_points, match_letters
from aligner.locating.matching.cached import cached_copies
from aligner.locating.matching.copies import Copies, copied_words
from aligner.normalization import ALPHABET, has_vowel, unaccented
from aligner.spans import runs

Indices = NDArray[np.int64]

# The head mishears a quarter to a third of the letters that people say, so it is believed where fewer of them agree
# than with words; on real speech, of 130 letters so paired one was a third of a second or more out of place.
_TRUST = Trust(pairs=30, ref=0.55, hyp=0.4)

# Letters that an edge of a hole costs: within a word of the text, and between two of one clause, one sentence or two;
# in fluent speech, and at a pause. People leave out, repeat and start over whole sentences sooner than parts of them.
_TEAR_WORD, _TEAR_TEXT = 6.0, (4.0, 3.0, 0.5)
_TEAR_FLUENT, _TEAR_PAUSE, _PAUSE_FRAMES = 1.0, 0.3, 15

_ANCHOR_SHARE = 0.5  # of a word's letters that must be found, and in at most
_FRAMES_PER_LETTER, _MORE_FRAMES = 6, 20  # as many frames
_STRAY_LETTERS = 3  # heard between two words that follow each other: a hesitation

_ROOM = 2.6  # frames for each letter of what may be said there: four fifths of what they take in fluent speech
_LEAD_FRAMES = 6  # by which a letter may sound before the head spikes it

_CLASS = {letter: k for k, letter in enumerate(ALPHABET, start=1)}
_FEW = 2  # letters, heard anywhere
_FAR = 8  # words, beyond which a neighbour's place says nothing of a word's
_CLEARLY = 10.0  # points of 100 by which another way must be nearer to what was heard


@dataclass(frozen=True, slots=True, eq=False)
class DecodedLetters:
    """The letters that the head spikes one after the other, doubled ones once, accents dropped; and their frames."""

    letters: str
    frames: Indices


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """``frames`` (words, 2), -1 where a word has no anchor; ``share`` (words,) of its letters that were found;
    ``clear`` (words,) where nothing is between a word and the one before it, in text or sound, but a pause;
    ``unsaid`` (words,) those of a copy that the sound lacks; ``unwritten`` (copies, 2) the frames of copies
    that the text lacks, and ``doubtful`` (words,) those that may have been heard in one of these."""

    frames: Indices
    share: NDArray[np.float64]
    clear: NDArray[np.bool_]
    unsaid: NDArray[np.bool_]
    unwritten: Indices
    doubtful: NDArray[np.bool_]


def decode(emissions: Emissions) -> DecodedLetters:
    """What spikes in all the frames, in order."""
    onsets, classes = spikes(emissions.ctc)
    letters = unaccented("".join(ALPHABET[c - 1] for c in classes))
    kept = _without_doubles(letters)
    return DecodedLetters("".join(letters[k] for k in kept), onsets[kept])


def find_anchors(
    spelled: Sequence[str],
    decoded: DecodedLetters,
    breaks: NDArray[np.int64] | None = None,
    cache: ContentCache | None = None,
) -> Anchors:
    """Match all words' letters with all that were heard.

    ``spelled`` are the words' letters, empty if not sought; ``breaks`` are as of
    ``spoken_words.breaks_after``; ``cache`` knows stretches that were matched before.
    """
    reference = unaccented("".join(spelled))
    kept = _without_doubles(reference)
    owner = np.repeat(np.arange(len(spelled)), [len(letters) for letters in spelled])[kept]
    tears = _tears_of_text(owner, breaks), _tears_of_sound(decoded)
    copies = (
        _copies_of_text(spelled, owner, breaks),
        cached_copies(code_points(decoded.letters), cache or ContentCache()),
    )
    match = match_letters("".join(reference[k] for k in kept), decoded.letters, _TRUST, tears, copies, cache)
    found = np.flatnonzero(match.places >= 0)
    counts = np.bincount(owner, minlength=len(spelled))
    share = np.bincount(owner[found], minlength=len(spelled)) / np.maximum(counts, 1)

    at = decoded.frames[match.places[found]]
    frames = np.full((len(spelled), 2), -1, np.int64)
    frames[owner[found[::-1]], 0] = at[::-1]  # of several letters of one word the first found stays,
    frames[owner[found], 1] = at + 1  # and the last
    near = frames[:, 1] - frames[:, 0] <= _FRAMES_PER_LETTER * counts + _MORE_FRAMES
    frames[~near | (share < _ANCHOR_SHARE)] = -1
    clear = _clear(np.flatnonzero(counts), frames, decoded)
    unsaid, doubtful = (np.bincount(owner, flags, len(spelled)) > 0 for flags in (match.unsaid, match.doubtful))
    unsaid = _without_room(unsaid, counts, frames)
    return Anchors(frames, share, clear, unsaid, _frames_of(match.unwritten, decoded), doubtful)


def share_heard(spelled: Sequence[str], decoded: DecodedLetters) -> float:
    """The share of all letters that were heard which are those of the words, in order and close together: of two that
    have nothing to do with each other it is next to none."""
    reference = unaccented("".join(spelled))
    kept = _without_doubles(reference)
    places = match_letters("".join(reference[k] for k in kept), decoded.letters, _TRUST).places
    return float((places >= 0).sum()) / max(1, len(decoded.letters))


def _without_room(unsaid: NDArray[np.bool_], letters: Indices, frames: Indices) -> NDArray[np.bool_]:
    """Those of the words that the sound between their neighbours has no room for."""
    without = np.zeros(len(unsaid), bool)
    for run in runs(unsaid):
        before, after = frames[: run.start, 1], frames[run.stop :, 0]
        before, after = before[before >= 0], after[after >= 0]
        room = (after[0] if len(after) else np.inf) - (before[-1] if len(before) else 0)
        without[run] = room < _ROOM * letters[run].sum()
    return without


def _copies_of_text(spelled: Sequence[str], owner: Indices, breaks: NDArray[np.int64] | None) -> list[Copies]:
    """What the text has twice or more in a row, in letters; ``owner`` are letters' words."""
    words = np.unique(owner)
    if not len(words):
        return []
    _, numbers = np.unique([unaccented(spelled[word]) for word in words], return_inverse=True)
    ends = np.zeros(len(words), np.int64) if breaks is None else breaks[words]
    first = np.append(np.searchsorted(owner, words), len(owner))
    return [Copies(tuple(first[list(one.edges)].tolist())) for one in copied_words(numbers, ends)]


def _frames_of(letters: NDArray[np.bool_], decoded: DecodedLetters) -> Indices:
    """The frames of runs of letters, up to where the letter after each may begin to sound."""
    following = np.append(decoded.frames, decoded.frames[-1:] + 1)
    found = [(decoded.frames[run.start], following[run.stop] - _LEAD_FRAMES) for run in runs(letters)]
    return np.array(found, np.int64).reshape(-1, 2)


def _clear(sought: Indices, frames: Indices, decoded: DecodedLetters) -> NDArray[np.bool_]:
    """Which words directly follow the sought word before them."""
    before, after = frames[sought[:-1], 1], frames[sought[1:], 0]
    stray = np.searchsorted(decoded.frames, after) - np.searchsorted(decoded.frames, before)
    clear = np.zeros(len(frames), bool)
    clear[sought[1:]] = (before >= 0) & (after >= 0) & (stray <= _STRAY_LETTERS)
    return clear


def _tears_of_text(owner: Indices, breaks: NDArray[np.int64] | None) -> NDArray[np.float32]:
    """What an edge of a hole costs before each letter of the text, and after the last; ``owner`` are letters' words."""
    tears = np.full(len(owner) + 1, _TEAR_WORD, np.float32)
    last = np.flatnonzero(np.diff(owner))
    tears[last + 1] = np.array(_TEAR_TEXT)[0 if breaks is None else breaks[owner[last]]]
    tears[[0, -1]] = _TEAR_TEXT[-1]
    return tears


def _tears_of_sound(decoded: DecodedLetters) -> NDArray[np.float32]:
    """The same for the letters that were heard."""
    tears = np.full(len(decoded.frames) + 1, _TEAR_FLUENT, np.float32)
    tears[1:-1][np.diff(decoded.frames) >= _PAUSE_FRAMES] = _TEAR_PAUSE
    tears[[0, -1]] = _TEAR_PAUSE
    return tears


def _without_doubles(letters: str) -> Indices:
    """Where a letter is not the same as the one before it."""
    codes = code_points(letters)
    return np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else np.empty(0, np.int64)


def choose_readings(ways: Sequence[Sequence[str]], anchors: Anchors, decoded: DecodedLetters) -> list[str]:
    """For each word the way of reading it that is nearest to the letters heard between the words around it.

    ``ways`` as of ``aligner.normalization.readings``, an empty one where a word is not read; the first way stands
    unless another is clearly nearer, or nearer where nobody can say the first as a word, such as "cnrc".
    """
    longest = np.cumsum([0, *(max(map(len, options), default=0) for options in ways)])
    return [
        _nearest(options, _heard_around(k, longest, anchors, decoded))
        if len(options) > 1 and _doubtful(options, share)
        else options[0]
        for k, (options, share) in enumerate(zip(ways, anchors.share, strict=True))
    ]


def _doubtful(ways: Sequence[str], share: float) -> bool:
    """Whether the first way may not be the one: its letters were not all heard, or are so few that they are heard
    anywhere, or are heard of another way too, as those of "tva" are of "tévéa"."""
    first, *others = map(unaccented, ways)
    return share < 1.0 or len(first) <= _FEW or any(_within(first, other) for other in others)


def _within(letters: str, other: str) -> bool:
    """Whether all letters are in the other's, in their order."""
    rest = iter(other)
    return all(letter in rest for letter in letters)


def _heard_around(word: int, longest: Indices, anchors: Anchors, decoded: DecodedLetters) -> str:
    """The letters heard after the last anchored word before ``word`` and before the next one; where one of the two is
    far or nowhere, as many as the words up to the other may have. ``longest`` are the letters before each word, of
    readings the longest."""
    before = next((k for k in range(word - 1, max(-1, word - _FAR), -1) if anchors.frames[k, 0] >= 0), None)
    after = next((k for k in range(word + 1, min(len(anchors.share), word + _FAR)) if anchors.frames[k, 0] >= 0), None)
    low = 0 if before is None else int(decoded.frames.searchsorted(anchors.frames[before, 1]))
    high = len(decoded.letters) if after is None else int(decoded.frames.searchsorted(anchors.frames[after, 0]))
    if after is None:
        high = low if before is None else low + int(longest[word + 1] - longest[before + 1])
    elif before is None:
        low = max(0, high - int(longest[after] - longest[word]))
    return decoded.letters[low:high]


def _nearest(ways: Sequence[str], heard: str) -> str:
    from rapidfuzz import fuzz

    if not heard:
        return ways[0]
    plain = [unaccented(way) for way in ways]
    scores = [fuzz.ratio("".join(way[k] for k in _without_doubles(way)), heard) for way in plain]
    best = max(range(len(ways)), key=scores.__getitem__)
    clearly = _CLEARLY if has_vowel(plain[0]) else 0.0
    return ways[best] if scores[best] >= scores[0] + clearly else ways[0]


def letter_classes(spelled: str) -> list[int]:
    """Classes of a word's letters, doubled ones once: two of the same cannot be told from a long one."""
    return [_CLASS[c] for k, c in enumerate(spelled) if k == 0 or c != spelled[k - 1]]

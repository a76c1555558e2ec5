"""Anchors: where the letters of each word were matched, and the windows that are searched between sure ones.

Conventions
-----------
- Frames are ``FRAME`` seconds. A word's *anchor* is the range of frames ``[start, stop)`` in which letters of it were
  heard, from the match of the whole episode; it may be narrower than the word, for silent letters are heard anywhere or
  nowhere. Between anchors, words are thought to follow each other evenly over the sound that is left once the middles
  of long passages without words are taken out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import Emissions, spikes
from aligner.locating.matching import Trust, code_points, match_letters
from aligner.locating.matching.affine import Copies, copied_letters, copied_words
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


def find_anchors(spelled: Sequence[str], decoded: DecodedLetters, breaks: NDArray[np.int64] | None = None) -> Anchors:
    """Match all words' letters with all that were heard.

    ``spelled`` are the words' letters, empty if not sought; ``breaks`` are as of ``spoken_words.breaks_after``.
    """
    reference = unaccented("".join(spelled))
    kept = _without_doubles(reference)
    owner = np.repeat(np.arange(len(spelled)), [len(letters) for letters in spelled])[kept]
    tears = _tears_of_text(owner, breaks), _tears_of_sound(decoded)
    copies = _copies_of_text(spelled, owner, breaks), copied_letters(code_points(decoded.letters))
    match = match_letters("".join(reference[k] for k in kept), decoded.letters, _TRUST, tears, copies)
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


Frames = NDArray[np.int64]


# A window is cut at the longest pause after the first and before the second of these, if words there are clear, else
# before the next word that is, or at the third.
LENGTHS_FRAMES = (150, 300, 2000)
CONTEXT = 4  # words of the neighbouring windows that are searched too, so that none begins in mid-air or takes theirs
LETTER_FRAMES = 3.3  # that a letter takes in fluent speech of European languages
MOST_HIDDEN = 8  # words at most at each end of a run without anchors that are sought where the sound cannot hold it all
_FITTING_FRAMES = 30  # more than there seem to be, for an anchor may be too wide
_PAD_FRAMES = 20  # of sound around its words
_LOOSE = 2.0  # sound of this many natural lengths on either side of it is enough to look for a run of words
_LOOSE_FRAMES = 200  # ... and this much more
_SENTENCE = 2  # what ends one
_TIGHT_FRAMES = 40  # where two words that were heard follow each other in the text, nothing of it is said between them


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Words ``words`` (indices) sought in ``frames`` (rising, with jumps); those in ``[first, last)`` are its own, and
    those that are ``heard`` have an anchor. ``breaks`` (words + 1,) are what ends before each word and after the last,
    as of ``spoken_words.breaks_after``; at the window's edges anything may."""

    words: NDArray[np.int64]
    heard: NDArray[np.bool_]
    breaks: NDArray[np.int64]
    frames: Frames
    first: int
    last: int


def plan_windows(
    lengths: NDArray[np.int64], anchors: Anchors, frames: int, breaks: NDArray[np.int64] | None = None
) -> list[Window]:
    """Windows that together seek every word that the sound can hold, once.

    Parameters
    ----------
    lengths : letters of each word; 0 for a word that is not sought.
    anchors : where each word's letters were heard.
    breaks : as of ``spoken_words.breaks_after``; by default nothing ends.
    """
    sought = np.flatnonzero((lengths > 0) & ~anchors.unsaid)
    kept_words = np.ones(len(lengths), bool)
    kept_frames = np.ones(frames, bool)
    for start, stop in anchors.unwritten:
        kept_frames[start:stop] = False
    for run, start, stop in _unanchored(sought, anchors.frames, frames):
        natural = lengths[run].sum() * LETTER_FRAMES
        side = int(natural * _LOOSE) + (_LOOSE_FRAMES if len(run) else _TIGHT_FRAMES)
        if stop - start > 2 * side:
            # Words may be said at the very beginning or end of the sound, if any are; without an anchor, nowhere.
            at_ends = len(run) > 0 and stop - start < frames
            first = start + side if start or at_ends else 0
            kept_frames[first : stop - side if stop < frames or at_ends else frames] = False
        if natural > 2 * (stop - start):
            first, last = (_fitting(lengths[side], stop - start) for side in (run, run[::-1]))
            kept_words[run[first : max(first, len(run) - last)]] = False
    words, position = sought[kept_words[sought]], np.flatnonzero(kept_frames)
    if not len(words) or not len(position):
        return []
    anchored = anchors.frames[words, 0] >= 0
    places = np.searchsorted(position, anchors.frames[words])
    begins, ends = _guesses(lengths[words], places, anchored, len(position))
    cuts = _cuts(begins, ends, anchors.clear[words])
    if breaks is None:
        breaks = np.zeros(len(lengths), np.int64)
    ended = np.append(_SENTENCE, np.maximum.reduceat(breaks, words))
    return [_window(words, anchored, ended, begins, ends, (a, b), position) for a, b in pairwise(cuts)]


def _unanchored(
    sought: NDArray[np.int64], anchors: NDArray[np.int64], frames: int
) -> Iterator[tuple[NDArray[np.int64], int, int]]:
    """Each maximal run of words without an anchor and the frames between its neighbours; an empty one where these are
    more than is looked through between words that follow each other."""
    places = np.flatnonzero(anchors[sought, 0] >= 0)
    begins, ends = np.append(0, places + 1), np.append(places, len(sought))
    starts, stops = np.append(0, anchors[sought[places], 1]), np.append(anchors[sought[places], 0], frames)
    for k in np.flatnonzero((begins < ends) | (stops - starts > 2 * _TIGHT_FRAMES)).tolist():
        yield sought[begins[k] : ends[k]], int(starts[k]), int(stops[k])


def _fitting(lengths: NDArray[np.int64], room: int) -> int:
    """How many of the first words of a run may be said in so many frames, hastily."""
    most = int(np.searchsorted(np.cumsum(lengths) * LETTER_FRAMES, room + _FITTING_FRAMES))
    return min(max(1, most), MOST_HIDDEN)


def _guesses(
    lengths: NDArray[np.int64], anchors: Frames, anchored: NDArray[np.bool_], frames: int
) -> tuple[Frames, Frames]:
    """Where each word may begin and end: its anchor, or its share of the sound between the anchors around it."""
    ends_of = np.cumsum(lengths)
    begins_of = ends_of - lengths
    x = np.concatenate([[0], np.column_stack([begins_of[anchored], ends_of[anchored]]).ravel(), [ends_of[-1]]])
    y = np.concatenate([[0], anchors[anchored].ravel(), [frames]])
    y = np.maximum.accumulate(y)
    return np.interp(begins_of, x, y).astype(np.int64), np.interp(ends_of, x, y).astype(np.int64)


def _cuts(begins: Frames, ends: Frames, clear: NDArray[np.bool_]) -> list[int]:
    """Indices of words at which windows begin, and the number of words: at pauses before words that are clear.

    Where none is for long, the next one that is; an anchor may be wrong, and what is beside it must then be searched.
    """
    safe = clear & np.append(clear[1:], True) & np.append(True, clear[:-1])
    cuts = [0]
    while True:
        low, high, last = np.searchsorted(begins, begins[cuts[-1]] + np.array(LENGTHS_FRAMES))
        choices = np.flatnonzero(safe[low:high]) + low
        if not len(choices):
            choices = np.flatnonzero(safe[high:last])[:1] + high
        if not len(choices):
            choices = np.array([last])
        choices = choices[(choices > cuts[-1]) & (choices < len(begins))]
        if not len(choices):
            return [*cuts, len(begins)]
        cuts.append(int(choices[np.argmax(begins[choices] - ends[choices - 1])]))


def _window(
    words: NDArray[np.int64],
    heard: NDArray[np.bool_],
    ended: NDArray[np.int64],
    begins: Frames,
    ends: Frames,
    own: tuple[int, int],
    position: Frames,
) -> Window:
    low, high = max(0, own[0] - CONTEXT), min(len(words), own[1] + CONTEXT)
    start = max(0, begins[low] - _PAD_FRAMES) if low else 0
    stop = ends[high - 1] + _PAD_FRAMES if high < len(words) else len(position)
    breaks = ended[low : high + 1].copy()
    breaks[[0, -1]] = _SENTENCE
    return Window(words[low:high], heard[low:high], breaks, position[start:stop], own[0] - low, own[1] - low)

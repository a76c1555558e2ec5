"""Match the letters of the transcript with the decoded letters, and plan the windows in which to search for the words.

Conventions
-----------
- Frames are ``FRAME`` seconds. The *anchor* of a word is the range of frames ``[start, stop)`` in which its letters
  were decoded, according to a match over the whole episode. An anchor may be narrower than the word, because silent
  letters may match anywhere or nowhere.
- Words without an anchor are assumed to be evenly spread between the anchors around them. If there is much more audio
  than these words need, the middle of the audio is not searched.
- *Copies* are the consecutive utterances of a repeated passage. A *hole* is a passage that is only in the text, or only
  in the audio.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import Emissions, spikes
from aligner.locating.matching import Trust, code_points, match_characters
from aligner.locating.matching.affine import Copies, copied_letters, copied_words
from aligner.normalization import ALPHABET, has_vowel, unaccented
from aligner.spans import runs

Indices = NDArray[np.int64]

# The acoustic model misrecognises a quarter to a third of all letters, so fewer need to agree than among words. Of 130
# letters paired so in real speech, one was a third of a second or more out of place.
_TRUST = Trust(pairs=30, ref=0.55, hyp=0.4)

# The costs, in letters, of an edge of a hole: within a word of the text; between words of one clause, of one sentence,
# of two; in fluent speech; at a pause. Speakers omit and repeat whole sentences more often than parts of them.
_EDGE_IN_WORD, _EDGE_IN_TEXT = 6.0, (4.0, 3.0, 0.5)
_EDGE_FLUENT, _EDGE_AT_PAUSE, _PAUSE_FRAMES = 1.0, 0.3, 15

_ANCHOR_SHARE = 0.5  # least share of a word's letters in an anchor,
_FRAMES_PER_LETTER, _MORE_FRAMES = 6, 20  # and its most frames
_STRAY_LETTERS = 3  # most letters of a hesitation between two words

_ROOM = 2.6  # frames that a letter needs: four fifths of its length in fluent speech
_LEAD_FRAMES = 6  # by which a letter may begin before its spike
_BESIDE = 12  # words with anchors on each side of a repetition, whose pace it should have,
_SUFFICES = 0.75  # and the share of the frames needed at this pace with which all copies may still be said

_CLASS = {letter: k for k, letter in enumerate(ALPHABET, start=1)}
_FEW = 2  # letters that occur anywhere by chance
_FAR = 8  # words; the anchor of a farther word says nothing about a word's place
_CLEARLY = 10.0  # points of 100 by which another reading must be more similar


@dataclass(frozen=True, slots=True, eq=False)
class DecodedCharacters:
    """Letters from greedy CTC decoding, and the frame in which each begins; no accents, no doubled letters. ``filled``
    is the expected number of frames with a letter before each frame, and before the end."""

    letters: str
    frames: Indices
    filled: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Anchors:
    """The *anchor* of each word, that is, the frames in which its letters were decoded, and facts about the match.

    ``frames`` (words, 2) holds start and stop frame, -1 without an anchor. ``share`` is the share of a word's letters
    that match. ``clear`` flags words that follow the previous word with at most a pause or hesitation in between.
    ``unsaid`` flags words of repetitions that are only in the text. ``unwritten`` (n, 2) holds start and stop frame of
    repetitions that are only in the audio; ``doubtful`` flags words that may match such a repetition.
    """

    frames: Indices
    share: NDArray[np.float64]
    clear: NDArray[np.bool_]
    unsaid: NDArray[np.bool_]
    unwritten: Indices
    doubtful: NDArray[np.bool_]


def decode(emissions: Emissions) -> DecodedCharacters:
    """Return the most likely letters of the emissions (greedy CTC decoding)."""
    onsets, classes = spikes(emissions.ctc)
    letters = unaccented("".join(ALPHABET[c - 1] for c in classes))
    single = _without_doubles(letters)
    filled = np.append(0.0, np.cumsum(1 - np.exp(emissions.framewise[:, 0].astype(np.float64))))
    return DecodedCharacters("".join(letters[k] for k in single), onsets[single], filled)


def find_anchors(spelled: Sequence[str], decoded: DecodedCharacters, breaks: Indices) -> Anchors:
    """Return the anchor of each word: the frames in which its letters were decoded.

    ``spelled`` holds each word's letters, "" for a word that is not searched for. ``breaks`` says whether a clause (1),
    a sentence (2) or neither (0) ends after each word.
    """
    reference = unaccented("".join(spelled))
    single = _without_doubles(reference)
    owner = np.repeat(np.arange(len(spelled)), [len(letters) for letters in spelled])[single]
    edges = _edges_in_text(owner, breaks), _edges_in_audio(decoded)
    repeated = _copies_of_text(spelled, owner, breaks)
    in_letters = [Copies(tuple(np.searchsorted(owner, one.edges).tolist())) for one in repeated]
    copies = in_letters, copied_letters(code_points(decoded.letters))
    match = match_characters("".join(reference[k] for k in single), decoded.letters, _TRUST, edges, copies)
    found = np.flatnonzero(match.positions >= 0)
    counts = np.bincount(owner, minlength=len(spelled))
    share = np.bincount(owner[found], minlength=len(spelled)) / np.maximum(counts, 1)

    at = decoded.frames[match.positions[found]]
    frames = np.full((len(spelled), 2), -1, np.int64)
    frames[owner[found[::-1]], 0] = at[::-1]  # the assignment from the first letter of a word is the last one,
    frames[owner[found], 1] = at + 1  # and here that from its last letter
    near = frames[:, 1] - frames[:, 0] <= _FRAMES_PER_LETTER * counts + _MORE_FRAMES
    frames[~near | (share < _ANCHOR_SHARE)] = -1
    clear = _clear(np.flatnonzero(counts), frames, decoded)
    unsaid, doubtful = (np.bincount(owner, flags, len(spelled)) > 0 for flags in (match.unsaid, match.doubtful))
    unsaid = _without_room(unsaid, counts, frames)
    for one in repeated:
        for start, stop in _not_said(one, counts, share, frames, decoded.filled):
            unsaid[start:stop] = True
    return Anchors(frames, share, clear, unsaid, _frames_of(match.unwritten, decoded), doubtful)


def matched_share(spelled: Sequence[str], decoded: DecodedCharacters) -> float:
    """Return the share of the decoded letters that match the text's letters, in order. It is near 0 if another text is
    spoken. ``spelled`` holds the letters of each word of the text."""
    reference = unaccented("".join(spelled))
    letters = "".join(reference[k] for k in _without_doubles(reference))
    matched = match_characters(letters, decoded.letters, _TRUST).positions >= 0
    return float(matched.sum()) / max(1, len(decoded.letters))


def _without_room(unsaid: NDArray[np.bool_], letters: Indices, frames: Indices) -> NDArray[np.bool_]:
    """Return the flags ``unsaid`` (words of repetitions that are only in the text), cleared where the audio between the
    matched words around a flagged passage is long enough for the passage, so that it may be said after all. ``letters``
    is each word's number of letters, ``frames`` the start and stop frame of each word's match."""
    without = np.zeros(len(unsaid), bool)
    for run in runs(unsaid):
        before, after = frames[: run.start, 1], frames[run.stop :, 0]
        before, after = before[before >= 0], after[after >= 0]
        room = (after[0] if len(after) else np.inf) - (before[-1] if len(before) else 0)
        without[run] = room < _ROOM * letters[run].sum()
    return without


def _not_said(
    repeated: Copies, letters: Indices, share: NDArray[np.float64], frames: Indices, filled: NDArray[np.float64]
) -> list[tuple[int, int]]:
    """Return the copies, in words, that are printed but not said: those for which the speech between the anchors around
    ``repeated`` does not suffice, at the pace of the words with anchors there. The copies that match best are said."""
    anchored = np.flatnonzero(frames[:, 0] >= 0)
    at, to = anchored.searchsorted([repeated.start, repeated.stop])
    before, after = anchored[max(0, at - _BESIDE) : at], anchored[to : to + _BESIDE]
    if not len(before) or not len(after):
        return []
    upto, matched = (np.append(0.0, each.cumsum()) for each in (letters, letters * share))
    between, whole = (
        np.array([filled[frames[last, b]] - filled[frames[first, a]], upto[last + b] - upto[first + a]])
        for first, last, a, b in ((before[-1], after[0], 1, 0), (before[0], after[-1], 0, 1))
    )
    beside = whole - between
    needed = between[1] * beside[0] / beside[1]
    if between[0] >= _SUFFICES * needed:
        return []
    missing = between[1] * (1 - between[0] / needed) / (upto[repeated.stop] - upto[repeated.start])
    copies = sorted(pairwise(repeated.edges), key=lambda copy: matched[copy[1]] - matched[copy[0]])
    return copies[: min(round(missing * len(copies)), len(copies) - 1)]


def _copies_of_text(spelled: Sequence[str], owner: Indices, breaks: Indices) -> list[Copies]:
    """Return the repetitions in the text. Their edges are words, not letters."""
    words = np.unique(owner)
    _, numbers = np.unique([unaccented(spelled[word]) for word in words], return_inverse=True)
    edges = np.append(words, len(spelled))
    return [Copies(tuple(edges[list(one.edges)].tolist())) for one in copied_words(numbers, breaks[words])]


def _frames_of(letters: NDArray[np.bool_], decoded: DecodedCharacters) -> Indices:
    following = np.append(decoded.frames, decoded.frames[-1:] + 1)
    found = [(decoded.frames[run.start], following[run.stop] - _LEAD_FRAMES) for run in runs(letters)]
    return np.array(found, np.int64).reshape(-1, 2)


def _clear(sought: Indices, frames: Indices, decoded: DecodedCharacters) -> NDArray[np.bool_]:
    """Flag the words that follow the previous word with at most a few stray decoded letters in between. ``sought``
    holds the indices of the words to search for; other words are ignored."""
    before, after = frames[sought[:-1], 1], frames[sought[1:], 0]
    stray = np.searchsorted(decoded.frames, after) - np.searchsorted(decoded.frames, before)
    clear = np.zeros(len(frames), bool)
    clear[sought[1:]] = (before >= 0) & (after >= 0) & (stray <= _STRAY_LETTERS)
    return clear


def _edges_in_text(owner: Indices, breaks: Indices) -> NDArray[np.float32]:
    costs = np.full(len(owner) + 1, _EDGE_IN_WORD, np.float32)
    last = np.flatnonzero(np.diff(owner))
    costs[last + 1] = np.array(_EDGE_IN_TEXT)[breaks[owner[last]]]
    costs[[0, -1]] = _EDGE_IN_TEXT[-1]
    return costs


def _edges_in_audio(decoded: DecodedCharacters) -> NDArray[np.float32]:
    costs = np.full(len(decoded.frames) + 1, _EDGE_FLUENT, np.float32)
    costs[1:-1][np.diff(decoded.frames) >= _PAUSE_FRAMES] = _EDGE_AT_PAUSE
    costs[[0, -1]] = _EDGE_AT_PAUSE
    return costs


def _without_doubles(letters: str) -> Indices:
    codes = code_points(letters)
    return np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else np.empty(0, np.int64)


def choose_readings(ways: Sequence[Sequence[str]], anchors: Anchors, decoded: DecodedCharacters) -> list[str]:
    """Return the reading of each word that is most similar to the letters decoded between the neighbouring words.

    ``ways`` holds the readings of each word, likeliest first. Another reading replaces the first one if it is clearly
    more similar. If the first is unpronounceable ("cnrc"), a reading that is at least as similar replaces it.
    """
    longest = np.cumsum([0, *(max(map(len, options), default=0) for options in ways)])
    return [
        _most_similar(options, _decoded_around(k, longest, anchors, decoded))
        if len(options) > 1 and _doubtful(options, share)
        else options[0]
        for k, (options, share) in enumerate(zip(ways, anchors.share, strict=True))
    ]


def _doubtful(ways: Sequence[str], share: float) -> bool:
    """Return whether a word's first reading may be wrong: not all of its letters match (``share`` is below 1), it has
    few letters, or another reading contains its letters in order, as "tévéa" contains "tva"."""
    first, *others = map(unaccented, ways)
    return share < 1.0 or len(first) <= _FEW or any(_within(first, other) for other in others)


def _within(letters: str, other: str) -> bool:
    rest = iter(other)
    return all(letter in rest for letter in letters)


def _decoded_around(word: int, longest: Indices, anchors: Anchors, decoded: DecodedCharacters) -> str:
    """Return the letters decoded where ``word`` (an index) may be said: between the nearest anchors before and after
    the word. If only one anchor is near, return the letters beside that anchor: as many as the words between the anchor
    and ``word``, and ``word`` itself, have at most. ``longest[i]`` is the greatest number of letters that all words
    before word ``i`` can have together."""
    before = next((k for k in range(word - 1, max(-1, word - _FAR), -1) if anchors.frames[k, 0] >= 0), None)
    after = next((k for k in range(word + 1, min(len(anchors.share), word + _FAR)) if anchors.frames[k, 0] >= 0), None)
    low = 0 if before is None else int(decoded.frames.searchsorted(anchors.frames[before, 1]))
    high = len(decoded.letters) if after is None else int(decoded.frames.searchsorted(anchors.frames[after, 0]))
    if after is None:
        high = low if before is None else low + int(longest[word + 1] - longest[before + 1])
    elif before is None:
        low = max(0, high - int(longest[after] - longest[word]))
    return decoded.letters[low:high]


def _most_similar(ways: Sequence[str], letters: str) -> str:
    from rapidfuzz import fuzz

    if not letters:
        return ways[0]
    plain = [unaccented(way) for way in ways]
    scores = [fuzz.ratio("".join(way[k] for k in _without_doubles(way)), letters) for way in plain]
    best = max(range(len(ways)), key=scores.__getitem__)
    clearly = _CLEARLY if has_vowel(plain[0]) else 0.0
    return ways[best] if scores[best] >= scores[0] + clearly else ways[0]


def letter_classes(spelled: str) -> list[int]:
    """Return the acoustic model's class of each letter. Doubled letters count once, as they sound like one."""
    return [_CLASS[c] for k, c in enumerate(spelled) if k == 0 or c != spelled[k - 1]]


# A window ends at the longest pause before a clear word between the first and the second length, else before the next
# clear word, or at the third.
LENGTHS_FRAMES = (150, 300, 2000)
CONTEXT = 4  # words of the neighbouring windows to search for too, lest a window's words take the place of theirs
LETTER_FRAMES = 3.3  # usual length of a letter in fluent speech of European languages
MOST_HIDDEN = 8  # words to search for at each end of a run without anchors that has too little room
_FITTING_FRAMES = 30  # added to the room, because an anchor may be too wide
_PAD_FRAMES = 20  # of audio around a window's words
_LOOSE = 2.0  # audio to search for a run of words at each end of its room, as a multiple of its natural length,
_LOOSE_FRAMES = 200  # plus this
_SENTENCE = 2  # the end of one
_TIGHT_FRAMES = 40  # audio to search at each end between two anchored words that are neighbours in the text


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A range of audio, and the words to search for in it.

    ``words`` are word indices. Only the words at the positions ``[first, last)`` of ``words`` get their times from this
    window; the others are context. ``anchored`` flags words that match decoded letters. ``breaks`` (words + 1,) says
    what ends before each word and after the last: 0 nothing, 1 a clause, 2 a sentence. ``frames`` are the frames to
    search.
    """

    words: NDArray[np.int64]
    anchored: NDArray[np.bool_]
    breaks: NDArray[np.int64]
    frames: Indices
    first: int
    last: int


def plan_windows(lengths: Indices, anchors: Anchors, frames: int, breaks: Indices) -> list[Window]:
    """Return the windows of audio in which to search for words. Each word is placed by one window at most.

    ``lengths`` is each word's number of letters, 0 for a word that is not searched for; ``frames`` is the number of
    frames of the episode. ``breaks`` says whether a clause (1), a sentence (2) or neither (0) ends after each word.
    """
    sought = np.flatnonzero((lengths > 0) & ~anchors.unsaid)
    with_room = np.ones(len(lengths), bool)
    searched = np.ones(frames, bool)
    for start, stop in anchors.unwritten:
        searched[start:stop] = False
    for run, start, stop in _unanchored(sought, anchors.frames, frames):
        natural = lengths[run].sum() * LETTER_FRAMES
        side = int(natural * _LOOSE) + (_LOOSE_FRAMES if len(run) else _TIGHT_FRAMES)
        if stop - start > 2 * side:
            # Words before the first or after the last anchor may be at the very beginning or end of the audio.
            at_ends = len(run) > 0 and stop - start < frames
            first = start + side if start or at_ends else 0
            searched[first : stop - side if stop < frames or at_ends else frames] = False
        if natural > 2 * (stop - start):
            first, last = (_fitting(lengths[side], stop - start) for side in (run, run[::-1]))
            with_room[run[first : max(first, len(run) - last)]] = False
    words, position = sought[with_room[sought]], np.flatnonzero(searched)
    if not len(words) or not len(position):
        return []
    anchored = anchors.frames[words, 0] >= 0
    places = np.searchsorted(position, anchors.frames[words])
    begins, ends = _guesses(lengths[words], places, anchored, len(position))
    cuts = _cuts(begins, ends, anchors.clear[words])
    ended = np.append(_SENTENCE, np.maximum.reduceat(breaks, words))
    return [_window(words, anchored, ended, begins, ends, (a, b), position) for a, b in pairwise(cuts)]


def _unanchored(sought: Indices, anchors: Indices, frames: int) -> Iterator[tuple[Indices, int, int]]:
    """Yield each group of consecutive ``sought`` words without anchors, with the start and stop frame of the audio
    between the anchors around the group. If two consecutive words have anchors that are far apart, yield an empty group
    with the audio between the two words."""
    places = np.flatnonzero(anchors[sought, 0] >= 0)
    begins, ends = np.append(0, places + 1), np.append(places, len(sought))
    starts, stops = np.append(0, anchors[sought[places], 1]), np.append(anchors[sought[places], 0], frames)
    for k in np.flatnonzero((begins < ends) | (stops - starts > 2 * _TIGHT_FRAMES)).tolist():
        yield sought[begins[k] : ends[k]], int(starts[k]), int(stops[k])


def _fitting(lengths: NDArray[np.int64], room: int) -> int:
    most = int(np.searchsorted(np.cumsum(lengths) * LETTER_FRAMES, room + _FITTING_FRAMES))
    return min(max(1, most), MOST_HIDDEN)


def _guesses(lengths: Indices, anchors: Indices, anchored: NDArray[np.bool_], frames: int) -> tuple[Indices, Indices]:
    """Return likely start and stop frames of all words. They are the anchor's frames for a word with an anchor; the
    words between two anchors share the frames in between in proportion to their number of letters (``lengths``)."""
    ends_of = np.cumsum(lengths)
    begins_of = ends_of - lengths
    x = np.concatenate([[0], np.column_stack([begins_of[anchored], ends_of[anchored]]).ravel(), [ends_of[-1]]])
    y = np.concatenate([[0], anchors[anchored].ravel(), [frames]])
    y = np.maximum.accumulate(y)
    return np.interp(begins_of, x, y).astype(np.int64), np.interp(ends_of, x, y).astype(np.int64)


def _cuts(begins: Indices, ends: Indices, clear: NDArray[np.bool_]) -> list[int]:
    """Return the index of the first word of each window, followed by the number of words. A window begins at a word
    that is ``clear`` (matched right after the previous word), preferably the one after the longest pause. If no word is
    clear for a long time, the window begins at any word."""
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
    anchored: NDArray[np.bool_],
    ended: NDArray[np.int64],
    begins: Indices,
    ends: Indices,
    own: tuple[int, int],
    position: Indices,
) -> Window:
    low, high = max(0, own[0] - CONTEXT), min(len(words), own[1] + CONTEXT)
    start = max(0, begins[low] - _PAD_FRAMES) if low else 0
    stop = ends[high - 1] + _PAD_FRAMES if high < len(words) else len(position)
    breaks = ended[low : high + 1].copy()
    breaks[[0, -1]] = _SENTENCE
    return Window(words[low:high], anchored[low:high], breaks, position[start:stop], own[0] - low, own[1] - low)

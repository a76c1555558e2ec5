"""Which words were found, and when exactly, from their framewise and their CTC path.

Conventions
-----------
Seconds. A word's score is the probability that it is said and starts within 0.2 s of where it was found, by what speaks
for it alone and beside it; it decides. What the whole episode says besides is in ``placing``, which is told.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.locating.letters.anchors import Anchors, DecodedLetters
from aligner.locating.letters.paths import Paths
from aligner.locating.spoken_words import words_by_segment
from aligner.model import Kind, Transcript
from aligner.normalization import unaccented
from aligner.spans import runs

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_AROUND, _AROUND_SHARE = 6, 0.3  # of the words so near on both sides, the share that must be found too
_RUN, _RUN_SCORE = 4, 0.55  # words without one beyond doubt, and the mean that makes them believed together
_HEADING_SCORE = 0.75  # the mean over a heading's words, for it to have been read aloud

_GAINS = (-4.0, 3.0)  # nats per letter, beyond which more says no more
_BESIDE = 3  # words on each side that vouch for a word, and
_AROUND_ANCHORED = 12  # those whose letters tell that the text is read here at all:
_SENTENCE, _OTHERS = 2, 3  # of its own sentence, for one is said or not as a whole, if it has so many others


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """What each feature of a word says for it, in logits.

    Fitted by ``tests/bench/calibrate.py`` on generated episodes in six languages, clean and disturbed, with words put
    in and replaced, singly and in runs.
    """

    bias: float = -2.91
    framewise: float = 0.29  # per nat and letter that its letters explain its frames better than anything else would
    ctc: float = 0.06
    hurried: float = 1.63  # per factor e in the length of its letters, below
    drawled: float = -1.34  # ... and above
    agree: float = 2.11  # if both paths place it alike
    matched: float = 1.38  # times the share of its letters that were heard in order
    long: float = -0.09  # per factor e in its letters
    beside: float = 1.92  # times how well the words beside it were found
    matched_around: float = 1.84  # times the share of the letters around it that were heard in order, of its sentence


_WEIGHTS = ScoreWeights()

_AGREE_FRAMES = 2.5  # paths this near are of one mind, and their mean is better than either
LETTER_FRAMES = 2.2  # that a letter takes, in the middle of all voices and languages
_NEAR_FRAMES = 2  # an edge is the centre of what the head says of edges so near
_CLEARER = 1.5  # times as likely must a start be, of two paths that differ, to be taken against the rule
_OUT_OF_ORDER = 0.1  # seconds by which a word may start before an earlier one: edges are no nearer than that
_TOUCHING = 0.1  # seconds: words with less between them run on,
_GAP_SHARE = 0.35  # and this share of it is the second one's
_FOUND = 0.3  # score below which a word was not found
_EXACT = 0.8  # ... and from which on it is beyond doubt,
_ALIKE = 0.4  # if the letters heard there are as like it as this: the head mishears a quarter to a third


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """Per word: when it starts and ends (NaN where no path has it), whether it was found, and beyond doubt."""

    starts: Floats
    ends: Floats
    found: Flags
    exact: Flags
    score: Floats


def score_words(
    lengths: NDArray[np.int64],
    anchors: Anchors,
    paths: Paths,
    emissions: Emissions,
    breaks: NDArray[np.int64] | None = None,
) -> Findings:
    """Make one finding of a word's two paths. ``lengths`` are the numbers of the words' letters; ``breaks`` are as of
    ``spoken_words.breaks_after``, by default all is one sentence."""
    placed = (paths.framewise.frames[:, 0] >= 0) | (paths.ctc.frames[:, 0] >= 0)
    agree = _agree(paths)
    taken = _taken(paths, agree, emissions)
    starts, ends = (np.where(placed, edges, np.nan) for edges in refined_edges(taken, emissions))
    logits = word_features(lengths, anchors, paths, breaks) @ np.array(astuple(_WEIGHTS))
    score = np.where(placed, 1 / (1 + np.exp(-logits)), 0.0)
    return Findings(starts, np.maximum(ends, starts + FRAME), score >= _FOUND, agree & (score >= _EXACT), score)


def word_features(
    lengths: NDArray[np.int64], anchors: Anchors, paths: Paths, breaks: NDArray[np.int64] | None = None
) -> Floats:
    """What speaks for each word and against it, shape (words, weights): a column for each of ``ScoreWeights``."""
    letters = np.maximum(lengths, 1)
    gains = [np.where(path.frames[:, 0] >= 0, np.clip(path.gain / letters, *_GAINS), _GAINS[0]) for path in paths]
    frames = np.where(paths.framewise.frames[:, :1] >= 0, paths.framewise.frames, paths.ctc.frames)
    pace = np.log(np.maximum(1, frames[:, 1] - frames[:, 0]) / letters / LETTER_FRAMES)
    agree = _agree(paths).astype(np.float64)
    well, _ = _mean_beside(np.clip(gains[0], -2, 2) / 4 + agree / 2, lengths > 0, _BESIDE)
    around, _ = _mean_beside(anchors.share, lengths > 0, _AROUND_ANCHORED)
    sentence = None if breaks is None else np.cumsum(np.append(0, breaks[:-1] >= _SENTENCE))[: len(breaks)]
    own, others = _mean_beside(anchors.share, lengths > 0, _AROUND_ANCHORED, sentence)
    return np.column_stack(
        [
            np.ones(len(letters)),
            *gains,
            np.minimum(pace, 0.0),
            np.maximum(pace, 0.0),
            agree,
            anchors.share,
            np.log(letters),
            well,
            np.where(others >= _OTHERS, own, around),
        ]
    )


def _taken(paths: Paths, agree: Flags, emissions: Emissions) -> Floats:
    """The frames that words take, shape (words, 2): of paths of one mind the mean, else mostly those of CTC.

    CTC knows best where a word begins, for each of its letters need not show for long; but a word that is not where it
    looks for it is squeezed in anywhere, so it must not say so itself. A long hiss it hears late: a start that the head
    itself finds likelier is taken instead.
    """
    framewise, ctc = paths
    apart = (ctc.frames[:, 1] <= framewise.frames[:, 0]) | (framewise.frames[:, 1] <= ctc.frames[:, 0])
    both = (framewise.frames[:, 0] >= 0) & (ctc.frames[:, 0] >= 0)
    misled = both & apart & (ctc.gain < 0) & (framewise.gain > 0)
    by_ctc = (ctc.frames[:, 0] >= 0) & ~misled
    taken = np.where(by_ctc[:, None], ctc.frames, framewise.frames).astype(np.float64)
    taken[agree] = (framewise.frames[agree] + ctc.frames[agree]) / 2
    likely = [_likely(path.frames[:, 0], emissions.starts) for path in paths]
    clearer = both & ~apart & ~agree & (likely[0] > _CLEARER * likely[1])
    taken[clearer, 0] = framewise.frames[clearer, 0]
    return taken


def _likely(frames: NDArray[np.int64], log_probability: NDArray[np.float16]) -> Floats:
    """How likely an edge is at each of these frames, or right beside it."""
    near = np.clip(frames[:, None] + np.arange(-1, 2), 0, len(log_probability) - 1)
    likely: Floats = np.exp(log_probability[near].astype(np.float64)).max(axis=1)
    return likely


def _agree(paths: Paths) -> Flags:
    a, b = (path.frames[:, 0] for path in paths)
    agree: Flags = (a >= 0) & (b >= 0) & (np.abs(a - b) <= _AGREE_FRAMES)
    return agree


def _mean_beside(
    values: Floats, sought: Flags, reach: int, sentence: NDArray[np.int64] | None = None
) -> tuple[Floats, NDArray[np.int64]]:
    """The mean over the sought words beside each one, at most so many on each side and, where each word's sentence is
    given, of its own; of none it is nothing. And how many these are."""
    total, place = np.append(0.0, np.cumsum(values[sought])), np.arange(sought.sum())
    first, last = np.maximum(0, place - reach), np.minimum(len(place), place + reach + 1)
    if sentence is not None:
        own = sentence[sought]
        first, last = np.maximum(first, own.searchsorted(own)), np.minimum(last, own.searchsorted(own, "right"))
    means, others = np.zeros(len(values)), np.zeros(len(values), np.int64)
    others[sought] = last - first - 1
    means[sought] = (total[last] - total[first] - values[sought]) / np.maximum(others[sought], 1)
    return means, others


def drop_isolated(transcript: Transcript, findings: Findings) -> Findings:
    """Findings without words that stand alone: where little else around was found, it is chance, not speech.

    A heading is looked at whole and must be found beyond doubt; a paragraph, by runs of words all in doubt, and by
    the words around each word: an ad has words of the text too, and those in doubt beside them vouch for none.
    """
    found = findings.found & ~_dubious(findings)
    for indices in words_by_segment(transcript):
        if transcript.segments[transcript.words[indices[0]].segment].kind is Kind.HEADING:
            found[indices] &= findings.score[indices].mean() >= _HEADING_SCORE
            continue
        hits = np.append(0, np.cumsum(found[indices]))
        place = np.arange(len(indices))
        low, high = np.maximum(0, place - _AROUND), np.minimum(len(indices), place + _AROUND + 1)
        share = (hits[high] - hits[low]) / (high - low)
        found[indices] &= share >= _AROUND_SHARE
    return replace(findings, found=found, exact=findings.exact & found)


def in_sequence(findings: Findings) -> Findings:
    """Findings without words that stand before one that the text has earlier.

    Windows that meet in what is said twice may each take the same copy. Most words stay that can: the longest
    rising subsequence (Fredman, "On computing the length of longest increasing subsequences", 1975).
    """
    words = np.flatnonzero(findings.found)
    starts = findings.starts[words]
    if not (np.diff(starts) < -_OUT_OF_ORDER).any():
        return findings
    kept = np.zeros(len(words), bool)
    kept[_longest_rising(starts.tolist())] = True
    low = np.maximum.accumulate(np.where(kept, starts, -np.inf))
    high = np.minimum.accumulate(np.where(kept, starts, np.inf)[::-1])[::-1]
    astray = (starts < low - _OUT_OF_ORDER) | (starts > high + _OUT_OF_ORDER)
    found = findings.found.copy()
    found[words[astray]] = False
    return replace(findings, found=found, exact=findings.exact & found)


def _longest_rising(values: Sequence[float]) -> list[int]:
    """The places of the longest subsequence that never falls."""
    ends: list[float] = []  # the least value that a subsequence of each length ends with
    places: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        length = bisect_right(ends, value)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1] = [value]
        places[length : length + 1] = [place]
    chain = [places[-1]]
    while before[chain[-1]] >= 0:
        chain.append(before[chain[-1]])
    return chain[::-1]


def correct_edge_bias(findings: Findings) -> Findings:
    """Starts of words that run on, moved into the gap that was found before them.

    Such words touch each other: where the head finds a gap, a long hiss or a weak sound that begins the second one was
    mostly missed. On real voices a start's error grows by a third of the gap or more, on synthetic ones by a fifth.
    """
    later = np.flatnonzero(findings.found[1:] & findings.found[:-1]) + 1
    gap = findings.starts[later] - findings.ends[later - 1]
    later, gap = later[np.abs(gap) < _TOUCHING], gap[np.abs(gap) < _TOUCHING]
    starts = findings.starts.copy()
    starts[later] -= _GAP_SHARE * gap
    return replace(findings, starts=np.minimum(starts, findings.ends - FRAME))


def heard_as_written(findings: Findings, spelled: Sequence[str], decoded: DecodedLetters) -> Findings:
    """Findings beyond doubt only of words whose letters were heard there: what stands for another word is in doubt."""
    exact = findings.exact.copy()
    edges = np.column_stack([findings.starts, findings.ends])[exact] / FRAME
    spans = np.searchsorted(decoded.frames, np.rint(edges - np.array([1, 0])).astype(np.int64))
    exact[exact] = [
        likeness(unaccented(spelled[word]), low, high, decoded) >= _ALIKE
        for word, (low, high) in zip(np.flatnonzero(exact).tolist(), spans.tolist(), strict=True)
    ]
    return replace(findings, exact=exact)


def likeness(wanted: str, low: int, high: int, decoded: DecodedLetters) -> float:
    """How like a word the letters heard from ``low`` to ``high`` are, from 0 to 1."""
    from rapidfuzz.distance import Levenshtein

    if low and wanted.startswith(decoded.letters[low - 1]):
        low -= 1  # of letters doubled from word to word one is heard
    return Levenshtein.normalized_similarity(wanted, decoded.letters[low:high])


def _dubious(findings: Findings) -> Flags:
    """Words in runs of which none is beyond doubt and that are not likely as a whole: chance, several times over."""
    dubious = np.zeros(len(findings.found), bool)
    for run in runs(~findings.exact):
        tried = findings.score[run][findings.score[run] > 0]
        if len(tried) >= _RUN and tried.mean() < _RUN_SCORE:
            dubious[run] = True
    return dubious


def refined_edges(frames: Floats, emissions: Emissions) -> tuple[Floats, Floats]:
    """Seconds at which words start and end that take these frames, shape (words, 2)."""
    first, last = np.floor(frames[:, 0]), np.rint(frames[:, 1] - 0.5)
    starts = _refined(first.astype(np.int64), emissions.starts)
    ends = _refined(last.astype(np.int64), emissions.ends)
    return starts * FRAME, ends * FRAME


def _refined(middle: NDArray[np.int64], log_probability: NDArray[np.float16]) -> Floats:
    """The centre of an edge's probability around each of these frames: finer than a frame."""
    probability = np.exp(np.asarray(log_probability, np.float32))
    frames = np.clip(middle[:, None] + np.arange(-_NEAR_FRAMES, _NEAR_FRAMES + 1), 0, len(probability) - 1)
    weights = probability[frames] + np.float32(1e-3)
    centre: Floats = (weights * frames).sum(axis=1) / weights.sum(axis=1)
    return centre

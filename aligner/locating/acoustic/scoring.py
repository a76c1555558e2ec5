"""Decide which words are found, and at what exact times, from the framewise and the CTC path of each word.

Conventions
-----------
- Times are in seconds. The score of a word is the probability that it is said and starts within 0.2 s of the time
  found, judged from the word and its neighbours alone. ``placing`` computes the confidence from the whole episode.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.locating.acoustic.anchors import Anchors, DecodedCharacters
from aligner.locating.acoustic.paths import Paths
from aligner.locating.spoken_words import is_supported, words_by_segment
from aligner.model import Kind, Transcript
from aligner.normalization import unaccented
from aligner.pins import longest_in_order
from aligner.spans import runs

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_RUN, _RUN_SCORE = 4, 0.55  # length of a run without an exact word, and its least mean score
_HEADING_SCORE = 0.75  # least mean score of a heading's words

_GAINS = (-4.0, 3.0)  # bounds of nats per letter
_BESIDE = 3  # words on each side whose paths support a word
_AROUND_ANCHORED = 12  # words on each side whose matched letters support it
_SENTENCE, _OTHERS = 2, 3  # only words of its own sentence count, if there are at least this many others


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """The weights, in logits, of the features from which a word's score is computed.

    ``framewise`` and ``ctc`` weigh how well the letters score on each path, ``hurried`` and ``drawled`` an unusual
    pace, ``agree`` whether both paths agree, ``matched`` the share of the word's letters that match decoded ones,
    ``long`` the number of letters, ``beside`` how well neighbouring words score, ``matched_around`` their share of
    matched letters. ``tests/bench/calibrate.py`` fitted the weights on generated episodes, with an earlier acoustic
    model; ``bias`` was raised for this one, which is less sure of letters.
    """

    bias: float = -2.4
    framewise: float = 0.29  # per nat and letter by which its letters score better than a gap
    ctc: float = 0.06
    hurried: float = 1.63  # per factor e by which its letters are shorter than usual
    drawled: float = -1.34  # ... or longer
    agree: float = 2.11  # if both paths agree
    matched: float = 1.38  # times the share of its letters that match
    long: float = -0.09  # per factor e in its number of letters
    beside: float = 1.92  # times how well the words beside it were found
    matched_around: float = 1.84  # times the share of letters that match in the words around it, in its sentence


_WEIGHTS = ScoreWeights()

_AGREE_FRAMES = 2.5  # paths this near to each other agree; their mean is better than either
LETTER_FRAMES = 2.2  # the usual length of a letter, over all voices and languages
_NEAR_FRAMES = 2  # an edge is the centre of the edge probabilities so near
_CLEARER = 1.5  # the framewise start replaces that of CTC if it is this many times as likely
_OUT_OF_ORDER = 0.1  # seconds by which a word may start before an earlier one: edges are no more precise
_TOUCHING = 0.1  # seconds; words with a smaller gap are said in one go,
_GAP_SHARE = 0.35  # and this share of the gap belongs to the second one
_FOUND = 0.3  # least score of a found word
_EXACT = 0.8  # least score of an exact one,
_ALIKE = 0.4  # and least similarity of the decoded letters: the acoustic model misrecognises a quarter to a third


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """The result of scoring, one array element for each word: start and end in seconds (NaN if no path contains the
    word), whether the word is found, whether it is certain (``exact``: both paths agree), and its score."""

    starts: Floats
    ends: Floats
    found: Flags
    exact: Flags
    score: Floats


def score_words(
    lengths: NDArray[np.int64], anchors: Anchors, paths: Paths, emissions: Emissions, breaks: NDArray[np.int64]
) -> Findings:
    """Return the times and the score of each word, from its framewise and its CTC path.

    ``lengths`` is each word's number of letters. ``breaks`` says whether a clause (1), a sentence (2) or neither (0)
    ends after each word.
    """
    placed = (paths.framewise.frames[:, 0] >= 0) | (paths.ctc.frames[:, 0] >= 0)
    agree = _agree(paths)
    taken = _taken(paths, agree, emissions)
    starts, ends = (np.where(placed, edges, np.nan) for edges in refined_edges(taken, emissions))
    logits = word_features(lengths, anchors, paths, breaks) @ np.array(astuple(_WEIGHTS))
    score = np.where(placed, 1 / (1 + np.exp(-logits)), 0.0)
    return Findings(starts, np.maximum(ends, starts + FRAME), score >= _FOUND, agree & (score >= _EXACT), score)


def word_features(lengths: NDArray[np.int64], anchors: Anchors, paths: Paths, breaks: NDArray[np.int64]) -> Floats:
    """Return the features for the scores: one row for each word, and one column for each of ``ScoreWeights``."""
    letters = np.maximum(lengths, 1)
    gains = [np.where(path.frames[:, 0] >= 0, np.clip(path.gain / letters, *_GAINS), _GAINS[0]) for path in paths]
    frames = np.where(paths.framewise.frames[:, :1] >= 0, paths.framewise.frames, paths.ctc.frames)
    pace = np.log(np.maximum(1, frames[:, 1] - frames[:, 0]) / letters / LETTER_FRAMES)
    agree = _agree(paths).astype(np.float64)
    well, _ = _mean_beside(np.clip(gains[0], -2, 2) / 4 + agree / 2, lengths > 0, _BESIDE)
    around, _ = _mean_beside(anchors.share, lengths > 0, _AROUND_ANCHORED)
    sentence = np.cumsum(np.append(0, breaks[:-1] >= _SENTENCE))[: len(breaks)]
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
    """Return start and stop frame of each word, shape (words, 2). If the word's two paths agree, their mean is taken,
    otherwise usually the CTC path, which is better at word starts. But CTC also places words that are not spoken: if
    the CTC path scores worse than a gap, a better framewise path elsewhere is taken. And CTC detects a long hiss late:
    the framewise start is taken if the acoustic model rates it clearly likelier."""
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
    """Return, for each word, the mean of ``values`` over its neighbours, and the number of neighbours (0 and 0 if
    none). The neighbours are the ``sought`` words up to ``reach`` words away. ``sentence`` holds each word's sentence
    number; if it is given, only words in the same sentence are neighbours."""
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
    """Return the findings without isolated words, which probably match by chance.

    The words of a heading stay only if their mean score is high. In a paragraph, groups of doubtful words are removed
    first, then words with few found words around them. In this order, doubtful words cannot support each other: even an
    ad contains some words of the transcript.
    """
    found = findings.found & ~_dubious(findings)
    for indices in words_by_segment(transcript):
        if transcript.segments[transcript.words[indices[0]].segment].kind is Kind.HEADING:
            found[indices] &= findings.score[indices].mean() >= _HEADING_SCORE
            continue
        found[indices] &= is_supported(found[indices])
    return replace(findings, found=found, exact=findings.exact & found)


def in_sequence(findings: Findings) -> Findings:
    """Return the findings without words that are out of order in time; as few words as possible are removed. Words get
    out of order if two windows find different words in the same repeated speech."""
    words = np.flatnonzero(findings.found)
    starts = findings.starts[words]
    if not (np.diff(starts) < -_OUT_OF_ORDER).any():
        return findings
    rising = np.zeros(len(words), bool)
    rising[longest_in_order(starts.tolist())] = True
    low = np.maximum.accumulate(np.where(rising, starts, -np.inf))
    high = np.minimum.accumulate(np.where(rising, starts, np.inf)[::-1])[::-1]
    astray = (starts < low - _OUT_OF_ORDER) | (starts > high + _OUT_OF_ORDER)
    found = findings.found.copy()
    found[words[astray]] = False
    return replace(findings, found=found, exact=findings.exact & found)


def correct_edge_bias(findings: Findings) -> Findings:
    """Return the findings with corrected starts of words that almost touch the previous word.

    A very short gap means that the acoustic model missed most of a long hiss or a weak sound at the start of a word, so
    the start is moved into the gap. The error is a third of the gap or more in real speech, a fifth in synthetic.
    """
    later = np.flatnonzero(findings.found[1:] & findings.found[:-1]) + 1
    gap = findings.starts[later] - findings.ends[later - 1]
    later, gap = later[np.abs(gap) < _TOUCHING], gap[np.abs(gap) < _TOUCHING]
    starts = findings.starts.copy()
    starts[later] -= _GAP_SHARE * gap
    return replace(findings, starts=np.minimum(starts, findings.ends - FRAME))


def confirm_exact(findings: Findings, spelled: Sequence[str], decoded: DecodedCharacters) -> Findings:
    """Clear the flag ``exact`` of words that differ from the letters decoded at their time; return the findings."""
    exact = findings.exact.copy()
    edges = np.column_stack([findings.starts, findings.ends])[exact] / FRAME
    spans = np.searchsorted(decoded.frames, np.rint(edges - np.array([1, 0])).astype(np.int64))
    exact[exact] = [
        likeness(unaccented(spelled[word]), low, high, decoded) >= _ALIKE
        for word, (low, high) in zip(np.flatnonzero(exact).tolist(), spans.tolist(), strict=True)
    ]
    return replace(findings, exact=exact)


def likeness(wanted: str, low: int, high: int, decoded: DecodedCharacters) -> float:
    """Return the similarity of the letters ``wanted`` to the decoded letters ``[low, high)``, from 0 to 1."""
    from rapidfuzz.distance import Levenshtein

    if low and wanted.startswith(decoded.letters[low - 1]):
        low -= 1  # a letter doubled across two words is decoded once
    return Levenshtein.normalized_similarity(wanted, decoded.letters[low:high])


def _dubious(findings: Findings) -> Flags:
    """Flag groups of words that probably match by chance: no word of the group is exact, and the mean score is low."""
    dubious = np.zeros(len(findings.found), bool)
    for run in runs(~findings.exact):
        tried = findings.score[run][findings.score[run] > 0]
        if len(tried) >= _RUN and tried.mean() < _RUN_SCORE:
            dubious[run] = True
    return dubious


def refined_edges(frames: Floats, emissions: Emissions) -> tuple[Floats, Floats]:
    """Return the starts and the ends of words in seconds; ``frames`` (words, 2) holds their start and stop frames."""
    first, last = np.floor(frames[:, 0]), np.rint(frames[:, 1] - 0.5)
    starts = _refined(first.astype(np.int64), emissions.starts)
    ends = _refined(last.astype(np.int64), emissions.ends)
    return starts * FRAME, ends * FRAME


def _refined(middle: NDArray[np.int64], log_probability: NDArray[np.float16]) -> Floats:
    """Refine word edges: return the mean of the frames near each ``middle`` frame, weighted by the edge probability."""
    probability = np.exp(np.asarray(log_probability, np.float32))
    frames = np.clip(middle[:, None] + np.arange(-_NEAR_FRAMES, _NEAR_FRAMES + 1), 0, len(probability) - 1)
    weights = probability[frames] + np.float32(1e-3)
    centre: Floats = (weights * frames).sum(axis=1) / weights.sum(axis=1)
    return centre

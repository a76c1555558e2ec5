"""Which words were found, when exactly, and how sure that is, from the paths of both opinions.

Conventions
-----------
Seconds. Confidence is the probability that a word is said and starts within 0.2 s of where it was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.locating.letters.paths import Paths
from aligner.locating.letters.sights import HeardLetters, Sights
from aligner.model import Kind, Transcript
from aligner.normalization import plain

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_AROUND, _AROUND_SHARE = 6, 0.3  # of the words so near on both sides, the share that must be found too
_RUN, _RUN_CONFIDENCE = 4, 0.55  # words without one beyond doubt, and the mean that makes them believed together
_HEADING_CONFIDENCE = 0.75  # the mean over a heading's words, for it to have been read aloud

_GAINS = (-4.0, 3.0)  # nats per letter, beyond which more says no more
_BESIDE = 3  # words on each side that vouch for a word, and
_AROUND_SIGHTS = 12  # those whose letters tell that the text is read here at all


@dataclass(frozen=True, slots=True)
class Weights:
    """What each piece of evidence says, in logits.

    Fitted by ``tests/bench/calibrate.py`` on generated episodes in six languages, clean and disturbed, with words put
    in and replaced, singly and in runs.
    """

    bias: float = -2.91
    sounds: float = 0.29  # per nat and letter that its letters explain its frames better than anything else would
    spikes: float = 0.06
    hurried: float = 1.63  # per factor e in the length of its letters, below
    drawled: float = -1.34  # ... and above
    agree: float = 2.11  # if both opinions place it alike
    sighted: float = 1.38  # times the share of its letters that were heard in order
    long: float = -0.09  # per factor e in its letters
    beside: float = 1.92  # times how well the words beside it were found
    anchored: float = 1.84  # times the share of the letters around it that were heard in order


@dataclass(frozen=True, slots=True)
class FindingOptions:
    """Where to draw the lines."""

    weights: Weights = Weights()
    agree_frames: float = 2.5  # opinions this near are of one mind, and their mean is better than either
    letter_frames: float = 2.2  # that a letter takes, in the middle of all voices and languages
    near_frames: int = 2  # an edge is the centre of what the head says of edges so near
    clearer: float = 1.5  # times as likely must a start be, of two opinions that differ, to be taken against the rule
    touching: float = 0.1  # seconds: words with less between them run on,
    usual_gap: float = 0.03  # and this much is mostly found there;
    gap_share: float = 0.35  # of what is more or less, this share is the start's error
    found: float = 0.3  # confidence below which a word was not found
    exact: float = 0.8  # ... and from which on it is beyond doubt,
    alike: float = 0.4  # if the letters heard there are as like it as this: the head mishears a quarter to a third


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """Per word: when it starts and ends (NaN where no path has it), whether it was found, and beyond doubt."""

    starts: Floats
    ends: Floats
    found: Flags
    exact: Flags
    confidence: Floats


def weigh(
    classes: NDArray[np.int64],
    sights: Sights,
    paths: tuple[Paths, Paths],
    scores: Emissions,
    options: FindingOptions | None = None,
) -> Findings:
    """Make one finding of two paths, of what sounds and of what spikes. ``classes`` are the words' letters, counted."""
    options = options or FindingOptions()
    placed = (paths[0].frames[:, 0] >= 0) | (paths[1].frames[:, 0] >= 0)
    agree = _agree(paths, options)
    taken = _taken(paths, agree, scores, options)
    starts, ends = (np.where(placed, edges, np.nan) for edges in refined_edges(taken, scores, options.near_frames))
    logits = evidence(classes, sights, paths, options) @ np.array(astuple(options.weights))
    confidence = np.where(placed, 1 / (1 + np.exp(-logits)), 0.0)
    return Findings(
        starts,
        np.maximum(ends, starts + FRAME),
        confidence >= options.found,
        agree & (confidence >= options.exact),
        confidence,
    )


def evidence(
    classes: NDArray[np.int64], sights: Sights, paths: tuple[Paths, Paths], options: FindingOptions | None = None
) -> Floats:
    """What speaks for each word and against it, shape (words, weights): a column for each field of ``Weights``."""
    options = options or FindingOptions()
    letters = np.maximum(classes, 1)
    gains = [np.where(path.frames[:, 0] >= 0, np.clip(path.gain / letters, *_GAINS), _GAINS[0]) for path in paths]
    lengths = np.where(paths[0].frames[:, :1] >= 0, paths[0].frames, paths[1].frames)
    pace = np.log(np.maximum(1, lengths[:, 1] - lengths[:, 0]) / letters / options.letter_frames)
    agree = _agree(paths, options).astype(np.float64)
    well = np.clip(gains[0], -2, 2) / 4 + agree / 2
    return np.column_stack(
        [
            np.ones(len(letters)),
            *gains,
            np.minimum(pace, 0.0),
            np.maximum(pace, 0.0),
            agree,
            sights.share,
            np.log(letters),
            _mean_beside(well, classes > 0, _BESIDE),
            _mean_beside(sights.share, classes > 0, _AROUND_SIGHTS),
        ]
    )


def _taken(paths: tuple[Paths, Paths], agree: Flags, scores: Emissions, options: FindingOptions) -> Floats:
    """The frames that words take, shape (words, 2): of opinions of one mind the mean, else mostly those of the spikes.

    Spikes know best where a word begins, for each of its letters need not show for long; but a word that is not where
    they look for it is squeezed in anywhere, so they must not say so themselves. A long hiss they hear late: a start
    that the head itself finds likelier is taken instead.
    """
    sounds, spikes = paths
    apart = (spikes.frames[:, 1] <= sounds.frames[:, 0]) | (sounds.frames[:, 1] <= spikes.frames[:, 0])
    both = (sounds.frames[:, 0] >= 0) & (spikes.frames[:, 0] >= 0)
    misled = both & apart & (spikes.gain < 0) & (sounds.gain > 0)
    taken = np.where(((spikes.frames[:, 0] >= 0) & ~misled)[:, None], spikes.frames, sounds.frames).astype(np.float64)
    taken[agree] = (sounds.frames[agree] + spikes.frames[agree]) / 2
    likely = [_likely(path.frames[:, 0], scores.starts) for path in paths]
    clearer = both & ~apart & ~agree & (likely[0] > options.clearer * likely[1])
    taken[clearer, 0] = sounds.frames[clearer, 0]
    return taken


def _likely(frames: NDArray[np.int64], log_probability: NDArray[np.float16]) -> Floats:
    """How likely an edge is at each of these frames, or right beside it."""
    near = np.clip(frames[:, None] + np.arange(-1, 2), 0, len(log_probability) - 1)
    likely: Floats = np.exp(log_probability[near].astype(np.float64)).max(axis=1)
    return likely


def _agree(paths: tuple[Paths, Paths], options: FindingOptions) -> Flags:
    a, b = (path.frames[:, 0] for path in paths)
    agree: Flags = (a >= 0) & (b >= 0) & (np.abs(a - b) <= options.agree_frames)
    return agree


def _mean_beside(values: Floats, sought: Flags, reach: int) -> Floats:
    """The mean over the sought words beside each one, at most so many on each side; of none it is nothing."""
    means = np.zeros(len(values))
    if sought.any():
        window, padded = np.ones(2 * reach + 1), np.pad(values[sought], reach)
        others = np.convolve(np.pad(np.ones(sought.sum()), reach), window, "valid") - 1
        means[sought] = (np.convolve(padded, window, "valid") - values[sought]) / np.maximum(others, 1)
    return means


def believable(transcript: Transcript, findings: Findings) -> Findings:
    """Without words that stand alone: where little else around was found, it is chance, not speech.

    A heading is looked at whole and must be found beyond doubt; a paragraph, by runs of words all in doubt, and by
    the words around each word: an advert has words of the text too, and those in doubt beside them vouch for none.
    """
    found = findings.found & ~_dubious(findings)
    for indices in by_segment(transcript):
        if transcript.segments[transcript.words[indices[0]].segment].kind is Kind.HEADING:
            found[indices] &= findings.confidence[indices].mean() >= _HEADING_CONFIDENCE
            continue
        hits = np.append(0, np.cumsum(found[indices]))
        place = np.arange(len(indices))
        low, high = np.maximum(0, place - _AROUND), np.minimum(len(indices), place + _AROUND + 1)
        share = (hits[high] - hits[low]) / (high - low)
        found[indices] &= share >= _AROUND_SHARE
    return replace(findings, found=found, exact=findings.exact & found)


def run_on(findings: Findings, options: FindingOptions | None = None) -> Findings:
    """Starts moved by the gap that was found before them.

    Words that run on touch each other, but the head hears ends early and starts late. Where it finds more than usual
    between two, the start is later than usual, as where a word begins with a long hiss or a weak sound; where it finds
    less, earlier. On real voices a start's error grows by half of the gap, on synthetic ones by a seventh to a half.
    """
    options = options or FindingOptions()
    words = np.flatnonzero(findings.found[1:] & findings.found[:-1]) + 1
    gap = findings.starts[words] - findings.ends[words - 1]
    near = np.abs(gap) < options.touching
    starts = findings.starts.copy()
    starts[words[near]] -= options.gap_share * (gap[near] - options.usual_gap)
    return replace(findings, starts=np.minimum(starts, findings.ends - FRAME))


def heard_as_written(
    findings: Findings, spelled: Sequence[str], heard: HeardLetters, options: FindingOptions | None = None
) -> Findings:
    """Without doubt only about words whose letters were heard where they are: what stands for another word is not."""
    options = options or FindingOptions()
    exact = findings.exact.copy()
    edges = np.column_stack([findings.starts, findings.ends])[exact] / FRAME
    spans = np.searchsorted(heard.frames, np.rint(edges - np.array([1, 0])).astype(np.int64))
    exact[exact] = [
        _likeness(plain(spelled[word]), low, high, heard) >= options.alike
        for word, (low, high) in zip(np.flatnonzero(exact).tolist(), spans.tolist(), strict=True)
    ]
    return replace(findings, exact=exact)


def _likeness(wanted: str, low: int, high: int, heard: HeardLetters) -> float:
    """How like a word the letters heard from ``low`` to ``high`` are, from 0 to 1."""
    from rapidfuzz.distance import Levenshtein

    if low and wanted.startswith(heard.letters[low - 1]):
        low -= 1  # of letters doubled from word to word one is heard
    return Levenshtein.normalized_similarity(wanted, heard.letters[low:high])


def _dubious(findings: Findings) -> Flags:
    """Words in runs of which none is beyond doubt and that are not likely as a whole: chance, several times over."""
    dubious = np.zeros(len(findings.found), bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[True], findings.exact, [True]]).astype(np.int8)))
    for start, stop in edges.reshape(-1, 2):
        tried = findings.confidence[start:stop][findings.confidence[start:stop] > 0]
        if len(tried) >= _RUN and tried.mean() < _RUN_CONFIDENCE:
            dubious[start:stop] = True
    return dubious


def refined_edges(frames: Floats, scores: Emissions, near: int = 2) -> tuple[Floats, Floats]:
    """Seconds at which words start and end that take these frames, shape (words, 2)."""
    first, last = np.floor(frames[:, 0]), np.rint(frames[:, 1] - 0.5)
    starts = _refined(first.astype(np.int64), scores.starts, near)
    ends = _refined(last.astype(np.int64), scores.ends, near)
    return starts * FRAME, ends * FRAME


def _refined(middle: NDArray[np.int64], log_probability: NDArray[np.float16], near: int) -> Floats:
    """The centre of an edge's probability around each of these frames: finer than a frame."""
    probability = np.exp(np.asarray(log_probability, np.float32))
    frames = np.clip(middle[:, None] + np.arange(-near, near + 1), 0, len(probability) - 1)
    weights = probability[frames] + np.float32(1e-3)
    centre: Floats = (weights * frames).sum(axis=1) / weights.sum(axis=1)
    return centre


def by_segment(transcript: Transcript) -> list[NDArray[np.int64]]:
    """Indices of words by the segment that holds them."""
    members: dict[int, list[int]] = {}
    for k, word in enumerate(transcript.words):
        members.setdefault(word.segment, []).append(k)
    return [np.array(indices) for indices in members.values()]

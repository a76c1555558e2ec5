"""Place every word, including words that were not found, and compute the confidence in each.

Scores from ``scoring`` decide whether a word is found. Confidence depends on the whole episode as well: if the model
recognises a speaker poorly, words with low scores may be right, while in a text that is mostly not spoken, words with
good scores may be wrong. A word that is unlike the letters decoded at its time is doubtful too.

A word that is said twice is placed at the last utterance: editors cut the false start, not the sentence that follows.

Conventions
-----------
- Confidence is the probability that a word is said and starts within 0.2 s of its time. Shares, such as that of
  the matched words of an episode, are used as logits, within bounds, because a share of few words is unreliable.
- Frames are ``FRAME`` seconds. A *slot* is free audio after a word that may contain a second utterance of the word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.locating.acoustic.anchors import Anchors, DecodedCharacters, Window
from aligner.locating.acoustic.paths import find_paths, framewise_scores
from aligner.locating.acoustic.scoring import Findings, likeness, refined_edges
from aligner.locating.spoken_words import Gap, find_gaps, in_order, share_out, similarity
from aligner.model import UNSPOKEN, Audio, Placement, Span, Status, Transcript
from aligner.normalization import unaccented
from aligner.spans import JoinedSpans, SpeechSpans, total

_LETTER = 0.05  # seconds of a letter, for an episode with fewer exact words than the next number
_ENOUGH_WORDS = 20

# How to place words that were not found.
_LEAST_ROOM = 0.5  # a gap with less room than this share of its natural length is unspoken
_LOOSE_ROOM = 2.5  # with more room than this many natural lengths, words stay beside their neighbours ...
_LONG_GAP = 1.5  # ... or are unspoken if they would take this many seconds: they would have been found
_OTHER_SPEECH = 0.4  # decoded letters, per letter of such a gap, from which on they count as other words,
_MOST_GAP = 0.55  # unless so large a share of them is the gap's; unrelated speech shares 0.45
_SENTENCE = 2  # the end of one
_LIKELY = 0.1  # probability that a word starts; 0.01 where the model finds no start
_LEAST_VOICE = 0.1  # seconds before the next word
_TAIL = 0.3  # seconds of speech that the speech detector may find after a word has ended


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The input for placing words. ``spelled`` holds each word's letters, ``pace`` is the usual seconds per letter.
    ``breaks`` says whether a clause (1), a sentence (2) or neither (0) ends after each word."""

    audio: Audio
    emissions: Emissions
    decoded: DecodedCharacters
    spelled: Sequence[str]
    breaks: NDArray[np.int64]
    pace: float


@dataclass(frozen=True, slots=True, eq=False)
class _GapData:
    """The input for placing the words between found words. ``lengths`` is the number of letters of each word,
    ``starts`` the probability that a word starts in each frame."""

    evidence: Evidence
    placements: Sequence[Placement]
    speech: SpeechSpans
    lengths: NDArray[np.int64]
    starts: NDArray[np.float32]


def place(transcript: Transcript, findings: Findings, evidence: Evidence) -> tuple[Placement, ...]:
    """Return a placement for each word: its span, or not spoken. Starts never decrease, ends come after starts. The
    confidence is preliminary: the score of a found word, 0 for other words. ``with_confidence`` replaces it."""
    placements = [UNSPOKEN] * len(transcript.words)
    for k in np.flatnonzero(findings.found).tolist():
        span = Span(max(0.0, float(findings.starts[k])), max(0.0, float(findings.ends[k])))
        status = Status.EXACT if findings.exact[k] else Status.FUZZY
        placements[k] = Placement(span, status, float(findings.score[k]))
    lengths = np.array([len(word) for word in evidence.spelled], np.int64)
    starts = np.exp(np.asarray(evidence.emissions.starts, np.float32))
    data = _GapData(evidence, tuple(placements), SpeechSpans(evidence.audio.speech), lengths, starts)
    for gap in find_gaps(transcript, placements):
        for word, placement in _filled(gap, data):
            placements[word] = placement
    return in_order(placements, evidence.audio.duration)


def pace_of(findings: Findings, lengths: NDArray[np.int64]) -> float:
    """Return the usual seconds per letter in this episode; ``lengths`` is each word's number of letters."""
    sure = findings.exact & (lengths >= 4)
    if sure.sum() < _ENOUGH_WORDS:
        return _LETTER
    paces = np.sort((findings.ends - findings.starts)[sure] / lengths[sure])
    return float(paces[(len(paces) - 1) // 2] + paces[len(paces) // 2]) / 2  # np.median would load masked arrays


def _filled(gap: Gap, data: _GapData) -> Iterable[tuple[int, Placement]]:
    start, end = _edges(gap, data)
    lengths = np.maximum(data.lengths[list(gap.words)], 1) * data.evidence.pace
    room = data.speech.between(start, end)
    needed, available = float(lengths.sum()), total(room)
    if available < _LEAST_ROOM * needed or (needed >= _LONG_GAP and _is_other(gap, start, end, data)):
        return ()
    if available <= _LOOSE_ROOM * needed:
        return share_out(room, gap.words, lengths.tolist())
    if needed >= _LONG_GAP:
        return ()
    return _beside_neighbours(gap, start, end, lengths, data)


def _beside_neighbours(
    gap: Gap, start: float, end: float, lengths: NDArray[np.float64], data: _GapData
) -> Iterable[tuple[int, Placement]]:
    """Place the words of a gap that has far more speech than they need; yield each word's index and placement. If the
    last words of the gap begin a sentence that goes on after the gap, they are placed directly before the next word.
    The others are placed directly after the previous word. The gap's audio is from ``start`` to ``end``; ``lengths``
    are the usual durations of the words."""
    leading = _leading(gap, data.evidence.breaks)
    follow, lead = gap.words[: len(gap.words) - leading], gap.words[len(gap.words) - leading :]
    after, before = lengths[: len(follow)], lengths[len(follow) :]
    if follow:
        voice = _voice(start, end, data)
        yield from share_out(JoinedSpans(voice).part(0.0, float(after.sum())), follow, after.tolist())
    if lead:
        room = JoinedSpans(data.speech.between(start, end))
        part = room.part(room.size - float(before.sum()), room.size)
        yield from share_out(part, lead, before.tolist())


def _leading(gap: Gap, breaks: NDArray[np.int64]) -> int:
    if gap.before is None:
        return len(gap.words)
    ends = np.flatnonzero(breaks[[gap.before, *gap.words]] >= _SENTENCE)
    return len(gap.words) - int(ends[-1]) if len(ends) and gap.after is not None else 0


def _voice(start: float, end: float, data: _GapData) -> list[Span]:
    """Return the spans of speech from ``start`` to ``end`` in which to place words, beginning where a word most likely
    starts. If no start is likely, a short first span is left out: it may be the end of the previous word."""
    first, last = int(start / FRAME) + 1, int((end - _LEAST_VOICE) / FRAME)
    starts = data.starts[first:last]
    if len(starts) and starts.max() >= _LIKELY:
        later = data.speech.between((first + int(starts.argmax())) * FRAME, end)
        if total(later) >= _LEAST_VOICE:
            return later
    room = data.speech.between(start, end)
    return room[1:] if len(room) > 1 and room[0].start == start and room[0].duration < _TAIL else room


def _edges(gap: Gap, data: _GapData) -> tuple[float, float]:
    before = data.placements[gap.before].span if gap.before is not None else None
    after = data.placements[gap.after].span if gap.after is not None else None
    start = before.end if before else 0.0
    return start, max(start, after.start if after else data.evidence.audio.duration)


def _is_other(gap: Gap, start: float, end: float, data: _GapData) -> bool:
    """Return whether many letters were decoded from ``start`` to ``end``, and differ from the words of ``gap``."""
    low, high = np.searchsorted(data.evidence.decoded.frames, np.array([start, end]) / FRAME)
    letters = data.evidence.decoded.letters[low:high]
    wanted = unaccented("".join(data.evidence.spelled[word] for word in gap.words))
    return len(letters) >= _OTHER_SPEECH * len(wanted) and similarity(wanted, letters) < _MOST_GAP


Floats = NDArray[np.float64]

_SCORES = (-5.0, 6.0)  # bounds in logits
_FOUND_BESIDES, _OF = 9, 10  # found words, of so many, added to each episode: a few words tell little
_EXPLAINED = (0.05, 0.97)  # bounds of the share of decoded letters
_SOUNDING = float(np.log(0.5))  # log probability of the blank, below which a frame has a letter
_BOUNDS = (0.005, 0.995)  # of confidence: one word in 200 is wrong for reasons that no feature shows


@dataclass(frozen=True, slots=True)
class ConfidenceWeights:
    """The weights, in logits, of the features that determine the confidence in a word.

    ``score``, ``guessed`` (the time is estimated), ``guessed_score`` (``score`` if guessed), ``exact`` and ``alike``
    (similarity to the decoded letters) are features of the word. The others are features of the episode: ``found``
    (share of words that match), ``explained`` (share of decoded letters that match) and ``unclear`` (how unsure the
    model is). The weights were fitted by ``tests/bench/confidence.py``; see ``tests/bench/RESULTS.md``, "Honesty".
    """

    bias: float = -2.87
    score: float = 0.80  # per logit of the word's own score
    guessed: float = -0.35  # if its time is estimated from its neighbours,
    guessed_score: float = -0.41  # ... and per logit of the score then
    exact: float = -0.24  # if it is exact; negative because letters and score count already
    alike: float = 2.88  # times the similarity to the decoded letters
    found: float = 0.18  # per logit of the share of the episode's words that are matched
    explained: float = 0.29  # per logit of the share of decoded letters that match the text
    unclear: float = 5.36  # per nat of the mean log posterior of the likeliest letters


_WEIGHTS = ConfidenceWeights()


def with_confidence(
    placements: Sequence[Placement],
    findings: Findings,
    lengths: NDArray[np.int64],
    anchors: Anchors,
    evidence: Evidence,
) -> tuple[Placement, ...]:
    """Return the placements with their final confidence. The confidence of words that are not spoken stays as it is.
    ``lengths`` is each word's number of letters, doubled letters counted once."""
    logits = confidence_features(placements, findings, lengths, anchors, evidence) @ np.array(astuple(_WEIGHTS))
    chances = (1 / (1 + np.exp(-logits))).clip(*_BOUNDS)
    return tuple(
        replace(placement, confidence=chance) if placement.span else placement
        for placement, chance in zip(placements, chances.tolist(), strict=True)
    )


def confidence_features(
    placements: Sequence[Placement],
    findings: Findings,
    lengths: NDArray[np.int64],
    anchors: Anchors,
    evidence: Evidence,
) -> Floats:
    """Return the features from which confidence is computed: one row for each word, and one column for each of
    ``ConfidenceWeights``, in the same order."""
    statuses = [placement.status for placement in placements]
    exact, guessed = (np.array([s is one for s in statuses], float) for one in (Status.EXACT, Status.INTERPOLATED))
    score = _logit(findings.score.clip(*(1 / (1 + np.exp(-np.array(_SCORES))))))
    is_matched = np.array([status.is_matched for status in statuses], bool) & (lengths > 0)
    found = _logit((is_matched.sum() + _FOUND_BESIDES) / (np.count_nonzero(lengths) + _OF))
    return np.column_stack(
        [
            np.ones(len(placements)),
            score,
            guessed,
            guessed * score,
            exact,
            list(_likenesses(placements, evidence)),
            np.full(len(placements), found),
            np.full(len(placements), _explained(lengths, anchors, evidence)),
            np.full(len(placements), _unclear(evidence.emissions)),
        ]
    )


def _likenesses(placements: Sequence[Placement], evidence: Evidence) -> list[float]:
    """Return each word's similarity to the letters decoded during it, from 0 to 1 (0 without letters or a time)."""
    spans = [(p.span.start, p.span.end) if p.span else (0.0, 0.0) for p in placements]
    edges = np.rint(np.array(spans).reshape(-1, 2) / FRAME - np.array([1, 0])).astype(np.int64)
    ranges = np.searchsorted(evidence.decoded.frames, edges).tolist()
    return [
        likeness(unaccented(spelled), low, high, evidence.decoded) if spelled and placement.span else 0.0
        for spelled, placement, (low, high) in zip(evidence.spelled, placements, ranges, strict=True)
    ]


def _explained(lengths: NDArray[np.int64], anchors: Anchors, evidence: Evidence) -> float:
    share = float((anchors.share * lengths).sum()) / max(1, len(evidence.decoded.letters))
    return float(_logit(np.clip(share, *_EXPLAINED)))


def _unclear(emissions: Emissions) -> float:
    """Return how unsure the acoustic model is: the mean negative log posterior of the likeliest class, over all frames
    that probably contain a letter."""
    sounding = emissions.ctc[emissions.ctc[:, 0] < _SOUNDING]
    return -float(sounding.max(axis=1).mean(dtype=np.float64)) if len(sounding) else 0.0


def _logit(share: Floats | float) -> Floats:
    logits: Floats = np.log(share) - np.log1p(-np.asarray(share))
    return logits


_EDGE_WEIGHT = 1.0  # in the search for a repetition: edges of a word alone in a slot tell more than among others

# What counts as a repetition.
_DRAWL = 1.8  # a word this many times as long as its letters take may be said twice
_LEAST = 0.6  # least length of a slot, as a share of the word's length
_LETTERS = 1.5  # least number of decoded letters of a word and its repetition, as a multiple of its own
_LONGEST = 8.0  # seconds; in a longer slot, someone else says the same word
_ALIKE = 75.0  # least similarity of the decoded letters, of 100
_SHORT = 3  # a word of at most so many letters must occur exactly, at the end of the slot
_GAIN = 0.7  # nats per letter by which the word must score better than a gap
_LEADING = 0.3  # most seconds between a repetition and the next word
_ROUNDS = 4  # words of a restart that can move, the last one first


@dataclass(frozen=True, slots=True)
class _Slot:
    """Free audio after the word with index ``word``, in which this word may be repeated; times are in seconds."""

    word: int
    start: float
    end: float


def at_last_repetitions(
    spelled: Sequence[str],
    classes: Sequence[Sequence[int]],
    findings: Findings,
    decoded: DecodedCharacters,
    emissions: Emissions,
    breaks: NDArray[np.int64],
) -> Findings:
    """Return the findings with repeated words moved to their last utterance before the next word.

    ``breaks`` says whether a clause (1), a sentence (2) or neither (0) ends after each word. False starts, as in "the
    aim, the aim of", do not end a sentence, so a word that ends a sentence is not moved.
    """
    tried: set[_Slot] = set()
    for _ in range(_ROUNDS):
        slots = [slot for slot in _slots_after(spelled, findings, decoded, breaks) if slot not in tried]
        moved = _moved(slots, classes, findings, emissions)
        if moved is None:
            break
        findings = moved
        tried.update(slots)
    return findings


def _slots_after(
    spelled: Sequence[str], findings: Findings, decoded: DecodedCharacters, breaks: NDArray[np.int64]
) -> list[_Slot]:
    """Return a slot (free audio) for each word whose letters were decoded a second time before the next word."""
    found = np.flatnonzero(findings.found)
    starts, ends, free_to = findings.starts[found[:-1]], findings.ends[found[:-1]], findings.starts[found[1:]]
    natural = _LETTER * np.fromiter(map(len, spelled), np.int64)[found[:-1]]
    natural = np.minimum(natural, ends - starts)
    free_from = np.where(ends - starts >= _DRAWL * natural, starts + _LEAST * natural, ends)
    free = free_to - free_from
    fitting = (free >= _LEAST * natural) & (free <= _LONGEST) & (breaks[found[:-1]] < _SENTENCE)
    edges = np.column_stack([starts, free_from, free_to])[fitting] / FRAME + np.array([-1, -1, 1])
    letters = np.searchsorted(decoded.frames, np.rint(edges).astype(np.int64))
    slots = []
    for place, (began, low, high) in zip(np.flatnonzero(fitting).tolist(), letters.tolist(), strict=True):
        word = int(found[place])
        wanted = unaccented(spelled[word])
        twice = high - began >= _LETTERS * len(wanted)
        if twice and _alike(wanted, decoded.letters[low:high]):
            slots.append(_Slot(word, float(free_from[place]), float(free_to[place])))
    return slots


def _alike(wanted: str, letters: str) -> bool:
    from rapidfuzz import fuzz

    if len(wanted) <= _SHORT:
        return wanted in letters[-len(wanted) - 2 :]
    return len(letters) * 2 >= len(wanted) and fuzz.partial_ratio(wanted, letters) >= _ALIKE


def _moved(
    slots: Sequence[_Slot],
    classes: Sequence[Sequence[int]],
    findings: Findings,
    emissions: Emissions,
) -> Findings | None:
    """Return the findings with words moved into their slots, or None if no word moves. A word moves if it matches well
    in its slot and ends there shortly before the next word."""
    slots = [slot for slot in slots if round(slot.start / FRAME) < len(emissions)]
    if not slots:
        return None
    windows = [_window(slot, len(emissions)) for slot in slots]
    (path,) = find_paths(classes, windows, (framewise_scores,), emissions, _EDGE_WEIGHT)
    words: NDArray[np.int64] = np.array([slot.word for slot in slots], np.int64)
    letters = np.array([len(classes[word]) for word in words])
    frames = path.frames[words]
    long = (frames[:, 1] - frames[:, 0]) * FRAME >= _LEAST * _LETTER * letters
    plainly = (frames[:, 0] >= 0) & (path.gain[words] >= _GAIN * letters)
    away = np.array([slot.end for slot in slots]) - frames[:, 1] * FRAME
    words = words[long & plainly & (away <= _LEADING)]
    if not len(words):
        return None
    starts, stops = findings.starts.copy(), findings.ends.copy()
    starts[words], stops[words] = refined_edges(path.frames[words].astype(np.float64), emissions)
    return replace(findings, starts=starts, ends=np.maximum(stops, starts + FRAME))


def _window(slot: _Slot, frames: int) -> Window:
    first = min(int(slot.start / FRAME + 0.5), frames - 1)
    last = max(first + 1, min(int(slot.end / FRAME + 1.5), frames))
    return Window(np.array([slot.word]), np.array([False]), np.zeros(2, np.int64), np.arange(first, last), 0, 1)

"""A placement and a confidence for every word, those included that were not found.

A word's own score (``scoring``) has decided whether it was found. How often such a word is right, the whole episode
tells: where the ear hears a voice unclearly, words with low scores are right all the same, while of a text that nobody
says in many places even those with good scores are wrong. So is a word of whose letters few were heard where it stands.

A word that was said twice stands where it was said last: who edits a restart keeps what leads on.

Conventions
-----------
- Confidence is the probability that a word is said and starts within 0.2 s of its time. Shares of an episode are
  logits, bounded, for of a few words a share says little.
- Frames are ``FRAME`` seconds. A *slot* is free sound after a word that may hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.locating.letters.anchors import Anchors, DecodedLetters, Window
from aligner.locating.letters.paths import find_paths, framewise_scores
from aligner.locating.letters.scoring import Findings, likeness, refined_edges
from aligner.locating.spoken_words import Gap, find_gaps, in_order, share_out, similarity
from aligner.model import UNSPOKEN, Audio, Placement, Span, Status, Transcript
from aligner.normalization import unaccented
from aligner.spans import JoinedSpans, SpeechSpans, total

_LETTER = 0.05  # seconds that a letter takes, where an episode has too few found words to tell
_ENOUGH_WORDS = 20

# What to do with words that were not found.
_LEAST_ROOM = 0.5  # a gap with less room than this share of its natural length is not said
_LOOSE_ROOM = 2.5  # with more than this many natural lengths, words stay beside their neighbours ...
_LONG_GAP = 1.5  # ... or, if they would take this many seconds, are not said: they would have been found
_OTHER_SPEECH = 0.4  # letters heard in the room, per letter of such a gap, that speak for other words,
_MOST_GAP = 0.55  # unless so large a share of them is the gap's; unrelated speech shares 0.45
_SENTENCE = 2  # what ends one
_LIKELY = 0.1  # that a word starts: where the head hears one, though not which; where it hears none it is 0.01
_LEAST_VOICE = 0.1  # seconds before the next word
_TAIL = 0.3  # seconds of speech that a detector hears after a word has ended


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What was heard of a text; ``spelled`` are its words' letters, ``breaks`` as of ``spoken_words.breaks_after``,
    ``pace`` the seconds that a letter takes."""

    audio: Audio
    emissions: Emissions
    decoded: DecodedLetters
    spelled: Sequence[str]
    breaks: NDArray[np.int64]
    pace: float


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """All that filling a gap looks at; ``lengths`` are the words' numbers of letters, ``starts`` how likely a word
    starts in each frame."""

    heard: Evidence
    placements: Sequence[Placement]
    speech: SpeechSpans
    lengths: NDArray[np.int64]
    starts: NDArray[np.float32]


def place(transcript: Transcript, findings: Findings, heard: Evidence) -> tuple[Placement, ...]:
    """Give every word its time, or say that it is not spoken. Starts never decrease; ends come after starts. How sure
    that is depends on all of them: here found words have their score, and others nothing."""
    placements = [_found(findings, k) if findings.found[k] else UNSPOKEN for k in range(len(transcript.words))]
    lengths = np.array([len(word) for word in heard.spelled], np.int64)
    starts = np.exp(np.asarray(heard.emissions.starts, np.float32))
    scene = _Scene(heard, tuple(placements), SpeechSpans(heard.audio.speech), lengths, starts)
    for gap in find_gaps(transcript, placements):
        for word, placement in _filled(gap, scene):
            placements[word] = placement
    return in_order(placements, heard.audio.duration)


def _found(findings: Findings, word: int) -> Placement:
    status = Status.EXACT if findings.exact[word] else Status.FUZZY
    start, end = float(findings.starts[word]), float(findings.ends[word])
    return Placement(Span(max(0.0, start), max(0.0, end)), status, float(findings.score[word]))


def pace_of(findings: Findings, lengths: NDArray[np.int64]) -> float:
    """Seconds a letter takes in this episode; ``lengths`` are the words' numbers of letters."""
    sure = findings.exact & (lengths >= 4)
    if sure.sum() < _ENOUGH_WORDS:
        return _LETTER
    paces = np.sort((findings.ends - findings.starts)[sure] / lengths[sure])
    return float(paces[(len(paces) - 1) // 2] + paces[len(paces) // 2]) / 2  # np.median would load masked arrays


def _filled(gap: Gap, scene: _Scene) -> Iterable[tuple[int, Placement]]:
    """Times for the words of a gap: none if it is not said."""
    start, end = _edges(gap, scene)
    lengths = np.maximum(scene.lengths[list(gap.words)], 1) * scene.heard.pace
    room = scene.speech.between(start, end)
    needed, available = float(lengths.sum()), total(room)
    if available < _LEAST_ROOM * needed or (needed >= _LONG_GAP and _is_other(gap, start, end, scene)):
        return ()
    if available <= _LOOSE_ROOM * needed:
        return share_out(room, gap.words, lengths.tolist())
    if needed >= _LONG_GAP:
        return ()
    return _beside_neighbours(gap, start, end, lengths, scene)


def _beside_neighbours(
    gap: Gap, start: float, end: float, lengths: NDArray[np.float64], scene: _Scene
) -> Iterable[tuple[int, Placement]]:
    """Times for the words of a gap in much more room: those that begin the sentence of the word after it lead on to
    that one, the others follow the word before."""
    leading = _leading(gap, scene.heard.breaks)
    follow, lead = gap.words[: len(gap.words) - leading], gap.words[len(gap.words) - leading :]
    after, before = lengths[: len(follow)], lengths[len(follow) :]
    if follow:
        voice = _voice(start, end, scene)
        yield from share_out(JoinedSpans(voice).part(0.0, float(after.sum())), follow, after.tolist())
    if lead:
        room = JoinedSpans(scene.speech.between(start, end))
        part = room.part(room.size - float(before.sum()), room.size)
        yield from share_out(part, lead, before.tolist())


def _leading(gap: Gap, breaks: NDArray[np.int64]) -> int:
    """How many of a gap's last words are of one sentence with the word after it, if that begins in the gap."""
    if gap.before is None:
        return len(gap.words)
    ends = np.flatnonzero(breaks[[gap.before, *gap.words]] >= _SENTENCE)
    return len(gap.words) - int(ends[-1]) if len(ends) and gap.after is not None else 0


def _voice(start: float, end: float, scene: _Scene) -> list[Span]:
    """The speech of a room from where a word is heard to begin in it, if one is; else without what only the word before
    may be drawn out to."""
    first, last = int(start / FRAME) + 1, int((end - _LEAST_VOICE) / FRAME)
    starts = scene.starts[first:last]
    if len(starts) and starts.max() >= _LIKELY:
        later = scene.speech.between((first + int(starts.argmax())) * FRAME, end)
        if total(later) >= _LEAST_VOICE:
            return later
    room = scene.speech.between(start, end)
    return room[1:] if len(room) > 1 and room[0].start == start and room[0].duration < _TAIL else room


def _edges(gap: Gap, scene: _Scene) -> tuple[float, float]:
    """Where the word before a gap ends and the one after it starts."""
    before = scene.placements[gap.before].span if gap.before is not None else None
    after = scene.placements[gap.after].span if gap.after is not None else None
    start = before.end if before else 0.0
    return start, max(start, after.start if after else scene.heard.audio.duration)


def _is_other(gap: Gap, start: float, end: float, scene: _Scene) -> bool:
    """Whether so much else was heard in the room of a gap that its words are not said there."""
    low, high = np.searchsorted(scene.heard.decoded.frames, np.array([start, end]) / FRAME)
    said = scene.heard.decoded.letters[low:high]
    wanted = unaccented("".join(scene.heard.spelled[word] for word in gap.words))
    return len(said) >= _OTHER_SPEECH * len(wanted) and similarity(wanted, said) < _MOST_GAP


Floats = NDArray[np.float64]

_SCORES = (-5.0, 6.0)  # logits, beyond which more says no more
_FOUND_BESIDES, _OF = 9, 10  # words that are as if found, of so many more, lest a few words tell much of an episode
_EXPLAINED = (0.05, 0.97)  # bounds of the share of what was heard
_SOUNDING = float(np.log(0.5))  # log probability of no letter, below which a frame has one
_BOUNDS = (0.005, 0.995)  # of confidence: one word in 200 is beyond what is known here


@dataclass(frozen=True, slots=True)
class ConfidenceWeights:
    """What each feature says for a word, in logits.

    Fitted by ``tests/bench/confidence.py``, as ``tests/bench/RESULTS.md`` says under "Honesty".
    """

    bias: float = -2.87
    score: float = 0.80  # per logit of the word's own score
    guessed: float = -0.35  # if its time is only what is left between others,
    guessed_score: float = -0.41  # ... and less per logit then
    exact: float = -0.24  # if it is beyond doubt: its letters and score have said so already
    alike: float = 2.88  # times how like it the letters are that were heard there
    found: float = 0.18  # per logit of the share of the episode's words that were heard
    explained: float = 0.29  # per logit of the share of the letters heard that are the text's
    unclear: float = 5.36  # per nat that the ear's letters are unsure in the mean of the episode


_WEIGHTS = ConfidenceWeights()


def with_confidence(
    placements: Sequence[Placement],
    findings: Findings,
    lengths: NDArray[np.int64],
    anchors: Anchors,
    heard: Evidence,
) -> tuple[Placement, ...]:
    """The placements with how sure each is, all else as it was; unspoken words as they were. ``lengths`` are the
    numbers of the words' letters, doubled ones counted once."""
    logits = confidence_features(placements, findings, lengths, anchors, heard) @ np.array(astuple(_WEIGHTS))
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
    heard: Evidence,
) -> Floats:
    """What speaks for each word's time, shape (words, weights): a column for each of ``ConfidenceWeights``."""
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
            list(_likenesses(placements, heard)),
            np.full(len(placements), found),
            np.full(len(placements), _explained(lengths, anchors, heard)),
            np.full(len(placements), _unclear(heard.emissions)),
        ]
    )


def _likenesses(placements: Sequence[Placement], heard: Evidence) -> list[float]:
    """How like each word the letters are that were heard while it is said, from 0 to 1; of none it is 0."""
    spans = [(p.span.start, p.span.end) if p.span else (0.0, 0.0) for p in placements]
    edges = np.rint(np.array(spans).reshape(-1, 2) / FRAME - np.array([1, 0])).astype(np.int64)
    ranges = np.searchsorted(heard.decoded.frames, edges).tolist()
    return [
        likeness(unaccented(spelled), low, high, heard.decoded) if spelled and placement.span else 0.0
        for spelled, placement, (low, high) in zip(heard.spelled, placements, ranges, strict=True)
    ]


def _explained(lengths: NDArray[np.int64], anchors: Anchors, heard: Evidence) -> float:
    """The logit of the share of all letters heard that are letters of the text, in order."""
    share = float((anchors.share * lengths).sum()) / max(1, len(heard.decoded.letters))
    return float(_logit(np.clip(share, *_EXPLAINED)))


def _unclear(emissions: Emissions) -> float:
    """How unsure the ear is of its letters, in nats, in the mean over the frames that have one."""
    sounding = emissions.ctc[emissions.ctc[:, 0] < _SOUNDING]
    return -float(sounding.max(axis=1).mean(dtype=np.float64)) if len(sounding) else 0.0


def _logit(share: Floats | float) -> Floats:
    logits: Floats = np.log(share) - np.log1p(-np.asarray(share))
    return logits


_EDGE_WEIGHT = 1.0  # in the search: of a word alone in a slot, edges tell more than among others

# What is taken for a repetition.
_DRAWL = 1.8  # a word this many times as long as its letters take may be said twice
_LEAST = 0.6  # of the word's length must be free before the next word, or a repetition does not fit,
_LETTERS = 1.5  # times its letters, that a word and its repetition were heard as, at least
_LONGEST = 8.0  # seconds within which a speaker starts over, or a stranger says the same word
_ALIKE = 75.0  # points of 100 by which the letters heard there must be the word's
_SHORT = 3  # letters up to which they must be just the word's, right before what it leads on to
_GAIN = 0.7  # nats per letter by which the word explains its frames better than anything else would
_LEADING = 0.3  # seconds at most between a word and the one it leads on to
_ROUNDS = 4  # words of a restart that can move, each after the one that follows it


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where ``word`` may be instead, in seconds: it must lead on to the slot's end."""

    word: int
    start: float
    end: float


def at_last_repetitions(
    spelled: Sequence[str],
    classes: Sequence[Sequence[int]],
    findings: Findings,
    decoded: DecodedLetters,
    emissions: Emissions,
    breaks: NDArray[np.int64],
) -> Findings:
    """Findings in which words stand at the last repetition that leads on to the next word.

    ``breaks`` are as of ``spoken_words.breaks_after``: who has ended a sentence does not start over.
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
    spelled: Sequence[str], findings: Findings, decoded: DecodedLetters, breaks: NDArray[np.int64]
) -> list[_Slot]:
    """Slots between words and the next ones in which the words' letters were heard again."""
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
    """Whether a word's letters are among those heard."""
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
    """Findings with the words moved that are plainly in their slots and lead on; None if there is none."""
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
    """The slot as a window of one word, of a frame at least."""
    first = min(int(slot.start / FRAME + 0.5), frames - 1)
    last = max(first + 1, min(int(slot.end / FRAME + 1.5), frames))
    return Window(np.array([slot.word]), np.array([False]), np.zeros(2, np.int64), np.arange(first, last), 0, 1)

"""Locate a transcript among the words of a recogniser.

transcript, recognised words --match--> anchors --place--> times --with_doubtful--> placements

Conventions
-----------
- Words are spelled in letters (``aligner.normalization``). The *reference* contains the letters of all transcript words
  that may be spoken, the *hypothesis* those of all recognised words; ``aligner.locating.matching`` pairs them. The
  letters of a recognised word divide its duration evenly.
- The *anchor* of a transcript word is its match with recognised letters. A *gap* is a group of unmatched words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from aligner.locating.matching import match_characters
from aligner.locating.quality import passages_of_words
from aligner.locating.spoken_words import (
    Gap,
    find_gaps,
    in_order,
    is_supported,
    place_footnote_marks,
    share_out,
    similarity,
    spoken_tokens,
    words_by_segment,
)
from aligner.model import UNSPOKEN, Audio, Kind, Located, Placement, RecognisedWord, Span, Status, Transcript
from aligner.normalization import spell
from aligner.spans import JoinedSpans, SpeechSpans, total

_ANCHOR_SHARE = 0.5  # least share of paired letters in an anchor
_STRETCH = 2.0  # most hypothesis letters in an anchor, as a multiple of the word's own, plus two
_FOREIGN = 24  # hypothesis letters between two anchors, about 1.6 s, from which on they are missing from the transcript
_BESIDE_FOREIGN = 0.8  # least share of paired letters in an anchor beside such speech
_LOOSE_OF = 4  # with this many paired letters, a single one in another recognised word is chance
_HEADING_SHARE = 2 / 3  # least share of a heading's words with an anchor
_LETTER = 0.067  # seconds a letter takes in fluent speech of European languages
_RESTART = 3.0  # seconds within which a speaker who starts over repeats a word


@dataclass(frozen=True, slots=True)
class Anchor:
    """The match of a transcript word with the recognised letters ``[hyp_start, hyp_end)``; times are in seconds.
    ``share`` is the share of the word's letters that match; ``exact`` says whether the recognised letters equal the
    word's. ``probability`` is the mean probability of the recognised words, over the matched letters."""

    start: float
    end: float
    share: float
    exact: bool
    probability: float
    hyp_start: int
    hyp_end: int


@dataclass(frozen=True, slots=True)
class HypothesisLetters:
    """The letters of all recognised words, with start and end in seconds. ``owner`` is the index of each letter's word,
    ``probability`` holds the probability of each word (not letter)."""

    letters: str
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    owner: NDArray[np.int64]
    probability: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Matched:
    """The letters of each transcript word, its match (None if there is none), and the letters of recognised words."""

    spelled: tuple[str, ...]
    anchors: tuple[Anchor | None, ...]
    hypothesis: HypothesisLetters


def match(transcript: Transcript, recognised: Sequence[RecognisedWord], language: str) -> Matched:
    """Match the words of the transcript that may be spoken with the recognised words. Words of notes and stage
    directions are excluded. Words of a heading are matched only if most of them match."""
    kinds = [transcript.segments[word.segment].kind for word in transcript.words]
    spelled = _spelled(transcript, language)
    hypothesis = hypothesis_letters(recognised, language)
    matched = match_characters("".join(spelled), hypothesis.letters).positions
    anchors = _without_floaters(_anchors(spelled, matched, hypothesis))
    anchors = _at_last_repetition(spelled, anchors, hypothesis)
    return Matched(spelled, _without_isolated(transcript, kinds, anchors), hypothesis)


def _spelled(transcript: Transcript, language: str) -> tuple[str, ...]:
    tokens = spoken_tokens(transcript, language)
    letters = iter(spell([token for token in tokens if token is not None], language))
    return tuple("" if token is None else next(letters) for token in tokens)


def hypothesis_letters(recognised: Sequence[RecognisedWord], language: str) -> HypothesisLetters:
    """Return the letters of all recognised words and their times; the letters of a word divide its duration evenly."""
    spelled = spell([word.text.strip() for word in recognised], language)
    counts = np.array([len(s) for s in spelled], np.int64)
    owner = np.repeat(np.arange(len(recognised)), counts)
    first = np.cumsum(counts) - counts
    starts = np.array([w.start for w in recognised], np.float64)
    step = (np.array([w.end for w in recognised], np.float64) - starts) / np.maximum(counts, 1)
    at = starts[owner] + (np.arange(len(owner)) - first[owner]) * step[owner]
    probability = np.array([w.probability for w in recognised], np.float64)
    return HypothesisLetters("".join(spelled), at, at + step[owner], owner, probability)


def seconds_per_letter(matched: Matched) -> float:
    """Return the median seconds per letter of exactly matched words, or a default if there are too few such words."""
    paces = sorted(
        (anchor.end - anchor.start) / len(letters)
        for letters, anchor in zip(matched.spelled, matched.anchors, strict=True)
        if anchor and anchor.exact and len(letters) >= 4
    )
    return paces[len(paces) // 2] if len(paces) >= 20 else _LETTER


def unclaimed(matched: Matched, recognised: Sequence[RecognisedWord]) -> list[RecognisedWord]:
    """Return the recognised words that match no word of the transcript, sorted by the middle of their spans."""
    owner = matched.hypothesis.owner
    claimed = {int(owner[k]) for a in matched.anchors if a for k in range(a.hyp_start, a.hyp_end)}
    free = (word for k, word in enumerate(recognised) if k not in claimed)
    return sorted(free, key=lambda w: w.start + w.end)


def _anchors(spelled: Sequence[str], matched: NDArray[np.int64], hyp: HypothesisLetters) -> tuple[Anchor | None, ...]:
    """Return the match of each word, None if too few of its letters match close together. ``matched`` holds, for each
    letter, the index of the recognised letter, or -1."""
    found: list[Anchor | None] = []
    claimed = [
        *np.minimum.accumulate(np.where(matched < 0, len(hyp.letters), matched)[::-1])[::-1],
        len(hyp.letters),
    ]
    begin, taken = 0, 0
    for letters in spelled:
        paired = matched[begin : begin + len(letters)]
        begin += len(letters)
        anchor = _anchor(letters, paired, (taken, int(claimed[begin])), hyp)
        found.append(anchor)
        taken = anchor.hyp_end if anchor else taken
    return tuple(found)


def _anchor(letters: str, paired: NDArray[np.int64], between: tuple[int, int], hyp: HypothesisLetters) -> Anchor | None:
    """Return the match of a word, None if too few of its letters match close together. ``paired`` holds, for each
    letter, the index of the recognised letter, or -1; ``between`` is the range of recognised letters free for this
    word."""
    inside = _without_loose_ends(np.flatnonzero(paired >= 0), paired, hyp)
    if not len(inside) or len(inside) < _ANCHOR_SHARE * len(letters):
        return None
    first, last = int(paired[inside[0]]), int(paired[inside[-1]])
    if last - first + 1 > _STRETCH * len(letters) + 2:
        return None
    taken, claimed = between
    for low in (first, max(taken, first - len(letters))):  # a whole recognised word with the same letters is nearby
        start = hyp.letters.find(letters, low, last + len(letters))
        if start >= 0 and _is_whole(start, start + len(letters), hyp):
            return _whole_anchor(start, start + len(letters), hyp)
    start, stop = _reach(hyp.owner, first - int(inside[0]), first, last, last + len(letters) - int(inside[-1]))
    start, stop = max(start, min(taken, first)), min(stop, max(claimed, last + 1))
    share, exact = len(inside) / len(letters), hyp.letters[start:stop] == letters
    probability = float(hyp.probability[hyp.owner[paired[inside]]].mean())
    return Anchor(float(hyp.starts[start]), float(hyp.ends[stop - 1]), share, exact, probability, start, stop)


def _without_loose_ends(
    inside: NDArray[np.int64], paired: NDArray[np.int64], hyp: HypothesisLetters
) -> NDArray[np.int64]:
    """Return ``inside``, the positions of a word's paired letters, without loose ends. A loose end is a first or last
    letter that is paired with another recognised word than the letter beside it: the "s" of "cats" if "cat sits" was
    recognised."""
    while len(inside) >= _LOOSE_OF:
        owners = hyp.owner[paired[inside]]
        if owners[-1] != owners[-2] and _scrap(int(paired[inside[-1]]), hyp):
            inside = inside[:-1]
        elif owners[0] != owners[1] and _scrap(int(paired[inside[0]]), hyp):
            inside = inside[1:]
        else:
            break
    return inside


def _scrap(letter: int, hyp: HypothesisLetters) -> bool:
    near = hyp.owner[max(0, letter - 2) : letter + 3]
    return int((near == hyp.owner[letter]).sum()) > 2


def _reach(owner: NDArray[np.int64], wanted: int, first: int, last: int, wanted_end: int) -> tuple[int, int]:
    """Return the range ``[wanted, wanted_end)`` of recognised letters, cut to the recognised words that match: letter
    ``first`` is in the first of these words, letter ``last`` in the last. ``owner`` holds each letter's word index."""
    word_start = int(np.searchsorted(owner, owner[first]))
    word_end = int(np.searchsorted(owner, owner[last], side="right"))
    return max(wanted, word_start), min(wanted_end, word_end)


def _without_floaters(found: Sequence[Anchor | None]) -> tuple[Anchor | None, ...]:
    """Return the matches, with None for those that may be due to chance: partial matches, separated by much unmatched
    speech from the last match that was kept. One pass goes forwards, one backwards."""
    supported = list(found)
    for order in (range(len(supported)), range(len(supported) - 1, -1, -1)):
        neighbour: Anchor | None = None
        for k in order:
            anchor = supported[k]
            if anchor and neighbour and anchor.share < _BESIDE_FOREIGN:
                between = max(anchor.hyp_start - neighbour.hyp_end, neighbour.hyp_start - anchor.hyp_end)
                supported[k] = anchor = anchor if between <= _FOREIGN else None
            neighbour = anchor or neighbour
    return tuple(supported)


def _at_last_repetition(
    spelled: Sequence[str], found: Sequence[Anchor | None], hyp: HypothesisLetters
) -> tuple[Anchor | None, ...]:
    """Return the matches, with repeated words moved to their last utterance before the next word: editors cut a false
    start. The last word is moved first, so that in "the aim, the aim of" both words move."""
    moved = list(found)
    following: Anchor | None = None
    for k in range(len(moved) - 1, -1, -1):
        anchor, letters = moved[k], spelled[k]
        if anchor and following:
            start = _last_repetition(letters, anchor, following, hyp)
            if start > anchor.hyp_start:
                moved[k] = _whole_anchor(start, start + len(letters), hyp)
        if letters:
            following = moved[k]
    return tuple(moved)


def _last_repetition(letters: str, anchor: Anchor, following: Anchor, hyp: HypothesisLetters) -> int:
    """Return the index of the recognised letter at which the last repetition of ``letters`` begins, between the matches
    ``anchor`` and ``following``. Return -1 if it begins long after ``anchor`` or does not consist of whole words."""
    start = hyp.letters.rfind(letters, anchor.hyp_start + 1, following.hyp_start)
    if start < 0 or hyp.starts[start] - anchor.start > _RESTART:
        return -1
    return start if _is_whole(start, start + len(letters), hyp) else -1


def _is_whole(start: int, stop: int, hyp: HypothesisLetters) -> bool:
    opens = start == 0 or hyp.owner[start - 1] != hyp.owner[start]
    closes = stop == len(hyp.letters) or hyp.owner[stop - 1] != hyp.owner[stop]
    return bool(opens and closes)


def _whole_anchor(start: int, stop: int, hyp: HypothesisLetters) -> Anchor:
    probability = float(hyp.probability[hyp.owner[start:stop]].mean())
    return Anchor(float(hyp.starts[start]), float(hyp.ends[stop - 1]), 1.0, True, probability, start, stop)


def _without_isolated(
    transcript: Transcript, kinds: Sequence[Kind], found: Sequence[Anchor | None]
) -> tuple[Anchor | None, ...]:
    """Return the matches without isolated ones, which are due to chance. Matches in a heading are kept if most of its
    words match, a match in a paragraph if enough of the words around it match."""
    supported = list(found)
    for indices in words_by_segment(transcript):
        heading = kinds[indices[0]] is Kind.HEADING
        hits = np.array([found[k] is not None for k in indices])
        holds = np.full(len(hits), hits.mean() >= _HEADING_SHARE) if heading else is_supported(hits)
        for k in np.array(indices)[~holds].tolist():
            supported[k] = None
    return tuple(supported)


# Unmatched words are placed in gaps. The natural length of a gap is that of fluent speech in European languages.
_LEAST_ROOM = 0.35  # a gap with less speech than this share of its natural length is unspoken ...
_SQUEEZED_LENGTH = 0.40  # ... unless it is as short as this (seconds): recognisers drop short words between others
_LOOSE_ROOM = 1.6  # in more room than this many natural lengths, words stay beside their neighbours
_LONG_GAP = 2.0  # a gap of this natural length (seconds) is unspoken if other words were recognised there
_OTHER_SPEECH = 0.5  # recognised letters, per letter of the gap, from which on they count as other words ...
_ALIKE = 0.6  # ... unless this share of them is the gap's: then its words were misrecognised
_PAUSE = 0.15  # seconds; a longer pause within a recognised word splits it
_CUT_DOUBT = 0.5  # factor on the recogniser's probability for a word with a pause in it
_MISRECOGNISED, _IN_ROOM, _BESIDE, _SQUEEZED = 0.45, 0.4, 0.3, 0.25  # confidence, by the way in which a gap is filled

# Reasons for less confidence.
_NEIGHBOURS = 5  # words on each side whose matches support a word
_DRAWL = 3.0  # a word this many times as long as its letters take, ...
_DRAWL_ROOM = 0.15  # ... plus this many seconds, contains a hesitation or another word
_DRAWL_DOUBT = 0.4  # factor on the confidence of such a word


@dataclass(frozen=True, slots=True)
class _WordEvidence:
    """The input for placing unmatched words. ``anchors`` are the matches of words, without pauses at the words' edges;
    ``pace`` is the usual seconds per letter."""

    transcript: Transcript
    matched: Matched
    anchors: Sequence[Anchor | None]
    speech: SpeechSpans
    duration: float
    pace: float

    def length(self, word: int) -> float:
        """Return the usual duration of a word in seconds; a word without letters counts as one letter."""
        return max(1, len(self.matched.spelled[word])) * self.pace


def place(transcript: Transcript, matched: Matched, audio: Audio) -> tuple[Placement, ...]:
    """Return a placement for each word: its span, or not spoken. Starts never decrease, ends come after starts."""
    speech = SpeechSpans(audio.speech)
    pace = seconds_per_letter(matched)
    anchors = [
        anchor and _without_pause(anchor, letters, speech, pace)
        for anchor, letters in zip(matched.anchors, matched.spelled, strict=True)
    ]
    evidence = _WordEvidence(transcript, matched, anchors, speech, audio.duration, pace)
    placed = [_anchored(anchor) if anchor else UNSPOKEN for anchor in anchors]
    for gap in find_gaps(transcript, placed):
        for word, placement in _filled(gap, evidence):
            placed[word] = placement
    return in_order(placed, audio.duration)


def with_doubtful(placements: Sequence[Placement], matched: Matched) -> tuple[Placement, ...]:
    """Return all placements with adjusted confidence: raised for exact matches, lowered for words that last too long or
    have unmatched neighbours."""
    hits = [0, *accumulate(p.status.is_matched for p in placements)]
    pace = seconds_per_letter(matched)
    doubted = []
    for k, (placement, letters) in enumerate(zip(placements, matched.spelled, strict=True)):
        if placement.span is None:
            doubted.append(placement)
            continue
        low, high = max(0, k - _NEIGHBOURS), min(len(placements), k + _NEIGHBOURS + 1)
        around = (hits[high] - hits[low]) / (high - low)
        longest = _DRAWL * pace * max(1, len(letters)) + _DRAWL_ROOM
        doubt = _DRAWL_DOUBT if placement.span.duration > longest else 1.0
        own = 0.5 + 0.5 * placement.confidence if placement.status is Status.EXACT else placement.confidence
        doubted.append(replace(placement, confidence=own * (0.4 + 0.6 * around) * doubt))
    return tuple(doubted)


def _anchored(anchor: Anchor) -> Placement:
    status = Status.EXACT if anchor.exact else Status.FUZZY
    return Placement(Span(anchor.start, anchor.end), status, anchor.share * anchor.probability)


def _without_pause(anchor: Anchor, letters: str, speech: SpeechSpans, pace: float) -> Anchor:
    """Return the match of a word, without a pause that the recogniser added at its start or end. If pauses divide the
    word, only the last span of speech is kept, or the longest if the last is too short; the probability is reduced."""
    spans = speech.between(anchor.start, anchor.end)
    if not spans or anchor.end - anchor.start - total(spans) < _PAUSE:
        return anchor
    enough = spans[-1].duration >= _LEAST_ROOM * len(letters) * pace
    spoken = spans[-1] if enough else max(spans, key=lambda span: span.duration)
    doubt = _CUT_DOUBT if len(spans) > 1 else 1.0
    return replace(anchor, start=spoken.start, end=spoken.end, probability=anchor.probability * doubt)


def _filled(gap: Gap, evidence: _WordEvidence) -> Iterable[tuple[int, Placement]]:
    left = None if gap.before is None else evidence.anchors[gap.before]
    right = None if gap.after is None else evidence.anchors[gap.after]
    room = evidence.speech.between(left.end if left else 0.0, right.start if right else evidence.duration)
    letters = "".join(evidence.matched.spelled[k] for k in gap.words)
    hypothesis = evidence.matched.hypothesis
    first, stop = left.hyp_end if left else 0, right.hyp_start if right else len(hypothesis.letters)
    needed, available = sum(map(evidence.length, gap.words)), total(room)

    has_words = stop > first and stop - first >= _OTHER_SPEECH * len(letters)
    if needed >= _LONG_GAP and has_words and similarity(letters, hypothesis.letters[first:stop]) < _ALIKE:
        return ()
    if available < _LEAST_ROOM * needed:
        return _squeezed(gap, evidence, left, right) if needed <= _SQUEEZED_LENGTH else ()
    if has_words and stop - first <= _LOOSE_ROOM * len(letters):
        spoken = evidence.speech.between(float(hypothesis.starts[first]), float(hypothesis.ends[stop - 1]))
        return _shared(gap.words, evidence, spoken or room, _MISRECOGNISED)
    if available <= _LOOSE_ROOM * needed:
        return _shared(gap.words, evidence, room, _IN_ROOM)
    return _beside_neighbours(gap, evidence, room)


def _squeezed(
    gap: Gap, evidence: _WordEvidence, left: Anchor | None, right: Anchor | None
) -> Iterable[tuple[int, Placement]]:
    """Return the index and placement of each word in a gap for which there is no audio. The words share the end of the
    previous word (at most half of it) or, if there is none, the start of the next word (at most half of it). ``left``
    and ``right`` are the matches of the previous and the next word."""
    anchor = left or right
    if anchor is None:
        return ()
    taken = min(sum(map(evidence.length, gap.words)), (anchor.end - anchor.start) / 2)
    start = anchor.end - taken if left else anchor.start
    return _shared(gap.words, evidence, [Span(start, start + taken)], _SQUEEZED)


def _beside_neighbours(gap: Gap, evidence: _WordEvidence, room: Sequence[Span]) -> Iterable[tuple[int, Placement]]:
    """Return the index and placement of each word in a gap that has far more speech (``room``) than its words need.
    Words in the same paragraph as the word before the gap are placed directly after that word, the others directly
    before the word after the gap."""
    words = evidence.transcript.words
    paragraph = None if gap.before is None else words[gap.before].segment
    cut = len(gap.words) if gap.after is None else sum(words[k].segment == paragraph for k in gap.words)
    following, leading = gap.words[:cut], gap.words[cut:]
    after, before = sum(map(evidence.length, following)), sum(map(evidence.length, leading))
    joined = JoinedSpans(room)
    return chain(
        _shared(following, evidence, joined.part(0.0, after), _BESIDE),
        _shared(leading, evidence, joined.part(joined.size - before, joined.size), _BESIDE),
    )


def _shared(
    words: Sequence[int], evidence: _WordEvidence, room: Sequence[Span], confidence: float
) -> Iterator[tuple[int, Placement]]:
    return share_out(room, words, [evidence.length(k) for k in words], confidence)


def locate_by_words(
    transcript: Transcript, audio: Audio, recognised: Sequence[RecognisedWord], language: str
) -> Located:
    """Locate each word among the ``recognised`` ones; return the placements, and speech missing from the transcript."""
    matched = match(transcript, recognised, language)
    placements = with_doubtful(place(transcript, matched, audio), matched)
    passages = passages_of_words(placements, unclaimed(matched, recognised), audio)
    letters = matched.hypothesis.letters, matched.hypothesis.starts, matched.hypothesis.ends
    return Located(place_footnote_marks(transcript, placements, letters, language), passages)

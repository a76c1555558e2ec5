"""Locate a transcript among the words that a recogniser reported.

words of both --match--> anchors --place--> times --with_doubts--> placements

Conventions
-----------
- A word is spelled in letters (``aligner.normalization``); the letters of all words that might be said form one
  reference string, those of all heard words one hypothesis string, and ``aligner.locating.matching`` pairs the two. A
  heard word's time is shared out evenly over its letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from aligner.locating.matching import match_letters
from aligner.locating.quality import worded_passages
from aligner.locating.spoken_words import (
    Gap,
    find_gaps,
    in_order,
    share_out,
    similarity,
    spoken_tokens,
    with_marks,
    words_by_segment,
)
from aligner.model import UNSPOKEN, Audio, Kind, Located, Placement, RecognisedWord, Span, Status, Transcript
from aligner.normalization import spell
from aligner.spans import JoinedSpans, SpeechSpans, total

_ANCHOR_SHARE = 0.5  # of a word's letters that must be found; below, its place is only a guess
_STRETCH = 2.0  # the heard letters that a word covers are at most this many times its own, plus two
_FOREIGN = 24  # heard letters between two anchors, about 1.6 s, that are taken for speech the text lacks
_BESIDE_FOREIGN = 0.8  # the share of its letters that a word beside such speech must have found, or it floats in it
_LOOSE_OF = 4  # paired letters from which on a single one in another heard word is chance
_AROUND, _AROUND_SHARE = 6, 0.3  # of the words so near on both sides, the share that must be found too
_HEADING_SHARE = 2 / 3  # of a heading's words, for it to have been read aloud
_LETTER = 0.067  # seconds a letter takes in fluent speech of European languages
_RESTART = 3.0  # seconds within which a speaker who starts over repeats a word


@dataclass(frozen=True, slots=True)
class Anchor:
    """A transcript word found in the heard letters ``[hyp_start, hyp_end)``.

    ``share`` of its letters were found; ``exact`` if they are just what was heard there; ``probability`` is the ear's
    own, averaged over them.
    """

    start: float
    end: float
    share: float
    exact: bool
    probability: float
    hyp_start: int
    hyp_end: int


@dataclass(frozen=True, slots=True)
class HypothesisLetters:
    """Heard words as one string of letters: each letter's time and word (``owner``), each word's probability."""

    letters: str
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    owner: NDArray[np.int64]
    probability: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Matched:
    """The outcome of matching: per transcript word its letters and its anchor, if any; and the heard letters."""

    spelled: tuple[str, ...]
    anchors: tuple[Anchor | None, ...]
    hypothesis: HypothesisLetters


def match(transcript: Transcript, heard: Sequence[RecognisedWord], language: str) -> Matched:
    """Find each word of the transcript that may be spoken among the heard words.

    Words of notes and stage directions are never sought; those of a heading are, and kept only if most are found.
    """
    kinds = [transcript.segments[word.segment].kind for word in transcript.words]
    spelled = _spelled(transcript, language)
    hypothesis = hypothesis_letters(heard, language)
    matched = match_letters("".join(spelled), hypothesis.letters).places
    anchors = _without_floaters(_anchors(spelled, matched, hypothesis))
    anchors = _at_last_repetition(spelled, anchors, hypothesis)
    return Matched(spelled, _without_isolated(transcript, kinds, anchors), hypothesis)


def _spelled(transcript: Transcript, language: str) -> tuple[str, ...]:
    """The letters of each word that may be said, none of the others."""
    tokens = spoken_tokens(transcript, language)
    letters = iter(spell([token for token in tokens if token is not None], language))
    return tuple("" if token is None else next(letters) for token in tokens)


def hypothesis_letters(heard: Sequence[RecognisedWord], language: str) -> HypothesisLetters:
    """Spell heard words out; the letters of a word share its time evenly."""
    spelled = spell([word.text.strip() for word in heard], language)
    counts = np.array([len(s) for s in spelled], np.int64)
    owner = np.repeat(np.arange(len(heard)), counts)
    first = np.cumsum(counts) - counts
    starts = np.array([w.start for w in heard], np.float64)
    step = (np.array([w.end for w in heard], np.float64) - starts) / np.maximum(counts, 1)
    at = starts[owner] + (np.arange(len(owner)) - first[owner]) * step[owner]
    probability = np.array([w.probability for w in heard], np.float64)
    return HypothesisLetters("".join(spelled), at, at + step[owner], owner, probability)


def seconds_per_letter(matched: Matched) -> float:
    """The episode's own pace: the median over exactly heard words, where there are enough of them."""
    paces = sorted(
        (anchor.end - anchor.start) / len(letters)
        for letters, anchor in zip(matched.spelled, matched.anchors, strict=True)
        if anchor and anchor.exact and len(letters) >= 4
    )
    return paces[len(paces) // 2] if len(paces) >= 20 else _LETTER


def unclaimed(matched: Matched, heard: Sequence[RecognisedWord]) -> list[RecognisedWord]:
    """The heard words that no word of the transcript was found in, in order of their middles."""
    owner = matched.hypothesis.owner
    claimed = {int(owner[k]) for a in matched.anchors if a for k in range(a.hyp_start, a.hyp_end)}
    free = (word for k, word in enumerate(heard) if k not in claimed)
    return sorted(free, key=lambda w: w.start + w.end)


def _anchors(spelled: Sequence[str], matched: NDArray[np.int64], hyp: HypothesisLetters) -> tuple[Anchor | None, ...]:
    """The anchor of each word enough of whose letters are paired close together."""
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
    """The anchor of a word whose letters are ``paired`` so; the heard letters outside ``between`` are other words'."""
    inside = _without_loose_ends(np.flatnonzero(paired >= 0), paired, hyp)
    if not len(inside) or len(inside) < _ANCHOR_SHARE * len(letters):
        return None
    first, last = int(paired[inside[0]]), int(paired[inside[-1]])
    if last - first + 1 > _STRETCH * len(letters) + 2:
        return None
    taken, claimed = between
    for low in (first, max(taken, first - len(letters))):  # as a whole word nearby, it is just that word
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
    """The places of a word's paired letters without a first or last one that is a scrap of another heard word.

    "shouting" heard as "chatting. No": the n is better left to "No", or the word would last until there.
    """
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
    """Whether a heard letter is less than half of its word."""
    near = hyp.owner[max(0, letter - 2) : letter + 3]
    return int((near == hyp.owner[letter]).sum()) > 2


def _reach(owner: NDArray[np.int64], wanted: int, first: int, last: int, wanted_end: int) -> tuple[int, int]:
    """Stretch a word's paired letters over its unpaired ends, inside the heard words that it begins and ends in."""
    head = int(np.searchsorted(owner, owner[first]))
    tail = int(np.searchsorted(owner, owner[last], side="right"))
    return max(wanted, head), min(wanted_end, tail)


def _without_floaters(found: Sequence[Anchor | None]) -> tuple[Anchor | None, ...]:
    """Drop anchors found in part only, beside speech that the text lacks: some of their letters occur in any speech.

    Swept forwards and backwards, so that of several such in a row none vouches for the next.
    """
    kept = list(found)
    for order in (range(len(kept)), range(len(kept) - 1, -1, -1)):
        neighbour: Anchor | None = None
        for k in order:
            anchor = kept[k]
            if anchor and neighbour and anchor.share < _BESIDE_FOREIGN:
                between = max(anchor.hyp_start - neighbour.hyp_end, neighbour.hyp_start - anchor.hyp_end)
                kept[k] = anchor = anchor if between <= _FOREIGN else None
            neighbour = anchor or neighbour
    return tuple(kept)


def _at_last_repetition(
    spelled: Sequence[str], found: Sequence[Anchor | None], hyp: HypothesisLetters
) -> tuple[Anchor | None, ...]:
    """Move words that were said twice to where they were said last before the next word: who edits a restart keeps what
    leads on.

    Goes from the end, so that in "the aim, the aim of" both words move, each as far as the one that follows it.
    """
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
    """Where ``letters`` were said last before ``following``, as whole heard words; -1 if nowhere near."""
    start = hyp.letters.rfind(letters, anchor.hyp_start + 1, following.hyp_start)
    if start < 0 or hyp.starts[start] - anchor.start > _RESTART:
        return -1
    return start if _is_whole(start, start + len(letters), hyp) else -1


def _is_whole(start: int, stop: int, hyp: HypothesisLetters) -> bool:
    """Whether the letters ``[start, stop)`` begin and end where heard words do."""
    opens = start == 0 or hyp.owner[start - 1] != hyp.owner[start]
    closes = stop == len(hyp.letters) or hyp.owner[stop - 1] != hyp.owner[stop]
    return bool(opens and closes)


def _whole_anchor(start: int, stop: int, hyp: HypothesisLetters) -> Anchor:
    """The anchor of a word that was heard exactly as the letters ``[start, stop)``."""
    probability = float(hyp.probability[hyp.owner[start:stop]].mean())
    return Anchor(float(hyp.starts[start]), float(hyp.ends[stop - 1]), 1.0, True, probability, start, stop)


def _without_isolated(
    transcript: Transcript, kinds: Sequence[Kind], found: Sequence[Anchor | None]
) -> tuple[Anchor | None, ...]:
    """Drop anchors that stand alone in their paragraph: where little else around was heard, it is chance, not speech.

    A heading is looked at whole and must be found for the most part; a paragraph, by the words around each word.
    """
    kept = list(found)
    for indices in words_by_segment(transcript):
        heading = kinds[indices[0]] is Kind.HEADING
        reach = len(indices) if heading else _AROUND
        least = _HEADING_SHARE if heading else _AROUND_SHARE
        hits = [0, *accumulate(found[k] is not None for k in indices)]
        for place, k in enumerate(indices):
            low, high = max(0, place - reach), min(len(indices), place + reach + 1)
            if hits[high] - hits[low] < least * (high - low):
                kept[k] = None
    return tuple(kept)


# How to place what was not heard; the rates are of fluent speech in European languages.
_LEAST_ROOM = 0.35  # a gap with less speech than this share of its natural length was not said ...
_SQUEEZED_LENGTH = 0.40  # ... unless it is as short as this (seconds): little words vanish between others
_LOOSE_ROOM = 1.6  # with more room than this many natural lengths, words stay beside their neighbours
_LONG_GAP = 2.0  # a gap of this natural length (seconds) that was heard as something else was not said
_OTHER_SPEECH = 0.5  # letters heard in its room, per letter of a gap, that speak for "something else"
_ALIKE = 0.6  # share of letters in common order above which it is the gap's words after all, misheard
_PAUSE = 0.15  # a pause this long inside a heard word cuts it
_CUT_DOUBT = 0.5  # what is left of an ear's probability for a word that had a pause inside it
_MISHEARD, _IN_ROOM, _BESIDE, _SQUEEZED = 0.45, 0.4, 0.3, 0.25  # confidence by the ways of filling a gap

# What takes confidence away.
_NEIGHBOURS = 5  # words on each side that vouch for a word
_DRAWL = 3.0  # a word this many times as long as its letters take, and ...
_DRAWL_ROOM = 0.15  # ... this many seconds more, hides a hesitation or another word
_DRAWL_DOUBT = 0.4  # what is left of such a word's confidence


@dataclass(frozen=True, slots=True)
class _WordEvidence:
    """All that filling a gap looks at; ``anchors`` have silences cut off, ``pace`` is the seconds of a letter."""

    transcript: Transcript
    matched: Matched
    anchors: Sequence[Anchor | None]
    speech: SpeechSpans
    duration: float
    pace: float

    def length(self, word: int) -> float:
        """The natural length of a word, in seconds; one without letters counts as one letter."""
        return max(1, len(self.matched.spelled[word])) * self.pace


def place(transcript: Transcript, matched: Matched, audio: Audio) -> tuple[Placement, ...]:
    """Give every word its time, or say that it is not spoken. Starts never decrease; ends come after starts."""
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


def with_doubts(placements: Sequence[Placement], matched: Matched) -> tuple[Placement, ...]:
    """A word's own evidence, lowered where its neighbours were not heard either or where it lasts implausibly long."""
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
    """Cut the pause off a heard word: recognisers let words begin in the pause before or last into the next.

    What sounds before an inner pause is the tail of the word before, if enough for the word sounds after it; then the
    ear is believed less.
    """
    spans = speech.between(anchor.start, anchor.end)
    if not spans or anchor.end - anchor.start - total(spans) < _PAUSE:
        return anchor
    enough = spans[-1].duration >= _LEAST_ROOM * len(letters) * pace
    kept = spans[-1] if enough else max(spans, key=lambda span: span.duration)
    doubt = _CUT_DOUBT if len(spans) > 1 else 1.0
    return replace(anchor, start=kept.start, end=kept.end, probability=anchor.probability * doubt)


def _filled(gap: Gap, evidence: _WordEvidence) -> Iterable[tuple[int, Placement]]:
    """Times for the words of a gap that are said: word indices and placements, none if it is unspoken."""
    left = None if gap.before is None else evidence.anchors[gap.before]
    right = None if gap.after is None else evidence.anchors[gap.after]
    room = evidence.speech.between(left.end if left else 0.0, right.start if right else evidence.duration)
    letters = "".join(evidence.matched.spelled[k] for k in gap.words)
    heard = evidence.matched.hypothesis
    first, stop = left.hyp_end if left else 0, right.hyp_start if right else len(heard.letters)
    needed, available = sum(map(evidence.length, gap.words)), total(room)

    much_heard = stop > first and stop - first >= _OTHER_SPEECH * len(letters)
    if needed >= _LONG_GAP and much_heard and similarity(letters, heard.letters[first:stop]) < _ALIKE:
        return ()
    if available < _LEAST_ROOM * needed:
        return _squeezed(gap, evidence, left, right) if needed <= _SQUEEZED_LENGTH else ()
    if much_heard and stop - first <= _LOOSE_ROOM * len(letters):
        misheard = evidence.speech.between(float(heard.starts[first]), float(heard.ends[stop - 1]))
        return _shared(gap.words, evidence, misheard or room, _MISHEARD)
    if available <= _LOOSE_ROOM * needed:
        return _shared(gap.words, evidence, room, _IN_ROOM)
    return _beside_neighbours(gap, evidence, room)


def _squeezed(
    gap: Gap, evidence: _WordEvidence, left: Anchor | None, right: Anchor | None
) -> Iterable[tuple[int, Placement]]:
    """Little words for which the ear left no room take the end of the word before, or the start of the next."""
    needed = sum(map(evidence.length, gap.words))
    if left:
        taken = min(needed, (left.end - left.start) / 2)
        return _shared(gap.words, evidence, [Span(left.end - taken, left.end)], _SQUEEZED)
    if right:
        taken = min(needed, (right.end - right.start) / 2)
        return _shared(gap.words, evidence, [Span(right.start, right.start + taken)], _SQUEEZED)
    return ()


def _beside_neighbours(gap: Gap, evidence: _WordEvidence, room: Sequence[Span]) -> Iterable[tuple[int, Placement]]:
    """In more room than it needs, a gap follows the word before at its natural pace, if it shares that one's paragraph;
    the rest of it leads up to the word after."""
    words = evidence.transcript.words
    paragraph = None if gap.before is None else words[gap.before].segment
    cut = len(gap.words) if gap.after is None else sum(words[k].segment == paragraph for k in gap.words)
    following, leading = gap.words[:cut], gap.words[cut:]
    taken, kept = sum(map(evidence.length, following)), sum(map(evidence.length, leading))
    joined = JoinedSpans(room)
    return chain(
        _shared(following, evidence, joined.part(0.0, taken), _BESIDE),
        _shared(leading, evidence, joined.part(joined.size - kept, joined.size), _BESIDE),
    )


def _shared(
    words: Sequence[int], evidence: _WordEvidence, room: Sequence[Span], confidence: float
) -> Iterator[tuple[int, Placement]]:
    return share_out(room, words, [evidence.length(k) for k in words], confidence)


def locate_by_words(transcript: Transcript, audio: Audio, heard: Sequence[RecognisedWord], language: str) -> Located:
    """When each word of the transcript is said, and what is said that it lacks, from the words an ear heard."""
    matched = match(transcript, heard, language)
    placements = with_doubts(place(transcript, matched, audio), matched)
    passages = worded_passages(placements, unclaimed(matched, heard), audio)
    letters = matched.hypothesis.letters, matched.hypothesis.starts, matched.hypothesis.ends
    return Located(with_marks(transcript, placements, letters, language), passages)

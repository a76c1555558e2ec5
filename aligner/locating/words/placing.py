"""From anchors to a time for every word: anchored words where they were heard, the others inside the speech between;
and how far each can be believed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain

from aligner.locating.gaps import Gap, find_gaps, in_order, share_out, similarity
from aligner.locating.spoken_words import footnote_marks
from aligner.locating.words.anchors import Anchor, Matched, seconds_per_letter
from aligner.model import UNSPOKEN, Audio, HeardWord, Placement, Span, Status, Transcript
from aligner.normalization import readings
from aligner.spans import JoinedSpans, SpeechSpans, total

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
_MARK, _SOON = 0.3, 3.0  # confidence of a footnote's number; seconds after the word before it in which it is read

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
    hits = [0, *accumulate(p.status.is_heard for p in placements)]
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


def with_marks(
    transcript: Transcript, placements: Sequence[Placement], free: Sequence[HeardWord], language: str
) -> tuple[Placement, ...]:
    """The placements with those of footnote marks whose number is one of the ``free`` words between their neighbours,
    heard words that no word of the text was found in; all others stay as they are."""
    placed, middles = list(placements), [(word.start + word.end) / 2 for word in free]
    for mark, number in footnote_marks(transcript, placements):
        before, after = placements[mark - 1].span, placements[mark + 1].span
        assert before
        assert after
        ways = readings([number], language)[0]
        latest = min(after.start, before.end + _SOON)
        for word in free[bisect_left(middles, before.end) : bisect_left(middles, latest)]:
            span = Span(max(before.end, word.start), max(before.end, min(after.start, word.end)))
            if span.duration > 0 and readings([word.text.strip()], language)[0][0] in ways:
                placed[mark] = Placement(span, Status.FUZZY, _MARK)
                break
    return tuple(placed)


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

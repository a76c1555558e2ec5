"""How far an alignment can be believed: confidence per word and segment, coverage, missing speech, the verdict.

Conventions
-----------
Confidence runs from 0 to 1, surer being higher: of words at 0.9 and over, 98 % start within 0.2 s of the truth.
Coverage is the share of the transcript's speech words that were heard.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from aligner.anchoring import Anchors, seconds_per_letter
from aligner.model import (
    Heard,
    HeardWord,
    Kind,
    Span,
    Status,
    TimedSegment,
    TimedWord,
    Transcript,
    Untranscribed,
    Verdict,
)
from aligner.speech import Speech, total
from aligner.timing import Placement


@dataclass(frozen=True, slots=True)
class QualityOptions:
    """Where to draw the lines."""

    neighbours: int = 5  # words on each side that vouch for a word
    good_coverage: float = 0.85  # edited transcripts of good recordings lie above; a person need not look
    poor_coverage: float = 0.40  # another episode's transcript lies far below
    least_untranscribed: float = 1.5  # seconds; shorter speech between words is hesitation
    margin: float = 0.3  # seconds of breath and fade on either side that belong to a passage
    least_heard_words: int = 4  # fewer words than this in a gap are a stray or a restart, not a passage
    edge: float = 0.3  # seconds of speech that may hang over a word's end without being a passage
    drawl: float = 3.0  # a word this many times as long as its letters take, and ...
    drawl_room: float = 0.15  # ... this many seconds more, hides a hesitation or another word
    doubt: float = 0.4  # what is left of such a word's confidence


@dataclass(frozen=True, slots=True)
class Judgement:
    """Timed words and segments, and what is to be thought of them."""

    words: tuple[TimedWord, ...]
    segments: tuple[TimedSegment, ...]
    untranscribed: tuple[Untranscribed, ...]
    coverage: float
    verdict: Verdict


def judge(
    transcript: Transcript,
    anchors: Anchors,
    placements: Sequence[Placement],
    heard: Heard,
    options: QualityOptions | None = None,
) -> Judgement:
    """Turn placements into words with confidence, and judge the whole."""
    options = options or QualityOptions()
    confidence = _confidence(placements, anchors, options)
    words = tuple(
        TimedWord(word, placement.start, placement.end, placement.status, round(chance, 3))
        for word, placement, chance in zip(transcript.words, placements, confidence, strict=True)
    )
    spoken = [w for w in words if transcript.segments[w.word.segment].kind is Kind.SPEECH]
    coverage = sum(w.status in (Status.EXACT, Status.FUZZY) for w in spoken) / max(1, len(spoken))
    return Judgement(
        words,
        _timed_segments(transcript, words),
        _untranscribed(words, _unclaimed(anchors, heard), heard, options),
        coverage,
        _verdict(coverage, options),
    )


def _verdict(coverage: float, options: QualityOptions) -> Verdict:
    if coverage < options.poor_coverage:
        return Verdict.POOR
    return Verdict.GOOD if coverage >= options.good_coverage else Verdict.REVIEW


def _confidence(placements: Sequence[Placement], anchors: Anchors, options: QualityOptions) -> list[float]:
    """A word's own evidence, lowered where its neighbours were not heard either or where it lasts implausibly long."""
    hits = [0, *accumulate(p.status in (Status.EXACT, Status.FUZZY) for p in placements)]
    pace = seconds_per_letter(anchors)
    chances = []
    for k, (placement, letters) in enumerate(zip(placements, anchors.spelled, strict=True)):
        if placement.start is None or placement.end is None:
            chances.append(0.0)
            continue
        low, high = max(0, k - options.neighbours), min(len(placements), k + options.neighbours + 1)
        around = (hits[high] - hits[low]) / (high - low)
        longest = options.drawl * pace * max(1, len(letters)) + options.drawl_room
        doubt = options.doubt if placement.end - placement.start > longest else 1.0
        evidence = 0.5 + 0.5 * placement.evidence if placement.status is Status.EXACT else placement.evidence
        chances.append(evidence * (0.4 + 0.6 * around) * doubt)
    return chances


def _timed_segments(transcript: Transcript, words: Sequence[TimedWord]) -> tuple[TimedSegment, ...]:
    """Segments from their words' times; what is not speech and not said starts with the next word that is said."""
    members: dict[int, list[TimedWord]] = {}
    for word in words:
        if word.start is not None:
            members.setdefault(word.word.segment, []).append(word)
    starts = [(word.word.char_start, word.start) for word in words if word.start is not None]
    timed = []
    for index, segment in enumerate(transcript.segments):
        said = members.get(index, [])
        chance = sum(w.confidence for w in said) / len(said) if said else 0.0
        start, end = said[0].start if said else None, max((w.end for w in said if w.end is not None), default=None)
        if not said and segment.kind is not Kind.SPEECH:
            following = bisect_left(starts, (segment.char_end,))
            start = starts[following][1] if following < len(starts) else None
        timed.append(TimedSegment(f"s{index}", segment, start, end, round(chance, 3)))
    return tuple(timed)


def _unclaimed(anchors: Anchors, heard: Heard) -> list[HeardWord]:
    """The heard words that no word of the transcript was found in, in order of their middles."""
    track = anchors.heard
    claimed = {int(track.owner[k]) for a in anchors.found if a for k in range(a.hyp_start, a.hyp_end)}
    free = (word for k, word in enumerate(heard.words) if k not in claimed)
    return sorted(free, key=lambda w: w.start + w.end)


def _untranscribed(
    words: Sequence[TimedWord], said: Sequence[HeardWord], heard: Heard, options: QualityOptions
) -> tuple[Untranscribed, ...]:
    """Stretches of speech between timed words that hold heard words of their own."""
    speech = Speech(heard.speech)
    middles = [(w.start + w.end) / 2 for w in said]
    timed = [(w.start, w.end) for w in words if w.start is not None and w.end is not None]
    found, free_from = [], 0.0
    for start, end in [*timed, (heard.duration, heard.duration)]:
        if start - free_from >= options.least_untranscribed:
            inside = said[bisect_left(middles, free_from) : bisect_left(middles, start)]
            found += _passage(Span(free_from, start), speech.between(free_from, start), inside, options)
        free_from = max(free_from, end)
    return tuple(found)


def _passage(
    gap: Span, room: Sequence[Span], said: Sequence[HeardWord], options: QualityOptions
) -> list[Untranscribed]:
    """The speech in one gap between words as a passage, if it is long enough and was heard as words."""
    inside = [span for span in room if span.duration >= options.edge]
    if total(inside) < options.least_untranscribed or len(said) < options.least_heard_words:
        return []
    start = max(gap.start, min(inside[0].start, said[0].start) - options.margin)
    end = min(gap.end, max(inside[-1].end, said[-1].end) + options.margin)
    return [Untranscribed(start, end, " ".join(w.text.strip() for w in said))]

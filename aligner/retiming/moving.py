"""An alignment moved to a new sound by the stretches of the old one that this has.

Conventions
-----------
- All times go through one ``Timeline``. An edge of a stretch is known to some hundredths of a second: a word that
  reaches beyond it by so little has the times that it would have in the stretch.
- What is said in sound that the new one lacks is unspoken, and what a person set of it is lost, which is told. So is
  what was moved in the sound and not in the text: an alignment has its words in order, and the longer part stays.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from aligner.corrections.annotations import lost_pin
from aligner.locating.quality import coverage_of, timed_segments
from aligner.model import (
    HASH_DIGITS,
    Alignment,
    Annotation,
    AudioFile,
    LostPin,
    Pin,
    PinKind,
    Span,
    Status,
    TimedWord,
    Untranscribed,
)
from aligner.pins import agreeing, longest_in_order, pins_of
from aligner.retiming.matching import Stretch
from aligner.saved_quotes import Kept

EDGE = 0.04
"""Seconds by which a stretch's edge may be off without being minded: most are within 20 ms."""

_SEAM = 0.1  # seconds; between two stretches that are as near each other nothing was put in
_LEAST = 1.5  # seconds of speech that a passage has, as where they are found
_WHOLE = 0.9  # of a passage, from which on what was heard in it says what it is
_A_MOMENT = 0.001  # second: the shortest word


@dataclass(frozen=True, slots=True)
class Part:
    """What of a span one stretch has, in the old sound and in the new one."""

    old: Span
    new: Span
    stretch: Stretch


class Timeline:
    """Where the moments of an old sound are in a new one that lasts ``duration`` seconds."""

    def __init__(self, stretches: Iterable[Stretch], duration: float) -> None:
        self._stretches = sorted(stretches, key=lambda each: each.old.start)
        self._starts = [each.old.start for each in self._stretches]
        self._duration = duration

    def parts(self, span: Span) -> list[Part]:
        """What is left of a span, in order of the old sound."""
        found = []
        for stretch in self._stretches[max(0, bisect_right(self._starts, span.start) - 1) :]:
            if stretch.old.start >= span.end:
                break
            start, end = max(span.start, stretch.old.start), min(span.end, stretch.old.end)
            if start < end:
                found.append(Part(Span(start, end), Span(stretch.moved(start), stretch.moved(end)), stretch))
        return found

    def word(self, span: Span, loudness: Callable[[Span], float] | None = None) -> Span | None:
        """Return when a word is said, None where more than half of it was dropped. Of one into which something was
        inserted it is the part with more to hear, for the span of a word reaches into pauses; by default the longer."""
        parts = self.parts(span)
        if not parts or sum(part.old.duration for part in parts) < span.duration / 2:
            return None
        runs = list(_runs(parts))
        weigh = loudness if loudness and len(runs) > 1 else lambda part: part.duration
        largest = max(runs, key=lambda run: sum(weigh(part.new) for part in run))
        first, last = largest[0], largest[-1]
        start = max(first.stretch.moved(span.start), first.new.start - EDGE * (largest is runs[0]))
        end = min(last.stretch.moved(span.end), last.new.end + EDGE * (largest is runs[-1]))
        return self._within(start, end)

    def hull(self, span: Span) -> Span | None:
        """From the first moment that is left of a span to the last, with what was put in; where these are no longer in
        order, the longest piece."""
        parts = self.parts(span)
        if not parts:
            return None
        if all(one.new.end <= other.new.start + EDGE for one, other in pairwise(parts)):
            return self._within(parts[0].new.start, parts[-1].new.end)
        return max(self.pieces(span), key=lambda piece: piece.duration)

    def pieces(self, span: Span) -> list[Span]:
        """What is left of a span, in order of the new sound."""
        runs = _runs(self.parts(span))
        pieces = (self._within(run[0].new.start, run[-1].new.end) for run in runs)
        return sorted(filter(None, pieces), key=lambda piece: piece.start)

    def share(self, span: Span) -> float:
        """How much of a span is left."""
        return sum(part.old.duration for part in self.parts(span)) / span.duration if span.duration else 0.0

    def _within(self, start: float, end: float) -> Span | None:
        """The span in milliseconds, as far as the sound goes."""
        start, end = round(max(0.0, start), 3), round(min(end, self._duration), 3)
        return Span(start, max(end, round(start + _A_MOMENT, 3))) if start < self._duration else None


def _runs(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Parts between which nothing was put in, and which are as they follow each other, together."""
    run: list[Part] = []
    for part in parts:
        if run and not -EDGE <= part.new.start - run[-1].new.end <= _SEAM:
            yield run
            run = []
        run.append(part)
    if run:
        yield run


@dataclass(frozen=True, slots=True)
class Moved:
    """An alignment of a new sound: the words, by their indices, that have ``lost`` their sound, and those that are
    ``displaced``: their sound is there and not where the text has them, with when that is. Of passages that are ``cut``
    it is not known any more what they say."""

    alignment: Alignment
    lost: tuple[int, ...] = ()
    displaced: tuple[tuple[int, Span], ...] = ()
    cut: tuple[Untranscribed, ...] = ()


def moved(
    alignment: Alignment, timeline: Timeline, audio: AudioFile, loudness: Callable[[Span], float] | None = None
) -> Moved:
    """The alignment moved to another sound, in which nothing is sought yet: what is new in it no word has, and the
    verdict is the old one."""
    spans = [timed.span and timeline.word(timed.span, loudness) for timed in alignment.words]
    there = [k for k, span in enumerate(spans) if span]
    in_order = {there[place] for place in longest_in_order([span.start for span in spans if span])}
    words = tuple(
        _moved_word(timed, span if k in in_order else None)
        for k, (timed, span) in enumerate(zip(alignment.words, spans, strict=True))
    )
    lost = tuple(k for k, timed in enumerate(alignment.words) if timed.span and not spans[k])
    displaced = tuple((k, span) for k, span in enumerate(spans) if span and k not in in_order)
    pinned_passages, lost_pins = _moved_pins(alignment, words, timeline)
    whole, cut = _moved_passages(alignment.untranscribed, timeline)
    segments = timed_segments(alignment.transcript, words)
    now = replace(
        alignment,
        audio=audio,
        words=words,
        segments=tuple(replace(new, id=old.id) for old, new in zip(alignment.segments, segments, strict=True)),
        coverage=round(coverage_of(alignment.transcript, words), 4),
        untranscribed=tuple(sorted([*whole, *cut], key=lambda each: each.start)),
        annotations=tuple(_moved_annotations(alignment.annotations, timeline)),
        pinned_passages=pinned_passages,
        lost_pins=(*alignment.lost_pins, *lost_pins),
        review=None if lost or displaced else alignment.review,
    )
    return Moved(now, lost, displaced, tuple(cut))


def _moved_word(timed: TimedWord, span: Span | None) -> TimedWord:
    is_lost = timed.span and not span
    return TimedWord(timed.word, None, Status.UNSPOKEN, 0.0) if is_lost else replace(timed, span=span)


def _moved_pins(
    alignment: Alignment, words: Sequence[TimedWord], timeline: Timeline
) -> tuple[tuple[Pin, ...], list[LostPin]]:
    """The pinned passages, in order of their words, and the pins that are lost."""
    texts = [timed.word for timed in alignment.words]
    pins: list[Pin] = []
    lost: list[LostPin] = []
    for pin in pins_of(alignment):
        if pin.span is None:
            continue
        span = words[pin.words.start].span if pin.kind is PinKind.WORD else timeline.hull(pin.span)
        if span:
            pins.append(replace(pin, span=span))
        else:
            lost.append(lost_pin(pin, texts))
    kept, odd = agreeing(pins)
    before = {(pin.kind, pin.words): pin for pin in pins_of(alignment)}
    lost += (lost_pin(before[pin.kind, pin.words], texts) for pin in odd)
    return tuple(pin for pin in kept if pin.kind is PinKind.PASSAGE), lost


def _moved_passages(
    passages: Sequence[Untranscribed], timeline: Timeline
) -> tuple[list[Untranscribed], list[Untranscribed]]:
    """What the text lacks, where all of it is left, and what is left of the rest, without what was heard there."""
    whole, cut = [], []
    for passage in passages:
        span = Span(passage.start, passage.end)
        pieces = timeline.pieces(span)
        if len(pieces) == 1 and timeline.share(span) >= _WHOLE:
            whole.append(Untranscribed(pieces[0].start, pieces[0].end, passage.text))
        else:
            cut += [Untranscribed(each.start, each.end, "") for each in pieces if each.duration >= _LEAST]
    return whole, cut


def _moved_annotations(annotations: Sequence[Annotation], timeline: Timeline) -> list[Annotation]:
    pieces = (
        Annotation(each.kind, piece.start, piece.end)
        for each in annotations
        for piece in timeline.pieces(Span(each.start, each.end))
    )
    return sorted(set(pieces), key=lambda each: (each.start, each.end, each.kind))


def moved_quotes(quotes: Sequence[Kept], timeline: Timeline, old: AudioFile, new: AudioFile) -> list[Kept]:
    """Kept quotes with their times in the new sound; one of which nothing is left there, or that was of another sound
    than the ``old`` one, stays as it is."""
    before, after = old.sha256[:HASH_DIGITS], new.sha256[:HASH_DIGITS]
    made = []
    for kept in quotes:
        if kept.sound in (None, before):
            span = Span(kept.start, kept.end) if kept.start is not None and kept.end is not None else None
            hull = span and timeline.hull(span)
            if hull:
                kept = replace(kept, start=hull.start, end=hull.end)
            kept = replace(kept, sound=after if hull or not span else before)
        made.append(kept)
    return made

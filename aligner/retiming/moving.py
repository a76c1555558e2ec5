"""Convert the times of an alignment and its saved quotes to new audio of the same episode.

All times are converted by an ``AudioMapping``, which consists of matched spans: audio that both recordings share. The
edges of a matched span are accurate to a few hundredths of a second, so a word may extend beyond an edge by that much.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from aligner.corrections.annotations import lost_pin
from aligner.locating.pinned import without
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
from aligner.saved_quotes import SavedQuote

EDGE = 0.04
"""Seconds by which the edge of a matched span may be off; most are within 0.02."""

LEAST_GAP = 0.1
"""Seconds; a smaller gap between matched spans is within their accuracy."""

_LEAST_PASSAGE = 1.5  # seconds of untranscribed speech, as elsewhere
_WHOLE = 0.9  # share of a passage that must be left for its recognised text to stay
_SHORTEST = 0.001  # seconds of a word


@dataclass(frozen=True, slots=True)
class MatchedSpan:
    """A span of the ``old`` audio, and the span of the ``new`` audio with the same content, at a constant speed."""

    old: Span
    new: Span

    @property
    def rate(self) -> float:
        """The seconds of old audio per second of new audio: above 1 if the new audio is faster."""
        return self.old.duration / self.new.duration

    def to_new(self, seconds: float) -> float:
        """Convert a time in the old audio to a time in the new audio."""
        return self.new.start + (seconds - self.old.start) / self.rate


def gaps(spans: Iterable[Span], duration: float) -> list[Span]:
    """Return the passages of a recording that lie in none of the spans, in order, if they last 0.1 seconds or longer.
    The recording lasts ``duration`` seconds."""
    return [gap for gap in without([Span(0.0, duration)], spans) if gap.duration >= LEAST_GAP]


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of a span that lies in one ``matched`` span, as times in the ``old`` and in the ``new`` audio."""

    old: Span
    new: Span
    matched: MatchedSpan


class AudioMapping:
    """A conversion of times in the old audio to times in the new audio, which lasts ``duration`` seconds."""

    def __init__(self, matched: Iterable[MatchedSpan], duration: float) -> None:
        self._matched = sorted(matched, key=lambda each: each.old.start)
        self._starts = [each.old.start for each in self._matched]
        self._duration = duration

    def word(self, span: Span, loudness: Callable[[Span], float] | None = None) -> Span | None:
        """Convert the span of a word to the new audio; return None if more than half of the span was cut.

        If audio was inserted into the word, return the longer piece. If ``loudness`` is passed, return the louder piece
        instead, because the span of a word may include a pause.
        """
        parts = self._parts(span)
        if not parts or sum(part.old.duration for part in parts) < span.duration / 2:
            return None
        runs = list(_contiguous(parts))
        weigh = loudness if loudness and len(runs) > 1 else lambda part: part.duration
        largest = max(runs, key=lambda run: sum(weigh(part.new) for part in run))
        first, last = largest[0], largest[-1]
        start = max(first.matched.to_new(span.start), first.new.start - EDGE * (largest is runs[0]))
        end = min(last.matched.to_new(span.end), last.new.end + EDGE * (largest is runs[-1]))
        return self._clamped(start, end)

    def hull(self, span: Span) -> Span | None:
        """Return the span of the new audio from the first remaining piece of ``span`` to the last, including insertions
        between them; None if nothing remains. If the order of the pieces has changed, return the longest piece."""
        parts = self._parts(span)
        if not parts:
            return None
        if all(one.new.end <= other.new.start + EDGE for one, other in pairwise(parts)):
            return self._clamped(parts[0].new.start, parts[-1].new.end)
        return max(self.pieces(span), key=lambda piece: piece.duration)

    def pieces(self, span: Span) -> list[Span]:
        """Return the pieces of a span that remain in the new audio, in order of the new audio."""
        runs = _contiguous(self._parts(span))
        pieces = (self._clamped(run[0].new.start, run[-1].new.end) for run in runs)
        return sorted(filter(None, pieces), key=lambda piece: piece.start)

    def share(self, span: Span) -> float:
        """Return the share of a span that remains in the new audio (0 to 1)."""
        return sum(part.old.duration for part in self._parts(span)) / span.duration if span.duration else 0.0

    def _parts(self, span: Span) -> list[_Part]:
        found = []
        for matched in self._matched[max(0, bisect_right(self._starts, span.start) - 1) :]:
            if matched.old.start >= span.end:
                break
            start, end = max(span.start, matched.old.start), min(span.end, matched.old.end)
            if start < end:
                found.append(_Part(Span(start, end), Span(matched.to_new(start), matched.to_new(end)), matched))
        return found

    def _clamped(self, start: float, end: float) -> Span | None:
        """Round a span to milliseconds and limit it to the new audio; None if the span starts after the audio's end."""
        start, end = round(max(0.0, start), 3), round(min(end, self._duration), 3)
        return Span(start, max(end, round(start + _SHORTEST, 3))) if start < self._duration else None


def _contiguous(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """Yield groups of consecutive parts that are adjacent in the new audio, with nothing inserted between them."""
    run: list[_Part] = []
    for part in parts:
        if run and not -EDGE <= part.new.start - run[-1].new.end <= LEAST_GAP:
            yield run
            run = []
        run.append(part)
    if run:
        yield run


@dataclass(frozen=True, slots=True)
class Moved:
    """An alignment converted to new audio. ``lost`` has the indices of words whose audio was cut. ``displaced`` has the
    index and the new span of each word whose audio is no longer in text order. If untranscribed passages were partly
    cut, ``cut`` has the pieces that remain, without text."""

    alignment: Alignment
    lost: tuple[int, ...] = ()
    displaced: tuple[tuple[int, Span], ...] = ()
    cut: tuple[Untranscribed, ...] = ()


def move_alignment(
    alignment: Alignment, mapping: AudioMapping, audio: AudioFile, loudness: Callable[[Span], float] | None = None
) -> Moved:
    """Convert all times of an alignment to new audio. Added audio is not searched for words; the verdict is kept.

    Words whose audio was cut become unspoken. Words in an alignment must be in order, so if two passages have changed
    places, the words of the shorter passage become unspoken too. ``loudness`` is passed to ``AudioMapping.word``.
    """
    spans = [timed.span and mapping.word(timed.span, loudness) for timed in alignment.words]
    there = [k for k, span in enumerate(spans) if span]
    in_order = {there[index] for index in longest_in_order([span.start for span in spans if span])}
    words = tuple(
        _moved_word(timed, span if k in in_order else None)
        for k, (timed, span) in enumerate(zip(alignment.words, spans, strict=True))
    )
    lost = tuple(k for k, timed in enumerate(alignment.words) if timed.span and not spans[k])
    displaced = tuple((k, span) for k, span in enumerate(spans) if span and k not in in_order)
    pinned_passages, lost_pins = _moved_pins(alignment, words, mapping)
    whole, cut = _moved_passages(alignment.untranscribed, mapping)
    segments = timed_segments(alignment.transcript, words)
    now = replace(
        alignment,
        audio=audio,
        words=words,
        segments=tuple(replace(new, id=old.id) for old, new in zip(alignment.segments, segments, strict=True)),
        coverage=round(coverage_of(alignment.transcript, words), 4),
        untranscribed=tuple(sorted([*whole, *cut], key=lambda each: each.start)),
        annotations=tuple(_moved_annotations(alignment.annotations, mapping)),
        pinned_passages=pinned_passages,
        lost_pins=(*alignment.lost_pins, *lost_pins),
        review=None if lost or displaced else alignment.review,
    )
    return Moved(now, lost, displaced, tuple(cut))


def _moved_word(timed: TimedWord, span: Span | None) -> TimedWord:
    is_lost = timed.span and not span
    return TimedWord(timed.word, None, Status.UNSPOKEN, 0.0) if is_lost else replace(timed, span=span)


def _moved_pins(
    alignment: Alignment, words: Sequence[TimedWord], mapping: AudioMapping
) -> tuple[tuple[Pin, ...], list[LostPin]]:
    """Return the passages whose time a person pinned (set), with their times in the new audio and in order of words.
    Also return the lost pins: their audio was cut or displaced, or they contradict other pins."""
    texts = [timed.word for timed in alignment.words]
    old = [pin for pin in pins_of(alignment) if pin.span]
    pins: list[Pin] = []
    lost: list[LostPin] = []
    for pin in old:
        span = words[pin.words.start].span if pin.kind is PinKind.WORD else pin.span and mapping.hull(pin.span)
        if span:
            pins.append(replace(pin, span=span))
        else:
            lost.append(lost_pin(pin, texts))
    agreed, contradicting = agreeing(pins)
    by_words = {(pin.kind, pin.words): pin for pin in old}
    lost += (lost_pin(by_words[pin.kind, pin.words], texts) for pin in contradicting)
    return tuple(pin for pin in agreed if pin.kind is PinKind.PASSAGE), lost


def _moved_passages(
    passages: Sequence[Untranscribed], mapping: AudioMapping
) -> tuple[list[Untranscribed], list[Untranscribed]]:
    """Convert untranscribed passages to the new audio. Return those that are (nearly) complete there and, in a second
    list, the pieces that remain of the others, without their text."""
    whole, cut = [], []
    for passage in passages:
        span = Span(passage.start, passage.end)
        pieces = mapping.pieces(span)
        if len(pieces) == 1 and mapping.share(span) >= _WHOLE:
            whole.append(Untranscribed(pieces[0].start, pieces[0].end, passage.text))
        else:
            cut += [Untranscribed(each.start, each.end, "") for each in pieces if each.duration >= _LEAST_PASSAGE]
    return whole, cut


def _moved_annotations(annotations: Sequence[Annotation], mapping: AudioMapping) -> list[Annotation]:
    pieces = (
        Annotation(each.kind, piece.start, piece.end)
        for each in annotations
        for piece in mapping.pieces(Span(each.start, each.end))
    )
    return sorted(set(pieces), key=lambda each: (each.start, each.end, each.kind))


def move_quotes(
    quotes: Sequence[SavedQuote], mapping: AudioMapping, old: AudioFile, new: AudioFile
) -> list[SavedQuote]:
    """Return saved quotes with their times converted to the new audio. A quote retains its old times if its audio was
    cut, or if these times do not refer to the ``old`` audio."""
    before, after = old.sha256[:HASH_DIGITS], new.sha256[:HASH_DIGITS]
    moved = []
    for quote in quotes:
        if quote.audio_hash in (None, before):
            span = Span(quote.start, quote.end) if quote.start is not None and quote.end is not None else None
            hull = span and mapping.hull(span)
            if hull:
                quote = replace(quote, start=hull.start, end=hull.end)
            quote = replace(quote, audio_hash=after if hull or not span else before)
        moved.append(quote)
    return moved

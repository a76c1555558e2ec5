"""Align the words around a correction again, but no more words than necessary.

To *pin* a word is to fix its time. A neighbour that partly overlaps the pinned time is cut at the edge of that time.
Neighbours inside the pinned time are moved into the time beside it; if that is too short, more neighbours move. Then
the corrected words are searched in the audio again with more and more of their neighbours, at most up to the next pins,
until the words at both ends match where they were before. So words that were wrong for the same reason are corrected
too, and no others move. A word that loses its match gets an estimated time beside the pin if there is room.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, pairwise, takewhile
from math import inf

from aligner.attempts import find_untranscribed, locate
from aligner.locating.pinned import (
    TimedLetters,
    is_same,
    locate_between,
    located_outside,
    merge_placements,
    silenced,
    silent_spans,
)
from aligner.locating.quality import coverage_of, judged, placement_of, timed_segments, timed_words
from aligner.model import (
    UNSPOKEN,
    Alignment,
    Audio,
    Pin,
    PinKind,
    Placement,
    Recognition,
    Span,
    Status,
    TimedWord,
    Untranscribed,
)
from aligner.pins import Region, passages_of, regions, rooms_between, walls_among

LEAST = 0.02
"""Seconds that a word lasts at least: a frame of the recognition."""

_SHARED = 0.06  # seconds at least for each word that shares a span with others
_LETTER = 0.065  # seconds a character lasts, where nothing better is known
_AROUND = 30  # words searched on either side at first; doubled until they suffice
_MEETING, _MET = 6, 5  # words at an end of the searched ones, and how many of them must be where they were
_BESIDE = 0.05  # seconds by which words may overlap without contradicting each other


@dataclass(frozen=True, slots=True)
class RecognisedAudio:
    """An episode's audio, and its recognition by the recogniser that the alignment names."""

    audio: Audio
    recognition: Recognition


def repaired(
    alignment: Alignment,
    pins: Sequence[Pin],
    touched: range,
    recognised: RecognisedAudio | None,
    searched: set[int] | None = None,
) -> Alignment:
    """Set ``pins``, sorted by word, in place of the alignment's pins, align the words ``touched`` and the words around
    them again, and return the new alignment. The words with indices in ``searched`` (by default ``touched``) always
    take their new times, other words only if the new match is better. Without ``recognised``, no audio is searched:
    words are only moved or cut. Raises ValueError if pins contradict each other."""
    if recognised is None:
        return _with_pins_only(alignment, touched, pins)
    regions(pins, Region(range(len(alignment.words)), Span(0.0, inf)))
    search = partial(locate, language=alignment.language)
    silent = silent_spans(alignment.annotations, pins)
    spoken = RecognisedAudio(*silenced(recognised.audio, recognised.recognition, silent))
    limits = _between_pins(pins, touched, len(alignment.words))
    first, stop = _contradicted(alignment, [pin for pin in pins if pin.words.start in touched], touched)
    first, stop = max(first, limits.start), min(stop, limits.stop)
    around = _AROUND
    while True:
        words = range(max(limits.start, first - around), min(limits.stop, stop + around))
        region = Region(words, _span_left(alignment, words, pins))
        between = partial(locate_between, alignment.transcript, pins=pins, locate=search, whole=region)
        found = located_outside(between, recognised.audio, recognised.recognition, silent)
        pairs = list(zip(alignment.words[words.start : words.stop], found.placements, strict=True))
        before = _until_unchanged(pairs[: first - words.start][::-1], words.start == limits.start)
        after = _until_unchanged(pairs[stop - words.start :], words.stop == limits.stop)
        if before is not None and after is not None:
            break
        around *= 2
    part = range(first - before, stop + after)
    taken = found.placements[part.start - words.start : part.stop - words.start]
    own = {*(touched if searched is None else searched), *_beside_passages(alignment, pins, part)}
    moved = _with_part(alignment.words, part, _merged(alignment, part, taken, spoken, own))
    moved = with_lost_words(alignment.words, moved, touched, pins, alignment.audio.duration)
    new = [placement_of(word) for word in moved[words.start : words.stop]]
    now = reassessed(alignment, moved, _untranscribed(alignment, new, region.span, recognised), recognised.audio)
    return replace(now, pinned_passages=passages_of(pins))


def _with_pins_only(alignment: Alignment, words: range, pins: Sequence[Pin]) -> Alignment:
    placed = {k: replace(placement_of(alignment.words[k]), pinned=False) for k in words}
    set_now = [pin for pin in pins if words.start <= pin.words.start and pin.words.stop <= words.stop]
    set_now.sort(key=lambda pin: pin.kind is not PinKind.PASSAGE)
    for pin in set_now:
        for word in pin.words:
            if pin.kind is PinKind.PASSAGE and pin.span:
                placed[word] = _clipped(placed[word], pin.span.start, pin.span.end)
            else:
                placed[word] = Placement(pin.span, Status.EXACT if pin.span else Status.UNSPOKEN, 1.0, pinned=True)
    start = min((pin.span.start for pin in set_now if pin.span), default=inf)
    end = max((pin.span.end for pin in set_now if pin.span), default=-inf)
    for k, timed in enumerate(alignment.words):
        if k not in words and timed.span and not timed.pinned:
            before, after = (-inf, start) if k < words.start else (end, inf)
            if timed.span.start < before or timed.span.end > after:
                placed[k] = _clipped(placement_of(timed), before, after)
    moved = list(alignment.words)
    timed_again = timed_words([alignment.words[k].word for k in placed], list(placed.values()))
    for k, timed in zip(placed, timed_again, strict=True):
        moved[k] = timed
    new = with_words(alignment, with_lost_words(alignment.words, moved, words, pins, alignment.audio.duration), None)
    return replace(new, pinned_passages=passages_of(pins))


def _clipped(placement: Placement, start: float, end: float) -> Placement:
    if placement.span is None or start <= placement.span.start < placement.span.end <= end:
        return placement
    start, end = max(placement.span.start, start), min(placement.span.end, end)
    return replace(placement, span=Span(start, end)) if start < end else UNSPOKEN


def with_words(alignment: Alignment, words: tuple[TimedWord, ...], recognised: RecognisedAudio | None) -> Alignment:
    """Return the alignment with the timed ``words``. If ``recognised`` is None, the ``verdict`` is not updated."""
    if recognised:
        return reassessed(alignment, words, alignment.untranscribed, recognised.audio)
    segments, coverage = timed_segments(alignment.transcript, words), coverage_of(alignment.transcript, words)
    return replace(alignment, words=words, segments=segments, coverage=round(coverage, 4))


def reassessed(
    alignment: Alignment, words: tuple[TimedWord, ...], passages: Iterable[Untranscribed], audio: Audio
) -> Alignment:
    """Return the alignment with ``words`` and untranscribed ``passages``, and with its quality assessed again."""
    if alignment.machine_text:
        words = with_confidence_of(dict(enumerate(alignment.words)), words)
    rounded = (replace(each, start=round(each.start, 3), end=round(each.end, 3)) for each in passages)
    found = judged(alignment.transcript, words, tuple(rounded), audio)
    return replace(
        alignment,
        coverage=round(found.coverage, 4),
        verdict=found.verdict,
        segments=found.segments,
        words=found.words,
        untranscribed=found.untranscribed,
    )


def with_confidence_of(earlier: Mapping[int, TimedWord], words: Sequence[TimedWord]) -> tuple[TimedWord, ...]:
    """Return the words of an automatic transcript with the confidence of their ``earlier`` versions, given by index.
    It is the probability of the word, so a new time does not change it. A pinned or unspoken word keeps its own."""
    spoken = {k: word.confidence for k, word in earlier.items() if word.span and not word.pinned}
    return tuple(
        replace(word, confidence=spoken[k]) if k in spoken and word.span and not word.pinned else word
        for k, word in enumerate(words)
    )


def _merged(
    alignment: Alignment, part: range, found: Sequence[Placement], recognised: RecognisedAudio, own: Collection[int]
) -> list[Placement]:
    """Return new placements (times) for the words in ``part``, a range of indices. Words in ``own`` get the placement
    ``found`` in a new search, other words the better of the old and the found placement."""
    words = alignment.words[part.start : part.stop]
    before, after = _neighbours(alignment, part)
    start = before.start if before else 0.0
    room = Span(start, max(start, after.start if after else alignment.audio.duration))
    said = [each.span for each in [*map(placement_of, words), *found] if each.span]
    audio_span = Span(min((s.start for s in said), default=0.0), max((s.end for s in said), default=0.0))
    letters = TimedLetters.of(recognised.recognition, audio_span)
    return merge_placements(words, found, {word - part.start for word in own}, room, letters, alignment.language)


def _with_part(words: tuple[TimedWord, ...], part: range, placements: Sequence[Placement]) -> tuple[TimedWord, ...]:
    own = words[part.start : part.stop]
    moved = timed_words([timed.word for timed in own], list(map(_in_milliseconds, placements)))
    new = (old if placement_of(old) == at else one for old, one, at in zip(own, moved, placements, strict=True))
    return (*words[: part.start], *new, *words[part.stop :])


def _in_milliseconds(placement: Placement) -> Placement:
    span = placement.span
    if span is None or placement.pinned:
        return placement
    return replace(placement, span=Span(round(span.start, 3), round(span.end, 3)))


def _between_pins(pins: Sequence[Pin], touched: range, words: int) -> range:
    """Return the range of words between the pins before and after ``touched``; ``words`` is the number of all words."""
    placed = [pin.words for pin in pins if pin.span]
    first = max((each.stop for each in placed if each.stop <= touched.start), default=0)
    return range(first, min((each.start for each in placed if each.start >= touched.stop), default=words))


def _contradicted(alignment: Alignment, pins: Sequence[Pin], touched: range) -> tuple[int, int]:
    """Widen ``touched`` to include words whose times contradict one of ``pins``; return its first and stop index."""
    first, stop = touched.start, touched.stop
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for pin in pins:
        if pin.span:
            starts[pin.words.start] = min(pin.span.start, starts.get(pin.words.start, inf))
            end = max(pin.span.start, pin.span.end - _BESIDE)
            ends[pin.words.stop] = max(end, ends.get(pin.words.stop, -inf))
    earliest, latest = inf, -inf  # limits of a word's start, from the pins after and before it
    for k in reversed(range(max(starts, default=0))):
        earliest = min(earliest, starts.get(k + 1, inf))
        if (span := alignment.words[k].span) and (span.start > earliest or span.end > earliest + _BESIDE):
            first = min(first, k)
    for k in range(min(ends, default=len(alignment.words)), len(alignment.words)):
        latest = max(latest, ends.get(k, -inf))
        if (span := alignment.words[k].span) and span.start < latest:
            stop = max(stop, k + 1)
    return first, stop


def _span_left(alignment: Alignment, words: range, pins: Sequence[Pin]) -> Span:
    before, after = _neighbours(alignment, words)
    start = before.end if before else 0.0
    end = max(start, after.start if after else alignment.audio.duration)
    walls = [time for _, time in walls_among(pins, words)]
    return Span(min([start, *walls]), max([end, *walls]))


def _neighbours(alignment: Alignment, words: range) -> tuple[Span | None, Span | None]:
    """Return the spans of the nearest timed words before and after ``words``, each None if there is no such word."""
    before = next((w.span for w in reversed(alignment.words[: words.start]) if w.span), None)
    return before, next((w.span for w in alignment.words[words.stop :] if w.span), None)


def _beside_passages(alignment: Alignment, pins: Sequence[Pin], part: range) -> Iterator[int]:
    """Yield the index of each word in ``part`` that starts too early or too late to agree with the pinned passages."""
    passages = passages_of(pins)
    if not passages:
        return
    rooms = rooms_between(passages, Region(range(len(alignment.words)), Span(0.0, inf)))
    for k in part:
        span = alignment.words[k].span
        if span and not rooms[k].start <= span.start <= rooms[k].end:
            yield k


def _until_unchanged(pairs: Sequence[tuple[TimedWord, Placement]], is_all: bool) -> int | None:
    """Count the ``pairs`` (a word and its new placement) before the search finds words at their old times again: at
    least ``_MET`` of ``_MEETING`` spoken words. If there are no such words, return None, so that the caller searches
    for more words, or the number of all pairs if ``is_all`` says that there are no more."""
    said = [(k, is_same(*pair)) for k, pair in enumerate(pairs) if pair[0].span or pair[1].span]
    for at, (k, same) in enumerate(said):
        if same and sum(one for _, one in said[at : at + _MEETING]) >= _MET:
            return k
    return len(pairs) if is_all else None


def _untranscribed(
    alignment: Alignment, placements: Sequence[Placement], span: Span, recognised: RecognisedAudio
) -> Iterator[Untranscribed]:
    yield from (each for each in alignment.untranscribed if each.end <= span.start)
    known = [each for each in alignment.untranscribed if each.end > span.start and each.start < span.end]
    for each in find_untranscribed(placements, recognised.audio, recognised.recognition, span):
        yield each if each.text else replace(each, text=_text_in(each, known))
    yield from (each for each in alignment.untranscribed if each.start >= span.end)


def _text_in(passage: Untranscribed, known: Sequence[Untranscribed]) -> str:
    """Return a text for ``passage``: the texts of the ``known`` passages that lie more than half within it, joined."""
    shared = ((each, min(each.end, passage.end) - max(each.start, passage.start)) for each in known)
    return " ".join(each.text for each, seconds in shared if each.text and 2 * seconds > each.end - each.start)


def beside_pinned(words: Sequence[TimedWord], own: range, span: Span, duration: float) -> tuple[TimedWord, ...]:
    """Return all words, after moving or cutting those before and after the range ``own`` so that none overlaps
    ``span``, the time to which ``own`` is pinned."""
    moved = list(words)
    _make_room(moved, reversed(range(own.start)), Span(-span.end, -span.start), 0.0, -1)
    _make_room(moved, range(own.stop, len(moved)), span, duration, 1)
    return tuple(moved)


def with_lost_words(
    before: Sequence[TimedWord], words: Sequence[TimedWord], own: range, pins: Sequence[Pin], duration: float
) -> tuple[TimedWord, ...]:
    """Return ``words`` with estimated times for lost words: words that had a time in ``before`` and have none now. They
    are placed beside the pins on ``own``: in free audio before the pins; after them, other words make room."""
    said = [pin.span for pin in pins if pin.kind is PinKind.WORD and pin.span and pin.words.start in own]
    if not said:
        return tuple(words)
    moved = list(words)
    lost = {k for k, old in enumerate(before) if old.span and not moved[k].span and not moved[k].pinned}
    _place_beside(moved, reversed(range(own.start)), {k for k in lost if k < own.start}, -said[0].start, 0.0, -1)
    end = max(each.end for each in said)
    _place_beside(moved, range(own.stop, len(moved)), {k for k in lost if k >= own.stop}, end, duration, 1)
    return tuple(moved)


def _place_beside(
    words: list[TimedWord], outward: Iterable[int], lost: Collection[int], edge: float, last: float, sign: int
) -> None:
    """Give the ``lost`` words on one side of a pin estimated times between the pin's ``edge`` and the time ``last``.
    ``outward`` has the indices of all words on that side, nearest first. For the side after the pin, ``sign`` is 1; for
    the side before it, ``sign`` is -1 and all times are negated."""
    run: list[int] = []
    reach = edge
    for k in outward:
        if k in lost:
            run.append(k)
        if words[k].span is None:
            continue
        near, far = _edges(words[k], sign)
        if run and sign > 0 and near - edge < _SHARED * len(run) and not words[k].pinned:
            run.append(k)
            reach = far
            continue
        _share_out(words, run, edge, min(near, _reach(words, run, edge, reach)), sign)
        run, edge, reach = [], far, far
        if not any((each - k) * sign > 0 for each in lost):
            return
    _share_out(words, run, edge, min(last, _reach(words, run, edge, reach)), sign)


def _reach(words: Sequence[TimedWord], run: Sequence[int], edge: float, reach: float) -> float:
    return max(reach, edge + sum(usual_length(words[k]) for k in run))


def _make_room(words: list[TimedWord], outward: Iterable[int], span: Span, last: float, sign: int) -> None:
    """Move or cut words on one side of a pin, so that they lie between the end of ``span`` (the pinned time) and
    ``last``. ``outward`` has the words' indices, nearest first. For the side after the pin, ``sign`` is 1; for the side
    before it, ``sign`` is -1 and all times are negated."""
    said = [k for k in outward if words[k].span]
    count = max((at + 1 for at, k in enumerate(said) if _edges(words[k], sign)[0] < span.end), default=0)
    if any(_edges(words[k], sign)[1] <= span.start for k in said[:count]):
        return
    inside = [*takewhile(lambda k: not words[k].pinned, said[:count])]
    following = said[len(inside)] if len(inside) < len(said) else None
    if following is not None and len(inside) < count:
        _trimmed(words, following, span.end, sign)  # a pinned word keeps its start but may end earlier
    if not inside or (len(inside) == 1 and _trimmed(words, inside[0], span.end, sign)):
        return
    latest = min(last, span.end + sum(usual_length(words[k]) for k in inside))
    for k in said[len(inside) :]:
        near, far = _edges(words[k], sign)
        latest = min(latest, near)
        if latest - span.end >= _SHARED * len(inside) or words[k].pinned:
            break
        inside, latest = [*inside, k], far
    _share_out(words, inside, span.end, latest, sign)


def _edges(timed: TimedWord, sign: int) -> tuple[float, float]:
    """Return a word's start and end or, if ``sign`` is -1 (for a word before the pin), its negated end and start."""
    assert timed.span
    return (timed.span.start, timed.span.end) if sign > 0 else (-timed.span.end, -timed.span.start)


def _trimmed(words: list[TimedWord], k: int, edge: float, sign: int) -> bool:
    """Cut word ``k`` at ``edge`` (negated if ``sign`` is -1) if ``LEAST`` seconds remain; return whether it was cut."""
    far = _edges(words[k], sign)[1]
    if far - edge < LEAST:
        return False
    words[k] = replace(words[k], span=_span(edge, far, sign))
    return True


def _share_out(words: list[TimedWord], run: Sequence[int], edge: float, latest: float, sign: int) -> None:
    """Distribute the time from ``edge`` to ``latest`` over the words with indices ``run``, by length. If the time is
    too short, the words nearest to ``edge`` become unspoken. If ``sign`` is -1, both times are negated."""
    fitting = max(0, min(len(run), int((latest - edge) / _SHARED + 1e-6)))
    nowhere, placed = run[: len(run) - fitting], run[len(run) - fitting :]
    lengths = [usual_length(words[k]) for k in placed]
    ends = [edge + (latest - edge) * share / sum(lengths) for share in accumulate(lengths)]
    placements = [Placement(_span(near, far, sign), Status.INTERPOLATED, 0.0) for near, far in pairwise([edge, *ends])]
    for k, there in zip([*nowhere, *placed], [*[UNSPOKEN] * len(nowhere), *placements], strict=True):
        words[k] = replace(words[k], span=there.span, status=there.status, confidence=there.confidence)


def _span(near: float, far: float, sign: int) -> Span:
    start, end = sorted((round(sign * near, 3), round(sign * far, 3)))
    return Span(start, end)


def usual_length(timed: TimedWord) -> float:
    """Return how many seconds a word with this number of characters usually lasts."""
    return _LETTER * max(1, len(timed.word.text))

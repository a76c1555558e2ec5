"""One correction repairs the passage: what is around it is searched again, as far as that changes anything.

The search goes outward from the words that a person has touched, between the pins beside them: more and more words on
either side, until at both ends what is found now is what was found before. So a word that is set right takes the
passage with it that was wrong for the same reason, and nothing else is moved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf

from aligner.attempts import locate
from aligner.corrections.giving_way import keeping_places
from aligner.corrections.passages import passages_between
from aligner.locating.keeping import LettersHeard, is_same, kept, placement_of
from aligner.locating.pinned import locate_between
from aligner.locating.quality import coverage_of, judged, timed_segments, timed_words
from aligner.locating.silenced import located_outside, silenced, silent_spans
from aligner.model import Alignment, Audio, Placement, Recognition, Span, TimedWord, Untranscribed
from aligner.pins import Pin, PinKind, Stretch, rooms_between, stretches, walls_among

_AROUND = 30  # words on either side that are searched at first; each time that is not enough, twice as many
_MEETING, _MET = 6, 5  # words at either end of what was searched, of which so many are where they were
_BESIDE = 0.05  # seconds by which words may overlap, and do not contradict each other


@dataclass(frozen=True, slots=True)
class Heard:
    """An episode's sound, and what the ear that its alignment names made of it."""

    audio: Audio
    recognition: Recognition


def repaired(
    alignment: Alignment, pins: Sequence[Pin], touched: range, heard: Heard, sought: Collection[int] | None = None
) -> Alignment:
    """The alignment with these ``pins``, in order of their words; the words around those ``touched`` are sought again.

    Those ``sought``, by default all that were touched, are then where they were found; all others only if they are
    better heard there.

    Raises
    ------
    ValueError
        The pins contradict each other.
    """
    stretches(pins, Stretch(range(len(alignment.words)), Span(0.0, inf)))
    search = partial(locate, language=alignment.language)
    silent = silent_spans(alignment.settled, pins)
    spoken = Heard(*silenced(heard.audio, heard.recognition, silent))
    limits = _between_pins(pins, touched, len(alignment.words))
    first, stop = _contradicted(alignment, [pin for pin in pins if pin.words.start in touched], touched)
    first, stop = max(first, limits.start), min(stop, limits.stop)
    around = _AROUND
    while True:
        words = range(max(limits.start, first - around), min(limits.stop, stop + around))
        region = Stretch(words, _sound_left(alignment, words, pins))
        between = partial(locate_between, alignment.transcript, pins=pins, locate=search, whole=region)
        found = located_outside(between, heard.audio, heard.recognition, silent)
        pairs = list(zip(alignment.words[words.start : words.stop], found.placements, strict=True))
        before = _meeting(pairs[: first - words.start][::-1], words.start == limits.start)
        after = _meeting(pairs[stop - words.start :], words.stop == limits.stop)
        if before is not None and after is not None:
            part = range(first - before, stop + after)
            inside = slice(part.start - words.start, part.stop - words.start)
            new = [placement_of(word) for word, _ in pairs]
            own = {*(touched if sought is None else sought), *_beside_passages(alignment, pins, part)}
            new[inside] = _taken(alignment, part, found.placements[inside], spoken, own)
            made = _with_part(alignment.words, words, new)
            made = keeping_places(alignment.words, made, touched, pins, alignment.audio.duration)
            new = [placement_of(word) for word in made[words.start : words.stop]]
            passages = passages_between(alignment, new, region.span, heard.audio, heard.recognition)
            now = judged_anew(alignment, made, passages, heard.audio)
            return replace(now, pinned_passages=tuple(pin for pin in pins if pin.kind is PinKind.PASSAGE))
        around *= 2


def _taken(
    alignment: Alignment, part: range, found: Sequence[Placement], heard: Heard, sought: Collection[int]
) -> list[Placement]:
    """The placements of a part of the words, with what is taken of those that were ``found`` for them."""
    words = alignment.words[part.start : part.stop]
    room = _room(alignment, part)
    said = [each.span for each in [*map(placement_of, words), *found] if each.span]
    sound = Span(min((s.start for s in said), default=0.0), max((s.end for s in said), default=0.0))
    letters = LettersHeard.of(heard.recognition, sound)
    own = {word - part.start for word in sought}
    return kept(words, found, own, room, letters, alignment.language)


def _with_part(words: tuple[TimedWord, ...], part: range, placements: Sequence[Placement]) -> tuple[TimedWord, ...]:
    """The words with those of a part placed anew; one that is where it was stays the same."""
    own = words[part.start : part.stop]
    made = timed_words([timed.word for timed in own], list(map(_in_milliseconds, placements)))
    new = (old if placement_of(old) == at else one for old, one, at in zip(own, made, placements, strict=True))
    return (*words[: part.start], *new, *words[part.stop :])


def _in_milliseconds(placement: Placement) -> Placement:
    """The placement with the times that are kept of it; a person's are as they set them."""
    span = placement.span
    if span is None or placement.pinned:
        return placement
    return replace(placement, span=Span(round(span.start, 3), round(span.end, 3)))


def _between_pins(pins: Sequence[Pin], touched: range, words: int) -> range:
    """The words between the pins on either side of those touched."""
    placed = [pin.words for pin in pins if pin.span]
    first = max((each.stop for each in placed if each.stop <= touched.start), default=0)
    return range(first, min((each.start for each in placed if each.start >= touched.stop), default=words))


def _contradicted(alignment: Alignment, pins: Sequence[Pin], touched: range) -> tuple[int, int]:
    """The first and the end of the words touched, and of those whose times contradict the pins on them."""
    first, stop = touched.start, touched.stop
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for pin in pins:
        if pin.span:
            starts[pin.words.start] = min(pin.span.start, starts.get(pin.words.start, inf))
            end = max(pin.span.start, pin.span.end - _BESIDE)
            ends[pin.words.stop] = max(end, ends.get(pin.words.stop, -inf))
    earliest, latest = inf, -inf  # at which a word may begin: before what is pinned after it, after what is before it
    for k in reversed(range(max(starts, default=0))):
        earliest = min(earliest, starts.get(k + 1, inf))
        if (span := alignment.words[k].span) and (span.start > earliest or span.end > earliest + _BESIDE):
            first = min(first, k)
    for k in range(min(ends, default=len(alignment.words)), len(alignment.words)):
        latest = max(latest, ends.get(k, -inf))
        if (span := alignment.words[k].span) and span.start < latest:
            stop = max(stop, k + 1)
    return first, stop


def _sound_left(alignment: Alignment, words: range, pins: Sequence[Pin]) -> Span:
    """The sound between the words on either side of ``words``, with all that pins leave to these."""
    before, after = _beside(alignment, words)
    start = before.end if before else 0.0
    end = max(start, after.start if after else alignment.audio.duration)
    walls = [time for _, time in walls_among(pins, words)]
    return Span(min([start, *walls]), max([end, *walls]))


def _beside_passages(alignment: Alignment, pins: Sequence[Pin], part: range) -> Iterator[int]:
    """The words of a part that begin where a passage leaves them no place."""
    passages = [pin for pin in pins if pin.kind is PinKind.PASSAGE]
    if not passages:
        return
    rooms = rooms_between(passages, Stretch(range(len(alignment.words)), Span(0.0, inf)))
    for k in part:
        span = alignment.words[k].span
        if span and not rooms[k].start <= span.start <= rooms[k].end:
            yield k


def _room(alignment: Alignment, words: range) -> Span:
    """When ``words`` may start, for all to be in order."""
    before, after = _beside(alignment, words)
    start = before.start if before else 0.0
    return Span(start, max(start, after.start if after else alignment.audio.duration))


def _beside(alignment: Alignment, words: range) -> tuple[Span | None, Span | None]:
    """When the nearest words before and after ``words`` are said."""
    before = next((w.span for w in reversed(alignment.words[: words.start]) if w.span), None)
    return before, next((w.span for w in alignment.words[words.stop :] if w.span), None)


def _meeting(pairs: Sequence[tuple[TimedWord, Placement]], is_all: bool) -> int | None:
    """The number of words after which the next ones are where they were; None where they never are, and there are more
    words to be searched."""
    said = [(k, is_same(*pair)) for k, pair in enumerate(pairs) if pair[0].span or pair[1].span]
    for at, (k, same) in enumerate(said):
        if same and sum(one for _, one in said[at : at + _MEETING]) >= _MET:
            return k
    return len(pairs) if is_all else None


def with_placements(alignment: Alignment, placements: Sequence[Placement], heard: Heard | None) -> Alignment:
    """The alignment with other placements, and what these come to, as of ``with_words``."""
    return with_words(alignment, timed_words(alignment.transcript.words, placements), heard)


def with_words(alignment: Alignment, words: tuple[TimedWord, ...], heard: Heard | None) -> Alignment:
    """The alignment with other times of its words, and what these come to; of an alignment whose sound is not known any
    more, what can be told without it."""
    if heard:
        return judged_anew(alignment, words, alignment.untranscribed, heard.audio)
    segments, coverage = timed_segments(alignment.transcript, words), coverage_of(alignment.transcript, words)
    return replace(alignment, words=words, segments=segments, coverage=coverage)


def judged_anew(
    alignment: Alignment, words: tuple[TimedWord, ...], passages: Iterable[Untranscribed], audio: Audio
) -> Alignment:
    """The alignment with other times of words and passages, and what these come to."""
    found = judged(alignment.transcript, words, tuple(map(_passage_in_milliseconds, passages)), audio)
    return replace(
        alignment,
        coverage=round(found.coverage, 4),
        verdict=found.verdict,
        segments=found.segments,
        words=found.words,
        untranscribed=found.untranscribed,
    )


def _passage_in_milliseconds(passage: Untranscribed) -> Untranscribed:
    return replace(passage, start=round(passage.start, 3), end=round(passage.end, 3))

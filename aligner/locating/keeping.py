"""Which of two places a word has that two searches found: of the whole, and of what is between pins or around one.

What is well placed is moved, or called unspoken, by a search of a part only because that hears less than the one of the
whole: of few letters it is not believed that they are the text's. So a correction moves what it explains: all other
words stay but those that are clearly better heard elsewhere. And aligning again with pins follows these, but for words
that are clearly better heard where they are without them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import accumulate
from math import inf

from aligner.emissions import FRAME
from aligner.locating.letters.anchors import decode
from aligner.locating.quality import placement_of
from aligner.model import UNSPOKEN, Placement, Recognition, Span, TimedWord
from aligner.normalization import spell, unaccented

_SAME = 0.05  # seconds; a twentieth is not seen, and what is the same is left as it was
_CHANCE = 0.35  # how like a word the letters are that are heard anywhere
_CLEARLY = 0.15  # and how much more like it they must be where it was found now than where it was
_NEAR = 0.5  # seconds; a word so near is the same one, said once, whose edges two searches heard otherwise
_TORN = 1.0  # letters that it costs to part two words, of which one stays and the other does not
_OVERLAP = 0.1  # seconds that edges found by two searches may differ by
_NEVER = 1e6  # letters
_MOST_WAYS = 16  # that are followed; a way that leaves as many words unsaid is none


@dataclass(frozen=True, slots=True)
class LettersHeard:
    """The letters that an ear heard, without accents, and when, in order."""

    letters: str
    times: Sequence[float]

    @classmethod
    def of(cls, recognition: Recognition, span: Span) -> LettersHeard:
        """Those heard in a span."""
        if emissions := recognition.emissions:
            first, stop = int(span.start / FRAME), int(span.end / FRAME) + 1
            decoded = decode(replace(emissions, values=emissions.values[first:stop]))
            return cls(decoded.letters, ((decoded.frames + first) * FRAME).tolist())
        words = [word for word in recognition.words if span.start <= (word.start + word.end) / 2 < span.end]
        timed: list[tuple[float, str]] = []
        for word in words:
            letters = unaccented("".join(filter(str.isalnum, word.text.lower())))
            step = (word.end - word.start) / max(1, len(letters))
            timed += ((word.start + k * step, letter) for k, letter in enumerate(letters))
        timed.sort()
        return cls("".join(letter for _, letter in timed), [time for time, _ in timed])

    def within(self, span: Span) -> str:
        return self.letters[bisect_left(self.times, span.start - FRAME) : bisect_left(self.times, span.end)]


@dataclass(frozen=True, slots=True)
class _Choice:
    """A place for a word, its worth in letters, and whether it is where the word was; None where there is no other."""

    placement: Placement
    worth: float
    is_old: bool | None


@dataclass(frozen=True, slots=True)
class _Way:
    """The best choices up to a word of those after which the same word is the last that is said."""

    worth: float
    choice: _Choice | None
    said: Placement | None
    said_is_old: bool | None
    before: _Way | None


def kept(
    words: Sequence[TimedWord],
    found: Sequence[Placement],
    sought: Collection[int],
    room: Span,
    heard: LettersHeard,
    language: str,
) -> list[Placement]:
    """The placements of ``words`` in ``room``: where they were, or as ``found``; those ``sought``, by their place among
    them, as found. Of all ways that are in order the one that is best heard."""
    texts = [unaccented(letters or "") for letters in spell([timed.word.text for timed in words], language)]
    olds = [placement_of(timed) for timed in words]
    choices = []
    for k, (old, new, text, between) in enumerate(zip(olds, found, texts, _between_pins(found), strict=True)):
        is_free = k not in sought and not new.pinned and (old.span is None or _holds(between, old.span.start))
        is_displaced = k not in sought and not new.pinned and not is_free
        if is_displaced:
            choices.append(_choices_of_displaced(new, text, heard))
        else:
            choices.append(_choices(old, new, text, heard) if is_free else [_Choice(new, 0.0, None)])
    return _in_order(_best_heard(choices, room), olds, room)


def kept_of_whole(
    whole: Sequence[Placement],
    between: Sequence[Placement],
    rooms: Sequence[Span],
    heard: LettersHeard,
    spelled: Sequence[str],
) -> list[Placement]:
    """The placements found ``between`` pins, but of words that are clearly better heard where a search of the ``whole``
    without pins has them, as far as these leave that to them: ``rooms`` are the sound left to each word, ``spelled``
    its letters."""
    olds = [_inside(old, room) for old, room in zip(whole, rooms, strict=True)]
    choices = [
        [_Choice(new, 0.0, None)] if new.pinned else _choices_of_whole(old, new, unaccented(text), heard)
        for old, new, text in zip(olds, between, spelled, strict=True)
    ]
    room = Span(rooms[0].start, rooms[-1].end) if rooms else Span(0.0, 0.0)
    return _in_order(_best_heard(choices, room), olds, room)


def _inside(placement: Placement, room: Span) -> Placement:
    """The placement where a room leaves most of it, cut off there; else none."""
    span = placement.span
    if span is None:
        return placement
    start, end = max(span.start, room.start), min(span.end, room.end)
    if end - start < span.duration / 2:
        return UNSPOKEN
    return replace(placement, span=Span(start, end))


def _choices_of_whole(old: Placement, new: Placement, text: str, heard: LettersHeard) -> list[_Choice]:
    if is_same(old, new):
        return [_Choice(old, 0.0, None), _Choice(new, -_CLEARLY, None)]
    if old.span is None:
        return [_Choice(new, 0.0, False)]
    worth, clearly = _worth(old, text, heard), _CLEARLY * max(1, len(text))
    if new.span is None:
        return [_Choice(new, 0.0, False), _Choice(old, max(0.0, worth) + clearly, True)]
    is_apart = abs(new.span.start - old.span.start) > _NEAR
    worth_there = _worth(new, text, heard) + (clearly if is_apart else 0.0)
    return [_Choice(new, worth_there, False), _Choice(old, worth, True)]


def _best_heard(choices: Sequence[Sequence[_Choice]], room: Span) -> list[Placement]:
    """A choice for each word: of all ways that are in order in ``room``, those that are best heard."""
    ways = [_Way(0.0, None, None, None, None)]
    for own in choices:
        best: dict[tuple[int, bool | None], _Way] = {}  # what comes after depends on the last word that is said
        for made in [_continued(before, choice, room.start) for choice in own for before in ways]:
            last = id(made.said), made.said_is_old
            if last not in best or made.worth > best[last].worth:
                best[last] = made
        ways = nlargest(_MOST_WAYS, best.values(), key=lambda way: way.worth)
    ends = [way.said.span.start if way.said and way.said.span else -inf for way in ways]
    chosen = max(zip(ways, ends, strict=True), key=lambda each: each[0].worth - _NEVER * (each[1] > room.end))[0]
    placements = []
    way: _Way | None = chosen
    while way and way.choice:
        placements.append(way.choice.placement)
        way = way.before
    return placements[::-1]


def _between_pins(found: Sequence[Placement]) -> list[tuple[float, float]]:
    """For each word, the starts of the nearest pinned words on either side: no other way keeps the order."""
    starts = [each.span.start if each.pinned and each.span else None for each in found]
    latest = accumulate((inf if start is None else start for start in reversed(starts)), min)
    earliest = accumulate((-inf if start is None else start for start in starts), max)
    return list(zip(earliest, [*latest][::-1], strict=True))


def _holds(limits: tuple[float, float], start: float) -> bool:
    return limits[0] <= start <= limits[1]


def is_same(word: TimedWord | Placement, placement: Placement) -> bool:
    """Whether a word is placed as it was, but for what nobody sees."""
    if word.pinned != placement.pinned or word.span is None or placement.span is None:
        return word.pinned == placement.pinned and word.span is placement.span
    edges = (word.span.start - placement.span.start, word.span.end - placement.span.end)
    return word.status is placement.status and max(map(abs, edges)) <= _SAME


def _choices(old: Placement, new: Placement, text: str, heard: LettersHeard) -> list[_Choice]:
    if is_same(old, new):
        return [_Choice(old, 0.0, None), _Choice(new, -_CLEARLY, None)]
    if old.span is None:
        return [_Choice(new, _CLEARLY, False), _Choice(old, 0.0, True)]
    worth = _worth(old, text, heard)
    stays = (worth if new.span else max(0.0, worth)) + _CLEARLY * max(1, len(text))
    return [_Choice(old, stays, True), _Choice(new, _worth(new, text, heard), False)]


def _choices_of_displaced(new: Placement, text: str, heard: LettersHeard) -> list[_Choice]:
    """Of a word that cannot be where it was: where it is found, unless that is unlike it and others are heard there."""
    cost = max(0.0, _worth(new, text, heard)) + _CLEARLY * max(1, len(text))
    return [_Choice(new, 0.0, False), *([_Choice(UNSPOKEN, -cost, None)] if new.span else [])]


def _worth(placement: Placement, text: str, heard: LettersHeard) -> float:
    """How many more letters of a word are heard at its place than are by chance."""
    from rapidfuzz.distance import Levenshtein

    if placement.span is None:
        return 0.0
    return len(text) * (Levenshtein.normalized_similarity(text, heard.within(placement.span)) - _CHANCE)


def _continued(way: _Way, choice: _Choice, earliest: float) -> _Way:
    span, worth = choice.placement.span, way.worth + choice.worth
    if span is None:
        return _Way(worth, choice, way.said, way.said_is_old, way)
    is_switch = way.said_is_old is not None and choice.is_old is not None and choice.is_old != way.said_is_old
    last = way.said.span if way.said else None
    if span.start < (last.start if last else earliest) or (is_switch and last and span.start < last.end - _OVERLAP):
        worth -= _NEVER
    return _Way(worth - (_TORN if is_switch else 0.0), choice, choice.placement, choice.is_old, way)


def _in_order(placements: list[Placement], olds: Sequence[Placement], room: Span) -> list[Placement]:
    """Edges that two searches found, made to meet; where both words are as they were, so are these."""
    last: int | None = None
    for k, placement in enumerate(placements):
        if placement.span is None:
            continue
        span, earliest = placement.span, room.start
        if last is not None and (before := placements[last].span):
            earliest = before.start
            is_as_it_was = all(placements[n] == olds[n] for n in (last, k))
            if before.end > span.start and not is_as_it_was:
                if placements[last].pinned:
                    earliest = before.end
                elif span.start > before.start:
                    placements[last] = replace(placements[last], span=Span(before.start, span.start))
        if not placement.pinned and not earliest <= span.start <= room.end:
            start = max(earliest, span.start)
            is_room = start < span.end and start <= room.end
            placements[k] = replace(placement, span=Span(start, span.end)) if is_room else UNSPOKEN
        last = k if placements[k].span else last
    if last is not None and placements[last] != olds[last] and not placements[last].pinned:
        placements[last] = _ending_by(room.end, placements[last])
    return placements


def _ending_by(end: float, placement: Placement) -> Placement:
    span = placement.span
    return replace(placement, span=Span(span.start, end)) if span and span.start < end < span.end else placement

"""Search for words around a person's corrections: between pins, and outside audio that needs no text.

A *pin* is a word or passage with a time that a person set. A search between two pins has less context than a search of
the whole episode, so it must not displace well placed words. After a correction, words stay where they are unless they
match clearly better elsewhere. When the whole episode is aligned again, it is searched twice, with and without pins. A
word gets its time from the search without pins if it matches clearly better there.

Conventions
-----------
- Words before a pinned word in the text are said before its time, words after it later. Words that are pinned as not
  spoken are not searched for.
- The rest of a pinned word's sentence is searched for near the pin first, or the next sentence if there is no rest.
  Otherwise, the words before and after the pin could match two utterances of a sentence that is said twice.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import nlargest
from itertools import accumulate
from math import inf
from operator import attrgetter

import numpy as np

from aligner.emissions import FRAME, Emissions, silent_frames
from aligner.locating.acoustic.anchors import decode
from aligner.locating.quality import placement_of
from aligner.locating.spoken_words import breaks_after
from aligner.model import (
    UNSPOKEN,
    Annotation,
    Audio,
    Located,
    Pin,
    PinKind,
    Placement,
    RecognisedWord,
    Recognition,
    Span,
    Status,
    TimedWord,
    Transcript,
)
from aligner.normalization import spell, unaccented
from aligner.pins import WITHOUT_TEXT, Region, regions
from aligner.spans import SpeechSpans

Search = Callable[[Audio, Recognition], Located]
"""Searches for given words in audio."""

_EDGE = 0.1  # seconds at each end of silenced audio that may still contain letters of the words beside it


def located_outside(search: Search, audio: Audio, recognition: Recognition, silent: tuple[Span, ...]) -> Located:
    """Search for words and return the result. If an unpinned word is placed in a ``silent`` span, where the audio needs
    no text, remove the speech in all silent spans and search again."""
    found = search(audio, recognition)
    if not any(each.span and not each.pinned and _is_in(silent, each.span) for each in found.placements):
        return found
    return search(*silenced(audio, recognition, silent))


def silent_spans(annotations: Sequence[Annotation], pins: Sequence[Pin]) -> tuple[Span, ...]:
    """Return the spans of audio that a person annotated as needing no text, in order, without the times of pins."""
    known = (Span(each.start, each.end) for each in annotations if each.kind in WITHOUT_TEXT)
    return tuple(without(sorted(known, key=attrgetter("start")), [pin.span for pin in pins if pin.span]))


def silenced(audio: Audio, recognition: Recognition, silent: tuple[Span, ...]) -> tuple[Audio, Recognition]:
    """Return the audio and its recognition without the speech, words and letters in the ``silent`` spans."""
    if not silent:
        return audio, recognition
    words = tuple(word for word in recognition.words if not _is_in(silent, word))
    emissions = recognition.emissions and _silent_in(recognition.emissions, silent)
    speech = tuple(without(audio.speech, silent))
    return replace(audio, speech=speech), replace(recognition, words=words, emissions=emissions)


def _is_in(silent: Sequence[Span], one: Span | RecognisedWord) -> bool:
    middle = (one.start + one.end) / 2
    return any(span.start <= middle < span.end for span in silent)


@lru_cache(maxsize=1)  # an episode is corrected many times, and an hour of emissions takes 30 MB
def _silent_in(emissions: Emissions, silent: tuple[Span, ...]) -> Emissions:
    values = emissions.values.copy()
    for span in silent:
        part = values[round((span.start + _EDGE) / FRAME) : max(0, round((span.end - _EDGE) / FRAME))]
        part[:] = silent_frames(len(part))
    return Emissions(values, emissions.prior)


def without(spans: Iterable[Span], holes: Iterable[Span]) -> Iterator[Span]:
    """Yield the parts of the spans that lie in none of the holes."""
    in_order = sorted(holes, key=attrgetter("start"))
    for span in spans:
        start = span.start
        for hole in in_order:
            if hole.end > start and hole.start < span.end:
                if hole.start > start:
                    yield Span(start, hole.start)
                start = max(start, hole.end)
        if start < span.end:
            yield Span(start, span.end)


Locate = Callable[[Transcript, Audio, Recognition], Located]
"""Locates a transcript in audio."""

_LEAST = 2 * FRAME  # seconds; shorter regions are not searched
_LETTER, _PAUSE = 0.1, 0.7  # seconds beside a pin in which to search for its sentence: for each letter, and in all
_SENTENCE = 2  # the end of one, see ``breaks_after``


def locate_between(
    transcript: Transcript,
    audio: Audio,
    recognition: Recognition,
    pins: Sequence[Pin],
    locate: Locate,
    whole: Region | None = None,
) -> Located:
    """Place pinned words as a person pinned them, and the others where ``locate`` finds them between the pins.

    ``whole`` limits the search to a range of words and a span of audio; by default, it is the whole episode. With pins,
    the result contains no untranscribed speech. Raises ValueError if the pins contradict each other.
    """
    everything = Region(range(len(transcript.words)), Span(0.0, audio.duration))
    whole = whole or everything
    if not pins and whole == everything:
        return locate(transcript, audio, recognition)
    search = _Search(transcript, audio, recognition, locate)
    return search.located([*pins, *search.sentences(pins, whole)], whole)


@dataclass(frozen=True, slots=True)
class _Search:
    """The input of a search: a transcript, its recognised audio, and the function that locates words in audio."""

    transcript: Transcript
    audio: Audio
    recognition: Recognition
    locate: Locate

    def located(self, pins: Sequence[Pin], whole: Region) -> Located:
        """Return the placements of the words in the region ``whole``: as pinned, or found between the pins."""
        fixed = dict(_fixed(pins))
        placements = {word: fixed.get(word, UNSPOKEN) for word in whole.words}
        for region in regions(pins, whole):
            sought = [word for word in region.words if word not in fixed]
            if sought and region.span.duration >= _LEAST:
                placements |= zip(sought, self._alone(sought, region.span), strict=True)
        return Located(tuple(placements[word] for word in whole.words), ())

    def sentences(self, pins: Sequence[Pin], whole: Region) -> Iterator[Pin]:
        """Search near each pinned word for the rest of its sentence. Yield a pin for each sentence that mostly
        matches."""
        ends = np.flatnonzero(breaks_after(self.transcript) >= _SENTENCE) + 1
        edges = np.concatenate([[0], ends, [len(self.transcript.words)]]).tolist()
        parts = regions(pins, whole)
        pinned = {Region(pin.words, pin.span) for pin in pins if pin.kind is PinKind.WORD and pin.span}
        for before, own, after in zip(parts, parts[1:], parts[2:], strict=False):
            if own not in pinned:
                continue
            at = int(np.searchsorted(ends, own.words.start, side="right"))
            words = range(max(before.words.start, edges[at]), min(after.words.stop, edges[at + 1]))
            if words == own.words:
                words = range(own.words.start, min(after.words.stop, edges[at + 2]))
            if words == own.words:  # the words beside it are pinned too
                continue
            start = own.span.start - self._room(range(words.start, own.words.start))
            end = own.span.end + self._room(range(own.words.stop, words.stop))
            room = Region(words, Span(max(before.span.start, start), min(after.span.end, end)))
            found = self.located([Pin(PinKind.WORD, own.words, own.span)], room).placements
            said = [
                (k, each.span) for k, each in zip(words, found, strict=True) if each.status.is_matched and each.span
            ]
            if 2 * len(said) > len(words):
                (first, start_), (last, end_) = said[0], said[-1]
                yield Pin(PinKind.PASSAGE, range(first, last + 1), Span(start_.start, end_.end))

    def _room(self, words: range) -> float:
        letters = sum(len(word.text) for word in self.transcript.words[words.start : words.stop])
        return _LETTER * letters + _PAUSE

    def _alone(self, words: Sequence[int], span: Span) -> Iterator[Placement]:
        """Locate only the given ``words`` (indices), and only in a span of the audio; yield their placements."""
        part = replace(self.transcript, words=tuple(self.transcript.words[word] for word in words))
        offset = round(span.start / FRAME) * FRAME
        audio, recognition = _part_of_audio(self.audio, offset, span.end), self._part_of_recognition(offset, span)
        return (_moved(each, offset, span) for each in self.locate(part, audio, recognition).placements)

    def _part_of_recognition(self, offset: float, span: Span) -> Recognition:
        recognition = self.recognition
        if recognition.emissions is not None:
            whole = recognition.emissions
            values = whole.values[round(offset / FRAME) : round(span.end / FRAME)]
            return replace(recognition, emissions=Emissions(values, whole.prior))
        inside = (w for w in recognition.words if span.start <= (w.start + w.end) / 2 < span.end)
        moved = (RecognisedWord(w.text, max(0.0, w.start - offset), w.end - offset, w.probability) for w in inside)
        return replace(recognition, words=tuple(moved))


def _fixed(pins: Sequence[Pin]) -> Iterator[tuple[int, Placement]]:
    """Yield the index and the placement of each word that a pin fixes. Pins of passages do not fix single words."""
    for pin in pins:
        if pin.kind is not PinKind.PASSAGE:
            status = Status.EXACT if pin.span else Status.UNSPOKEN
            yield from ((word, Placement(pin.span, status, 1.0, pinned=True)) for word in pin.words)


def _part_of_audio(audio: Audio, offset: float, end: float) -> Audio:
    speech = SpeechSpans(audio.speech).between(offset, end)
    moved = tuple(Span(span.start - offset, span.end - offset) for span in speech)
    return replace(audio, duration=end - offset, speech=moved, samples=None)


def _moved(placement: Placement, offset: float, within: Span) -> Placement:
    if placement.span is None:
        return placement
    start, end = (
        min(max(time + offset, within.start), within.end) for time in (placement.span.start, placement.span.end)
    )
    return replace(placement, span=Span(start, end)) if start < end else UNSPOKEN


_SAME = 0.05  # seconds; a smaller difference is invisible
_CHANCE = 0.35  # similarity of a word to the letters at a random time
_CLEARLY = 0.15  # by which the similarity must be higher at a new place than at the old one
_NEAR = 0.5  # seconds; within these, two searches found the same utterance of a word and only differ in its edges
_TORN = 1.0  # letters; the cost of separating two words, of which one stays and the other one moves
_OVERLAP = 0.1  # seconds by which the edges from two searches may differ
_NEVER = 1e6  # letters
_MOST_WAYS = 16  # the beam: partial solutions that are continued


@dataclass(frozen=True, slots=True)
class TimedLetters:
    """The letters decoded or recognised in audio, without accents, and the start of each letter in seconds."""

    letters: str
    times: Sequence[float]

    @classmethod
    def of(cls, recognition: Recognition, span: Span) -> TimedLetters:
        """Return the letters recognised within a span."""
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
    """A possible placement of a word, when two lists of placements are merged, such as previous and new ones. ``worth``
    rates how well the word's letters match there. ``is_old`` says whether the placement is from the first list, None if
    it fits both. Between consecutive words, going from one list to the other has a cost."""

    placement: Placement
    worth: float
    is_old: bool | None


@dataclass(frozen=True, slots=True)
class _Way:
    """The placements chosen for the first words of a text, as a linked list (a state of a beam search). ``choice`` is
    that of the last of these words, ``before`` the list without it, ``worth`` the total worth. ``said`` is the
    placement of the last spoken word, ``said_is_old`` is ``is_old`` of that word's choice."""

    worth: float
    choice: _Choice | None
    said: Placement | None
    said_is_old: bool | None
    before: _Way | None


def merge_placements(
    words: Sequence[TimedWord],
    found: Sequence[Placement],
    sought: Collection[int],
    room: Span,
    letters: TimedLetters,
    language: str,
) -> list[Placement]:
    """Return a placement for each word: its previous one, or the one in ``found`` (from a new search) if that matches
    the recognised ``letters`` better. Placements are in order and within ``room``, a span of the audio.

    ``words`` hold the previous placements. Words with indices in ``sought`` always get the placement in ``found``.
    """
    texts = [unaccented(spelled or "") for spelled in spell([timed.word.text for timed in words], language)]
    olds = [placement_of(timed) for timed in words]
    choices = []
    for k, (old, new, text, (low, high)) in enumerate(zip(olds, found, texts, _between_pins(found), strict=True)):
        if k in sought or new.pinned:
            choices.append([_Choice(new, 0.0, None)])
        elif old.span is None or low <= old.span.start <= high:
            choices.append(_choices(old, new, text, letters))
        else:
            choices.append(_choices_of_displaced(new, text, letters))
    return _in_order(_best_choices(choices, room), olds, room)


def merge_with_whole(
    whole: Sequence[Placement],
    between: Sequence[Placement],
    rooms: Sequence[Span],
    letters: TimedLetters,
    spelled: Sequence[str],
) -> list[Placement]:
    """Choose a placement for each word from two searches: ``between``, a search between a person's pins, and ``whole``,
    a search of the whole episode without pins. Pinned words stay where they are. For another word, the placement in
    ``whole`` is chosen if the pins allow it, and its letters match better there or ``between`` did not find it. If its
    two times are far apart, its letters must match clearly better. ``rooms`` holds the span that the pins allow for
    each word, ``spelled`` each word's letters, ``letters`` those recognised in the audio."""
    olds = [_inside(old, room) for old, room in zip(whole, rooms, strict=True)]
    choices = [
        [_Choice(new, 0.0, None)] if new.pinned else _choices_of_whole(old, new, unaccented(text), letters)
        for old, new, text in zip(olds, between, spelled, strict=True)
    ]
    room = Span(rooms[0].start, rooms[-1].end) if rooms else Span(0.0, 0.0)
    return _in_order(_best_choices(choices, room), olds, room)


def _inside(placement: Placement, room: Span) -> Placement:
    span = placement.span
    if span is None:
        return placement
    start, end = max(span.start, room.start), min(span.end, room.end)
    if end - start < span.duration / 2:
        return UNSPOKEN
    return replace(placement, span=Span(start, end))


def _choices_of_whole(old: Placement, new: Placement, text: str, letters: TimedLetters) -> list[_Choice]:
    if is_same(old, new):
        return [_Choice(old, 0.0, None), _Choice(new, -_CLEARLY, None)]
    if old.span is None:
        return [_Choice(new, 0.0, False)]
    worth, clearly = _worth(old, text, letters), _CLEARLY * max(1, len(text))
    if new.span is None:
        return [_Choice(new, 0.0, False), _Choice(old, max(0.0, worth) + clearly, True)]
    is_apart = abs(new.span.start - old.span.start) > _NEAR
    worth_there = _worth(new, text, letters) + (clearly if is_apart else 0.0)
    return [_Choice(new, worth_there, False), _Choice(old, worth, True)]


def _best_choices(choices: Sequence[Sequence[_Choice]], room: Span) -> list[Placement]:
    """Choose a placement for each word so that the total worth is highest. Words start in order and within ``room``."""
    ways = [_Way(0.0, None, None, None, None)]
    for own in choices:
        best: dict[tuple[int, bool | None], _Way] = {}  # later choices depend on the last spoken word alone
        for way in [_continued(before, choice, room.start) for choice in own for before in ways]:
            last = id(way.said), way.said_is_old
            if last not in best or way.worth > best[last].worth:
                best[last] = way
        ways = nlargest(_MOST_WAYS, best.values(), key=lambda way: way.worth)
    ends = [way.said.span.start if way.said and way.said.span else -inf for way in ways]
    chosen = max(zip(ways, ends, strict=True), key=lambda each: each[0].worth - _NEVER * (each[1] > room.end))[0]
    placements = []
    step: _Way | None = chosen
    while step and step.choice:
        placements.append(step.choice.placement)
        step = step.before
    return placements[::-1]


def _between_pins(found: Sequence[Placement]) -> list[tuple[float, float]]:
    """Return two times for each word: the start of the nearest pinned word before the word (-inf if there is none), and
    of the nearest one after the word (inf if there is none). ``found`` holds the placements of all words."""
    starts = [each.span.start if each.pinned and each.span else None for each in found]
    latest = accumulate((inf if start is None else start for start in reversed(starts)), min)
    earliest = accumulate((-inf if start is None else start for start in starts), max)
    return list(zip(earliest, [*latest][::-1], strict=True))


def is_same(word: TimedWord | Placement, placement: Placement) -> bool:
    """Return whether two placements of a word differ too little for a user to notice."""
    if word.pinned != placement.pinned or word.span is None or placement.span is None:
        return word.pinned == placement.pinned and word.span is placement.span
    edges = (word.span.start - placement.span.start, word.span.end - placement.span.end)
    return word.status is placement.status and max(map(abs, edges)) <= _SAME


def _choices(old: Placement, new: Placement, text: str, letters: TimedLetters) -> list[_Choice]:
    if is_same(old, new):
        return [_Choice(old, 0.0, None), _Choice(new, -_CLEARLY, None)]
    if old.span is None:
        return [_Choice(new, _CLEARLY, False), _Choice(old, 0.0, True)]
    worth = _worth(old, text, letters)
    stays = (worth if new.span else max(0.0, worth)) + _CLEARLY * max(1, len(text))
    return [_Choice(old, stays, True), _Choice(new, _worth(new, text, letters), False)]


def _choices_of_displaced(new: Placement, text: str, letters: TimedLetters) -> list[_Choice]:
    """Return the choices for a word whose previous time contradicts the pins: its new placement, or not spoken."""
    cost = max(0.0, _worth(new, text, letters)) + _CLEARLY * max(1, len(text))
    return [_Choice(new, 0.0, False), *([_Choice(UNSPOKEN, -cost, None)] if new.span else [])]


def _worth(placement: Placement, text: str, letters: TimedLetters) -> float:
    """Return how many of a word's letters match those recognised at ``placement``, minus those expected by chance."""
    from rapidfuzz.distance import Levenshtein

    if placement.span is None:
        return 0.0
    return len(text) * (Levenshtein.normalized_similarity(text, letters.within(placement.span)) - _CHANCE)


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
    """Return the placements without overlaps between words: an edge of one word is moved so that the two words touch.
    Two words that both have their previous placements (in ``olds``) may still overlap."""
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

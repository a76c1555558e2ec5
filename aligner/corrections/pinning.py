"""What a person sets of words, as pins: when they are said, that they are not, in which sound they are. What they set
last stands; where that contradicts what was set of other words, it is refused, and told of which."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from math import inf

import numpy as np

from aligner.attempts import locate
from aligner.corrections.contradicting import check_agreement, check_beginnings, without_idle_passages
from aligner.corrections.giving_way import LEAST, giving_way, keeping_places
from aligner.corrections.repair import Heard, repaired, with_placements, with_words
from aligner.durations import clock
from aligner.errors import CorrectionError
from aligner.locating.keeping import placement_of
from aligner.locating.pinned import locate_between
from aligner.locating.quality import timed_words
from aligner.model import UNSPOKEN, Alignment, Placement, Span, Status, TimedWord
from aligner.pins import Pin, PinKind, Stretch, pins_of

_LETTER = 0.065  # seconds that one lasts for each of its letters, where nobody knows better
_LONGEST_WORD = 2.0  # seconds in which a word and the next two are sought that begins at a given time
_LEADING, _LEADING_SECONDS = 2, 0.8  # words before one that was said a little ago, and as long as they may take
_SURE = 0.6  # confidence from which on a word is where it was found
_FOLLOWING = 3  # words that are sought together
_AT_START = 0.25  # seconds after that time within which it must be found for its length to be believed


def placed(alignment: Alignment, word: int, span: Span, heard: Heard | None) -> Alignment:
    """The word said in ``span``."""
    words = checked_words(alignment, range(word, word + 1))
    return with_pins(alignment, words, [Pin(PinKind.WORD, words, _lasting(span, alignment.audio.duration))], heard)


def started(alignment: Alignment, word: int, at: float, heard: Heard | None, late: float = 0.0) -> Alignment:
    """The word said from ``at`` on, as long as it is found to last there. Who says so while they listen does it up to
    ``late`` seconds late, or a little early: it begins where it is beyond doubt heard to, if that is so near."""
    checked_words(alignment, range(word, word + 1))
    last = alignment.audio.duration
    if not at <= last:
        raise CorrectionError("{at:.2f} s is not in this sound, which lasts {duration:.2f} s", at=at, duration=last)
    if heard and late and (found := start_heard(alignment, word, at, late, heard)):
        at = found
    end = (heard and _found_end(alignment, word, at, heard)) or at + _usual_length(alignment.words[word])
    following = (each.span.start for each in alignment.words[word + 1 :] if each.pinned and each.span)
    last = max(at + LEAST, min(last, next(following, last)))
    return placed(alignment, word, Span(round(at, 3), round(min(end, last), 3)), heard)


def moved(alignment: Alignment, words: range, by: float, heard: Heard | None) -> Alignment:
    """The words so many seconds later; those that nobody says stay so."""
    said = [word for word in checked_words(alignment, words) if alignment.words[word].span]
    if not said:
        raise CorrectionError("nobody says these words: there is nothing to move")
    pins = [Pin(PinKind.WORD, range(word, word + 1), _later(alignment, word, by)) for word in said]
    return with_pins(alignment, words, pins, heard)


def _later(alignment: Alignment, word: int, by: float) -> Span:
    """When a word is said so many seconds later, in the sound; one that goes earlier ends with that at the latest."""
    span, last = alignment.words[word].span, alignment.audio.duration
    assert span
    start, end = round(span.start + by, 3), round(span.end + by, 3)
    text = alignment.words[word].word.text
    if start < 0 or start > last:
        raise CorrectionError(
            "“{word}” would be said at {start:.2f} s, which is not in this sound", word=text, start=start
        )
    if by > 0 and end > round(last, 3):
        raise CorrectionError(
            "“{word}” would be said until {end:.2f} s, after the end of this sound, which lasts {duration:.2f} s",
            word=text,
            end=end,
            duration=last,
        )
    return Span(start, end) if end <= last else _lasting(Span(start, end), last)


def not_said(alignment: Alignment, words: range, heard: Heard | None) -> Alignment:
    """The words said by nobody."""
    return with_pins(alignment, checked_words(alignment, words), [Pin(PinKind.UNSPOKEN, words, None)], heard)


def said_in(alignment: Alignment, words: range, span: Span, heard: Heard | None) -> Alignment:
    """The words said in ``span``; what was set of some of them stays where it is in there."""
    checked_words(alignment, words)
    own = _within(pins_of(alignment), words)
    inside = [
        pin for pin in own if pin.kind is PinKind.UNSPOKEN or (pin.kind is PinKind.WORD and _holds(span, pin.span))
    ]
    return with_pins(alignment, words, [*inside, Pin(PinKind.PASSAGE, words, span)], heard)


def heard_in(alignment: Alignment, words: range, span: Span, heard: Heard | None) -> Alignment:
    """The words said in ``span``, in which some of them are heard; else that is refused."""
    made = said_in(alignment, words, span, heard)
    if heard and not any(made.words[k].span for k in words):
        raise CorrectionError(
            "none of these words is heard between {start} and {end}: that is no place for them",
            start=clock(span.start, 2),
            end=clock(span.end, 2),
        )
    return made


def unpinned(alignment: Alignment, words: range, heard: Heard | None) -> Alignment:
    """The words as they are found, whatever was set of them."""
    return with_pins(alignment, checked_words(alignment, words), [], heard)


def accepted(alignment: Alignment, runs: Sequence[range], heard: Heard | None) -> Alignment:
    """The words of the ``runs`` right as they are."""
    placements = [placement_of(word) for word in alignment.words]
    chosen = np.zeros(len(placements), np.bool_)  # runs may overlap
    for run in runs:
        words = checked_words(alignment, run)
        chosen[words.start : words.stop] = True
    for word in np.flatnonzero(chosen).tolist():
        span = alignment.words[word].span
        status = Status.EXACT if span else Status.UNSPOKEN
        placements[word] = Placement(span, status, 1.0, pinned=True)
    new = with_placements(alignment, placements, heard)
    check_agreement(new, pins_of(new))
    return new


def checked_words(alignment: Alignment, words: range) -> range:
    """The words, which are some of the alignment's; raises CorrectionError if not."""
    if not 0 <= words.start < words.stop <= len(alignment.words):
        raise CorrectionError(
            "words {first} to {stop} are none of this transcript, which has {count}",
            first=words.start,
            stop=words.stop,
            count=len(alignment.words),
        )
    return words


def with_pins(alignment: Alignment, words: range, new: Sequence[Pin], heard: Heard | None) -> Alignment:
    """The alignment with ``new`` pins of the words in the place of what was set of them; what is around follows."""
    alignment = without_idle_passages(alignment)
    others = [part for pin in pins_of(alignment) for part in _beside(pin, words, new)]
    check_agreement(alignment, _in_turn(others, new))
    check_beginnings(alignment, others, new)
    new = _ending_before(new, others)
    said = [pin.span for pin in new if pin.span]
    if said:
        span = Span(min(each.start for each in said), max(each.end for each in said))
        around = giving_way(alignment.words, words, span, alignment.audio.duration)
        alignment = replace(alignment, words=around)
        others = [part for pin in pins_of(alignment) for part in _beside(pin, words, new)]
    pins = _in_turn(others, new)
    if heard is None:
        return _only_set(alignment, words, pins)
    return repaired(alignment, pins, words, heard)


def _in_turn(others: Sequence[Pin], new: Sequence[Pin]) -> list[Pin]:
    return sorted([*others, *new], key=lambda pin: pin.words.start)


def _ending_before(new: Sequence[Pin], others: Sequence[Pin]) -> list[Pin]:
    """The pins, of which a word's ends where what was set of a word after it begins."""
    after = [(pin.words.start, pin.span.start) for pin in others if pin.kind is PinKind.WORD and pin.span]
    made: list[Pin] = []
    for pin in new:
        if pin.kind is PinKind.WORD and pin.span:
            following = bisect_left(after, (pin.words.stop, -inf))
            latest = after[following][1] if following < len(after) else inf
            pin = replace(pin, span=Span(pin.span.start, min(pin.span.end, latest)))
        made.append(pin)
    return made


def _only_set(alignment: Alignment, words: range, pins: Sequence[Pin]) -> Alignment:
    """The alignment with the words as the pins have them, and nothing sought."""
    placements = [placement_of(word) for word in alignment.words]
    for word in words:
        placements[word] = replace(placements[word], pinned=False)
    set_now = sorted(_within(pins, words), key=lambda pin: pin.kind is not PinKind.PASSAGE)
    for pin in set_now:
        for word in pin.words:
            if pin.kind is PinKind.PASSAGE and pin.span:
                placements[word] = _inside(placements[word], pin.span)
            else:
                placements[word] = Placement(pin.span, Status.EXACT if pin.span else Status.UNSPOKEN, 1.0, pinned=True)
    _in_order(placements, words, [pin.span for pin in set_now if pin.span])
    made = timed_words(alignment.transcript.words, placements)
    new = with_words(alignment, keeping_places(alignment.words, made, words, pins, alignment.audio.duration), None)
    return replace(new, pinned_passages=tuple(pin for pin in pins if pin.kind is PinKind.PASSAGE))


def _inside(placement: Placement, room: Span) -> Placement:
    """The placement as far as it lies in a passage's sound."""
    span = placement.span
    if span is None or span.start >= room.end or span.end <= room.start:
        return UNSPOKEN
    return replace(placement, span=Span(max(span.start, room.start), min(span.end, room.end)))


def _in_order(placements: list[Placement], words: range, spans: Sequence[Span]) -> None:
    """What nobody set and lies on the wrong side of the ``spans`` in which somebody set the words is nowhere until it
    is sought, and what reaches into these ends, or begins, beside them."""
    if not spans:
        return
    first, last = min(span.start for span in spans), max(span.start for span in spans)
    stop = max(span.end for span in spans)
    for k, placement in enumerate(placements):
        span = placement.span
        if span is None or placement.pinned or k in words:
            continue
        is_before = k < words.start
        is_astray = span.start > first if is_before else span.start < last
        start, end = (span.start, min(span.end, first)) if is_before else (max(span.start, stop), span.end)
        placements[k] = UNSPOKEN if is_astray or start >= end else replace(placement, span=Span(start, end))


def _beside(pin: Pin, words: range, new: Sequence[Pin]) -> Iterable[Pin]:
    """What of a pin stays when ``new`` ones are set of the words: what is of other words, and a passage with some of
    them as far as these are still said in it."""
    if not (pin.words.start < words.stop and words.start < pin.words.stop):
        yield pin
    elif pin.kind is PinKind.PASSAGE:
        is_whole = words.start <= pin.words.start and pin.words.stop <= words.stop
        if new and not is_whole and all(_holds(pin.span, each.span) for each in new if each.span):
            yield pin
    else:
        for part in (range(pin.words.start, words.start), range(words.stop, pin.words.stop)):
            if part:
                yield Pin(pin.kind, part, pin.span)


def _within(pins: Iterable[Pin], words: range) -> list[Pin]:
    return [pin for pin in pins if words.start <= pin.words.start and pin.words.stop <= words.stop]


def _holds(outer: Span | None, inner: Span | None) -> bool:
    return bool(outer and inner and outer.start <= inner.start and inner.end <= outer.end)


def _lasting(span: Span, duration: float) -> Span:
    """The span, made long enough for a word within a sound."""
    end = min(max(span.end, round(span.start + LEAST, 3)), round(duration, 3))
    return Span(max(0.0, min(span.start, round(end - LEAST, 3))), end)


def start_heard(alignment: Alignment, word: int, at: float, late: float, heard: Heard) -> float | None:
    """Where the word begins beyond doubt, from ``late`` seconds before ``at`` to a quarter of that after it."""
    before = range(max(0, word - _LEADING), word)
    found = _found_near(alignment, word, before, Span(max(0.0, at - late - _LEADING_SECONDS), at), heard)
    is_sure = found.status.is_heard and found.confidence >= _SURE
    is_there = is_sure and found.span and -late <= found.span.start - at <= late / 4
    return found.span.start if is_there and found.span else None


def _found_near(alignment: Alignment, word: int, before: range, lead: Span, heard: Heard) -> Placement:
    """Where the word is found by a search with the words ``before`` it and some after it, from the start of the
    ``lead`` to as long after its end as a word can last."""
    words = range(before.start, min(word + _FOLLOWING, len(alignment.words)))
    region = Stretch(words, Span(lead.start, min(lead.end + _LONGEST_WORD, alignment.audio.duration)))
    search = partial(locate, language=alignment.language)
    located = locate_between(alignment.transcript, heard.audio, heard.recognition, [], search, region)
    return located.placements[word - words.start]


def _found_end(alignment: Alignment, word: int, at: float, heard: Heard) -> float | None:
    """Where the word is found to end that begins at ``at``; None where it is not found there."""
    found = _found_near(alignment, word, range(word, word), Span(at, at), heard)
    is_there = found.status.is_heard and found.span and found.span.start <= at + _AT_START
    return max(found.span.end, at + LEAST) if is_there and found.span else None


def _usual_length(timed: TimedWord) -> float:
    usual = max(_LETTER * len(timed.word.text), 4 * LEAST)
    known = timed.span.duration if timed.span and timed.status.is_heard else usual
    return known if known < 3 * usual else usual

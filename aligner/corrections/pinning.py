"""What a person sets of words, as pins: when they are said, that they are not spoken, in which passage of the audio.

What was set last counts. If it contradicts what was set of other words it is refused, naming the word.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from math import inf

from aligner.attempts import locate
from aligner.corrections.repair import LEAST, RecognisedAudio, beside_pinned, repaired, usual_length, with_words
from aligner.durations import clock
from aligner.errors import CorrectionError
from aligner.locating.pinned import locate_between
from aligner.model import UNSPOKEN, Alignment, Kind, Pin, PinKind, Placement, Span, Status, TimedWord
from aligner.pins import Region, pins_of, regions
from aligner.spans import JoinedSpans, SpeechSpans

_APART = 0.0195  # seconds by which words begin one after the other: a frame of the recognition, in milliseconds
_LONGEST_WORD = 2.0  # seconds in which a word and the next two are searched that begins at a given time
_LEADING, _LEADING_SECONDS = 2, 0.8  # words before one that was said a little ago, and as long as they may take
_SURE = 0.6  # confidence from which on a word is where it was found
_FOLLOWING = 3  # words that are searched together
_AT_START = 0.25  # seconds after that time within which it must be found for its length to be believed


def placed(alignment: Alignment, word: int, span: Span, heard: RecognisedAudio | None) -> Alignment:
    """Return the alignment with the word said in ``span``."""
    words = range(word, word + 1)
    return with_pins(alignment, words, [Pin(PinKind.WORD, words, _lasting(span, alignment.audio.duration))], heard)


def started(alignment: Alignment, word: int, at: float, heard: RecognisedAudio | None, late: float = 0.0) -> Alignment:
    """Return the alignment with the word said from ``at`` on, as long as it is found to last there.

    Who says so while listening does it up to ``late`` seconds late, or a little early: the word begins where it is
    certainly heard to, if that is so near.
    """
    last = alignment.audio.duration
    if not at <= last:
        raise CorrectionError("{at:.2f} s is not in this sound, which lasts {duration:.2f} s", at=at, duration=last)
    if heard and late and (found := _start_heard(alignment, word, at, late, heard)):
        at = found
    end = (heard and _end_heard(alignment, word, at, heard)) or at + _length_of(alignment.words[word])
    following = (each.span.start for each in alignment.words[word + 1 :] if each.pinned and each.span)
    last = max(at + LEAST, min(last, next(following, last)))
    return placed(alignment, word, Span(round(at, 3), round(min(end, last), 3)), heard)


def moved(alignment: Alignment, words: range, by: float, heard: RecognisedAudio | None) -> Alignment:
    """Return the alignment with the words so many seconds later; those that nobody says stay so."""
    said = [word for word in words if alignment.words[word].span]
    if not said:
        raise CorrectionError("nobody says these words: there is nothing to move")
    pins = [Pin(PinKind.WORD, range(word, word + 1), _later(alignment, word, by)) for word in said]
    return with_pins(alignment, words, pins, heard)


def _later(alignment: Alignment, word: int, by: float) -> Span:
    """Return when a word is said so many seconds later; one that is moved back ends with the audio at the latest."""
    span, last = alignment.words[word].span, alignment.audio.duration
    assert span
    start, end = round(span.start + by, 3), round(span.end + by, 3)
    if start < 0 or start > last or (by > 0 and end > round(last, 3)):
        raise CorrectionError(
            "“{word}” would be said from {start:.2f} to {end:.2f} s, which is not in this sound",
            word=alignment.words[word].word.text,
            start=start,
            end=end,
        )
    return Span(start, end) if end <= last else _lasting(Span(start, end), last)


def said_in(alignment: Alignment, words: range, span: Span, heard: RecognisedAudio | None) -> Alignment:
    """Return the alignment with the words said in ``span``; what was set of some of them stays where it is in there."""
    own = (pin for pin in pins_of(alignment) if words.start <= pin.words.start and pin.words.stop <= words.stop)
    inside = [pin for pin in own if pin.kind is not PinKind.PASSAGE and (not pin.span or _holds(span, pin.span))]
    return with_pins(alignment, words, [*inside, Pin(PinKind.PASSAGE, words, span)], heard)


def heard_in(alignment: Alignment, words: range, span: Span, heard: RecognisedAudio | None) -> Alignment:
    """As ``said_in``, but refuse it if none of the words is heard there."""
    made = said_in(alignment, words, span, heard)
    if heard and not any(made.words[k].span for k in words):
        raise CorrectionError(
            "none of these words is heard between {start} and {end}: that is no place for them",
            start=clock(span.start, 2),
            end=clock(span.end, 2),
        )
    return made


def paraphrased(alignment: Alignment, words: range, span: Span, heard: RecognisedAudio | None) -> Alignment:
    """Return the alignment with the words shown while ``span`` says the same in other words, one after the other as
    long as their letters take."""
    kinds = [timed.segment.kind for timed in alignment.segments]
    own = [k for k in words if kinds[alignment.words[k].word.segment] is Kind.SPEECH]
    if not own:
        raise CorrectionError("none of these words is of speech: nobody says them")
    if round(span.duration, 3) < LEAST * len(own):
        raise CorrectionError(
            "{n} words take more than {seconds:.2f} s: select a longer passage",
            n=len(own),
            seconds=span.duration,
        )
    speech = SpeechSpans(heard.audio.speech) if heard else SpeechSpans([span])
    places = _shared([alignment.words[k] for k in own], span, speech)
    pins = [Pin(PinKind.WORD, range(k, k + 1), place) for k, place in zip(own, places, strict=True)]
    return with_pins(alignment, words, pins, heard)


def _shared(words: Sequence[TimedWord], room: Span, speech: SpeechSpans) -> list[Span]:
    """Return places for words that share the speech in a room by their letters; if that leaves one too little, all of
    the room equally."""
    spans = speech.between(room.start, room.end) or [room]
    places = JoinedSpans(spans).share_out([max(1, len(each.word.text)) for each in words])
    if min(each.duration for each in places) < LEAST:
        places = JoinedSpans([room]).share_out([1] * len(words))
    return [Span(round(each.start, 3), round(each.end, 3)) for each in places]


def accepted(alignment: Alignment, runs: Sequence[range], heard: RecognisedAudio | None) -> Alignment:
    """Return the alignment with the words of the ``runs``, which may overlap, pinned as they are."""
    words = list(alignment.words)
    for word in {word for run in runs for word in run}:
        status = Status.EXACT if words[word].span else Status.UNSPOKEN
        words[word] = replace(words[word], status=status, confidence=1.0, pinned=True)
    new = with_words(alignment, tuple(words), heard)
    _check_agreement(new, pins_of(new), [])
    return new


def with_pins(alignment: Alignment, words: range, new: Sequence[Pin], heard: RecognisedAudio | None) -> Alignment:
    """Return the alignment with ``new`` pins of the words instead of what was set of them; what is around follows.

    Without what was heard nothing is searched.
    """
    others = _left_of(pins_of(alignment), words, new)
    _check_agreement(alignment, others, new)
    new = _ending_before(new, others)
    said = [pin.span for pin in new if pin.span]
    if said:
        span = Span(min(each.start for each in said), max(each.end for each in said))
        around = beside_pinned(alignment.words, words, span, alignment.audio.duration)
        alignment = replace(alignment, words=around)
        others = _left_of(pins_of(alignment), words, new)
    pins = sorted([*others, *new], key=lambda pin: pin.words.start)
    return repaired(alignment, pins, words, heard)


def _check_agreement(alignment: Alignment, others: Sequence[Pin], new: Sequence[Pin]) -> None:
    """Raise CorrectionError if ``new`` pins contradict the others."""
    pins = sorted([*others, *new], key=lambda pin: pin.words.start)
    placed = [(pin.words.start, pin.span) for pin in pins if pin.kind is PinKind.WORD and pin.span]
    own = {pin.words.start for pin in new if pin.kind is PinKind.WORD}
    for (one, before), (other, after) in pairwise(placed):
        if after.start - before.start < (_APART if (one in own) != (other in own) else 0.0):
            raise CorrectionError(
                "“{first}” would be said at {start}, and “{second}”, which follows it, at {end}; "
                "set the other one right first",
                first=alignment.words[one].word.text,
                start=clock(before.start, 2),
                second=alignment.words[other].word.text,
                end=clock(after.start, 2),
            )
    try:
        regions(pins, Region(range(len(alignment.words)), Span(0.0, alignment.audio.duration)))
    except ValueError as error:
        raise CorrectionError("this contradicts what was set right beside it; take that back first") from error


def _ending_before(new: Sequence[Pin], others: Sequence[Pin]) -> list[Pin]:
    """Return the pins, of which a word's ends where what was set of a word after it begins."""
    after = [(pin.words.start, pin.span.start) for pin in others if pin.kind is PinKind.WORD and pin.span]
    made: list[Pin] = []
    for pin in new:
        if pin.kind is PinKind.WORD and pin.span:
            following = bisect_left(after, (pin.words.stop, -inf))
            latest = after[following][1] if following < len(after) else inf
            pin = replace(pin, span=Span(pin.span.start, min(pin.span.end, latest)))
        made.append(pin)
    return made


def _left_of(pins: Iterable[Pin], words: range, new: Sequence[Pin]) -> list[Pin]:
    """Return what of the pins stays when ``new`` ones are set of the words: what is of other words, and a passage with
    some of them if these are still said in it."""
    left: list[Pin] = []
    for pin in pins:
        if not (pin.words.start < words.stop and words.start < pin.words.stop):
            left.append(pin)
        elif pin.kind is PinKind.PASSAGE:
            is_whole = words.start <= pin.words.start and pin.words.stop <= words.stop
            if new and not is_whole and all(_holds(pin.span, each.span) for each in new if each.span):
                left.append(pin)
        else:
            parts = range(pin.words.start, words.start), range(words.stop, pin.words.stop)
            left += (Pin(pin.kind, part, pin.span) for part in parts if part)
    return left


def _holds(outer: Span | None, inner: Span | None) -> bool:
    return bool(outer and inner and outer.start <= inner.start and inner.end <= outer.end)


def _lasting(span: Span, duration: float) -> Span:
    """Return the span, made long enough for a word within audio of that duration."""
    end = min(max(span.end, round(span.start + LEAST, 3)), round(duration, 3))
    return Span(max(0.0, min(span.start, round(end - LEAST, 3))), end)


def _start_heard(alignment: Alignment, word: int, at: float, late: float, heard: RecognisedAudio) -> float | None:
    """Return where the word certainly begins, from ``late`` seconds before ``at`` to a quarter of that after it."""
    lead = Span(max(0.0, at - late - _LEADING_SECONDS), at)
    found = _found_near(alignment, word, max(0, word - _LEADING), lead, heard)
    is_there = found.span and found.confidence >= _SURE and -late <= found.span.start - at <= late / 4
    return found.span.start if is_there and found.span else None


def _end_heard(alignment: Alignment, word: int, at: float, heard: RecognisedAudio) -> float | None:
    """Return where the word is found to end that begins at ``at``, None if it is not found there."""
    span = _found_near(alignment, word, word, Span(at, at), heard).span
    return max(span.end, at + LEAST) if span and span.start <= at + _AT_START else None


def _found_near(alignment: Alignment, word: int, first: int, lead: Span, heard: RecognisedAudio) -> Placement:
    """Return where the word is heard by a search with those from the ``first`` on and some after it, from the start of
    the ``lead`` to as long after its end as a word can last."""
    words = range(first, min(word + _FOLLOWING, len(alignment.words)))
    region = Region(words, Span(lead.start, min(lead.end + _LONGEST_WORD, alignment.audio.duration)))
    search = partial(locate, language=alignment.language)
    located = locate_between(alignment.transcript, heard.audio, heard.recognition, [], search, region)
    found = located.placements[word - first]
    return found if found.status.is_matched else UNSPOKEN


def _length_of(timed: TimedWord) -> float:
    usual = max(usual_length(timed), 4 * LEAST)
    known = timed.span.duration if timed.span and timed.status.is_matched else usual
    return known if known < 3 * usual else usual

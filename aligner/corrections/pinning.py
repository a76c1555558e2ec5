"""Pin words: fix when they are spoken, or a passage of audio that contains them, or that they are not spoken.

A new pin replaces earlier pins of the same words. A CorrectionError is raised if a new pin contradicts pins of other
words. Without ``recognised`` (the recognised audio), the words around a pin are moved but not searched again.
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

_APART = 0.0195  # seconds at least between the starts of two words: one frame of the recogniser
_LONGEST_WORD = 2.0  # seconds after the start of a word in which it and the next two are searched
_LEADING, _LEADING_SECONDS = 2, 0.8  # words searched with the one after them, and their longest duration
_SURE = 0.6  # least confidence of a certain match
_FOLLOWING = 3  # words that are searched together, the first included
_AT_START = 0.25  # seconds; the end of a match that starts later is not used


def placed(alignment: Alignment, word: int, span: Span, recognised: RecognisedAudio | None) -> Alignment:
    """Return the alignment with the word at index ``word`` pinned to ``span``."""
    words = range(word, word + 1)
    return with_pins(alignment, words, [Pin(PinKind.WORD, words, _widened(span, alignment.audio.duration))], recognised)


def started(
    alignment: Alignment, word: int, at: float, recognised: RecognisedAudio | None, late: float = 0.0
) -> Alignment:
    """Return the alignment with the start of a word pinned to ``at``, and the word's end set to the end of its match.

    A person who marks a start while listening presses the key up to ``late`` seconds late, or slightly early. If a
    match with high confidence starts in that interval, its start is used instead of ``at``. Raises CorrectionError if
    ``at`` is beyond the audio.
    """
    last = alignment.audio.duration
    if not at <= last:
        raise CorrectionError("{at:.2f} s is outside this audio, which lasts {duration:.2f} s", at=at, duration=last)
    if recognised and late and (found := _start_near(alignment, word, at, late, recognised)):
        at = found
    end = (recognised and _end_near(alignment, word, at, recognised)) or at + _length_of(alignment.words[word])
    following = (each.span.start for each in alignment.words[word + 1 :] if each.pinned and each.span)
    last = max(at + LEAST, min(last, next(following, last)))
    return placed(alignment, word, Span(round(at, 3), round(min(end, last), 3)), recognised)


def moved(alignment: Alignment, words: range, by: float, recognised: RecognisedAudio | None) -> Alignment:
    """Return the alignment with all spoken words in ``words`` moved ``by`` seconds later and pinned there. Raises
    CorrectionError if none of them is spoken, or if one would lie outside the audio."""
    said = [word for word in words if alignment.words[word].span]
    if not said:
        raise CorrectionError("none of these words is spoken: there is nothing to move")
    pins = [Pin(PinKind.WORD, range(word, word + 1), _later(alignment, word, by)) for word in said]
    return with_pins(alignment, words, pins, recognised)


def _later(alignment: Alignment, word: int, by: float) -> Span:
    span, last = alignment.words[word].span, alignment.audio.duration
    assert span
    start, end = round(span.start + by, 3), round(span.end + by, 3)
    if start < 0 or start > last or (by > 0 and end > round(last, 3)):
        raise CorrectionError(
            "“{word}” would be said from {start:.2f} to {end:.2f} s, which is outside this audio",
            word=alignment.words[word].word.text,
            start=start,
            end=end,
        )
    return Span(start, end) if end <= last else _widened(Span(start, end), last)


def within_passage(alignment: Alignment, words: range, span: Span, recognised: RecognisedAudio | None) -> Alignment:
    """Return the alignment with ``words`` pinned to the passage ``span``. Earlier pins to times in ``span`` stay."""
    own = (pin for pin in pins_of(alignment) if words.start <= pin.words.start and pin.words.stop <= words.stop)
    inside = [pin for pin in own if pin.kind is not PinKind.PASSAGE and (not pin.span or _holds(span, pin.span))]
    return with_pins(alignment, words, [*inside, Pin(PinKind.PASSAGE, words, span)], recognised)


def matched_in(alignment: Alignment, words: range, span: Span, recognised: RecognisedAudio | None) -> Alignment:
    """Pin ``words`` to a passage, like ``within_passage``, but raise CorrectionError if none of them matches there."""
    new = within_passage(alignment, words, span, recognised)
    if recognised and not any(new.words[k].span for k in words):
        raise CorrectionError(
            "none of these words is found between {start} and {end}: select another passage",
            start=clock(span.start, 2),
            end=clock(span.end, 2),
        )
    return new


def paraphrased(alignment: Alignment, words: range, span: Span, recognised: RecognisedAudio | None) -> Alignment:
    """Return the alignment with ``words`` pinned to times in ``span``, where a paraphrase of them is spoken. Only words
    of speech are pinned, not headings and notes. Raises CorrectionError if there are none, or too many for ``span``."""
    kinds = [timed.segment.kind for timed in alignment.segments]
    own = [k for k in words if kinds[alignment.words[k].word.segment] is Kind.SPEECH]
    if not own:
        raise CorrectionError("none of these words is of speech: they cannot be paraphrased")
    if round(span.duration, 3) < LEAST * len(own):
        raise CorrectionError(
            "{n} words take more than {seconds:.2f} s: select a longer passage",
            n=len(own),
            seconds=span.duration,
        )
    speech = SpeechSpans(recognised.audio.speech) if recognised else SpeechSpans([span])
    spans = _shared_out([alignment.words[k] for k in own], span, speech)
    pins = [Pin(PinKind.WORD, range(k, k + 1), each) for k, each in zip(own, spans, strict=True)]
    return with_pins(alignment, words, pins, recognised)


def _shared_out(words: Sequence[TimedWord], room: Span, speech: SpeechSpans) -> list[Span]:
    """Return a span for each word: the speech in ``room`` divided by the lengths of the words. If a span would be too
    short, all of ``room`` is divided evenly instead."""
    speech_spans = speech.between(room.start, room.end) or [room]
    shares = JoinedSpans(speech_spans).share_out([max(1, len(each.word.text)) for each in words])
    if min(each.duration for each in shares) < LEAST:
        shares = JoinedSpans([room]).share_out([1] * len(words))
    return [Span(round(each.start, 3), round(each.end, 3)) for each in shares]


def accepted(alignment: Alignment, runs: Sequence[range], recognised: RecognisedAudio | None) -> Alignment:
    """Return the alignment with the words in the ranges ``runs``, which may overlap, pinned at their present times."""
    words = list(alignment.words)
    for word in {word for run in runs for word in run}:
        status = Status.EXACT if words[word].span else Status.UNSPOKEN
        words[word] = replace(words[word], status=status, confidence=1.0, pinned=True)
    new = with_words(alignment, tuple(words), recognised)
    _check_agreement(new, pins_of(new), [])
    return new


def with_pins(alignment: Alignment, words: range, new: Sequence[Pin], recognised: RecognisedAudio | None) -> Alignment:
    """Return the alignment with the pins ``new`` in place of earlier pins of ``words``. Neighbouring words are aligned
    again, or only moved or cut if ``recognised`` is None. Raises CorrectionError if pins contradict each other."""
    others = _remaining(pins_of(alignment), words, new)
    _check_agreement(alignment, others, new)
    new = _ending_before(new, others)
    said = [pin.span for pin in new if pin.span]
    if said:
        span = Span(min(each.start for each in said), max(each.end for each in said))
        around = beside_pinned(alignment.words, words, span, alignment.audio.duration)
        alignment = replace(alignment, words=around)
        others = _remaining(pins_of(alignment), words, new)
    pins = sorted([*others, *new], key=lambda pin: pin.words.start)
    return repaired(alignment, pins, words, recognised)


def _check_agreement(alignment: Alignment, others: Sequence[Pin], new: Sequence[Pin]) -> None:
    pins = sorted([*others, *new], key=lambda pin: pin.words.start)
    placed = [(pin.words.start, pin.span) for pin in pins if pin.kind is PinKind.WORD and pin.span]
    own = {pin.words.start for pin in new if pin.kind is PinKind.WORD}
    for (one, before), (other, after) in pairwise(placed):
        if after.start - before.start < (_APART if (one in own) != (other in own) else 0.0):
            raise CorrectionError(
                "“{first}” would be said at {start}, and “{second}”, which follows it, at {end}; "
                "correct the other one first",
                first=alignment.words[one].word.text,
                start=clock(before.start, 2),
                second=alignment.words[other].word.text,
                end=clock(after.start, 2),
            )
    try:
        regions(pins, Region(range(len(alignment.words)), Span(0.0, alignment.audio.duration)))
    except ValueError as error:
        raise CorrectionError("this contradicts a correction beside it; undo that one first") from error


def _ending_before(new: Sequence[Pin], others: Sequence[Pin]) -> list[Pin]:
    """Return the pins ``new``, each cut where it would overlap the next word that is pinned in ``others``."""
    after = [(pin.words.start, pin.span.start) for pin in others if pin.kind is PinKind.WORD and pin.span]
    cut: list[Pin] = []
    for pin in new:
        if pin.kind is PinKind.WORD and pin.span:
            following = bisect_left(after, (pin.words.stop, -inf))
            latest = after[following][1] if following < len(after) else inf
            pin = replace(pin, span=Span(pin.span.start, min(pin.span.end, latest)))
        cut.append(pin)
    return cut


def _remaining(pins: Iterable[Pin], words: range, new: Sequence[Pin]) -> list[Pin]:
    """Return those of the earlier ``pins`` that stay when the ``new`` pins are set on ``words``. Pins of words outside
    ``words`` stay. A pinned passage that is partly outside ``words`` stays if there are new pins and the passage
    contains the times of all of them."""
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


def _widened(span: Span, duration: float) -> Span:
    """Return the span cut to the audio's ``duration``, and lengthened to ``LEAST`` seconds if it is shorter."""
    end = min(max(span.end, round(span.start + LEAST, 3)), round(duration, 3))
    return Span(max(0.0, min(span.start, round(end - LEAST, 3))), end)


def _start_near(alignment: Alignment, word: int, at: float, late: float, recognised: RecognisedAudio) -> float | None:
    """Return the start of a confident match of the word between ``at - late`` and ``at + late / 4``, or None."""
    lead = Span(max(0.0, at - late - _LEADING_SECONDS), at)
    found = _found_near(alignment, word, max(0, word - _LEADING), lead, recognised)
    is_there = found.span and found.confidence >= _SURE and -late <= found.span.start - at <= late / 4
    return found.span.start if is_there and found.span else None


def _end_near(alignment: Alignment, word: int, at: float, recognised: RecognisedAudio) -> float | None:
    """Return the end of the word's match that starts at ``at`` or shortly after it; None if there is no such match."""
    span = _found_near(alignment, word, word, Span(at, at), recognised).span
    return max(span.end, at + LEAST) if span and span.start <= at + _AT_START else None


def _found_near(alignment: Alignment, word: int, first: int, lead: Span, recognised: RecognisedAudio) -> Placement:
    """Return the match of ``word`` in the audio of ``lead`` and ``_LONGEST_WORD`` seconds after it; UNSPOKEN without a
    match. The words from ``first`` to ``word`` and two more are searched for together."""
    words = range(first, min(word + _FOLLOWING, len(alignment.words)))
    region = Region(words, Span(lead.start, min(lead.end + _LONGEST_WORD, alignment.audio.duration)))
    search = partial(locate, language=alignment.language)
    located = locate_between(alignment.transcript, recognised.audio, recognised.recognition, [], search, region)
    found = located.placements[word - first]
    return found if found.status.is_matched else UNSPOKEN


def _length_of(timed: TimedWord) -> float:
    usual = max(usual_length(timed), 4 * LEAST)
    known = timed.span.duration if timed.span and timed.status.is_matched else usual
    return known if known < 3 * usual else usual

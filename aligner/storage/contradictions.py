"""Pins that contradict others, or what stands around them, as where somebody has edited alignment.json: each costs
itself and nothing else, and is told as lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from math import inf

from aligner.model import Alignment, Status, TimedWord
from aligner.pins import LostPin, Pin, PinKind, agreeing, pins_of

_BEYOND = 0.1  # seconds after the sound's end, as what is checked may lie
_LONGEST_TEXT = 100_000  # characters of what is told of a pin


def without_contradictions(alignment: Alignment) -> Alignment:
    """The alignment without the pins that contradict the order of the words, the length of the sound or each other; it
    is the same where none does. A word whose pin goes has no time."""
    pins = pins_of(alignment)
    odd = {pin for pin in pins if _is_outside(pin, alignment)} | set(_out_of_order(alignment))
    lost = odd.union(agreeing([pin for pin in pins if pin not in odd])[1])
    if not lost:
        return alignment
    gone = {pin.words.start for pin in lost if pin.kind is PinKind.WORD}
    words = tuple(_without_time(word) if k in gone else word for k, word in enumerate(alignment.words))
    told = [LostPin(pin.kind, _text(pin, alignment), pin.span) for pin in pins if pin in lost]
    return replace(
        alignment,
        words=words,
        pinned_passages=tuple(pin for pin in alignment.pinned_passages if pin not in lost),
        lost_pins=(*alignment.lost_pins, *told),
    )


def _is_outside(pin: Pin, alignment: Alignment) -> bool:
    """Whether a pin lies outside the sound, or a passage outside the text."""
    return pin.words.stop > len(alignment.words) or (
        pin.span is not None and pin.span.end > alignment.audio.duration + _BEYOND
    )


def _out_of_order(alignment: Alignment) -> Iterator[Pin]:
    """The pins of words that start before an unpinned word which stands before them, or after one that stands after."""
    starts = [word.span.start if word.span and not word.pinned else None for word in alignment.words]
    latest = list(accumulate((-inf if start is None else start for start in starts), max))
    earliest = list(accumulate((inf if start is None else start for start in reversed(starts)), min))[::-1]
    for k, word in enumerate(alignment.words):
        if word.pinned and word.span and not latest[k] <= word.span.start <= earliest[k]:
            yield Pin(PinKind.WORD, range(k, k + 1), word.span)


def _without_time(word: TimedWord) -> TimedWord:
    return replace(word, span=None, status=Status.UNSPOKEN, confidence=0.0, pinned=False)


def _text(pin: Pin, alignment: Alignment) -> str:
    return " ".join(timed.word.text for timed in alignment.words[pin.words.start : pin.words.stop])[:_LONGEST_TEXT]

"""What a person sets that contradicts what they set before: it is refused, and told of which. A passage that was set
where nothing of it is said gives way instead, and is told as lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from aligner.corrections.pins import lost_pin
from aligner.durations import clock
from aligner.errors import CorrectionError
from aligner.model import Alignment, Span
from aligner.pins import Pin, PinKind, Stretch, stretches

_APART = 0.0195  # seconds by which words begin one after the other: a frame of what is heard, in milliseconds


def check_agreement(alignment: Alignment, pins: Sequence[Pin]) -> None:
    """Raises CorrectionError where the pins, in order of their words, contradict each other."""
    for one, other in pairwise(_said(pins)):
        if other[1].start < one[1].start:
            raise CorrectionError(
                "“{first}” would be said at {start}, after “{second}”, which follows it and is said at {end}; "
                "set the other one right first",
                first=alignment.words[one[0]].word.text,
                start=clock(one[1].start, 2),
                second=alignment.words[other[0]].word.text,
                end=clock(other[1].start, 2),
            )
    try:
        stretches(pins, Stretch(range(len(alignment.words)), Span(0.0, alignment.audio.duration)))
    except ValueError as error:
        raise CorrectionError("this contradicts what was set right beside it; take that back first") from error


def check_beginnings(alignment: Alignment, others: Sequence[Pin], new: Sequence[Pin]) -> None:
    """Raises CorrectionError where a ``new`` pin has a word begin when one beside it does that was set before."""
    own = {word for word, _ in _said(new)}
    in_order = sorted(_said([*others, *new]), key=lambda each: each[0])
    for (one, before), (other, after) in pairwise(in_order):
        if (one in own) != (other in own) and after.start - before.start < _APART:
            word, beside = (one, other) if one in own else (other, one)
            raise CorrectionError(
                "“{word}” would begin at {start}, as “{other}” beside it does, which was set; set that one right first",
                word=alignment.words[word].word.text,
                start=clock((before if one in own else after).start, 2),
                other=alignment.words[beside].word.text,
            )


def without_idle_passages(alignment: Alignment) -> Alignment:
    """The alignment without the passages in which nothing is said and which words around them contradict: these are
    lost."""
    idle = [pin for pin in alignment.pinned_passages if _is_idle(pin, alignment)]
    if not idle:
        return alignment
    words = [timed.word for timed in alignment.words]
    return replace(
        alignment,
        pinned_passages=tuple(pin for pin in alignment.pinned_passages if pin not in idle),
        lost_pins=(*alignment.lost_pins, *(lost_pin(pin, words) for pin in idle)),
    )


def _is_idle(pin: Pin, alignment: Alignment) -> bool:
    words, span = alignment.words, pin.span
    if span is None or any(words[k].span for k in pin.words):
        return False
    before = next((each.span for each in reversed(words[: pin.words.start]) if each.span), None)
    after = next((each.span for each in words[pin.words.stop :] if each.span), None)
    return bool((before and before.start > span.start) or (after and after.end < span.end))


def _said(pins: Sequence[Pin]) -> list[tuple[int, Span]]:
    return [(pin.words.start, pin.span) for pin in pins if pin.kind is PinKind.WORD and pin.span]

"""What people fixed and said of an episode: pins, annotations of its audio, and who reviewed it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import inf

from aligner.model import Alignment, Pin, PinKind, Settled, SettledKind, Signature, Span, Untranscribed
from media.errors import Message


def pins_of(alignment: Alignment) -> tuple[Pin, ...]:
    """Return all that a person fixed, in order of the words: a pin for each pinned word that is said, one for each run
    of those that are not."""
    pins, words = [*alignment.pinned_passages], alignment.words
    for (_, pinned), run in groupby(range(len(words)), key=lambda k: (words[k].span and k, words[k].pinned)):
        if pinned:
            indices = list(run)
            span = words[indices[0]].span
            pins.append(Pin(PinKind.WORD if span else PinKind.UNSPOKEN, range(indices[0], indices[-1] + 1), span))
    return tuple(sorted(pins, key=lambda pin: pin.words.start))


def passages_of(pins: Sequence[Pin]) -> tuple[Pin, ...]:
    """Return the pins of passages, which the words do not hold."""
    return tuple(pin for pin in pins if pin.kind is PinKind.PASSAGE)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that are sought in ``span`` and nowhere else: those of ``words`` that no pin places."""

    words: range
    span: Span


def stretches(pins: Sequence[Pin], whole: Stretch) -> list[Stretch]:
    """Return the parts of ``whole`` between pins, in order; of pins that have other words too, what is among their own.

    Stretches may be without words: what was said there is missing from the transcript. Raises ValueError if the pins
    contradict each other: a word would have to be said before one that stands before it.
    """
    ends = [(whole.words.start, whole.span.start), (whole.words.stop, whole.span.end)]
    walls = sorted([*ends, *walls_among(pins, whole.words)])
    if not _is_in_order(walls):
        raise ValueError("pins contradict each other: their words are in another order than their times")
    return [Stretch(range(first, stop), Span(start, end)) for (first, start), (stop, end) in pairwise(walls)]


def walls_among(pins: Sequence[Pin], words: range) -> Iterator[tuple[int, float]]:
    """Yield the words among ``words`` before which pins are a wall, and the times: what is before is said before, what
    is after, after. A pin that has words beyond them too has its own wall among them at most."""
    for pinned, span in _placed(pins):
        is_within = words.start <= pinned.start and pinned.stop <= words.stop
        walls = (pinned.start, span.start), (pinned.stop, span.end)
        yield from (wall for wall in walls if is_within or words.start < wall[0] < words.stop)


def rooms_between(pins: Sequence[Pin], whole: Stretch) -> list[Span]:
    """Return the audio that pins leave to each word of ``whole``; raises as ``stretches``."""
    return [stretch.span for stretch in stretches(pins, whole) for _ in stretch.words]


def _placed(pins: Sequence[Pin]) -> Iterator[tuple[range, Span]]:
    """Yield the pins with a time; a word that lasts into the next pinned one ends where that begins."""
    yield from ((pin.words, pin.span) for pin in pins if pin.kind is PinKind.PASSAGE and pin.span)
    placed = [(pin.words.start, pin.span) for pin in pins if pin.kind is PinKind.WORD and pin.span]
    words = sorted((word, span.start, span.end) for word, span in placed)
    following = [*(start for _, start, _ in words[1:]), inf]
    for (word, start, end), latest in zip(words, following, strict=False):
        yield range(word, word + 1), Span(start, min(end, max(start, latest)))


def agreeing(pins: Sequence[Pin]) -> tuple[list[Pin], list[Pin]]:
    """Return pins, in order of their words, that do not contradict each other: as many of words as can be, and of
    passages what goes with these; and those that are left over."""
    placed = [pin for pin in pins if pin.kind is PinKind.WORD and pin.span]
    kept = [placed[k] for k in longest_in_order([pin.span.start for pin in placed if pin.span])]
    everything = range(max((pin.words.stop for pin in pins), default=0))
    for pin in pins:
        if pin.kind is PinKind.PASSAGE and _is_in_order(sorted(walls_among([*kept, pin], everything))):
            kept.append(pin)
    known = set(map(id, kept))
    agree = [pin for pin in pins if pin.span is None or id(pin) in known]
    return agree, [pin for pin in pins if pin.span and id(pin) not in known]


def _is_in_order(walls: Sequence[tuple[int, float]]) -> bool:
    return all(before <= after for (_, before), (_, after) in pairwise(walls))


def longest_in_order(times: Sequence[float]) -> list[int]:
    """Return the places of a longest part of the times that never falls (patience sorting)."""
    ends: list[float] = []
    places: list[int] = []  # of the times in ``ends``
    before: list[int] = []
    for place, time in enumerate(times):
        length = bisect_right(ends, time)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1], places[length : length + 1] = [time], [place]
    chain, place = [], places[-1] if places else -1
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain[::-1]


_ROUNDING = 1e-5  # seconds; times are milliseconds


OF_SOUND = (SettledKind.ADVERT, SettledKind.JINGLE, SettledKind.DISMISSED)
"""What sound may be that needs no text."""


def is_settled_as(settled: Sequence[Settled], kind: SettledKind, start: float, end: float) -> bool:
    """Return whether half or more of a passage, whose edges may have moved a little since, is settled as that."""
    covered = (min(each.end, end) - max(each.start, start) for each in settled if each.kind is kind)
    return sum(seconds for seconds in covered if seconds > 0) >= (end - start) / 2 - _ROUNDING


def settled_kind(settled: Sequence[Settled], passage: Untranscribed) -> SettledKind | None:
    """Return what a person said of speech that is missing from the transcript, None if it is still to be asked."""
    return next((kind for kind in OF_SOUND if is_settled_as(settled, kind, passage.start, passage.end)), None)


def lacking(alignment: Alignment) -> tuple[Untranscribed, ...]:
    """The speech that the text lacks, without what a person has settled."""
    return tuple(each for each in alignment.untranscribed if settled_kind(alignment.settled, each) is None)


def is_unread(signature: Signature | None, machine_text: bool) -> bool:
    """Whether a text is a machine's and nobody stands for it: that its words are heard where they are says nothing of
    whether they are right."""
    return machine_text and signature is None


def standing(signature: Signature | None, machine_text: bool, told: Callable[[str], str] = str) -> Message:
    """What is said of an alignment wherever it is shown: who stands for it, else what of it a machine made; ``told`` is
    how the ISO date of a signature is written."""
    if signature is None:
        return Message("machine-made text, not reviewed") if machine_text else Message("machine-timed, not reviewed")
    day = told(signature.when[:10])
    seen = round(10_000 * signature.share) // 100  # what is not all is never told as all
    if seen >= 100:
        return Message("reviewed by {who}, {day}", who=signature.who, day=day)
    return Message(
        "reviewed by {who}, {day}, with a look at {seen}% of the words", who=signature.who, day=day, seen=seen
    )


def taken_off(before: Signature | None, now: Signature | None, same_sound: bool) -> tuple[Message, ...]:
    """Return the warning that a signature was taken off, if it was: for another sound was aligned, or other words."""
    if before is None or now is not None:
        return ()
    if not same_sound:
        return (
            Message(
                "the signature of {who} was taken off, for this is another sound than the one that was signed",
                who=before.who,
            ),
        )
    return (
        Message(
            "the signature of {who} was taken off, for some words, or the times at which they are said, are no longer "
            "those that were signed",
            who=before.who,
        ),
    )


def is_taken_off(told: str) -> bool:
    """Return whether a warning is ``taken_off``."""
    return isinstance(told, Message) and told.template.startswith("the signature of {who} was taken off")

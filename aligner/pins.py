"""What people fixed and said of an episode: pins, annotations of its audio, and who reviewed it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import inf

from aligner.model import Alignment, Annotation, AnnotationKind, Pin, PinKind, Review, Span, Untranscribed
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
class Region:
    """Words that are sought in ``span`` and nowhere else: those of ``words`` that no pin places."""

    words: range
    span: Span


def regions(pins: Sequence[Pin], whole: Region) -> list[Region]:
    """Return the parts of ``whole`` between pins, in order; of pins that have other words too, what is among their own.

    Stretches may be without words: what was said there is missing from the transcript. Raises ValueError if the pins
    contradict each other: a word would have to be said before one that stands before it.
    """
    ends = [(whole.words.start, whole.span.start), (whole.words.stop, whole.span.end)]
    walls = sorted([*ends, *walls_among(pins, whole.words)])
    if not _is_in_order(walls):
        raise ValueError("pins contradict each other: their words are in another order than their times")
    return [Region(range(first, stop), Span(start, end)) for (first, start), (stop, end) in pairwise(walls)]


def walls_among(pins: Sequence[Pin], words: range) -> Iterator[tuple[int, float]]:
    """Yield the words among ``words`` before which pins are a wall, and the times: what is before is said before, what
    is after, after. A pin that has words beyond them too has its own wall among them at most."""
    for pinned, span in _placed(pins):
        is_within = words.start <= pinned.start and pinned.stop <= words.stop
        walls = (pinned.start, span.start), (pinned.stop, span.end)
        yield from (wall for wall in walls if is_within or words.start < wall[0] < words.stop)


def rooms_between(pins: Sequence[Pin], whole: Region) -> list[Span]:
    """Return the audio that pins leave to each word of ``whole``; raises as ``regions``."""
    return [region.span for region in regions(pins, whole) for _ in region.words]


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


OF_SOUND = (AnnotationKind.AD, AnnotationKind.JINGLE, AnnotationKind.DISMISSED)
"""What sound may be that needs no text."""


def is_annotated_as(annotations: Sequence[Annotation], kind: AnnotationKind, start: float, end: float) -> bool:
    """Return whether half or more of a passage, whose edges may have moved a little since, is annotated as that."""
    covered = (min(each.end, end) - max(each.start, start) for each in annotations if each.kind is kind)
    return sum(seconds for seconds in covered if seconds > 0) >= (end - start) / 2 - _ROUNDING


def annotation_kind(annotations: Sequence[Annotation], passage: Untranscribed) -> AnnotationKind | None:
    """Return what a person said of speech that is missing from the transcript, None if it is still to be asked."""
    return next((kind for kind in OF_SOUND if is_annotated_as(annotations, kind, passage.start, passage.end)), None)


def open_untranscribed(alignment: Alignment) -> tuple[Untranscribed, ...]:
    """Return the untranscribed passages that nobody has annotated."""
    return tuple(each for each in alignment.untranscribed if annotation_kind(alignment.annotations, each) is None)


def is_unreviewed(review: Review | None, machine_text: bool) -> bool:
    """Return whether a recogniser wrote the text and nobody reviewed it: that its words are found in the audio does not
    mean that they are right."""
    return machine_text and review is None


def review_status(review: Review | None, machine_text: bool, date: Callable[[str], str] = str) -> Message:
    """Return who reviewed an alignment, else what of it is automatic; ``date`` writes the ISO date of the review."""
    if review is None:
        return (
            Message("automatic transcript, not reviewed") if machine_text else Message("automatic timing, not reviewed")
        )
    day = date(review.when[:10])
    percent = round(10_000 * review.share) // 100  # rounded down: what is not all is never shown as all
    if percent >= 100:
        return Message("reviewed by {who}, {day}", who=review.who, day=day)
    return Message("reviewed by {who}, {day} ({seen}% of the words)", who=review.who, day=day, seen=percent)


def review_removed(before: Review | None, now: Review | None, same_audio: bool) -> tuple[Message, ...]:
    """Return the warning that aligning removed a review, if it did: the audio differs, or words or their times."""
    if before is None or now is not None:
        return ()
    if same_audio:
        return (
            Message(
                "no longer marked as reviewed by {who}: some words or their times differ from those reviewed",
                who=before.who,
            ),
        )
    return (Message("no longer marked as reviewed by {who}: this is not the audio reviewed", who=before.who),)


def is_review_removed(warning: str) -> bool:
    """Return whether a warning is that of ``review_removed``."""
    return isinstance(warning, Message) and warning.template.startswith("no longer marked as reviewed by {who}")

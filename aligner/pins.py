"""Work with a person's annotations, review and pins. A pin sets the time of words, or marks words as not spoken."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import inf

from aligner.model import Alignment, Annotation, AnnotationKind, Pin, PinKind, Review, Span, Untranscribed
from media.errors import Message


def pins_of(alignment: Alignment) -> tuple[Pin, ...]:
    """Return all pins of an alignment, ordered by word: one for each pinned word that is spoken, one for each group of
    consecutive pinned words that are not spoken, and the pinned passages."""
    pins, words = [*alignment.pinned_passages], alignment.words
    for (_, pinned), run in groupby(range(len(words)), key=lambda k: (words[k].span and k, words[k].pinned)):
        if pinned:
            indices = list(run)
            span = words[indices[0]].span
            pins.append(Pin(PinKind.WORD if span else PinKind.UNSPOKEN, range(indices[0], indices[-1] + 1), span))
    return tuple(sorted(pins, key=lambda pin: pin.words.start))


def passages_of(pins: Sequence[Pin]) -> tuple[Pin, ...]:
    """Return the pins of kind PASSAGE, each of which sets the time of consecutive words as a whole."""
    return tuple(pin for pin in pins if pin.kind is PinKind.PASSAGE)


@dataclass(frozen=True, slots=True)
class Region:
    """A range of word indices, and the span in which to search for these words."""

    words: range
    span: Span


def regions(pins: Sequence[Pin], whole: Region) -> list[Region]:
    """Split ``whole`` at the start and the end of each pin, and return the regions in order. A pin's start or end that
    is outside ``whole`` is ignored.

    If a region has no words, the speech in it is missing from the transcript. Raises ValueError if pins contradict each
    other, that is, if their words are in another order than their times.
    """
    ends = [(whole.words.start, whole.span.start), (whole.words.stop, whole.span.end)]
    walls = sorted([*ends, *walls_among(pins, whole.words)])
    if not _is_in_order(walls):
        raise ValueError("pins contradict each other: their words are in another order than their times")
    return [Region(range(first, stop), Span(start, end)) for (first, start), (stop, end) in pairwise(walls)]


def walls_among(pins: Sequence[Pin], words: range) -> Iterator[tuple[int, float]]:
    """Yield the limits that pins set within ``words``. A limit is a word index and a time: the words before that index
    are spoken before that time, the other words after it."""
    for pinned, span in _placed(pins):
        is_within = words.start <= pinned.start and pinned.stop <= words.stop
        walls = (pinned.start, span.start), (pinned.stop, span.end)
        yield from (wall for wall in walls if is_within or words.start < wall[0] < words.stop)


def rooms_between(pins: Sequence[Pin], whole: Region) -> list[Span]:
    """Return, for each word of ``whole``, the span in which the pins allow the word to be spoken. Raises ValueError if
    the pins contradict each other."""
    return [region.span for region in regions(pins, whole) for _ in region.words]


def _placed(pins: Sequence[Pin]) -> Iterator[tuple[range, Span]]:
    """Yield the words and the span of each pin that has a span. The span of a pinned word is cut where the next pinned
    word starts."""
    yield from ((pin.words, pin.span) for pin in pins if pin.kind is PinKind.PASSAGE and pin.span)
    placed = [(pin.words.start, pin.span) for pin in pins if pin.kind is PinKind.WORD and pin.span]
    words = sorted((word, span.start, span.end) for word, span in placed)
    following = [*(start for _, start, _ in words[1:]), inf]
    for (word, start, end), latest in zip(words, following, strict=False):
        yield range(word, word + 1), Span(start, min(end, max(start, latest)))


def agreeing(pins: Sequence[Pin]) -> tuple[list[Pin], list[Pin]]:
    """Return the pins that do not contradict each other, in order of their words, and the remaining pins.

    As many pins of words as possible are retained, and then all pins of passages that agree with the retained pins.
    """
    words = [pin for pin in pins if pin.kind is PinKind.WORD and pin.span]
    consistent = [words[k] for k in longest_in_order([pin.span.start for pin in words if pin.span])]
    everything = range(max((pin.words.stop for pin in pins), default=0))
    for pin in pins:
        if pin.kind is PinKind.PASSAGE and _is_in_order(sorted(walls_among([*consistent, pin], everything))):
            consistent.append(pin)
    ids = set(map(id, consistent))
    agree = [pin for pin in pins if pin.span is None or id(pin) in ids]
    return agree, [pin for pin in pins if pin.span and id(pin) not in ids]


def _is_in_order(walls: Sequence[tuple[int, float]]) -> bool:
    return all(before <= after for (_, before), (_, after) in pairwise(walls))


def longest_in_order(times: Sequence[float]) -> list[int]:
    """Return the indices of a longest subsequence of times that never decrease (patience sorting)."""
    ends: list[float] = []  # the least time that ends a subsequence of each length, less one
    indices: list[int] = []  # of the times in ``ends``
    previous: list[int] = []
    for index, time in enumerate(times):
        length = bisect_right(ends, time)
        previous.append(indices[length - 1] if length else -1)
        ends[length : length + 1], indices[length : length + 1] = [time], [index]
    chain, index = [], indices[-1] if indices else -1
    while index >= 0:
        chain.append(index)
        index = previous[index]
    return chain[::-1]


_ROUNDING = 1e-5  # seconds; times are whole milliseconds

WITHOUT_TEXT = (AnnotationKind.AD, AnnotationKind.JINGLE, AnnotationKind.DISMISSED)
"""The annotations of audio that needs no text."""


def is_annotated_as(annotations: Sequence[Annotation], kind: AnnotationKind, start: float, end: float) -> bool:
    """Return whether annotations of this kind cover at least half of the audio from ``start`` to ``end`` (seconds)."""
    covered = (min(each.end, end) - max(each.start, start) for each in annotations if each.kind is kind)
    return sum(seconds for seconds in covered if seconds > 0) >= (end - start) / 2 - _ROUNDING


def annotation_kind(annotations: Sequence[Annotation], passage: Untranscribed) -> AnnotationKind | None:
    """Return the kind of annotation that marks an untranscribed passage as needing no text; None if there is none."""
    return next((kind for kind in WITHOUT_TEXT if is_annotated_as(annotations, kind, passage.start, passage.end)), None)


def open_untranscribed(alignment: Alignment) -> tuple[Untranscribed, ...]:
    """Return the untranscribed passages, except those that a person has annotated as needing no text."""
    return tuple(each for each in alignment.untranscribed if annotation_kind(alignment.annotations, each) is None)


def is_unreviewed(review: Review | None, machine_text: bool) -> bool:
    """Return whether a transcript is automatic and has no review. Even its matched words may then be wrong."""
    return machine_text and review is None


def review_status(review: Review | None, machine_text: bool, date: Callable[[str], str] = str) -> Message:
    """Return a message that says who reviewed an alignment, or that nobody did. ``date`` formats the ISO date of the
    review."""
    if review is None:
        return (
            Message("automatic transcript, not reviewed") if machine_text else Message("automatic timing, not reviewed")
        )
    day = date(review.when[:10])
    percent = round(10_000 * review.share) // 100  # rounded down: 100 % means every word
    if percent >= 100:
        return Message("reviewed by {who}, {day}", who=review.who, day=day)
    return Message("reviewed by {who}, {day} ({seen}% of the words)", who=review.who, day=day, seen=percent)


def review_removed(before: Review | None, now: Review | None, same_audio: bool) -> tuple[Message, ...]:
    """Return a warning if aligning again removed the review: ``before`` is the earlier review, ``now`` the present one.
    The warning gives the reason: if ``same_audio``, words or times have changed; otherwise, the audio has changed."""
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
    """Return whether a warning is the one that ``review_removed`` returns."""
    return isinstance(warning, Message) and warning.template.startswith("no longer marked as reviewed by {who}")

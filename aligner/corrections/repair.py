"""One correction repairs the passage: what is around it is searched again, as far as that changes anything.

The search goes outward from the words that a person has touched, between the pins beside them: more and more words on
either side, until at both ends what is found now is what was found before. So a word that is set right takes the
passage with it that was wrong for the same reason, and nothing else is moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from aligner.attempts import locate
from aligner.locating.pinned import locate_between
from aligner.locating.quality import coverage_of, judge, timed_segments, timed_words
from aligner.model import Alignment, Audio, Located, Placement, Recognition, Span, TimedWord, Untranscribed
from aligner.pins import Pin, PinKind, Stretch

_AROUND = 30  # words on either side that are searched at first; each time that is not enough, twice as many
_MEETING, _MET = 6, 5  # words at either end of what was searched, of which so many are where they were
_SAME = 0.05  # seconds; a twentieth is not seen, and what is the same is left as it was


@dataclass(frozen=True, slots=True)
class Heard:
    """An episode's sound, and what the ear that its alignment names made of it."""

    audio: Audio
    recognition: Recognition


def repaired(alignment: Alignment, pins: Sequence[Pin], touched: range, heard: Heard) -> Alignment:
    """The alignment with these ``pins``, in order of their words; the words around those ``touched`` are sought again.

    Raises
    ------
    ValueError
        The pins contradict each other.
    """
    search = partial(locate, language=alignment.language)
    limits = _between_pins(pins, touched, len(alignment.words))
    first, stop = _contradicted(alignment, [pin for pin in pins if pin.words.start in touched], touched)
    around = _AROUND
    while True:
        words = range(max(limits.start, first - around), min(limits.stop, stop + around))
        region = Stretch(words, _sound_left(alignment, words))
        found = locate_between(alignment.transcript, heard.audio, heard.recognition, pins, search, region)
        pairs = list(zip(alignment.words[words.start : words.stop], found.placements, strict=True))
        before = _meeting(pairs[: first - words.start][::-1], words.start == limits.start)
        after = _meeting(pairs[stop - words.start :], words.stop == limits.stop)
        if before is not None and after is not None:
            placements = [placement_of(word) for word in alignment.words]
            for k in range(first - before, stop + after):
                old, new = pairs[k - words.start]
                # What is found the same stays to the millisecond; what a person set is as they set it.
                if new.pinned or not _is_same(old, new):
                    placements[k] = new
            located = Located(tuple(placements), tuple(_passages(alignment, region.span, found.untranscribed)))
            passages = tuple(pin for pin in pins if pin.kind is PinKind.PASSAGE)
            return replace(judged_anew(alignment, located, heard.audio), pinned_passages=passages)
        around *= 2


def _between_pins(pins: Sequence[Pin], touched: range, words: int) -> range:
    """The words between the pins on either side of those touched."""
    placed = [pin.words for pin in pins if pin.span]
    first = max((each.stop for each in placed if each.stop <= touched.start), default=0)
    return range(first, min((each.start for each in placed if each.start >= touched.stop), default=words))


def _contradicted(alignment: Alignment, pins: Sequence[Pin], touched: range) -> tuple[int, int]:
    """The first and the end of the words touched, and of those whose times contradict the pins on them."""
    first, stop = touched.start, touched.stop
    for pin in pins:
        if not pin.span:
            continue
        for k, word in enumerate(alignment.words):
            if word.span and k < pin.words.start and word.span.end > pin.span.start + _SAME:
                first = min(first, k)
            if word.span and k >= pin.words.stop and word.span.start < pin.span.end - _SAME:
                stop = max(stop, k + 1)
    return first, stop


def _sound_left(alignment: Alignment, words: range) -> Span:
    """The sound between the words on either side of ``words``."""
    before = next((w.span for w in reversed(alignment.words[: words.start]) if w.span), None)
    after = next((w.span for w in alignment.words[words.stop :] if w.span), None)
    start = before.end if before else 0.0
    return Span(start, max(start, after.start if after else alignment.audio.duration))


def _meeting(pairs: Sequence[tuple[TimedWord, Placement]], is_all: bool) -> int | None:
    """The number of words after which the next ones are where they were; None where they never are, and there are more
    words to be searched."""
    said = [(k, _is_same(*pair)) for k, pair in enumerate(pairs) if pair[0].span or pair[1].span]
    for at, (k, same) in enumerate(said):
        if same and sum(one for _, one in said[at : at + _MEETING]) >= _MET:
            return k
    return len(pairs) if is_all else None


def _is_same(word: TimedWord, placement: Placement) -> bool:
    if word.pinned != placement.pinned or word.span is None or placement.span is None:
        return word.pinned == placement.pinned and word.span is placement.span
    edges = (word.span.start - placement.span.start, word.span.end - placement.span.end)
    return word.status is placement.status and max(map(abs, edges)) <= _SAME


def placement_of(word: TimedWord) -> Placement:
    """When a word is said, as a search tells it."""
    return Placement(word.span, word.status, word.confidence, word.pinned)


def with_placements(alignment: Alignment, placements: Sequence[Placement], heard: Heard | None) -> Alignment:
    """The alignment with other placements, and what these come to; of an alignment whose sound is not known any more,
    what can be told without it."""
    if heard:
        return judged_anew(alignment, Located(tuple(placements), alignment.untranscribed), heard.audio)
    words = timed_words(alignment.transcript, placements)
    segments, coverage = timed_segments(alignment.transcript, words), coverage_of(alignment.transcript, words)
    return replace(alignment, words=words, segments=segments, coverage=coverage)


def judged_anew(alignment: Alignment, located: Located, audio: Audio) -> Alignment:
    """The alignment with other placements and passages, and what these come to."""
    judged = judge(alignment.transcript, located, audio)
    return replace(
        alignment,
        coverage=judged.coverage,
        verdict=judged.verdict,
        segments=judged.segments,
        words=judged.words,
        untranscribed=judged.untranscribed,
    )


def _passages(alignment: Alignment, span: Span, found: Sequence[Untranscribed]) -> Iterator[Untranscribed]:
    """Speech that the text lacks: as it was outside a span, as found inside, with the text that was heard before where
    it is the same speech."""
    before = [each for each in alignment.untranscribed if each.end <= span.start]
    after = [each for each in alignment.untranscribed if each.start >= span.end]
    known = alignment.untranscribed[len(before) : len(alignment.untranscribed) - len(after)]
    yield from before
    for passage in found:
        same = (each.text for each in known if _overlap(each, passage) > (passage.end - passage.start) / 2)
        yield passage if passage.text else replace(passage, text=next(same, ""))
    yield from after


def _overlap(one: Untranscribed, other: Untranscribed) -> float:
    return min(one.end, other.end) - max(one.start, other.start)

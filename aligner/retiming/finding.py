"""Text that has no sound yet, found in what is new of a sound; and what is said there that the text lacks.

Words that are said in kept sound stay where they are: between two of them lies the text that is sought, and only what
is found in new sound is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from aligner.attempts import lacked, locate
from aligner.corrections.repair import Heard
from aligner.locating.pinned import locate_between
from aligner.locating.quality import placement_of, timed_words
from aligner.model import Alignment, Pin, PinKind, Placement, Span, TimedWord, Untranscribed
from aligner.pins import Stretch, pins_of
from aligner.retiming.moving import EDGE

_LEAST_WORDS = 4  # fewer heard in what is new are a stray, as where passages are found
_LEAST_HEARD = 0.5  # of the words from the first that is heard to the last, and of all that are sought; of many
_SENTENCE = 20  # words in a row are enough: nobody says so many again by chance, as they do half a dozen
_LEAST_SECONDS = 0.3  # of sound, in which a word may be said
_LEAST_PASSAGE = 1.5  # seconds, as where passages are found
_MARGIN = 0.3  # seconds of breath and fade that belong to a passage, as there


def words_in(alignment: Alignment, new: Sequence[Span], heard: Heard) -> tuple[TimedWord, ...]:
    """The words, those that had no sound being where they are found in spans of ``new`` sound."""
    words = list(alignment.words)
    new = [span for span in new if span.duration >= _LEAST_SECONDS]
    pins = pins_of(alignment)
    for run in _unsaid(alignment.words):
        room = _room(alignment, run)
        if len(run) >= _LEAST_WORDS and any(_overlap(room, span) >= _LEAST_SECONDS for span in new):
            placements = _found(alignment, run, room, new, pins, heard)
            words[run.start : run.stop] = _timed(alignment.words[run.start : run.stop], placements)
    return tuple(words)


def _unsaid(words: Sequence[TimedWord]) -> Iterator[range]:
    """The runs of words that have no sound, and of which some may be sought."""
    for is_unsaid, run in groupby(range(len(words)), key=lambda k: words[k].span is None):
        indices = list(run)
        if is_unsaid and not all(words[k].pinned for k in indices):
            yield range(indices[0], indices[-1] + 1)


def _room(alignment: Alignment, run: range) -> Span:
    """The sound between the words on either side."""
    before = alignment.words[run.start - 1].span if run.start else None
    after = alignment.words[run.stop].span if run.stop < len(alignment.words) else None
    start = before.end if before else 0.0
    return Span(start, max(start, after.start if after else alignment.audio.duration))


def _found(
    alignment: Alignment, run: range, room: Span, new: Sequence[Span], pins: Sequence[Pin], heard: Heard
) -> list[Placement]:
    """The placements of a run of words, as they are found in what is new of their room."""
    olds = [placement_of(word) for word in alignment.words[run.start : run.stop]]
    own = [pin for pin in pins if pin.kind is PinKind.UNSPOKEN and pin.words.start in run]
    search = partial(locate, language=alignment.language)
    region = Stretch(run, room)
    found = locate_between(alignment.transcript, heard.audio, heard.recognition, own, search, region).placements
    said = [k for k, each in enumerate(found) if each.status.is_heard and _is_new(each.span, new)]
    said = _together(said)
    if len(said) < max(_LEAST_WORDS, min(_SENTENCE, _LEAST_HEARD * len(run))):
        return olds
    within = range(said[0], said[-1] + 1)
    passages = [pin for pin in pins if pin.kind is PinKind.PASSAGE]
    return [
        each if k in within and _is_new(each.span, new) and _fits(run.start + k, each.span, passages) else olds[k]
        for k, each in enumerate(found)
    ]


def _together(said: Sequence[int]) -> list[int]:
    """Of the places of words that are heard those of the largest group in which most words are."""
    best: list[int] = []
    for first in range(len(said)):
        for last in range(len(said) - 1, first, -1):
            count = last - first + 1
            if count <= len(best):
                break
            if count >= _LEAST_HEARD * (said[last] - said[first] + 1):
                best = list(said[first : last + 1])
                break
    return best


def _is_new(span: Span | None, new: Sequence[Span]) -> bool:
    return span is not None and any(each.start - EDGE <= span.middle < each.end + EDGE for each in new)


def _fits(word: int, span: Span | None, passages: Sequence[Pin]) -> bool:
    """Whether a word is said where a person said that it is."""
    own = (pin.span for pin in passages if word in pin.words and pin.span)
    return all(span is not None and _overlap(span, each) > 0 for each in own)


def _overlap(one: Span, other: Span) -> float:
    return min(one.end, other.end) - max(one.start, other.start)


def _timed(words: Sequence[TimedWord], placements: Sequence[Placement]) -> tuple[TimedWord, ...]:
    """The words at their placements, in milliseconds."""
    in_ms = (
        replace(each, span=Span(round(each.span.start, 3), round(each.span.end, 3))) if each.span else each
        for each in placements
    )
    made = timed_words([timed.word for timed in words], list(in_ms))
    return tuple(old if old.span is new.span else new for old, new in zip(words, made, strict=True))


def passages_in(alignment: Alignment, spans: Sequence[Span], heard: Heard) -> list[Untranscribed]:
    """What is said in some ``spans`` of the sound and no word of the text is, without what is known of the text's lack;
    what it says is still to be heard."""
    if not spans:
        return []
    known = [Span(each.start, each.end) for each in alignment.untranscribed]
    placements = [placement_of(word) for word in alignment.words]
    found = []
    for passage in lacked(placements, heard.audio, heard.recognition):
        for span in spans:
            start, end = max(passage.start, span.start - _MARGIN), min(passage.end, span.end + _MARGIN)
            for part in _beside(start, end, known):
                if part.duration >= _LEAST_PASSAGE:
                    found.append(Untranscribed(round(part.start, 3), round(part.end, 3), ""))
                    known.append(part)
    return sorted(found, key=lambda each: each.start)


def _beside(start: float, end: float, known: Sequence[Span]) -> Iterator[Span]:
    """What of a stretch is beside spans that are known."""
    for span in sorted(known, key=lambda span: span.start):
        if span.start < end and span.end > start:
            if span.start > start:
                yield Span(start, span.start)
            start = max(start, span.end)
    if start < end:
        yield Span(start, end)

"""From the episode's times to the clip's."""

from __future__ import annotations

from dataclasses import replace

from aligner.model import Alignment, Span, Status, TimedSegment, TimedWord, Untranscribed
from aligner.quotes.quote import Cut, Quote, Timeline

_LEAST = 0.001  # seconds; a word of which tightening left nothing still ends after its start


def cut_out(alignment: Alignment, quote: Quote, timeline: Timeline) -> Cut:
    """The quote with the times that its words, segments and untranscribed passages have in the clip."""
    words = tuple(
        _moved(word, timeline) if index in quote.words else _unspoken(word)
        for index, word in enumerate(alignment.words)
    )
    audio = replace(alignment.audio, duration=round(timeline.duration, 3))
    return Cut(
        quote,
        timeline,
        replace(
            alignment,
            audio=audio,
            words=words,
            segments=tuple(_moved_segment(segment, timeline) for segment in alignment.segments),
            untranscribed=tuple(_moved_passages(alignment.untranscribed, timeline)),
        ),
    )


def _moved(word: TimedWord, timeline: Timeline) -> TimedWord:
    if word.span is None:
        return word
    start, end = round(timeline.at(word.span.start), 3), round(timeline.at(word.span.end), 3)
    return replace(word, span=Span(start, max(end, round(start + _LEAST, 3))))


def _unspoken(word: TimedWord) -> TimedWord:
    return replace(word, span=None, status=Status.UNSPOKEN, confidence=0.0)


def _moved_segment(timed: TimedSegment, timeline: Timeline) -> TimedSegment:
    """A segment of which nothing is in the clip has no time in it."""
    whole = timeline.span
    if timed.start is None or timed.start >= whole.end or (timed.end or timed.start) < whole.start:
        return replace(timed, start=None, end=None)
    start = round(timeline.at(timed.start), 3)
    if timed.end is None:
        return replace(timed, start=start)
    return replace(timed, start=start, end=max(round(timeline.at(timed.end), 3), round(start + _LEAST, 3)))


def _moved_passages(passages: tuple[Untranscribed, ...], timeline: Timeline) -> list[Untranscribed]:
    moved = []
    for passage in passages:
        start, end = round(timeline.at(passage.start), 3), round(timeline.at(passage.end), 3)
        if end - start > _LEAST:
            moved.append(replace(passage, start=start, end=end))
    return moved

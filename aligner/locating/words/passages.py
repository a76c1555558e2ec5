"""Speech that the transcript lacks, where words were heard."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from aligner.locating.words.anchoring import Anchors
from aligner.model import Audio, HeardWord, Placement, Span, Untranscribed
from aligner.spans import Speech, total


@dataclass(frozen=True, slots=True)
class PassageOptions:
    """What counts as a passage."""

    least_untranscribed: float = 1.5  # seconds; shorter speech between words is hesitation
    margin: float = 0.3  # seconds of breath and fade on either side that belong to a passage
    least_heard_words: int = 4  # fewer words than this in a gap are a stray or a restart, not a passage
    edge: float = 0.3  # seconds of speech that may hang over a word's end without being a passage


def find_untranscribed(
    placements: Sequence[Placement],
    anchors: Anchors,
    audio: Audio,
    words: Sequence[HeardWord],
    options: PassageOptions | None = None,
) -> tuple[Untranscribed, ...]:
    """Stretches of speech between timed words that hold heard words of their own."""
    options = options or PassageOptions()
    said = _unclaimed(anchors, words)
    speech = Speech(audio.speech)
    middles = [(w.start + w.end) / 2 for w in said]
    timed = [(p.span.start, p.span.end) for p in placements if p.span]
    found, free_from = [], 0.0
    for start, end in [*timed, (audio.duration, audio.duration)]:
        if start - free_from >= options.least_untranscribed:
            inside = said[bisect_left(middles, free_from) : bisect_left(middles, start)]
            found += _passage(Span(free_from, start), speech.between(free_from, start), inside, options)
        free_from = max(free_from, end)
    return tuple(found)


def _passage(
    gap: Span, room: Sequence[Span], said: Sequence[HeardWord], options: PassageOptions
) -> list[Untranscribed]:
    """The speech in one gap between words as a passage, if it is long enough and was heard as words."""
    inside = [span for span in room if span.duration >= options.edge]
    if total(inside) < options.least_untranscribed or len(said) < options.least_heard_words:
        return []
    start = max(gap.start, min(inside[0].start, said[0].start) - options.margin)
    end = min(gap.end, max(inside[-1].end, said[-1].end) + options.margin)
    return [Untranscribed(start, end, " ".join(w.text.strip() for w in said))]


def _unclaimed(anchors: Anchors, words: Sequence[HeardWord]) -> list[HeardWord]:
    """The heard words that no word of the transcript was found in, in order of their middles."""
    track = anchors.heard
    claimed = {int(track.owner[k]) for a in anchors.found if a for k in range(a.hyp_start, a.hyp_end)}
    free = (word for k, word in enumerate(words) if k not in claimed)
    return sorted(free, key=lambda w: w.start + w.end)

"""Which words a span of time, a segment or a place stands for, and where around them a cut may fall.

Conventions
-----------
Seconds of the episode. A *pause* is what lies between two spoken words, or between a word and speech that the
transcript lacks; a cut falls into a pause and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator

from aligner.errors import QuoteError
from aligner.model import Alignment, Span
from aligner.quotes.cautions import cautions_of
from aligner.quotes.printed import read_printed
from aligner.quotes.quote import Quote

# The room that a cut leaves at most between itself and the voice. A voice dies away, so that a clip may end later
# where the pause is long, and still leaves a quarter of it to what follows.
HANDLE, _TAIL, _TAIL_SHARE = 0.25, 0.4, 0.75


def quote_of_words(alignment: Alignment, words: range, asked: Span | None = None) -> Quote:
    """The quote that ``words`` are; of those printed but not said, the outer ones do not count.

    With ``asked``, words that lie outside it are printed, but not part of the cut.

    Raises
    ------
    QuoteError
        None of the words is said, or none of them in the time that was asked for.
    """
    spoken = [(k, span) for k in words if (span := alignment.words[k].span)]
    if spoken and asked is not None:
        spoken = [(k, span) for k, span in spoken if span.start < asked.end and asked.start < span.end]
        if not spoken:
            raise QuoteError(f"none of the words is said between {asked.start:g} and {asked.end:g} s")
    printed = read_printed(alignment, words)
    if not spoken:
        text = " ".join(printed.text.split()) or " ".join(alignment.words[k].word.text for k in words)
        raise QuoteError(f"« {text[:120]} » is printed in the transcript, but nobody says it")
    voice = Span(spoken[0][1].start, max(span.end for _, span in spoken))
    inside = range(spoken[0][0], spoken[-1][0] + 1)
    cautions = cautions_of(alignment, words, inside, printed)
    return Quote(inside, voice, asked or voice, printed.text, printed.speakers, cautions)


def span_of(alignment: Alignment, start: float, end: float) -> Span:
    """The part of the episode between two times.

    Raises
    ------
    QuoteError
        The end is not after the start, or the span leaves the episode.
    """
    duration = alignment.audio.duration
    if not start < end:
        raise QuoteError(f"the clip would end at {end:g} s, expected a time after its start, {start:g} s")
    if start < 0 or end > duration + 0.1:
        raise QuoteError(f"{start:g} to {end:g} s is outside the episode, which lasts {duration:.1f} s")
    return Span(start, min(end, duration))


def quote_of_span(alignment: Alignment, span: Span) -> Quote:
    """The words of which the middle lies in the span.

    Raises
    ------
    QuoteError
        Nothing of the transcript is said in it.
    """
    inside = [k for k, w in enumerate(alignment.words) if w.span and span.start <= w.span.middle < span.end]
    if not inside:
        raise QuoteError(f"nothing of the transcript is said between {span.start:g} and {span.end:g} s")
    return quote_of_words(alignment, range(inside[0], inside[-1] + 1), span)


def quote_of_segment(alignment: Alignment, identifier: str) -> Quote:
    """All that is said of the segment with this id.

    Raises
    ------
    QuoteError
        There is no such segment, or nobody says it.
    """
    index = next((k for k, timed in enumerate(alignment.segments) if timed.id == identifier), None)
    if index is None:
        ids = [timed.id for timed in alignment.segments]
        known = f"expected one of {ids[0]} to {ids[-1]}" if ids else "it has none"
        raise QuoteError(f"the alignment has no segment {identifier!r}; {known}")
    segment = alignment.segments[index].segment
    inside = [
        k for k, timed in enumerate(alignment.words) if segment.char_start <= timed.word.char_start < segment.char_end
    ]
    if not inside:
        raise QuoteError(f"segment {identifier!r} has no words")
    return quote_of_words(alignment, range(inside[0], inside[-1] + 1))


def room_before(alignment: Alignment, target: float) -> Span:
    """Where a clip may begin that should begin at ``target``: up to ``HANDLE`` of the pause before it.

    Where ``target`` lies in a word, it is the end of a pause that is nearest.

    Examples
    --------
    Words end at 1.0 and start at 1.1: for a target of 1.1 it is 1.0 to 1.1; where the word before ends at 0.2, 0.85
    to 1.1.
    """
    pause = _nearest_pause(alignment, target)
    if pause.start > target:
        return Span(pause.start, min(pause.end, pause.start + HANDLE))
    high = min(target, pause.end)
    return Span(max(pause.start, high - HANDLE), high)


def room_after(alignment: Alignment, target: float) -> Span:
    """Where a clip may end that should end at ``target``: up to ``HANDLE`` of the pause after it, more of a long one.

    Examples
    --------
    The last word ends at 1.0; it is 1.0 to 1.2 where the next one starts at 1.2, 1.0 to 1.3 where at 1.4, 1.0 to 1.4
    where at 3.0.
    """
    pause = _nearest_pause(alignment, target)
    if pause.end < target:
        return Span(max(pause.start, pause.end - HANDLE), pause.end)
    low = max(target, pause.start)
    return Span(low, min(pause.end, low + max(HANDLE, min(_TAIL, _TAIL_SHARE * (pause.end - low)))))


def _nearest_pause(alignment: Alignment, target: float) -> Span:
    """The pause that holds ``target``, else the nearest one; a pause may be of no length."""
    return min(_pauses(alignment), key=lambda pause: max(pause.start - target, target - pause.end, 0.0))


def _pauses(alignment: Alignment) -> Iterator[Span]:
    """The pauses of the episode in order, those of no length between words that touch included."""
    spoken = [(word.span.start, word.span.end) for word in alignment.words if word.span]
    spoken += [(passage.start, passage.end) for passage in alignment.untranscribed]
    now = 0.0
    for start, end in sorted(spoken):
        yield Span(now, max(now, start))
        now = max(now, end)
    yield Span(now, max(now, alignment.audio.duration))

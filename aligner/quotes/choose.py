"""Which quote the user means: words, two times, or a segment's id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aligner.durations import clock
from aligner.errors import QuoteError
from aligner.model import Alignment, Span
from aligner.quotes.find import Place, search
from aligner.quotes.quote import Quote, quote_of_segment, quote_of_span, quote_of_words, span_of
from media.errors import Message

_SHOWN = 70  # characters of a passage in a list


@dataclass(frozen=True, slots=True)
class QuoteQuery:
    """What was asked for: the words of a quote, two times, a segment's id, or indices into ``Alignment.words``.

    Times are seconds of the episode; ``match`` counts from 1. Indices and times together: those words, in a cut of
    one's own.
    """

    words: str | None = None
    start: float | None = None
    end: float | None = None
    segment: str | None = None
    match: int | None = None
    indices: range | None = None


@dataclass(frozen=True, slots=True)
class QuoteMatch:
    """The quote, and where it was sought by its words all the places it was found at, the one taken among them."""

    quote: Quote
    places: tuple[Place, ...] = ()
    taken: Place | None = None


def find_quote(alignment: Alignment, query: QuoteQuery) -> QuoteMatch:
    """The quote that is meant.

    Raises
    ------
    QuoteError
        It is not there, not said, or outside the episode; of words not found the nearest passages are told.
    """
    if query.words is not None:
        return _by_words(alignment, query.words, query.match)
    if query.segment is not None:
        return QuoteMatch(quote_of_segment(alignment, query.segment))
    if query.indices is not None:
        return QuoteMatch(_by_indices(alignment, query.indices, query))
    return QuoteMatch(quote_of_span(alignment, _span(alignment, query)))


def _by_indices(alignment: Alignment, indices: range, query: QuoteQuery) -> Quote:
    if indices.stop > len(alignment.words):
        raise QuoteError(
            "words {first}-{last} are not all there; the alignment has {count} words",
            first=indices.start,
            last=indices.stop,
            count=len(alignment.words),
        )
    timed = query.start is not None or query.end is not None
    return quote_of_words(alignment, indices, _span(alignment, query) if timed else None)


def _span(alignment: Alignment, query: QuoteQuery) -> Span:
    """The times that were given, the episode's own where one is missing."""
    start = 0.0 if query.start is None else query.start
    return span_of(alignment, start, alignment.audio.duration if query.end is None else query.end)


def listing(alignment: Alignment, places: Sequence[Place]) -> list[str]:
    """A line for each place: its number, time, speaker, likeness and words."""
    return [f"{number}  {_described(alignment, place)}" for number, place in enumerate(places, start=1)]


def _by_words(alignment: Alignment, words: str, match: int | None) -> QuoteMatch:
    found = search(alignment, words)
    best = found.best
    if best is None:
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        nearest = "; ".join(_described(alignment, place) for place in found.nearest)
        raise QuoteError(
            "the quote {quote!r} is not in the transcript; nearest: {nearest}",
            quote=shown,
            nearest=nearest or Message("nothing like it"),
        )
    if match is not None:
        if match > len(found.places):
            raise QuoteError("--match {match}: the quote was found {count} times", match=match, count=len(found.places))
        best = found.places[match - 1]
    return QuoteMatch(quote_of_words(alignment, best.words), found.places, best)


def _described(alignment: Alignment, place: Place) -> str:
    words = [alignment.words[k] for k in place.words]
    start = next((word.span.start for word in words if word.span), None)
    speaker = alignment.segments[words[0].word.segment].segment.speaker
    text = " ".join(word.word.text for word in words)
    notes = " teaser," * place.teaser + " not said," * (not place.spoken)
    at = "-:--" if start is None else clock(start)
    said_by = f" {speaker}," if speaker else ""
    return f"{at}{said_by}{notes} {place.score:.0%}: {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}"

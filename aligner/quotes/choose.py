"""Which quote the user means: words, two times, or a segment's id."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from aligner.errors import QuoteError
from aligner.model import Alignment, Span
from aligner.quotes.comparison import Caution
from aligner.quotes.find import beside_speech, nearest_told, search
from aligner.quotes.places import Place, described
from aligner.quotes.quote import Quote, quote_across, quote_of_segment, quote_of_span, quote_of_words, span_of, unsaid

_SHOWN = 70  # characters of a quote in an error
_ALIKE = 0.9  # a quote with one of ten words changed


@dataclass(frozen=True, slots=True)
class QuoteQuery:
    """What was asked for: the words of a quote, two times, a segment's id, or indices into ``Alignment.words``.

    Times are seconds of the episode; ``match`` counts from 1. Indices and times together: those words, in a cut of
    one's own. Indices count in the ``transcript`` whose hash begins so, None in any.
    """

    words: str | None = None
    start: float | None = None
    end: float | None = None
    segment: str | None = None
    match: int | None = None
    indices: range | None = None
    transcript: str | None = None


@dataclass(frozen=True, slots=True)
class QuoteMatch:
    """The quote, and where it was sought by its words all the places it was found at, the one taken among them."""

    quote: Quote
    places: tuple[Place, ...] = ()
    taken: Place | None = None

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """A word with a person, where what was found is not quite what was asked for."""
        if self.taken and self.taken.lacking:
            lacking = " ".join(self.taken.lacking)
            return (Caution("not-there", f"asked for, but not there: {lacking}", lacking),)
        if self.taken and self.taken.score < _ALIKE:
            message = f"what was found is {self.taken.score:.0%} like the quote that was asked for"
            return (Caution("approximate", message),)
        return ()


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
    if query.transcript and not alignment.transcript.sha256.startswith(query.transcript):
        raise QuoteError("the transcript is another one than when the words were chosen; choose them again")
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
    return [f"{number}  {described(alignment, place)}" for number, place in enumerate(places, start=1)]


def _by_words(alignment: Alignment, words: str, match: int | None) -> QuoteMatch:
    words = _uncredited(alignment, words) or words
    found = search(alignment, words)
    best = found.best or beside_speech(alignment, words)
    if best is None:
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        raise QuoteError(
            "the quote {quote!r} is not in the transcript; nearest: {nearest}",
            quote=shown,
            nearest=nearest_told(alignment, found.nearest),
        )
    places = found.places or (best,)
    if match is not None:
        if match > len(places):
            raise QuoteError("--match {match}: the quote was found {count} times", match=match, count=len(places))
        best = places[match - 1]
    if not best.spoken:
        raise unsaid(alignment, best.words)
    return QuoteMatch(quote_across(alignment, best.words), places, best)


def _uncredited(alignment: Alignment, pasted: str) -> str:
    """The words of a quote that was copied with its credits: without the link, the line of who says it where, and the
    names before what several people say."""
    lines = [" ".join(line.split()) for line in pasted.splitlines() if line.strip()]
    if lines[1:] and re.fullmatch(r"https?://\S+", lines[-1]):
        lines.pop()
    speakers = {timed.segment.speaker for timed in alignment.segments} - {None}
    if lines[1:] and _credits(alignment, {" ".join(str(name).split()) for name in speakers}, lines[-1]):
        lines.pop()
    return "\n".join(_unnamed(line, speakers) for line in lines)


def _unnamed(line: str, speakers: Collection[str | None]) -> str:
    name, colon, said = line.partition(": ")
    return said if colon and name.removesuffix(" ") in speakers else line


def _credits(alignment: Alignment, speakers: set[str], line: str) -> bool:
    """Whether a line says who speaks in which show and episode, and nothing else."""
    told, dash = line.removeprefix("— "), line.startswith("— ")
    where = ", ".join(
        " ".join(name.split()) for name in (alignment.episode.show, alignment.episode.title) if name and name.strip()
    )
    who = told.removesuffix(where).removesuffix(", ")
    return dash and told.endswith(where) and (not who or set(who.split(", ")) <= speakers)

"""A quote: which words of an alignment it is, when they are said, how they are printed, and which one the user means.

Conventions
-----------
- Seconds of the episode; words are indices into ``Alignment.words``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from aligner.errors import QuoteError
from aligner.languages import language_of
from aligner.model import Alignment, Span
from aligner.quotes.comparison import Caution, cautions_of
from aligner.quotes.find import Place, beside_speech, described, nearest_said, nearest_told, search, speech_of
from aligner.typography import (
    DASHES,
    DIALOGUE_DASH,
    Token,
    ends_sentence,
    marks_lost_by,
    read_sentences,
    read_tokens,
    without_pause,
)

_SHOWN = 120  # characters of a quote in an error


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an alignment to be cut out.

    ``words`` indexes ``Alignment.words``; its first and its last are spoken. ``voice`` is from the start of the first
    to the end of the last, in seconds of the episode; ``asked`` is the same, or the times that the user gave.
    ``text`` is what is printed, as captions are without footnote marks, headings, stage directions and sentences that
    nobody says, a line for each paragraph; ``said_by`` names who says each line, ``speakers`` everyone who does, in
    order of appearance; ``cautions`` are what its words alone give away.
    """

    words: range
    voice: Span
    asked: Span
    text: str
    speakers: tuple[str, ...]
    said_by: tuple[str | None, ...]
    cautions: tuple[Caution, ...] = ()

    @property
    def speaker(self) -> str | None:
        """Everyone who speaks in it, for a line of credits."""
        return ", ".join(self.speakers) or None


@dataclass(frozen=True, slots=True)
class Printed:
    """``text`` has a line for each paragraph, ``said_by`` the name of who says each, ``words`` the words that are in
    it; ``opens`` and ``closes``: it starts, it ends with a sentence."""

    text: str
    said_by: tuple[str | None, ...]
    words: frozenset[int]
    opens: bool
    closes: bool

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks, in order of appearance."""
        return tuple(dict.fromkeys(filter(None, self.said_by)))


def quote_of_words(alignment: Alignment, words: range, asked: Span | None = None) -> Quote:
    """The quote that ``words`` are, from the first that is said to the last.

    With ``asked``, words that lie outside it are no part of the quote.

    Raises QuoteError: most of the words, or all of them, are not said, or none of them in the time that was asked for.
    """
    speech = speech_of(alignment, words) or words  # a heading may be read aloud
    said = sum(alignment.words[k].span is not None for k in speech)
    if 2 * said < len(speech):
        raise unsaid(alignment, words)
    return quote_across(alignment, words, asked)


def quote_across(alignment: Alignment, words: range, asked: Span | None = None) -> Quote:
    """As ``quote_of_words``, however much of what lies between the first and the last is not said.

    Raises QuoteError: none of the words is said, or none of them in the time that was asked for.
    """
    spoken = [(k, span) for k in (speech_of(alignment, words) or words) if (span := alignment.words[k].span)]
    if not spoken:
        raise unsaid(alignment, words)
    if asked is not None:
        spoken = [(k, span) for k, span in spoken if span.start < asked.end and asked.start < span.end]
        if not spoken:
            raise QuoteError(
                "none of the words is said between {start:g} and {end:g} s", start=asked.start, end=asked.end
            )
    voice = Span(spoken[0][1].start, max(span.end for _, span in spoken))
    inside = range(spoken[0][0], spoken[-1][0] + 1)
    printed = read_printed(alignment, inside, said=True)
    cautions = [] if printed.opens else [Caution("starts-inside-sentence", "the quote starts inside a sentence")]
    cautions += [] if printed.closes else [Caution("ends-inside-sentence", "the quote ends inside a sentence")]
    cautions += cautions_of(alignment, words, inside, printed.words)
    return Quote(inside, voice, asked or voice, printed.text, printed.speakers, printed.said_by, tuple(cautions))


def unsaid(alignment: Alignment, words: range) -> QuoteError:
    """What is said of words of which most, or all, are not in the sound, and the nearest passages that are."""
    first, last = (alignment.words[k].word for k in (words[0], words[-1]))
    text = read_printed(alignment, words).text or alignment.transcript.text[first.char_start : last.char_end]
    text = " ".join(text.split())
    nearest = nearest_told(alignment, nearest_said(alignment, text))
    if any(alignment.words[k].span for k in words):
        return QuoteError(
            "most of « {quote} » is not in the sound; nearest: {nearest}", quote=text[:_SHOWN], nearest=nearest
        )
    return QuoteError(
        "« {quote} » is printed in the transcript, but nobody says it; nearest: {nearest}",
        quote=text[:_SHOWN],
        nearest=nearest,
    )


def span_of(alignment: Alignment, start: float, end: float) -> Span:
    """The part of the episode between two times.

    Raises QuoteError: the end is not after the start, or the span leaves the episode.
    """
    duration = alignment.audio.duration
    if not start < end:
        raise QuoteError(
            "the clip would end at {end:g} s, expected a time after its start, {start:g} s", end=end, start=start
        )
    if start < 0 or end > duration + 0.1:
        raise QuoteError(
            "{start:g} to {end:g} s is outside the episode, which lasts {duration:.1f} s",
            start=start,
            end=end,
            duration=duration,
        )
    return Span(start, min(end, duration))


def quote_of_span(alignment: Alignment, span: Span) -> Quote:
    """The words of which the middle lies in the span.

    Raises QuoteError: nothing of the transcript is said in it.
    """
    words = [k for k, word in enumerate(alignment.words) if word.span and span.start <= word.span.middle < span.end]
    if not words:
        raise QuoteError(
            "nothing of the transcript is said between {start:g} and {end:g} s", start=span.start, end=span.end
        )
    return quote_across(alignment, range(words[0], words[-1] + 1), span)


def words_of_chars(alignment: Alignment, char_start: int, char_end: int) -> range | None:
    """The words of which a character lies in the range; None if there is none."""
    words = alignment.words
    first = bisect_right(words, char_start, key=lambda timed: timed.word.char_end)
    stop = bisect_left(words, char_end, key=lambda timed: timed.word.char_start)
    return range(first, stop) if first < stop else None


def quote_of_segment(alignment: Alignment, identifier: str) -> Quote:
    """All that is said of the segment with this id.

    Raises QuoteError: there is no such segment, or nobody says it.
    """
    index = next((k for k, timed in enumerate(alignment.segments) if timed.id == identifier), None)
    if index is None:
        ids = [timed.id for timed in alignment.segments]
        known = f"{ids[0]} to {ids[-1]}" if ids else "none"
        raise QuoteError("the alignment has no segment {segment!r}, only {known}", segment=identifier, known=known)
    segment = alignment.segments[index].segment
    inside = [
        k for k, timed in enumerate(alignment.words) if segment.char_start <= timed.word.char_start < segment.char_end
    ]
    if not inside:
        raise QuoteError("segment {segment!r} has no words", segment=identifier)
    return quote_of_words(alignment, range(inside[0], inside[-1] + 1))


def read_printed(alignment: Alignment, words: range, *, said: bool = False) -> Printed:
    """What is printed of ``words``, without footnote marks, headings and stage directions; with ``said``, as captions
    are, without sentences of which nothing is said, and with the marks of quotations that are cut in two. A pause at
    the end, as a comma or a colon, is left out.

    Of "Oui. [rires] Non, pas du tout ![2]", the last four words give "Non, pas du tout !".
    """
    paragraphs = [[t for t in tokens if not t.stage] for tokens in read_tokens(alignment, words=words)]
    shown = {token for sentence in read_sentences(paragraphs, words) for token in sentence.tokens}
    language = language_of(alignment.language).captioning
    quoted: list[list[Token]] = []
    opens = closes = True
    for tokens in paragraphs:
        inside = [
            k for k, t in enumerate(tokens) if t.word is not None and t.word in words and (t in shown or not said)
        ]
        if not inside:
            continue
        first, last = inside[0], inside[-1]
        if not quoted:
            opens = first == 0 or ends_sentence(tokens[first - 1].text, tokens[first].text, language)
        following = tokens[last + 1].text if last + 1 < len(tokens) else ""
        closes = ends_sentence(tokens[last].text, following, language)
        quoted.append([t for t in tokens[first : last + 1] if t in shown or not said])
    said_by = tuple(tokens[0].speaker for tokens in quoted)
    printed = frozenset(token.word for tokens in quoted for token in tokens if token.word is not None)
    # As on the screens of audiograms: where a dash tells that somebody else speaks, it is printed.
    dialogue = any(tokens[0].opens for tokens in quoted[1:])
    lines = (_set(tokens).lstrip(DASHES + " \u00a0") if tokens[0].opens else _set(tokens) for tokens in quoted)
    dashes = (DIALOGUE_DASH * (dialogue and tokens[0].opens) for tokens in quoted)
    text = "\n".join(dash + line for dash, line in zip(dashes, lines, strict=True))
    if said and quoted:
        opening, closing = marks_lost_by([token for tokens in quoted for token in tokens], paragraphs)
        text = opening + text + closing
    return Printed(without_pause(text), said_by, printed, opens, closes)


def _set(tokens: list[Token]) -> str:
    first, *rest = tokens
    return first.text + "".join(token.before + token.text for token in rest)


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

    Raises QuoteError: it is not there, not said, or outside the episode; of words not found the nearest passages are
    told.
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
    """Return the words of a quote that was copied with its credits: without the link, the line that says who speaks in
    which show and episode, and the names before what several people say."""
    lines = [line.strip() for line in pasted.splitlines() if line.strip()] or [""]
    if lines[1:] and re.fullmatch(r"https?://\S+", lines[-1]):
        lines.pop()
    names = (alignment.episode.show, alignment.episode.title)
    where = ", ".join(" ".join(name.split()) for name in names if name and name.strip())
    speakers = {" ".join(timed.segment.speaker.split()) for timed in alignment.segments if timed.segment.speaker}
    dash, said_by = lines[-1][:2], " ".join(lines[-1][2:].split())
    who = said_by.removesuffix(where).removesuffix(", ")
    if lines[1:] and dash == "— " and said_by.endswith(where) and (not who or set(who.split(", ")) <= speakers):
        lines.pop()
    parts = [(line, *line.partition(": ")) for line in lines]
    return "\n".join(said if colon and name.rstrip() in speakers else line for line, name, colon, said in parts)

"""A quote: which words of an alignment it is, when they are said, and how they are printed.

Conventions
-----------
Seconds of the episode; words are indices into ``Alignment.words``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aligner.errors import QuoteError
from aligner.model import Alignment, Span
from aligner.quotes.cautions import Caution, cautions_of
from aligner.typography import Token, ends_sentence, read_tokens
from media.errors import Message


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an alignment to be cut out.

    ``words`` indexes ``Alignment.words``; its first and its last are spoken. ``voice`` is from the start of the first
    to the end of the last, in seconds of the episode; ``asked`` is the same, or the times that the user gave.
    ``text`` is what is printed, without footnote marks, headings and stage directions, a line for each paragraph;
    ``speakers`` who says it, in order of appearance; ``cautions`` what its words alone give away.
    """

    words: range
    voice: Span
    asked: Span
    text: str
    speakers: tuple[str, ...]
    cautions: tuple[Caution, ...] = ()

    def __post_init__(self) -> None:
        if not self.words:
            raise ValueError("a quote without words")

    @property
    def speaker(self) -> str | None:
        """Everyone who speaks in it, for a line of credits."""
        return ", ".join(self.speakers) or None


@dataclass(frozen=True, slots=True)
class Printed:
    """``text`` has a line for each paragraph; ``opens`` and ``closes``: it starts, it ends with a sentence."""

    text: str
    speakers: tuple[str, ...]
    opens: bool
    closes: bool


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
            raise QuoteError(
                "none of the words is said between {start:g} and {end:g} s", start=asked.start, end=asked.end
            )
    printed = read_printed(alignment, words)
    if not spoken:
        text = " ".join(printed.text.split()) or " ".join(alignment.words[k].word.text for k in words)
        raise QuoteError("« {quote} » is printed in the transcript, but nobody says it", quote=text[:120])
    voice = Span(spoken[0][1].start, max(span.end for _, span in spoken))
    inside = range(spoken[0][0], spoken[-1][0] + 1)
    cautions = (*_sentence_cautions(printed), *cautions_of(alignment, words, inside))
    return Quote(inside, voice, asked or voice, printed.text, printed.speakers, cautions)


def _sentence_cautions(printed: Printed) -> Iterator[Caution]:
    if not printed.opens:
        yield Caution("starts-inside-sentence", "the quote starts inside a sentence")
    if not printed.closes:
        yield Caution("ends-inside-sentence", "the quote ends inside a sentence")


def span_of(alignment: Alignment, start: float, end: float) -> Span:
    """The part of the episode between two times.

    Raises
    ------
    QuoteError
        The end is not after the start, or the span leaves the episode.
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

    Raises
    ------
    QuoteError
        Nothing of the transcript is said in it.
    """
    inside = [k for k, w in enumerate(alignment.words) if w.span and span.start <= w.span.middle < span.end]
    if not inside:
        raise QuoteError(
            "nothing of the transcript is said between {start:g} and {end:g} s", start=span.start, end=span.end
        )
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
        known = Message("it has none")
        if ids:
            known = Message("expected one of {first} to {last}", first=ids[0], last=ids[-1])
        raise QuoteError("the alignment has no segment {segment!r}; {known}", segment=identifier, known=known)
    segment = alignment.segments[index].segment
    inside = [
        k for k, timed in enumerate(alignment.words) if segment.char_start <= timed.word.char_start < segment.char_end
    ]
    if not inside:
        raise QuoteError("segment {segment!r} has no words", segment=identifier)
    return quote_of_words(alignment, range(inside[0], inside[-1] + 1))


def read_printed(alignment: Alignment, words: range) -> Printed:
    """What is printed of ``words``, without footnote marks, headings and stage directions.

    Examples
    --------
    Of "Oui. [rires] Non, pas du tout ![2]", the last four words give "Non, pas du tout !".
    """
    paragraphs = [[t for t in tokens if not t.stage] for tokens in read_tokens(alignment, words=words)]
    quoted: list[list[Token]] = []
    opens = closes = True
    for tokens in paragraphs:
        inside = [k for k, token in enumerate(tokens) if token.word is not None and token.word in words]
        if not inside:
            continue
        first, last = inside[0], inside[-1]
        if not quoted:
            opens = first == 0 or ends_sentence(tokens[first - 1].text, tokens[first].text)
        following = tokens[last + 1].text if last + 1 < len(tokens) else ""
        closes = ends_sentence(tokens[last].text, following)
        quoted.append(tokens[first : last + 1])
    speakers = dict.fromkeys(tokens[0].speaker for tokens in quoted if tokens[0].speaker)
    return Printed("\n".join(map(_set, quoted)), tuple(speakers), opens, closes)


def _set(tokens: list[Token]) -> str:
    first, *rest = tokens
    return first.text + "".join(token.before + token.text for token in rest)

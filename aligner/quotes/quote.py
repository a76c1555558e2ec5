"""Find the quote that a user asks for, with its times and its printed text.

Times are seconds of the episode; words are indices into ``Alignment.words``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from aligner.errors import QuoteError
from aligner.languages import language_of
from aligner.model import Alignment, Span
from aligner.quotes.comparison import Caution, cautions_of
from aligner.quotes.find import Occurrence, describe, search, speech_of
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
from media.errors import Message

_SHOWN = 120  # characters of a quote in an error
_SIMILAR = 0.9  # below it a person should compare: a quote with one of ten words changed


@dataclass(frozen=True, slots=True)
class PrintedText:
    """The text of a quote as printed, a line for each paragraph. ``said_by`` has the speaker of each line, ``words``
    the indices of the printed words."""

    text: str
    said_by: tuple[str | None, ...]
    words: frozenset[int] = frozenset()
    starts_sentence: bool = True
    ends_sentence: bool = True

    @property
    def speakers(self) -> tuple[str, ...]:
        """The names of the speakers, in order of appearance."""
        return tuple(dict.fromkeys(filter(None, self.said_by)))

    @property
    def is_dialogue(self) -> bool:
        """Whether several people with known names speak."""
        return len(self.speakers) > 1 and len(self.said_by) == len(self.text.split("\n"))

    def turns(self) -> Iterator[tuple[str | None, str]]:
        """Yield the speaker and the text of each turn of a dialogue."""
        lines = zip(self.said_by, self.text.split("\n"), strict=True)
        for name, turn in groupby(lines, key=lambda line: line[0]):
            said = [text for _, text in turn]
            yield name, "\n".join(said) if len(said) > 1 else said[0].removeprefix(DIALOGUE_DASH)


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage of an alignment to cut out; its first and last words are spoken.

    ``voice`` is the span from the start of the first word to the end of the last. ``asked`` is the span that the user
    asked for, by default ``voice``. ``printed`` is the text as in captions: without footnote marks, headings, stage
    directions and unspoken sentences. ``cautions`` list what to check before publishing.
    """

    words: range
    voice: Span
    asked: Span
    printed: PrintedText
    cautions: tuple[Caution, ...] = ()

    @property
    def text(self) -> str:
        """The quote as printed, a line for each paragraph."""
        return self.printed.text

    @property
    def speaker(self) -> str | None:
        """The names of all speakers, separated by commas; None if unknown."""
        return ", ".join(self.printed.speakers) or None


def quote_of_words(
    alignment: Alignment, words: range, asked: Span | None = None, *, mostly_spoken: bool = True
) -> Quote:
    """Return the quote from the first to the last spoken word of ``words``. If a span is ``asked`` for, words said
    outside this span are left out. Raises QuoteError if no spoken word remains, or if ``mostly_spoken`` is True and
    fewer than half of the words are spoken."""
    speech = speech_of(alignment, words) or words  # a heading may be read aloud
    spoken = [(k, span) for k in speech if (span := alignment.words[k].span)]
    if not spoken or (mostly_spoken and 2 * len(spoken) < len(speech)):
        raise _unspoken_error(alignment, words)
    if asked is not None:
        spoken = [(k, span) for k, span in spoken if span.start < asked.end and asked.start < span.end]
        if not spoken:
            raise QuoteError("the words are not spoken from {start:g} to {end:g} s", start=asked.start, end=asked.end)
    voice = Span(spoken[0][1].start, max(span.end for _, span in spoken))
    inside = range(spoken[0][0], spoken[-1][0] + 1)
    printed = read_printed(alignment, inside, spoken=True)
    cautions = cautions_of(alignment, words, inside, printed.words)
    if not printed.ends_sentence:
        cautions = (Caution("ends-inside-sentence", "the quote ends inside a sentence"), *cautions)
    if not printed.starts_sentence:
        cautions = (Caution("starts-inside-sentence", "the quote starts inside a sentence"), *cautions)
    return Quote(inside, voice, asked or voice, printed, cautions)


def _unspoken_error(alignment: Alignment, words: range) -> QuoteError:
    first, last = (alignment.words[k].word for k in (words[0], words[-1]))
    text = read_printed(alignment, words).text or alignment.transcript.text[first.char_start : last.char_end]
    shown = " ".join(text.split())[:_SHOWN]
    if any(alignment.words[k].span for k in words):
        return QuoteError("most of « {quote} » is not in the audio", quote=shown)
    return QuoteError("« {quote} » is printed in the transcript, but nobody says it", quote=shown)


def span_of(alignment: Alignment, start: float | None, end: float | None) -> Span:
    """Return the span between two times; None stands for the start or the end of the episode. Raises QuoteError if the
    end is not after the start, or is after the end of the episode."""
    duration = alignment.audio.duration
    start, end = max(0.0, start or 0.0), duration if end is None else end
    if not start < end:
        raise QuoteError("the end, {end:g} s, is not after its start, {start:g} s", end=end, start=start)
    if end > duration + 0.1:
        raise QuoteError("{end:g} s is outside the episode, which lasts {duration:.1f} s", end=end, duration=duration)
    return Span(start, min(end, duration))


def words_of_chars(alignment: Alignment, char_start: int, char_end: int) -> range | None:
    """Return the words that are at least partly between two character offsets of the transcript; None if no word is."""
    words = alignment.words
    first = bisect_right(words, char_start, key=lambda timed: timed.word.char_end)
    stop = bisect_left(words, char_end, key=lambda timed: timed.word.char_start)
    return range(first, stop) if first < stop else None


def read_printed(alignment: Alignment, words: range, *, spoken: bool = False) -> PrintedText:
    """Return the printed text of words, without footnote marks, headings, stage directions and a final comma or colon.

    "[rires] Non, pas du tout ![2]" gives "Non, pas du tout !". With ``spoken``, the text is as in captions: unspoken
    sentences are left out, and unpaired quotation marks completed.
    """
    paragraphs = [[t for t in tokens if not t.stage] for tokens in read_tokens(alignment, words=words)]
    shown = {token for sentence in read_sentences(paragraphs, words) for token in sentence.tokens}
    language = language_of(alignment.language).captioning
    quoted: list[list[Token]] = []
    starts = ends = True
    for tokens in paragraphs:
        inside = [
            k for k, t in enumerate(tokens) if t.word is not None and t.word in words and (t in shown or not spoken)
        ]
        if not inside:
            continue
        first, last = inside[0], inside[-1]
        if not quoted:
            starts = first == 0 or ends_sentence(tokens[first - 1].text, tokens[first].text, language)
        following = tokens[last + 1].text if last + 1 < len(tokens) else ""
        ends = ends_sentence(tokens[last].text, following, language)
        quoted.append([t for t in tokens[first : last + 1] if t in shown or not spoken])
    # As on the screens of audiograms, a dash is printed where it shows a change of speaker.
    dialogue = any(tokens[0].opens for tokens in quoted[1:])
    text = "\n".join(_line(tokens, dialogue) for tokens in quoted)
    if spoken and quoted:
        opening, closing = marks_lost_by([token for tokens in quoted for token in tokens], paragraphs)
        text = opening + text + closing
    printed = frozenset(token.word for tokens in quoted for token in tokens if token.word is not None)
    return PrintedText(without_pause(text), tuple(tokens[0].speaker for tokens in quoted), printed, starts, ends)


def _line(tokens: Sequence[Token], dialogue: bool) -> str:
    first, *rest = tokens
    text = first.text + "".join(token.before + token.text for token in rest)
    return DIALOGUE_DASH * dialogue + text.lstrip(DASHES + " \u00a0") if first.opens else text


@dataclass(frozen=True, slots=True)
class QuoteQuery:
    """A user's request for a quote: by its ``words``, its times, the id of a ``segment``, or ``indices`` of words.

    If ``words`` occur several times, ``match`` is the number of the occurrence, from 1. With ``indices``, ``start`` and
    ``end`` are the times at which to cut, and ``transcript`` is the start of the transcript's hash (None: not checked).
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
    """A quote. If it was found by searching for words, ``occurrences`` are all matching passages, and ``taken`` is the
    one that was chosen."""

    quote: Quote
    occurrences: tuple[Occurrence, ...] = ()
    taken: Occurrence | None = None

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """One caution if the quote's wording differs from the words that the user searched for, otherwise none."""
        if self.taken and self.taken.missing:
            missing = " ".join(self.taken.missing)
            return (Caution("not-there", f"asked for, but not there: {missing}", missing),)
        if self.taken and self.taken.score < _SIMILAR:
            return (Caution("approximate", f"what was found is {self.taken.score:.0%} like what was asked for"),)
        return ()


def find_quote(alignment: Alignment, query: QuoteQuery) -> QuoteMatch:
    """Find the quote that a user asks for. Raises QuoteError if the quote is not found (the error lists similar
    passages), not spoken, or outside the episode."""
    if query.words is not None:
        return _by_words(alignment, query.words, query.match)
    if query.segment is not None:
        return QuoteMatch(_by_segment(alignment, query.segment))
    if query.indices is not None:
        return QuoteMatch(_by_indices(alignment, query.indices, query))
    span = span_of(alignment, query.start, query.end)
    words = [k for k, word in enumerate(alignment.words) if word.span and span.start <= word.span.middle < span.end]
    if not words:
        raise QuoteError("no text is spoken from {start:g} to {end:g} s", start=span.start, end=span.end)
    return QuoteMatch(quote_of_words(alignment, range(words[0], words[-1] + 1), span, mostly_spoken=False))


def _by_segment(alignment: Alignment, identifier: str) -> Quote:
    segment = next((timed.segment for timed in alignment.segments if timed.id == identifier), None)
    if segment is None:
        ids = [timed.id for timed in alignment.segments]
        known = f"{ids[0]} to {ids[-1]}" if ids else "none"
        raise QuoteError("the alignment has no segment {segment!r}, only {known}", segment=identifier, known=known)
    words = words_of_chars(alignment, segment.char_start, segment.char_end)
    if not words:
        raise QuoteError("segment {segment!r} has no words", segment=identifier)
    return quote_of_words(alignment, words)


def _by_indices(alignment: Alignment, indices: range, query: QuoteQuery) -> Quote:
    if query.transcript and not alignment.transcript.sha256.startswith(query.transcript):
        raise QuoteError("the transcript is another one than when the words were chosen; choose them again")
    if indices.stop > len(alignment.words):
        count = len(alignment.words)
        raise QuoteError("there is no word {last}; the alignment has {count} words", last=indices.stop, count=count)
    is_timed = query.start is not None or query.end is not None
    return quote_of_words(alignment, indices, span_of(alignment, query.start, query.end) if is_timed else None)


def _by_words(alignment: Alignment, words: str, match: int | None) -> QuoteMatch:
    found = search(alignment, words)
    best = found.best
    if best is None:
        nearest = "; ".join(describe(alignment, each) for each in found.nearest) or Message("nothing like it")
        shown = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
        raise QuoteError(
            "the quote {quote!r} is not in the transcript; nearest: {nearest}", quote=shown, nearest=nearest
        )
    if match is not None:
        count = len(found.occurrences)
        if match > count:
            raise QuoteError("--match {match}: the quote was found {count} times", match=match, count=count)
        best = found.occurrences[match - 1]
    if not best.spoken:
        raise _unspoken_error(alignment, best.words)
    return QuoteMatch(quote_of_words(alignment, best.words, mostly_spoken=False), found.occurrences, best)


def list_occurrences(alignment: Alignment, occurrences: Sequence[Occurrence]) -> list[str]:
    """Format each occurrence as a line: number, time, speaker, similarity and words."""
    return [f"{number}  {describe(alignment, each)}" for number, each in enumerate(occurrences, start=1)]

"""Sentences: where one ends, and which of them are shown.

A sentence of which nothing is spoken is left out, and so is a stage direction beside it. Words without a time inside a
spoken sentence stay in it so that it reads whole; a longer run of them is left out, since it would take the time in
which what is said can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from aligner.languages import Captioning, language_of, of_all
from aligner.model import Span
from aligner.typography.quotation import lost_marks, marks_lost_between, without_pause
from aligner.typography.tokens import Token, tokens_width

CLOSERS = "»”’\"')]}›*_ \u00a0\u202f"
OPENERS = "«“„‹([{¿¡\"'‘*_ \u00a0\u202f–—-"
TERMINALS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")
# A sentence may hold so many characters in a row that nobody says, half a line: readers have time for no more.
READS_WHOLE = 21
_SHORT_FORMS = of_all(lambda language: language.captioning.short_forms)
_ORDINAL = re.compile(r"\d{1,3}")
_FIRST_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """The tokens of a sentence, or of a stage direction that stands between two."""

    tokens: list[Token]

    @property
    def stage(self) -> bool:
        return all(token.stage for token in self.tokens)

    @property
    def start(self) -> float:
        """When its first timed token starts; 0 where none has a time."""
        return next((token.span.start for token in self.tokens if token.span), 0.0)

    @property
    def end(self) -> float:
        """When its last timed token ends; 0 where none has a time."""
        return next((token.span.end for token in reversed(self.tokens) if token.span), 0.0)

    def spans(self) -> list[Span]:
        """When each token is said; the untimed are points, where the next timed one starts or the last ends."""
        upcoming = max((token.span.end for token in self.tokens if token.span), default=0.0)
        spans: list[Span] = []
        for token in reversed(self.tokens):
            spans.append(token.span or Span(upcoming, upcoming))
            upcoming = spans[-1].start
        return spans[::-1]


def ends_sentence(text: str, following: str, language: Captioning) -> bool:
    """Whether a token ends its sentence, given the text of the next one (empty at the end of a paragraph)."""
    if not following:
        return True
    if not text.rstrip(CLOSERS).endswith(TERMINALS) or goes_on_after_stop(text, following, language):
        return False
    return not following.lstrip(OPENERS)[:1].islower()


def goes_on_after_stop(text: str, following: str, language: Captioning) -> bool:
    """Whether the full stop that a token ends with is that of an abbreviation, or of an ordinal in figures."""
    core = text.rstrip(CLOSERS)
    if not core.endswith(".") or core.endswith(".."):
        return False
    word = core[:-1].lstrip(OPENERS)
    return _is_abbreviation(word, language) or (language.ordinal_stop and _is_ordinal(word, following, language))


def _is_abbreviation(word: str, language: Captioning) -> bool:
    if (len(word) == 1 and word.isupper()) or re.fullmatch(r"(\w\.)+\w", word):
        return True
    small = word.lower()
    elided = small.replace("’", "'").rpartition("'")[2]
    return small in _SHORT_FORMS or elided in language.short_forms | language.own_short_forms


def _is_ordinal(word: str, following: str, language: Captioning) -> bool:
    """Whether a number is the ordinal of what follows: a noun, or a name of a month, begins few sentences."""
    first = _FIRST_WORD.match(following.lstrip(OPENERS))
    if not _ORDINAL.fullmatch(word) or first is None or not first[0][0].isalpha():
        return False
    return first[0].lower() not in language.clinging | language.leaning | language.clause | language.openers


def read_sentences(paragraphs: list[list[Token]], words: range | None = None) -> list[Sentence]:
    """The sentences and stage directions of the paragraphs, or of that part of them that ``words`` indexes."""
    return _shown(_sentences(_within(paragraphs, words)))


def without_stage(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The sentences without stage directions, neither between them nor within."""
    return [Sentence([t for t in each.tokens if not t.stage]) for each in sentences if not each.stage]


def with_whole_quotations(sentences: list[Sentence], paragraphs: list[list[Token]]) -> list[Sentence]:
    """The sentences that are shown of the paragraphs, with the marks that quotations lost in what is not."""
    shown = {id(token) for sentence in sentences for token in sentence.tokens}
    marked: dict[int, Token] = {}
    for paragraph in paragraphs:
        tokens = [token for token in paragraph if not token.stage]
        is_shown = [id(token) in shown for token in tokens]
        if all(is_shown) or not any(is_shown):
            continue
        lost = marks_lost_between([token.before + token.text for token in tokens], is_shown)
        for at, (opening, closing) in lost.items():
            marked[id(tokens[at])] = replace(tokens[at], text=opening + tokens[at].text + closing)
    return (
        [Sentence([marked.get(id(token), token) for token in each.tokens]) for each in sentences]
        if marked
        else sentences
    )


def as_excerpt(sentences: list[Sentence], paragraphs: list[list[Token]]) -> list[Sentence]:
    """The sentences of a part of the paragraphs, with the marks of each quotation that was cut in two, and without a
    pause at the end."""
    tokens = [token for sentence in sentences for token in sentence.tokens if not token.stage]
    if not tokens:
        return sentences
    first, last = tokens[0], tokens[-1]
    opening, closing = marks_lost_by(tokens, paragraphs)

    def marked(token: Token) -> Token:
        text = opening * (token is first) + token.text + closing * (token is last)
        return replace(token, text=without_pause(text) if token is last else text)

    return [Sentence([marked(token) for token in sentence.tokens]) for sentence in sentences]


def marks_lost_by(tokens: list[Token], paragraphs: list[list[Token]]) -> tuple[str, str]:
    """What must stand before and after the tokens, a part of the paragraphs, so that their quotations are whole."""
    first, last = tokens[0], tokens[-1]
    opened = next(each for each in paragraphs if each[0].paragraph == first.paragraph)
    closed = next(each for each in paragraphs if each[0].paragraph == last.paragraph)
    parts = opened[: opened.index(first)], tokens, closed[closed.index(last) + 1 :]
    before, text, after = ("".join(_spaced(part)) for part in parts)
    return lost_marks(text.removeprefix(first.before), before + first.before, after)


def _spaced(tokens: list[Token]) -> Iterator[str]:
    """The text of each token with what stands before it, a line for each paragraph."""
    for number, token in enumerate(tokens):
        starts = number > 0 and token.paragraph != tokens[number - 1].paragraph
        yield "\n" + token.text if starts else token.before + token.text


def sentence_words(paragraphs: Iterable[list[Token]]) -> Iterator[range]:
    """The words of each sentence, spoken or not, in order; those of stage directions belong to none."""
    for sentence in _sentences([token for token in paragraph if not token.stage] for paragraph in paragraphs):
        words = [token.word for token in sentence.tokens if token.word is not None]
        if words:
            yield range(words[0], words[-1] + 1)


def _within(paragraphs: list[list[Token]], words: range | None) -> list[list[Token]]:
    if words is None:
        return paragraphs
    tokens = [token for paragraph in paragraphs for token in paragraph]
    inside = [position for position, token in enumerate(tokens) if token.word is not None and token.word in words]
    if not inside:
        return []
    kept: list[list[Token]] = []
    for token in tokens[inside[0] : inside[-1] + 1]:
        if not kept or kept[-1][-1].paragraph != token.paragraph:
            kept.append([])
        kept[-1].append(token)
    return kept


def _sentences(paragraphs: Iterable[list[Token]]) -> Iterator[Sentence]:
    for paragraph in paragraphs:
        sentence: list[Token] = []
        for position, token in enumerate(paragraph):
            if sentence and sentence[-1].stage and not token.stage and all(other.stage for other in sentence):
                yield Sentence(sentence)
                sentence = []
            sentence.append(token)
            following = paragraph[position + 1].text if position + 1 < len(paragraph) else ""
            language = language_of(token.language).captioning
            if not token.stage and ends_sentence(token.text, following, language):
                yield Sentence(sentence)
                sentence = []
        if sentence:
            yield Sentence(sentence)


def _shown(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Leave out sentences without a spoken word, and stage directions beside them: their place is not known."""
    kept: list[Sentence] = []
    pending: list[Sentence] = []
    known = True
    for sentence in sentences:
        if sentence.stage:
            pending.append(sentence)
            continue
        spoken = any(token.timed for token in sentence.tokens)
        if spoken:
            kept += pending * known + [_said(sentence)]
        known, pending = spoken, []
    return kept + pending * (known and bool(kept))


def _said(sentence: Sentence) -> Sentence:
    """The sentence without the long runs of words in it that nobody says."""
    tokens = sentence.tokens
    edges = [at for at, (one, other) in enumerate(pairwise(tokens), start=1) if one.timed != other.timed]
    said: list[Token] = []
    for first, last in pairwise([0, *edges, len(tokens)]):
        run = tokens[first:last]
        if run[0].timed or tokens_width(token for token in run if not token.stage) <= READS_WHOLE:
            said += run
            continue
        # Stage directions next to what is said have their place beside it.
        said += takewhile(_is_stage, run if first else ())
        said += reversed(list(takewhile(_is_stage, reversed(run if last < len(tokens) else ()))))
    return Sentence(said)


def _is_stage(token: Token) -> bool:
    return token.stage

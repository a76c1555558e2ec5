"""Sentences: where one ends, and which of them are shown.

A sentence of which nothing is spoken is left out, and so is a stage direction beside it; words without a time inside a
spoken sentence stay in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aligner.languages import of_all
from aligner.model import Span
from aligner.typography.tokens import Token

CLOSERS = "»”’\"')]}›*_ \u00a0\u202f"
OPENERS = "«“„‹([{¿¡\"'‘*_ \u00a0\u202f–—-"
TERMINALS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔", "।")
_ABBREVIATIONS = of_all(lambda language: language.captioning.short_forms)


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


def ends_sentence(text: str, following: str) -> bool:
    """Whether a token ends its sentence, given the text of the next one (empty at the end of a paragraph)."""
    if not following:
        return True
    core = text.rstrip(CLOSERS)
    if not core.endswith(TERMINALS):
        return False
    if core.endswith(".") and not core.endswith("..") and is_abbreviation(core[:-1]):
        return False
    start = following.lstrip(OPENERS)
    return not start[:1].islower()


def is_abbreviation(core: str) -> bool:
    """Whether a word before a full stop is an abbreviation, so that the stop need not end a sentence."""
    word = core.lstrip(OPENERS)
    return (
        (len(word) == 1 and word.isupper()) or word.lower() in _ABBREVIATIONS or bool(re.fullmatch(r"(\w\.)+\w", word))
    )


def read_sentences(paragraphs: list[list[Token]], words: range | None = None) -> list[Sentence]:
    """The sentences and stage directions of the paragraphs, or of that part of them that ``words`` indexes."""
    return _shown(_sentences(_within(paragraphs, words)))


def without_stage(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The sentences without stage directions, neither between them nor within."""
    return [Sentence([t for t in each.tokens if not t.stage]) for each in sentences if not each.stage]


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
            if not token.stage and ends_sentence(token.text, following):
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
            kept += pending * known + [sentence]
        known, pending = spoken, []
    return kept + pending * (known and bool(kept))

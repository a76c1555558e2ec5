"""What is shown, in the order of the text: sentences of which something is spoken, and stage directions.

A sentence of which nothing is spoken is left out, and so is a stage direction beside it; words without a time inside a
spoken sentence stay in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aligner.captions.breaks import ends_sentence
from aligner.captions.cue import CueKind
from aligner.captions.tokens import Token


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence, a stage direction or a mark of untranscribed speech; sounds have the span they are shown for."""

    kind: CueKind
    tokens: list[Token]
    start: float
    end: float


def read_stretches(paragraphs: list[list[Token]], words: range | None = None) -> list[Stretch]:
    """The stretches of the paragraphs, or of that part of them that ``words`` indexes."""
    return _shown(_sentences(_within(paragraphs, words)))


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


def _sentences(paragraphs: list[list[Token]]) -> Iterator[Stretch]:
    for paragraph in paragraphs:
        sentence: list[Token] = []
        for position, token in enumerate(paragraph):
            if sentence and sentence[-1].stage and not token.stage and all(other.stage for other in sentence):
                yield stretch_of(CueKind.STAGE, sentence)
                sentence = []
            sentence.append(token)
            following = paragraph[position + 1].text if position + 1 < len(paragraph) else ""
            if not token.stage and ends_sentence(token.text, following):
                yield stretch_of(CueKind.SPEECH, sentence)
                sentence = []
        if sentence:
            stage = all(token.stage for token in sentence)
            yield stretch_of(CueKind.STAGE if stage else CueKind.SPEECH, sentence)


def placed(tokens: list[Token]) -> list[tuple[float, float]]:
    """The span of every token of a sentence, a point for the untimed."""
    last = max((token.end for token in tokens if token.end is not None), default=0.0)
    spans: list[tuple[float, float]] = []
    upcoming = last
    for token in reversed(tokens):
        if token.start is not None and token.end is not None:
            spans.append((token.start, token.end))
            upcoming = token.start
        else:
            spans.append((upcoming, upcoming))
    return spans[::-1]


def stretch_of(kind: CueKind, tokens: list[Token]) -> Stretch:
    """Tokens with the span from their first time to their last."""
    starts = [token.start for token in tokens if token.start is not None]
    ends = [token.end for token in tokens if token.end is not None]
    return Stretch(kind, tokens, starts[0] if starts else 0.0, ends[-1] if ends else 0.0)


def _shown(sentences: Iterable[Stretch]) -> list[Stretch]:
    """Leave out sentences without a spoken word, and stage directions beside them: their place is not known."""
    kept: list[Stretch] = []
    pending: list[Stretch] = []
    known = True
    for sentence in sentences:
        if sentence.kind is CueKind.STAGE:
            pending.append(sentence)
            continue
        spoken = any(token.timed for token in sentence.tokens)
        if spoken:
            kept += pending * known + [sentence]
        known, pending = spoken, []
    return kept + pending * (known and bool(kept))

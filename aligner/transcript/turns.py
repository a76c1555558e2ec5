"""Timed pieces of a transcript (captions, words or sentences of a JSON) joined into turns, a paragraph a line.

Their times say only where a paragraph may end; nothing else of them is used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aligner.transcript.labels import ends_sentence
from aligner.transcript.lines import Draft, Line
from aligner.transcript.marks import is_stage
from aligner.transcript.names import Shape, clean_name, shape_of

PARAGRAPH_CHARS = 600  # a longer paragraph ends with its sentence
PARAGRAPH_PAUSE = 2.0  # seconds after a sentence that end a paragraph
MAX_PARAGRAPH_CHARS = 2000  # of text without full stops
MIN_LABELLED = 0.5  # of pieces
LONG_PAUSE = 6.0  # seconds that end it anywhere
NEW_VOICE = re.compile(r"[-–—―]\s*\S|>>")
LABEL = re.compile(
    r"(?:>>+\s*)?(?:(?P<label>[^\W\d_][^:：\n\[\]]{0,60}?)\s*[:：]|\[(?P<bracketed>[^\[\]\n]{1,40})\]:?)(?:\s+|$)"
)
UNSPACED = re.compile(r"[\u0e00-\u0fff\u2e80-\ua4cf\uff00-\uff9f]")  # Thai, Chinese, Japanese; not Korean
BRACKETED = re.compile(r"[\[(][^\[\]()]*[\])]|[♪♫].*")
NO_SPACE_BEFORE = re.compile(r"[.,…)\]}’”]+(?:\s|$)")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A piece of text with its speaker, if known, and its times in seconds."""

    text: str
    speaker: str | None
    start: float
    end: float


def join_turns(utterances: Sequence[Utterance], title: str | None = None, language: str | None = None) -> Draft:
    """The draft of timed pieces. Where none names a speaker, labels are looked for in the text."""
    utterances = _named(utterances)
    named = any(piece.speaker for piece in utterances)
    lines: list[Line] = []
    texts: list[str] = []
    start = at = 0
    last: Utterance | None = None
    for piece in utterances:
        text = piece.text.replace("\n", " ").rstrip()
        if not text:
            continue
        if last is None or _starts_paragraph(last, piece, at - start):
            text = text.lstrip()
            texts.append("\n" if last else "")
            start = at = at + len(texts[-1])
            lines.append(Line(start, start, None, piece.speaker, start if named else None))
        else:
            texts.append(_glue(last.text.rstrip(), text))
            at += len(texts[-1])
        texts.append(text)
        at += len(text)
        lines[-1] = replace(lines[-1], end=at)
        last = piece
    return Draft("".join(texts) + "\n", tuple(lines), title, language, guess_headings=False)


def _named(utterances: Sequence[Utterance]) -> Sequence[Utterance]:
    """Pieces that mostly open with a recurring label, as meeting recorders write them, with the label for speaker."""
    labels = [None if piece.speaker else _label(piece.text.strip()) for piece in utterances]
    counts = Counter(label[0] for label in labels if label)
    if sum(counts[label[0]] > 1 for label in labels if label) < max(2, MIN_LABELLED * len(utterances)):
        return utterances
    named: list[Utterance] = []
    for piece, label in zip(utterances, labels, strict=True):
        speaker = named[-1].speaker if named and not NEW_VOICE.match(piece.text.strip()) else None
        text = piece.text.strip()[label[1] :] if label else piece.text
        named.append(replace(piece, text=text, speaker=label[0] if label else piece.speaker or speaker))
    return named


def _starts_paragraph(last: Utterance, piece: Utterance, length: int) -> bool:
    """Whether a piece starts a paragraph after one of `length` characters that ends with `last`."""
    text, before, pause = piece.text.strip(), last.text.strip(), piece.start - last.end
    if piece.speaker != last.speaker or NEW_VOICE.match(text) or (piece.speaker is None and _label(text)):
        return True
    if BRACKETED.fullmatch(text) or BRACKETED.fullmatch(before) or pause >= LONG_PAUSE or length >= MAX_PARAGRAPH_CHARS:
        return True
    return ends_sentence(before) and (pause >= PARAGRAPH_PAUSE or length >= PARAGRAPH_CHARS)


def _label(text: str) -> tuple[str, int] | None:
    """The name of a label that opens a piece, and where its words start."""
    found = LABEL.match(text)
    if not found or is_stage(found.group().strip()):
        return None
    name = clean_name(found["label"] or found["bracketed"])
    return (name, found.end()) if shape_of(name) >= Shape.NAME else None


def _glue(before: str, text: str) -> str:
    """What goes between two pieces: nothing before punctuation or between letters of scripts without spaces."""
    if text[0].isspace() or NO_SPACE_BEFORE.match(text) or (UNSPACED.match(before[-1]) and UNSPACED.match(text[0])):
        return ""
    return " "

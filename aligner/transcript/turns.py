"""Timed pieces of a transcript (captions, words or sentences of a JSON) joined into turns, a paragraph a line.

Their times say only where a paragraph may end; nothing else of them is used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aligner.transcript.labels import ends_sentence
from aligner.transcript.lines import Draft, Line
from aligner.transcript.names import Shape, clean_name, shape_of

PARAGRAPH_CHARS = 600  # a longer paragraph ends with its sentence
PARAGRAPH_PAUSE = 2.0  # seconds after a sentence that end a paragraph
MAX_PARAGRAPH_CHARS = 2000  # of text without full stops
LONG_PAUSE = 6.0  # seconds that end it anywhere
NEW_VOICE = re.compile(r"[-–—―]\s*\S|>>")
LABEL = re.compile(r"([^\W\d_][^:：\n]{0,60}?)\s*[:：](?:\s|$)")
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


def _starts_paragraph(last: Utterance, piece: Utterance, length: int) -> bool:
    """Whether a piece starts a paragraph after one of `length` characters that ends with `last`."""
    text, before, pause = piece.text.strip(), last.text.strip(), piece.start - last.end
    if piece.speaker != last.speaker or NEW_VOICE.match(text) or _is_labelled(text):
        return True
    if BRACKETED.fullmatch(text) or BRACKETED.fullmatch(before) or pause >= LONG_PAUSE or length >= MAX_PARAGRAPH_CHARS:
        return True
    return ends_sentence(before) and (pause >= PARAGRAPH_PAUSE or length >= PARAGRAPH_CHARS)


def _is_labelled(text: str) -> bool:
    label = LABEL.match(text)
    return label is not None and shape_of(clean_name(label[1])) >= Shape.NAME


def _glue(before: str, text: str) -> str:
    """What goes between two pieces: nothing before punctuation or between letters of scripts without spaces."""
    if text[0].isspace() or NO_SPACE_BEFORE.match(text) or (UNSPACED.match(before[-1]) and UNSPACED.match(text[0])):
        return ""
    return " "

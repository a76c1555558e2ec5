"""Timed pieces of a transcript (captions, words or sentences of a JSON) joined into turns, a paragraph a line.

Their times say only where a paragraph may end; nothing else of them is used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from aligner.transcript.labels import FINAL
from aligner.transcript.lines import Draft, Line

PARAGRAPH_CHARS = 600  # a longer paragraph ends with its sentence
PARAGRAPH_PAUSE = 2.0  # seconds after a sentence that end a paragraph
LONG_PAUSE = 6.0  # seconds that end it anywhere
NEW_TURN = re.compile(r"[-–—―]\s*\S|>>|[^\W\d_][^:：\n]{0,60}[:：](?:\s|$)")
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
    paragraphs: list[tuple[str | None, str]] = []
    last: Utterance | None = None
    for piece in utterances:
        text = " ".join(piece.text.split("\n"))
        if not text.strip():
            continue
        if last is None or _starts_paragraph(last, piece, paragraphs[-1][1]):
            paragraphs.append((piece.speaker, text.strip()))
        else:
            paragraphs[-1] = (paragraphs[-1][0], _joined(paragraphs[-1][1], text))
        last = piece
    lines, at = [], 0
    for speaker, text in paragraphs:
        lines.append(Line(at, at + len(text), None, speaker, at if named else None))
        at += len(text) + 1
    return Draft("".join(text + "\n" for _, text in paragraphs), tuple(lines), title, language, guess_headings=False)


def _starts_paragraph(last: Utterance, piece: Utterance, paragraph: str) -> bool:
    text, pause = piece.text.strip(), piece.start - last.end
    if piece.speaker != last.speaker or NEW_TURN.match(text):
        return True
    if BRACKETED.fullmatch(text) or BRACKETED.fullmatch(paragraph):
        return True
    ended = FINAL.search(paragraph) is not None
    return pause >= LONG_PAUSE or (ended and (pause >= PARAGRAPH_PAUSE or len(paragraph) >= PARAGRAPH_CHARS))


def _joined(paragraph: str, text: str) -> str:
    glue = "" if text[0].isspace() or NO_SPACE_BEFORE.match(text) else " "
    return paragraph + glue + text.rstrip()

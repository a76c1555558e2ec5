"""The transcript as HTML of Podcasting 2.0: ``<cite>`` who speaks, ``<time>`` since when, ``<p>`` what is said.

What nobody says stands between, in elements that are none of these: headings, notes and stage directions. The page
names its language and encoding, for it is also read alone, and who stands for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from aligner.durations import clock, to_milliseconds
from aligner.formats.material import Material, Paragraph, Turn
from aligner.formats.text_lines import on_one_line
from aligner.model import Kind
from media.video.bidirectional import base_level


def write(material: Material) -> str:
    """A page that is well-formed XML too."""
    direction = "rtl" if base_level(material.alignment.transcript.text) else "ltr"
    description = _text(" ".join(material.remarks_for_readers))
    head = [
        "<!DOCTYPE html>",
        f'<html lang="{_text(material.language)}" dir="{direction}">',
        "<head>",
        '<meta charset="utf-8"/>',
        f"<title>{_text(material.title)}</title>",
        f'<meta name="description" lang="{material.sentence_language}" content="{description}"/>',
        "</head>",
        "<body>",
    ]
    body = [line for turn in material.named.turns for line in _turn(turn)]
    return "\n".join([*head, *body, "</body>", "</html>"]) + "\n"


def _turn(turn: Turn) -> Iterator[str]:
    if turn.kind is Kind.HEADING:
        yield f"<h2>{_text(turn.paragraphs[0].text)}</h2>"
    elif turn.kind is not Kind.SPEECH:
        yield f"<aside>{_text(turn.paragraphs[0].text)}</aside>"
    else:
        if turn.speaker:
            yield f"<cite>{_text(turn.speaker)}:</cite>"
        for paragraph in turn.paragraphs:
            yield from _said(paragraph)


def _said(paragraph: Paragraph) -> Iterator[str]:
    if paragraph.span:
        seconds = to_milliseconds(paragraph.span.start) / 1000
        yield f'<time datetime="PT{seconds:.3f}S">{clock(paragraph.span.start)}</time>'
    yield f"<p>{_text(paragraph.text)}</p>"


def _text(text: str) -> str:
    return escape(on_one_line(text))

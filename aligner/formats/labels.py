"""Audacity labels: a line for each spoken paragraph, and a point label for each heading that is not read aloud.

A line has start, end and text, separated by tabs
(https://manual.audacityteam.org/man/importing_and_exporting_labels.html). The format has no comments.
"""

from __future__ import annotations

from collections.abc import Iterator

from aligner.formats.material import Material
from aligner.formats.text_lines import on_one_line
from aligner.model import Kind, Span


def labels(material: Material) -> str:
    """Return the labels in text order."""
    return "".join(_lines(material))


def _lines(material: Material) -> Iterator[str]:
    for each in material.paragraphs:
        span, reached = each.span, material.alignment.segments[each.segment].start
        if span is None and each.kind is Kind.HEADING and reached is not None:
            span = Span(reached, reached)
        if span:
            text = on_one_line(f"{each.speaker}: {each.text}" if each.speaker else each.text)
            yield f"{span.start:.6f}\t{span.end:.6f}\t{text}\n"

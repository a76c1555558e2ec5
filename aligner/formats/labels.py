"""Labels of Audacity: a line for each paragraph that is said, and for each heading where it is reached.

As https://manual.audacityteam.org/man/importing_and_exporting_labels.html has it: start, end and text, parted by tabs.
There is no place for anything else, so not for who has reviewed it.
"""

from __future__ import annotations

from collections.abc import Iterable

from aligner.formats.material import Material, Paragraph
from aligner.formats.text_lines import on_one_line
from aligner.model import Kind, Span


def write(material: Material) -> str:
    """The labels, in order of the text."""
    placed = ((each, _span(material, each)) for each in material.paragraphs)
    return lines((span.start, span.end, labelled(each.speaker, each.text)) for each, span in placed if span)


def _span(material: Material, paragraph: Paragraph) -> Span | None:
    """When a paragraph is said; of a heading that nobody says, when it is reached."""
    reached = material.alignment.segments[paragraph.segment].start
    if paragraph.span is None and paragraph.kind is Kind.HEADING and reached is not None:
        return Span(reached, reached)
    return paragraph.span


def lines(labels: Iterable[tuple[float, float, str]]) -> str:
    """A line for each label."""
    return "".join(f"{start:.6f}\t{end:.6f}\t{text}\n" for start, end, text in labels)


def labelled(speaker: str | None, text: str) -> str:
    """A text with its speaker before it, on one line."""
    return on_one_line(f"{speaker}: {text}" if speaker else text)

"""Labels of Audacity: a line for each paragraph that is said, and for each heading where it is reached.

As https://manual.audacityteam.org/man/importing_and_exporting_labels.html has it: start, end and text, parted by tabs.
There is no place for anything else, so not for who has reviewed it.
"""

from __future__ import annotations

from collections.abc import Iterator

from aligner.formats.material import Material
from aligner.formats.text_lines import on_one_line
from aligner.model import Kind, Span


def labels(material: Material) -> str:
    """Return the labels, in order of the text."""
    return "".join(_lines(material))


def _lines(material: Material) -> Iterator[str]:
    for each in material.paragraphs:
        span, reached = each.span, material.alignment.segments[each.segment].start
        if span is None and each.kind is Kind.HEADING and reached is not None:
            span = Span(reached, reached)
        if span:
            text = on_one_line(f"{each.speaker}: {each.text}" if each.speaker else each.text)
            yield f"{span.start:.6f}\t{span.end:.6f}\t{text}\n"

"""What is twice as long takes no more than about twice the work, counted in lines that are run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from aligner.formats import Material
from aligner.formats.book.phrases import phrases_of
from aligner.formats.chapters import chapter_marks
from aligner.model import Kind, Settled, SettledKind
from tests.aligner.captions.spoken import Paragraph
from tests.lines_run import lines_run
from tests.readers.hostile import planted
from tests.tables import over_rows


def long(parts: int) -> Material:
    """So many chapters of a few words, in each of which two adverts overlap, and one lasts to the next."""
    said: list[Paragraph] = [each for k in range(parts) for each in ((Kind.HEADING, f"C{k}"), ("Ada", "So it goes."))]
    alignment = planted(*said, language="en")
    starts = [each.start for each in Material(alignment, "long").chapters]
    adverts = [
        Settled(SettledKind.ADVERT, start + first, start + last)
        for start in starts
        for first, last in ((0.1, 0.3), (0.2, 0.4), (0.3, 0.8))
    ]
    return Material(replace(alignment, settled=tuple(adverts)), "long")


def _phrases(material: Material) -> list[object]:
    return [phrases_of(material, paragraph) for paragraph in material.paragraphs]


@over_rows("work", [chapter_marks, _phrases])
def test_of_twice_as_much_twice_as_much_is_made(work: Callable[[Material], list[object]]) -> None:
    some, more = long(100), long(200)
    assert len(work(more)) == pytest.approx(2 * len(work(some)), abs=2)
    some, more = long(100), long(200)
    assert lines_run(lambda: work(more)) < 2.3 * lines_run(lambda: work(some))

"""TextGrid, for Praat: a tier of words and one of how each is known, and for each speaker one of paragraphs.

As https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html has the long form: intervals of a tier follow each
other without a gap, the empty ones too; a quotation mark is written twice. The first tier says who has reviewed it, for
the format has no comments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from aligner.formats.intervals import MILLISECONDS, disjoint, steps
from aligner.formats.material import Material
from aligner.formats.text_lines import on_one_line
from aligner.formats.tiers import named, paragraphs_by_speaker, status_of
from aligner.model import Span

_Interval = tuple[int, int, str]


def write(material: Material) -> str:
    """The tiers, all as long as the sound."""
    tiers = list(_tiers(material))
    length = steps(material.alignment.audio.duration, MILLISECONDS)
    end = max([length, *(intervals[-1][1] for _, intervals in tiers if intervals)])
    return "".join(f"{line}\n" for line in _lines(tiers, end))


def _tiers(material: Material) -> Iterator[tuple[str, list[_Interval]]]:
    """The name and the labelled intervals of each tier."""
    said = [(word, word.span) for word in material.alignment.words if word.span]
    places = disjoint([span for _, span in said])
    yield "words", _labelled(places, [word.word.text for word, _ in said])
    yield "status", _labelled(places, [status_of(word) for word, _ in said])
    for name, paragraphs in paragraphs_by_speaker(material).items():
        spans = disjoint([span for _, span in paragraphs])
        yield named("paragraphs", name), _labelled(spans, [each.text for each, _ in paragraphs])
    chapters = disjoint([Span(each.start, each.end) for each in material.chapters])
    if chapters:
        yield "chapters", _labelled(chapters, [each.title for each in material.chapters])
    whole = Span(0.0, material.alignment.audio.duration)
    yield "remarks", _labelled(disjoint([whole]), [" ".join(material.remarks)])


def _labelled(places: Sequence[tuple[int, int]], labels: Sequence[str]) -> list[_Interval]:
    return [(start, end, label) for (start, end), label in zip(places, labels, strict=True)]


def _lines(tiers: Sequence[tuple[str, Sequence[_Interval]]], end: int) -> Iterator[str]:
    yield 'File type = "ooTextFile"'
    yield 'Object class = "TextGrid"'
    yield ""
    yield "xmin = 0"
    yield f"xmax = {_seconds(end)}"
    yield "tiers? <exists>"
    yield f"size = {len(tiers)}"
    yield "item []:"
    for number, (name, labelled) in enumerate(tiers, 1):
        intervals = list(_filled(labelled, end))
        yield f"    item [{number}]:"
        yield '        class = "IntervalTier"'
        yield f"        name = {_quoted(name)}"
        yield "        xmin = 0"
        yield f"        xmax = {_seconds(end)}"
        yield f"        intervals: size = {len(intervals)}"
        for index, (start, stop, text) in enumerate(intervals, 1):
            yield f"        intervals [{index}]:"
            yield f"            xmin = {_seconds(start)}"
            yield f"            xmax = {_seconds(stop)}"
            yield f"            text = {_quoted(text)}"


def _filled(intervals: Sequence[_Interval], end: int) -> Iterator[_Interval]:
    """The intervals with empty ones between them, from the start to the end."""
    last = 0
    for start, stop, text in intervals:
        if last < start:
            yield last, start, ""
        yield start, stop, text
        last = stop
    if last < end:
        yield last, end, ""


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds // MILLISECONDS}.{milliseconds % MILLISECONDS:03d}"


def _quoted(text: str) -> str:
    return '"' + on_one_line(text).replace('"', '""') + '"'

"""What stands in tiers, for programs of linguists."""

from __future__ import annotations

from aligner.formats.material import Material, Paragraph
from aligner.formats.text_lines import on_one_line
from aligner.model import Span, TimedWord


def paragraphs_by_speaker(material: Material) -> dict[str | None, list[tuple[Paragraph, Span]]]:
    """The paragraphs that are said, by the name of who says them on one line, None where nobody is named; speakers in
    order of appearance."""
    found: dict[str | None, list[tuple[Paragraph, Span]]] = {}
    for paragraph in material.paragraphs:
        if paragraph.span:
            name = on_one_line(paragraph.speaker or "") or None
            found.setdefault(name, []).append((paragraph, paragraph.span))
    return found


def named(what: str, speaker: str | None) -> str:
    """The name of a tier of one speaker, which is no other tier's."""
    return f"{what} of {speaker}" if speaker else what


def status_of(word: TimedWord) -> str:
    """How a word's time is known, and whether a person set it."""
    return f"{word.status}, pinned" if word.pinned else str(word.status)

"""Labels of Audacity of the kept quotes alone."""

from __future__ import annotations

from aligner.formats.kept import shown
from aligner.formats.labels import labelled, lines
from aligner.formats.material import Material
from media.errors import Message

_NAMED = 5  # quotes in one message


def write(material: Material) -> str:
    """The labels, in order of time."""
    return lines((each.start, each.end, labelled(each.speaker, each.text)) for each in material.quotes)


def lacking(material: Material) -> Message | None:
    """That there are none, or none that is said now."""
    if material.quotes:
        return None
    if not material.lost:
        return Message("no quote was kept of it")
    named = "; ".join([f"« {shown(text)} »" for text in material.lost[:_NAMED]] + ["…"] * bool(material.lost[_NAMED:]))
    return Message("of its kept quotes none was found in what is said now: {quotes}", quotes=named)

"""Labels of Audacity of the kept quotes alone."""

from __future__ import annotations

from aligner.formats.labels import labelled, lines
from aligner.formats.material import Material
from media.errors import Message


def write(material: Material) -> str:
    """The labels, in order of time."""
    return lines((each.start, each.end, labelled(each.speaker, each.text)) for each in material.quotes)


def lacking(material: Material) -> Message | None:
    """That there are none."""
    return None if material.quotes else Message("no quote was kept of it")

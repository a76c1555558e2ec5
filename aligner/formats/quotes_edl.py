"""An edit decision list of the kept quotes alone, one after the other: a first assembly of them."""

from __future__ import annotations

from aligner.formats import edl, quotes_labels
from aligner.formats.cuts import frames, named
from aligner.formats.material import Material
from media.errors import Message


def write(material: Material) -> str:
    """The list."""
    places = ((frames(each.start), frames(each.end), named(each.speaker, each.text)) for each in material.quotes)
    return edl.listed(material, ((start, max(start + 1, end), name) for start, end, name in places))


def lacking(material: Material) -> Message | None:
    """That there are none, or the sound is too long."""
    return quotes_labels.lacking(material) or edl.lacking(material)

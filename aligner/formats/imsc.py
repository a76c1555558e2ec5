"""The text profile of IMSC 1.1 (https://www.w3.org/TR/ttml-imsc1.1/)."""

from __future__ import annotations

from aligner.formats.material import Material
from aligner.formats.ttml import document

_PROFILE = "http://www.w3.org/ns/ttml/profile/imsc1.1/text"


def write(material: Material) -> bytes:
    """The cues, speakers told by colours and as agents."""
    return document(material, profile=_PROFILE)

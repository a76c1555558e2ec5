"""EBU-TT-D (EBU Tech 3380, version 1.0.1), as it is sent out to televisions."""

from __future__ import annotations

from aligner.formats.material import Material
from aligner.formats.ttml import document

_STANDARDS = ("urn:ebu:tt:distribution:2018-04", "http://www.w3.org/ns/ttml/profile/imsc1.1/text")


def write(material: Material) -> bytes:
    """The cues, speakers told by colours and as agents."""
    return document(material, standards=_STANDARDS)

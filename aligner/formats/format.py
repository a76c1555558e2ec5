"""The formats that an alignment is written as, by name.

To add one: a module in this room, called as the format is with ``_`` for ``-``, whose ``write(material)`` gives a text
or bytes, and a row below. Where not every material has what the format is made of, such as chapters, the module's
``lacking(material)`` says in a ``Message`` what is not there, or gives None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from aligner.formats.material import Material
from media.errors import Message


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its ``name``: the ending of its files, their MIME type, and what it is for people."""

    name: str
    ending: str
    media_type: str
    title: str

    def write(self, material: Material) -> bytes:
        """The content of the file.

        Raises
        ------
        FormatError
            The material cannot be written so.
        """
        written = self._module().write(material)
        return written.encode("utf-8") if isinstance(written, str) else written

    def lacking(self, material: Material) -> Message | None:
        """What the material has not, so that there would be nothing to write; None where there is."""
        lacking = getattr(self._module(), "lacking", None)
        return lacking(material) if lacking else None

    def _module(self) -> ModuleType:
        return import_module(f"aligner.formats.{self.name.replace('-', '_')}")


_ALL = (Format("podcast-vtt", ".podcast.vtt", "text/vtt", "WebVTT as podcast players read it"),)

FORMATS: Mapping[str, Format] = {each.name: each for each in _ALL}
"""By name, in the order in which people are shown them."""

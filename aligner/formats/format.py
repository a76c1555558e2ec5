"""The formats that an alignment is written as, by name.

To add one: a module in this room, called as the format is with ``_`` for ``-``, whose ``write(material)`` gives a text
or bytes, and a row below. Where not every material has what the format is made of, such as chapters, the module's
``lacking(material)`` says in a ``Message`` what is not there, or gives None. A format that holds the sound says so in
its row, and has ``write(material, file)`` instead, which writes to an open file what need not fit into memory.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from aligner.formats.material import Material
from media.errors import Message, UserError
from media.safe_fs import new_file, remove_file
from media.temporary import temporary_path


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its ``name``: the ending of its files, their MIME type, and what it is for people. Files of one that
    ``holds_sound`` are as large as the sound is; one that ``holds_quotes`` has those that were kept."""

    name: str
    ending: str
    media_type: str
    title: str
    holds_sound: bool = False
    holds_quotes: bool = False

    def write(self, material: Material) -> bytes:
        """The content of the file.

        Raises
        ------
        FormatError
            The material cannot be written so.
        """
        file = io.BytesIO()
        self.write_to(material, file)
        return file.getvalue()

    def write_to(self, material: Material, file: BinaryIO) -> None:
        """Write the content to an open file that holds nothing yet.

        Raises
        ------
        FormatError
            As ``write``.
        SourceError, MediaError
            The format holds the sound, and that is not there or cannot be read.
        """
        if self.holds_sound:
            self._module().write(material, file)
            return
        written = self._module().write(material)
        file.write(written.encode("utf-8") if isinstance(written, str) else written)

    def lacking(self, material: Material) -> Message | None:
        """What the material has not, so that there would be nothing to write; None where there is."""
        lacking = getattr(self._module(), "lacking", None)
        lacks: Message | None = lacking(material) if lacking else None
        return lacks or (_soundless(material) if self.holds_sound else None)

    def _module(self) -> ModuleType:
        return import_module(f"aligner.formats.{self.name.replace('-', '_')}")


_ALL = (
    Format("podcast-vtt", ".podcast.vtt", "text/vtt", "WebVTT as podcast players read it"),
    Format("podcast-srt", ".podcast.srt", "application/x-subrip", "SubRip as podcast players read it"),
    Format("transcript-json", ".transcript.json", "application/json", "transcript of Podcasting 2.0, by phrases"),
    Format("transcript-html", ".transcript.html", "text/html", "transcript of Podcasting 2.0, to be read"),
    Format("chapters-json", ".chapters.json", "application/json+chapters", "chapters of Podcasting 2.0"),
    Format("bluesky-vtt", ".bluesky.vtt", "text/vtt", "WebVTT within the size that Bluesky takes"),
    Format("chaptered-mp3", ".chapters.mp3", "audio/mpeg", "the sound, with chapters in its ID3 tag", holds_sound=True),
    Format("chapter-lines", ".chapters.txt", "text/plain", "chapters as lines of a video's description"),
    Format("epub", ".epub", "application/epub+zip", "a book that is read along with the sound", holds_sound=True),
    Format("imsc", ".imsc.ttml", "application/ttml+xml", "IMSC 1.1 text profile, for broadcasters and platforms"),
    Format("ebu-tt-d", ".ebu-tt-d.xml", "application/ttml+xml", "EBU-TT-D, for televisions"),
    Format("broadcast-srt", ".broadcast.srt", "application/x-subrip", "SubRip for editing and subtitling programs"),
    Format("ass", ".ass", "text/x-ssa", "Advanced SubStation Alpha, for editors of subtitles"),
    Format("web-vtt", ".web.vtt", "text/vtt", "WebVTT with the time of every word, for pages"),
    Format("chapters-vtt", ".chapters.vtt", "text/vtt", "chapters as a WebVTT track, for pages"),
    Format("cast", ".cast.json", "application/json", "what <quote-cast> plays on any web page", holds_quotes=True),
    Format(
        "otio",
        ".otio",
        "application/json",
        "OpenTimelineIO, an event for each turn, for editing software",
        holds_quotes=True,
    ),
    Format("edl", ".edl", "text/plain", "an edit decision list (CMX 3600), an event for each turn"),
    Format("quotes-edl", ".quotes.edl", "text/plain", "an edit decision list of the kept quotes", holds_quotes=True),
    Format("labels", ".labels.txt", "text/plain", "labels of Audacity, one for each paragraph"),
    Format(
        "quotes-labels", ".quotes.txt", "text/plain", "labels of Audacity, one for each kept quote", holds_quotes=True
    ),
    Format("textgrid", ".TextGrid", "text/plain", "TextGrid, for Praat"),
    Format("elan", ".eaf", "text/x-eaf+xml", "annotations for ELAN"),
    Format("csv", ".words.csv", "text/csv", "a table of the words, for R, pandas and spreadsheets"),
)

FORMATS: Mapping[str, Format] = {each.name: each for each in _ALL}
"""By name, in the order in which people are shown them."""


def endings_of(named: Mapping[str, str]) -> dict[Format, str]:
    """Endings of files by the names of their formats, as endings by these."""
    return {FORMATS[name]: ending for name, ending in named.items()}


@contextlib.contextmanager
def written(material: Material, files: Mapping[Path, Format]) -> Iterator[dict[Path, bytes | Path]]:
    """What ``files`` are to hold, for ``write_keeping``: bytes, or where a format holds the sound a temporary file
    beside its place, gone when the context is left. Their folders are there.

    Raises
    ------
    FormatError, SourceError, MediaError
        As ``Format.write_to``.
    OSError
        The folder cannot be written.
    """
    with contextlib.ExitStack() as stack:
        contents: dict[Path, bytes | Path] = {}
        for path, format in files.items():
            if not format.holds_sound:
                contents[path] = format.write(material)
                continue
            contents[path] = temporary = temporary_path(path.parent, path.suffix)
            stack.callback(remove_file, temporary)
            with new_file(temporary) as file:
                format.write_to(material, file)
        yield contents


def _soundless(material: Material) -> Message | None:
    try:
        material.sound  # noqa: B018 - it is sought
    except UserError as error:
        return error.message
    return None

"""The export formats by name, and the profiles that group them by use.

To add a format, add a row to ``_ALL`` and write a function that takes a ``Material`` and returns a string or bytes. The
function has the format's name with ``_`` for ``-`` (except ``embed``, for the format ``cast``). Its module has the same
name or is listed in ``_MODULES``. If the format needs something that an episode may not have, such as chapters, add a
function NAME_unavailable, or ``unavailable`` for the whole module, that returns a ``Message`` about what is missing, or
None. If the format ``holds_audio``, its function writes to an open file instead, since audio may not fit into memory.
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
    """An export format: its name, file extension, MIME type and title. ``holds_audio`` and ``holds_quotes`` say whether
    a file of this format contains the audio and the saved quotes."""

    name: str
    ending: str
    media_type: str
    title: str
    holds_audio: bool = False
    holds_quotes: bool = False

    def content(self, material: Material) -> bytes:
        """Return the content of the file. Raises FormatError if the format cannot hold the material."""
        file = io.BytesIO()
        self.write_to(material, file)
        return file.getvalue()

    def write_to(self, material: Material, file: BinaryIO) -> None:
        """Write the content to an open, empty file.

        Raises FormatError if the format cannot hold the material. A format that contains the audio also raises
        SourceError or MediaError, if the audio is missing or cannot be read.
        """
        function = getattr(self._module(), self._function_name)
        if self.holds_audio:
            function(material, file)
            return
        content = function(material)
        file.write(content.encode("utf-8") if isinstance(content, str) else content)

    def unavailable(self, material: Material) -> Message | None:
        """Return a message about what the format needs and the material does not have; None if nothing is missing."""
        module = self._module()
        find = getattr(module, f"{self._function_name}_unavailable", None) or getattr(module, "unavailable", None)
        missing: Message | None = find(material) if find else None
        if missing is None and self.holds_audio:
            try:
                material.audio  # noqa: B018 - locates the file
            except UserError as error:
                return error.message
        return missing

    @property
    def _function_name(self) -> str:
        # Users know the data of ``<quote-cast>`` by the component's name; in code it is the data of the embed.
        return "embed" if self.name == "cast" else self.name.replace("-", "_")

    def _module(self) -> ModuleType:
        module = next((module for module, names in _MODULES.items() if self.name in names), self._function_name)
        return import_module(f"aligner.formats.{module}")


_MODULES = {
    "subtitles": ("podcast-vtt", "podcast-srt", "broadcast-srt", "web-vtt"),
    "transcripts": ("transcript-json", "transcript-html"),
    "chapters": ("chapters-json", "chaptered-mp3", "chapter-lines", "chapters-vtt"),
    "ttml": ("imsc", "ebu-tt-d"),
    "tiers": ("textgrid", "elan"),
    "cuts": ("edl",),
}
"""The formats of each module that is not named after its only format's function."""

_ALL = (
    Format("podcast-vtt", ".podcast.vtt", "text/vtt", "WebVTT as podcast players read it"),
    Format("podcast-srt", ".podcast.srt", "application/x-subrip", "SubRip as podcast players read it"),
    Format("transcript-json", ".transcript.json", "application/json", "transcript of Podcasting 2.0, by phrases"),
    Format("transcript-html", ".transcript.html", "text/html", "transcript of Podcasting 2.0, to be read"),
    Format("chapters-json", ".chapters.json", "application/json+chapters", "chapters of Podcasting 2.0"),
    Format("chaptered-mp3", ".chapters.mp3", "audio/mpeg", "the audio, with chapters in its ID3 tag", holds_audio=True),
    Format("chapter-lines", ".chapters.txt", "text/plain", "chapters as lines of a video's description"),
    Format("sync", ".sync", "application/octet-stream", "the audio's fingerprint, to keep captions in sync under ads"),
    Format("epub", ".epub", "application/epub+zip", "a book that is read along with the audio", holds_audio=True),
    Format("imsc", ".imsc.ttml", "application/ttml+xml", "IMSC 1.1 text profile, for broadcasters and platforms"),
    Format("ebu-tt-d", ".ebu-tt-d.xml", "application/ttml+xml", "EBU-TT-D, for televisions"),
    Format("broadcast-srt", ".broadcast.srt", "application/x-subrip", "SubRip for editing and subtitling programs"),
    Format("ass", ".ass", "text/x-ssa", "Advanced SubStation Alpha, for editors of subtitles"),
    Format("web-vtt", ".web.vtt", "text/vtt", "WebVTT with the time of every word, for pages"),
    Format("chapters-vtt", ".chapters.vtt", "text/vtt", "chapters as a WebVTT track, for pages"),
    Format("cast", ".cast.json", "application/json", "what <quote-cast> plays on any web page", holds_quotes=True),
    Format("otio", ".otio", "application/json", "OpenTimelineIO, for editing software", holds_quotes=True),
    Format("edl", ".edl", "text/plain", "an edit decision list (CMX 3600), an event for each turn"),
    Format("labels", ".labels.txt", "text/plain", "labels of Audacity, one for each paragraph"),
    Format("textgrid", ".TextGrid", "text/plain", "TextGrid, for Praat"),
    Format("elan", ".eaf", "text/x-eaf+xml", "annotations for ELAN"),
    Format("csv", ".words.csv", "text/csv", "a table of the words, for R, pandas and spreadsheets"),
)

FORMATS: Mapping[str, Format] = {each.name: each for each in _ALL}
"""By name, in the order of the interface."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The formats for one use, such as podcast players, each with the extension of its file."""

    title: str
    endings: Mapping[Format, str]


def endings_of(named: Mapping[str, str]) -> dict[Format, str]:
    """Convert file extensions by name of format to file extensions by ``Format``."""
    return {FORMATS[name]: ending for name, ending in named.items()}


_PODCAST = {
    "podcast-vtt": ".vtt",
    "podcast-srt": ".srt",
    "transcript-json": ".transcript.json",
    "transcript-html": ".transcript.html",
    "chapters-json": ".chapters.json",
    "chaptered-mp3": ".mp3",
    "sync": ".sync",
}
_BROADCAST = {"imsc": ".imsc.ttml", "ebu-tt-d": ".ebu-tt-d.xml", "broadcast-srt": ".srt", "ass": ".ass"}
_WEB = {"web-vtt": ".vtt", "chapters-vtt": ".chapters.vtt", "cast": ".cast.json", "sync": ".sync"}
_EDITOR = {"otio": ".otio", "edl": ".edl", "labels": ".labels.txt"}
_RESEARCH = {"textgrid": ".TextGrid", "elan": ".eaf", "csv": ".words.csv"}

PROFILES: Mapping[str, Profile] = {
    "podcast": Profile("for podcast players and hosts", endings_of(_PODCAST)),
    "broadcast": Profile("for broadcasters and editors of subtitles", endings_of(_BROADCAST)),
    "web": Profile("for pages", endings_of(_WEB)),
    "editor": Profile("for editing software", endings_of(_EDITOR)),
    "research": Profile("for linguists and data", endings_of(_RESEARCH)),
    "book": Profile("for readers of books", endings_of({"epub": ".epub"})),
}
"""By name."""


@contextlib.contextmanager
def written(material: Material, files: Mapping[Path, Format]) -> Iterator[dict[Path, bytes | Path]]:
    """Context manager: yield the bytes to write to each path. For a format that contains the audio, yield the path of a
    temporary file with the content instead, in the same folder, removed on exit. The folders must exist.

    Raises the same errors as ``Format.write_to``, and OSError if a temporary file cannot be written.
    """
    with contextlib.ExitStack() as stack:
        contents: dict[Path, bytes | Path] = {}
        for path, format in files.items():
            if not format.holds_audio:
                contents[path] = format.content(material)
                continue
            contents[path] = temporary = temporary_path(path.parent, path.suffix)
            stack.callback(remove_file, temporary)
            with new_file(temporary) as file:
                format.write_to(material, file)
        yield contents

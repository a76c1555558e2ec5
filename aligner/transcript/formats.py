"""Which reader a file needs: its content where that is plain to see, else its extension."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from aligner.errors import TranscriptError

ACCEPTED = "text (.txt), Markdown (.md), HTML, Word (.docx), podcast JSON, SRT or WebVTT"
SNIFFED_BYTES = 4096


class Format(StrEnum):
    """A format that is read."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"
    DOCX = "docx"
    JSON = "json"
    SUBTITLES = "subtitles"


BY_EXTENSION = {
    "": Format.PLAIN,
    ".txt": Format.PLAIN,
    ".text": Format.PLAIN,
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".docx": Format.DOCX,
    ".json": Format.JSON,
    ".srt": Format.SUBTITLES,
    ".vtt": Format.SUBTITLES,
}
SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "RTF"),
    (b"\xd0\xcf\x11\xe0", "an old Word document (.doc)"),
    (b"ID3", "an audio file"),
    (b"RIFF", "an audio file"),
    (b"fLaC", "an audio file"),
    (b"OggS", "an audio file"),
)
NAMES = {".pdf": "PDF", ".rtf": "RTF", ".doc": "an old Word document", ".odt": "OpenDocument", ".xml": "XML"}
EXTENSION = re.compile(r"\.[a-z][a-z0-9]{0,7}")
TIMING = re.compile(rb"\A\s*\d+\s*[\r\n]+\s*\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->")


def format_of(path: Path, data: bytes) -> Format:
    """The format of a file.

    Raises
    ------
    TranscriptError
        It is of a format that is not read; the message names those that are.
    """
    extension = path.suffix.lower()
    for signature, name in SIGNATURES:
        if data.startswith(signature):
            raise TranscriptError(f"{path}: this is {name}; a transcript is read from {ACCEPTED}")
    if data.startswith(b"PK\x03\x04"):
        return _zipped(path, data)
    if extension not in BY_EXTENSION and EXTENSION.fullmatch(extension):
        name = NAMES.get(extension, f"{extension} files")
        raise TranscriptError(f"{path}: {name} cannot be read; a transcript is read from {ACCEPTED}")
    named = BY_EXTENSION.get(extension, Format.PLAIN)
    return _sniffed(data) or named if named is Format.PLAIN else named


def _zipped(path: Path, data: bytes) -> Format:
    if b"opendocument" in data[:200]:
        raise TranscriptError(f"{path}: OpenDocument cannot be read; a transcript is read from {ACCEPTED}")
    if path.suffix.lower() == ".docx" or b"word/" in data:
        return Format.DOCX
    raise TranscriptError(f"{path}: this is a ZIP archive; a transcript is read from {ACCEPTED}")


def _sniffed(data: bytes) -> Format | None:
    """The format that a text file without a telling name gives away at its start."""
    start = data[:SNIFFED_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"WEBVTT") or TIMING.match(start):
        return Format.SUBTITLES
    if re.match(rb"(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<html\b)", start, re.IGNORECASE):
        return Format.HTML
    if re.match(rb"\{\s*\"(?:version|segments)\"\s*:", start):
        return Format.JSON
    return None

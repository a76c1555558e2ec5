"""Detect a transcript's format and decode its bytes.

Unmistakable content decides the format, otherwise the file name's extension. Encodings are tried in this order:
byte-order mark, UTF-8, the encoding that the file declares, Windows-1252. Line endings are not changed.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from enum import StrEnum
from pathlib import PurePath

from aligner.errors import TranscriptError
from media.errors import Message

ACCEPTED = Message("text (.txt), Markdown (.md), HTML, Word (.docx), podcast JSON, SRT or WebVTT")
SNIFFED_BYTES = 4096
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Declared encodings that are used, by Python's names. Latin-1 and ASCII are missing because browsers read them as
# Windows-1252 (WHATWG Encoding Standard, 4.2).
DECLARED = re.compile(r"iso8859-(?:[2-9]|1\d)|cp12\d\d|cp932|koi8-[ru]|mac-roman|gb\w+|big5|shift_jis|euc_(?:jp|kr)")
SAMPLE_CHARS = 65_536
MAX_CONTROL_SHARE = 0.01  # of a text's characters
MAX_DAMAGED_SHARE = 0.05  # of a UTF-8 file's non-ASCII characters; above this it is in another encoding
CONTROLS = re.compile(r"(?![\t\n\r\v\f\x1b\x85])[\x00-\x1f\x7f-\x9f]")


class Format(StrEnum):
    """A file format in which transcripts are accepted."""

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
ZIP = b"PK\x03\x04"
SIGNATURES = (
    (b"%PDF", Message("a PDF")),
    (b"{\\rtf", Message("RTF")),
    (b"\xd0\xcf\x11\xe0", Message("an old Word document (.doc)")),
    (b"ID3", Message("an audio file")),
)
EXTENSION = re.compile(r"\.[a-z][a-z0-9]{0,7}")
TIMING = re.compile(rb"\A\s*+\d++[^\S\r\n]*+[\r\n]\s*+\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->")


def format_of(path: PurePath, data: bytes) -> Format:
    """Return the format of a file. If it is not accepted, raise TranscriptError, which lists the accepted formats."""
    extension = path.suffix.lower()
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            raise _unreadable(path, kind)
    if data.startswith(ZIP):
        if extension != ".docx" and b"word/" not in data:
            raise _unreadable(path, Message("a ZIP archive"))
        return Format.DOCX
    if extension not in BY_EXTENSION and EXTENSION.fullmatch(extension):
        raise _unreadable(path, Message("a {extension} file", extension=extension))
    named = BY_EXTENSION.get(extension, Format.PLAIN)
    return _sniffed(data) or named if named is Format.PLAIN else named


def _unreadable(path: PurePath, kind: Message) -> TranscriptError:
    return TranscriptError(
        "{path}: this is {kind}; a transcript is read from {accepted}", path=path, kind=kind, accepted=ACCEPTED
    )


def _sniffed(data: bytes) -> Format | None:
    """Return the format that the first bytes of a text file indicate; None if they indicate none."""
    start = data[:SNIFFED_BYTES].removeprefix(codecs.BOM_UTF8).lstrip()
    if (start.startswith(b"WEBVTT") and b"-->" in data) or TIMING.match(start):
        return Format.SUBTITLES
    if re.match(rb"(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<html\b)", start, re.IGNORECASE):
        return Format.HTML
    return Format.JSON if re.match(rb"\{\s*\"(?:version|segments)\"\s*:", start) else None


def decode(data: bytes, file: str, declared: str | None = None) -> str:
    """Return the text of ``data``. Raises TranscriptError, which names ``file``, if the bytes are not text.

    ``declared`` is the encoding that the file itself names; it is used only if the bytes are not UTF-8 or UTF-16.
    """
    text = _decode(data, file, declared)
    sample = text[:SAMPLE_CHARS]
    if "\0" in text or len(CONTROLS.findall(sample)) > MAX_CONTROL_SHARE * len(sample):
        raise TranscriptError("{path}: this is a binary file, not a transcript; text was expected", path=file)
    return text


def _decode(data: bytes, file: str, declared: str | None) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        damaged = data.decode("utf-8", errors="replace")
    with suppress(UnicodeError, LookupError):  # a wrong declaration is common
        if declared and DECLARED.fullmatch(name := codecs.lookup(declared).name):
            return data.decode(name)
    if damaged.count("\ufffd") <= MAX_DAMAGED_SHARE * sum(char > "\x7f" for char in damaged):
        return damaged  # another encoding would garble every accent
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise TranscriptError(
            "{path}: neither UTF-8, UTF-16 nor Windows-1252 (byte {byte}); save it as UTF-8",
            path=file,
            byte=error.start,
        ) from error

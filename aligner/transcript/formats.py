"""From a file's bytes to characters, and which reader they need: their content where that is plain, else the extension.

The text is exact: no newline translation, only a byte-order mark dropped. Tried in order: a byte-order mark, UTF-16
without one where its zero bytes give it away, UTF-8, Windows-1252. Bytes that are no text in any of these are binary.
"""

from __future__ import annotations

import codecs
import contextlib
import re
from enum import StrEnum
from pathlib import PurePath

from aligner.errors import TranscriptError
from media.errors import Message

ACCEPTED = Message("text (.txt), Markdown (.md), HTML, Word (.docx), podcast JSON, SRT or WebVTT")
SNIFFED_BYTES = 4096
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE_BYTES = 65_536
# Codecs of Python by which no page is written; ``punycode`` takes the square of a text's length.
NO_WRITING = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
# Encodings that browsers read as their extensions by Microsoft, whatever the label: by Python's names, after the table
# of labels in section 4.2 of the Encoding Standard of the WHATWG.
READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
MAX_CONTROL_SHARE = 0.01  # text has none; a stray escape or two is forgiven
MAX_DAMAGED_SHARE = 0.05  # of a UTF-8 file's non-ASCII characters; above it the file is not UTF-8 at all
_CONTROLS = re.compile(r"(?![\t\n\r\v\f\x1b\x85])[\x00-\x1f\x7f-\x9f]")  # that no text has


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
    (b"%PDF", Message("a PDF")),
    (b"{\\rtf", Message("RTF")),
    (b"\xd0\xcf\x11\xe0", Message("an old Word document (.doc)")),
    (b"ID3", Message("an audio file")),
    (b"RIFF", Message("an audio file")),
    (b"fLaC", Message("an audio file")),
    (b"OggS", Message("an audio file")),
)
NAMES = {
    ".pdf": "PDF",
    ".rtf": "RTF",
    ".doc": Message("an old Word document"),
    ".odt": "OpenDocument",
    ".xml": "XML",
}
ZIP = b"PK\x03\x04"
EXTENSION = re.compile(r"\.[a-z][a-z0-9]{0,7}")
TIMING = re.compile(rb"\A\s*+\d++[^\S\r\n]*+[\r\n]\s*+\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->")

# The code of a page, as it is copied from WordPress and the like: it begins with a comment or a tag.
FRAGMENT = re.compile(
    rb"(?:<!--[^<>]*+(?<=--)>\s*+)*+<(?:p|div|h[1-6]|article|section|main|body|blockquote|figure|ul|ol|dl|table|strong|b|"
    rb"em|i|span|a|br)(?:\s[^<>]*+)?/?>",
    re.IGNORECASE,
)
BLOCK_ENDS = re.compile(rb"</(?:p|div|h[1-6]|li|dd|td|blockquote)\s*+>|<br\s*+/?>", re.IGNORECASE)


def format_of(path: PurePath, data: bytes) -> Format:
    """The format of a file.

    Raises
    ------
    TranscriptError
        It is of a format that is not read; the message names those that are.
    """
    extension = path.suffix.lower()
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            raise TranscriptError(
                "{path}: this is {kind}; a transcript is read from {accepted}", path=path, kind=kind, accepted=ACCEPTED
            )
    if data.startswith(ZIP):
        return _zipped(path, data)
    if extension not in BY_EXTENSION and EXTENSION.fullmatch(extension):
        raise TranscriptError(
            "{path}: {kind} cannot be read; a transcript is read from {accepted}",
            path=path,
            kind=NAMES.get(extension, Message("{extension} files", extension=extension)),
            accepted=ACCEPTED,
        )
    named = BY_EXTENSION.get(extension, Format.PLAIN)
    return _sniffed(data) or named if named is Format.PLAIN else named


def _zipped(path: PurePath, data: bytes) -> Format:
    if b"opendocument" in data[:200]:
        raise TranscriptError(
            "{path}: OpenDocument cannot be read; a transcript is read from {accepted}", path=path, accepted=ACCEPTED
        )
    if path.suffix.lower() == ".docx" or b"word/" in data:
        return Format.DOCX
    raise TranscriptError(
        "{path}: this is a ZIP archive; a transcript is read from {accepted}", path=path, accepted=ACCEPTED
    )


def _sniffed(data: bytes) -> Format | None:
    """The format that a text file without a telling name gives away at its start."""
    start = data[:SNIFFED_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    if (start.startswith(b"WEBVTT") and b"-->" in data) or TIMING.match(start):
        return Format.SUBTITLES
    if re.match(rb"(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<html\b)", start, re.IGNORECASE):
        return Format.HTML
    if FRAGMENT.match(start) and BLOCK_ENDS.search(data):
        return Format.HTML
    if re.match(rb"\{\s*\"(?:version|segments)\"\s*:", start):
        return Format.JSON
    return None


def decode(data: bytes, file: str, declared: str | None = None) -> str:
    """The text of `data`; `declared` is an encoding named by the file itself, trusted after UTF-8 only, and read
    as browsers read it.

    Raises
    ------
    TranscriptError
        The bytes are not text. The message names `file`.
    """
    text = _decode(data, file, declared)
    if _is_binary(text):
        raise TranscriptError("{path}: this is a binary file, not a transcript; text was expected", path=file)
    return text


def _decode(data: bytes, file: str, declared: str | None) -> str:
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding, file)
    utf16 = _evident_utf16(data)
    if utf16:
        return _strict(data, utf16, file)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(data, file, declared)


def _strict(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TranscriptError(
            "{path}: marked as {encoding}, but byte {byte} does not fit; save it as UTF-8",
            path=file,
            encoding=encoding.upper(),
            byte=error.start,
        ) from error


def _evident_utf16(data: bytes) -> str | None:
    """UTF-16 of Latin letters has a zero in every other byte; other text has no zero byte at all."""
    sample = data[:SAMPLE_BYTES]
    pairs = len(sample) // 2
    if pairs == 0 or b"\0" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > 0.5 * pairs and even < 0.1 * pairs:
        return "utf-16-le"
    if even > 0.5 * pairs and odd < 0.1 * pairs:
        return "utf-16-be"
    return None


def _decode_legacy(data: bytes, file: str, declared: str | None) -> str:
    if declared and (text := _as_declared(data, declared)) is not None:
        return text
    damaged = data.decode("utf-8", errors="replace")
    non_ascii = sum(char > "\x7f" for char in damaged)
    if damaged.count("\ufffd") <= MAX_DAMAGED_SHARE * non_ascii:
        return damaged  # UTF-8 with a few bytes lost: anything else would garble every accent
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise TranscriptError(
            "{path}: neither UTF-8, UTF-16 nor Windows-1252 (byte {byte}); save it as UTF-8",
            path=file,
            byte=error.start,
        ) from error


def _as_declared(data: bytes, declared: str) -> str | None:
    """None where the declaration is wrong, which is common: what the bytes look like decides then."""
    try:
        name = codecs.lookup(declared).name
    except (UnicodeError, LookupError):
        return None
    if name in NO_WRITING:
        return None
    for encoding in (READ_AS.get(name, name), name):  # a stray byte may be a character of the narrower one alone
        with contextlib.suppress(UnicodeError, LookupError):
            return data.decode(encoding)
    return None


def _is_binary(text: str) -> bool:
    if "\0" in text:
        return True
    sample = text[:SAMPLE_BYTES]
    return len(_CONTROLS.findall(sample)) > MAX_CONTROL_SHARE * len(sample)

"""Bytes of a transcript file to text, exactly: no newline translation, only a byte-order mark dropped.

Tried in order: a byte-order mark, UTF-16 without one where its zero bytes give it away, UTF-8, Windows-1252. Bytes that
are no text in any of these are called binary.
"""

from __future__ import annotations

import codecs

from aligner.errors import TranscriptError

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SAMPLE_BYTES = 65_536
MAX_CONTROL_SHARE = 0.01  # text has none; a stray escape or two is forgiven
MAX_DAMAGED_SHARE = 0.05  # of a UTF-8 file's non-ASCII characters; above it the file is not UTF-8 at all
TEXT_CONTROLS = frozenset("\t\n\r\v\f\x1b\x85")


def decode(data: bytes, file: str, declared: str | None = None) -> str:
    """The text of `data`; `declared` is an encoding named by the file itself, trusted after UTF-8 only.

    Raises
    ------
    TranscriptError
        The bytes are not text. The message names `file`.
    """
    text = _decode(data, file, declared)
    if _is_binary(text):
        raise TranscriptError(f"{file}: this is a binary file, not a transcript; text was expected")
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
            f"{file}: marked as {encoding.upper()}, but byte {error.start} does not fit; save it as UTF-8"
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
    if declared:
        try:
            return data.decode(declared)
        except (UnicodeDecodeError, LookupError):
            pass  # a wrong declaration is common; what the bytes look like decides
    damaged = data.decode("utf-8", errors="replace")
    non_ascii = sum(char > "\x7f" for char in damaged)
    if damaged.count("\ufffd") <= MAX_DAMAGED_SHARE * non_ascii:
        return damaged  # UTF-8 with a few bytes lost: anything else would garble every accent
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise TranscriptError(
            f"{file}: neither UTF-8, UTF-16 nor Windows-1252 (byte {error.start}); save it as UTF-8"
        ) from error


def _is_binary(text: str) -> bool:
    if "\0" in text:
        return True
    sample = text[:SAMPLE_BYTES]
    controls = sum((char < " " or "\x7f" <= char <= "\x9f") and char not in TEXT_CONTROLS for char in sample)
    return controls > MAX_CONTROL_SHARE * len(sample)

"""Reading transcripts: any format people publish them in, to one record.

A format's reader makes a ``Draft`` (plain text, lines, what the markup says); ``structure`` tells what each line is and
who says it, and cuts the words.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from aligner.errors import TranscriptError
from aligner.model import Kind, Transcript
from aligner.transcript.docx import read_docx
from aligner.transcript.draft import Draft
from aligner.transcript.formats import Format, decode, format_of
from aligner.transcript.html import decode_html, read_html
from aligner.transcript.markdown import read_markdown
from aligner.transcript.plain import read_plain
from aligner.transcript.speakers import renamed
from aligner.transcript.structure import segments_of, words_of
from aligner.transcript.turns import read_json, read_subtitles

MAX_BYTES = 20_000_000  # a Word document may hold pictures
MAX_CHARS = 5_000_000  # a day of talk is 2 million


def read_transcript(path: Path) -> Transcript:
    """The transcript in a file.

    Raises
    ------
    TranscriptError
        The file is missing, empty, binary, too large or broken, of a format that is not read, or holds no speech.
    """
    data = _load(path)
    draft = _read(path, data)
    segments = segments_of(draft)
    words = words_of(draft.text, segments)
    if not any(segments[word.segment].kind is Kind.SPEECH for word in words):
        raise TranscriptError("{path}: no spoken text in it; a transcript was expected", path=path)
    return Transcript(
        file=path.name,
        sha256=hashlib.sha256(data).hexdigest(),
        text=draft.text,
        segments=segments,
        words=words,
        title=draft.title,
        language=draft.language,
    )


def _load(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise TranscriptError(
                "{path}: {size:.0f} MB; a transcript of at most {most} MB was expected",
                path=path,
                size=size / 1e6,
                most=MAX_BYTES // 10**6,
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise TranscriptError("{path}: no such file; a transcript was expected", path=path) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TranscriptError("{path}: cannot be read ({reason})", path=path, reason=reason) from error
    if not data.strip():
        raise TranscriptError("{path}: the file is empty; a transcript was expected", path=path)
    return data


def _read(path: Path, data: bytes) -> Draft:
    file = str(path)
    match format_of(path, data):
        case Format.DOCX:
            return read_docx(data, file)
        case Format.HTML:
            return read_html(_within_limit(decode_html(data, file), file), file)
        case Format.MARKDOWN:
            return read_markdown(_characters(data, file), file)
        case Format.JSON:
            return read_json(_characters(data, file), file)
        case Format.SUBTITLES:
            return read_subtitles(_characters(data, file), file)
        case Format.PLAIN:
            return read_plain(_characters(data, file))


def _characters(data: bytes, file: str) -> str:
    return _within_limit(decode(data, file), file)


def _within_limit(text: str, file: str) -> str:
    if len(text) > MAX_CHARS:
        raise TranscriptError(
            "{path}: {millions:.0f} million characters; a transcript was expected",
            path=file,
            millions=len(text) / 1e6,
        )
    return text


__all__ = ["read_transcript", "renamed"]

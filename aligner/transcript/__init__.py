"""Reading transcripts: any format people publish them in, to one record.

A format's reader makes a ``Draft`` (plain text, lines, what the markup says); ``structure`` decides what each line is
and who says it, and cuts the words.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePath

from aligner.errors import TranscriptError
from aligner.model import Kind, Transcript
from aligner.transcript.draft import Draft
from aligner.transcript.formats import ZIP, Format, decode, format_of
from aligner.transcript.plain import read_plain
from aligner.transcript.speakers import renamed
from aligner.transcript.structure import is_end_title, is_transcript_title, segments_of, words_of
from media.safe_fs import read_regular, status_of

MAX_BYTES = 20_000_000
MAX_WORD_BYTES = 100_000_000  # of a Word document, which may hold pictures; little of it is read
MAX_CHARS = 5_000_000  # a day of talk is 2 million
MAX_LINES = 100_000  # a day of talk in lines of a second and a half has 60,000
MAX_WORDS = 500_000  # a day of talk without a pause is about 300,000


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """A transcript's file as it was read, which may be understood in more than one way."""

    path: Path
    sha256: str
    draft: Draft

    def understood(self, talk: range | None = None) -> Transcript:
        """Return the transcript in which nobody says what stands above the last heading such as "Transcript" up to
        where the ``talk`` starts, nor below the first one such as "Notes" from where it stops, in characters. Without
        ``talk`` the look of the text decides.

        Raises TranscriptError if it is too large, or holds no speech.
        """
        path, draft = self.path, self.draft
        segments = segments_of(draft, talk)
        words = words_of(draft.text, segments, MAX_WORDS + 1)
        if len(words) > MAX_WORDS:
            raise TranscriptError(
                "{path}: more than {most} words; a transcript was expected", path=path, most=MAX_WORDS
            )
        if not any(segments[word.segment].kind is Kind.SPEECH for word in words):
            raise TranscriptError("{path}: no spoken text in it; a transcript was expected", path=path)
        return Transcript(
            file=path.name,
            sha256=self.sha256,
            text=draft.text,
            segments=segments,
            words=words,
            title=draft.title,
            language=draft.language,
        )


def read_transcript(path: Path) -> Transcript:
    """Return the transcript in a file, understood by its look.

    Raises TranscriptError if the file is missing, empty, binary, too large or broken, of a format that is not read, or
    holds no speech.
    """
    return open_transcript(path).understood()


def open_transcript(path: Path) -> TranscriptFile:
    """Read a transcript's file; raises TranscriptError as ``read_transcript``, but for a lack of speech."""
    data = _load(path)
    return TranscriptFile(path, hashlib.sha256(data).hexdigest(), draft_of(path, data))


def draft_of(path: PurePath, data: bytes) -> Draft:
    """Return what a transcript's file of that name and content holds; raises TranscriptError as ``open_transcript``."""
    draft = _read(path, data)
    if len(draft.text) > MAX_CHARS:
        raise TranscriptError(
            "{path}: {millions:.0f} million characters; a transcript was expected",
            path=path,
            millions=len(draft.text) / 1e6,
        )
    if len(draft.lines) > MAX_LINES:
        raise TranscriptError("{path}: more than {most} lines; a transcript was expected", path=path, most=MAX_LINES)
    return draft


def _load(path: Path) -> bytes:
    try:
        size, most = status_of(path).st_size, most_bytes(path.name)
        if size > most:
            raise _too_large(path, size, most)
        data = read_regular(path, most)
        if size > MAX_BYTES and not data.startswith(ZIP):
            raise _too_large(path, size, MAX_BYTES)
    except FileNotFoundError as error:
        raise TranscriptError("{path}: no such file; a transcript was expected", path=path) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TranscriptError("{path}: cannot be read ({reason})", path=path, reason=reason) from error
    if not data.strip():
        raise TranscriptError("{path}: the file is empty; a transcript was expected", path=path)
    return data


def most_bytes(name: str) -> int:
    """Return the most bytes that the transcript of that name may have."""
    return MAX_WORD_BYTES if name.lower().endswith(".docx") else MAX_BYTES


def _too_large(path: Path, size_bytes: int, most_bytes: int) -> TranscriptError:
    return TranscriptError(
        "{path}: {size:.0f} MB; a transcript of at most {most} MB was expected; save it without pictures, or as text",
        path=path,
        size=size_bytes / 1e6,
        most=most_bytes // 10**6,
    )


def _read(path: PurePath, data: bytes) -> Draft:
    """Read the file with the reader of its format; each is loaded when it is needed."""
    file = str(path)
    match format_of(path, data):
        case Format.DOCX:
            from aligner.transcript.docx import read_docx

            return read_docx(data, file)
        case Format.HTML:
            from aligner.transcript.html import decode_html, read_html

            return read_html(decode_html(data, file), file)
        case Format.MARKDOWN:
            from aligner.transcript.markdown import read_markdown

            return read_markdown(decode(data, file), file)
        case Format.JSON:
            from aligner.transcript.turns import read_json

            return read_json(decode(data, file), file)
        case Format.SUBTITLES:
            from aligner.transcript.turns import read_subtitles

            return read_subtitles(decode(data, file), file)
        case Format.PLAIN:
            return read_plain(decode(data, file))


__all__ = [
    "MAX_BYTES",
    "MAX_WORD_BYTES",
    "TranscriptFile",
    "draft_of",
    "is_end_title",
    "is_transcript_title",
    "most_bytes",
    "open_transcript",
    "read_transcript",
    "renamed",
]

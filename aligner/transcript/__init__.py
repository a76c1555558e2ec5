"""Read a transcript file of any accepted format into a ``Transcript``.

The reader of each format returns a ``Draft``: plain text, its lines, and the information that markup gives on each
line. ``structure`` then classifies the lines, assigns the speakers and splits the text into words.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePath

from aligner.errors import TranscriptError
from aligner.model import Kind, Transcript
from aligner.transcript.docx import read_docx
from aligner.transcript.draft import Draft
from aligner.transcript.formats import Format, decode, format_of
from aligner.transcript.html import decode_html, read_html
from aligner.transcript.markdown import read_markdown
from aligner.transcript.plain import read_plain
from aligner.transcript.speakers import renamed
from aligner.transcript.structure import is_end_title, is_transcript_title, segments_of, words_of
from aligner.transcript.turns import read_json, read_subtitles
from media.safe_fs import read_regular, status_of

MAX_BYTES = 20_000_000
MAX_WORD_BYTES = 100_000_000  # of a Word document, which may contain pictures
MAX_CHARS = 5_000_000  # a day of talk has 2 million
MAX_LINES = 100_000  # a day of talk has 60,000 lines of 1.5 seconds
MAX_WORDS = 500_000  # a day of talk without pauses has 300,000


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """A transcript file as read, before its lines are classified. ``sha256`` is the hash of its bytes."""

    path: Path
    sha256: str
    draft: Draft

    def understood(self, talk: range | None = None) -> Transcript:
        """Classify the lines and return the transcript; front matter and end matter become notes.

        ``talk`` is the range of characters that is known to be spoken. Front matter ends at the last heading such as
        "Transcript" before ``talk``; end matter begins at the first heading such as "Notes" after ``talk``. Without
        ``talk``, the layout decides. Raises TranscriptError if the text has too many words or no speech.
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
        return Transcript(path.name, self.sha256, draft.text, segments, words, draft.title, draft.language)


def read_transcript(path: Path) -> Transcript:
    """Read a transcript file and classify its lines as speech, headings, notes or stage directions. Raises
    TranscriptError if the file is missing, empty, binary, too large, broken, of another format, or without speech."""
    return open_transcript(path).understood()


def open_transcript(path: Path) -> TranscriptFile:
    """Read a transcript file without classifying its lines. Raises the same errors as ``read_transcript``, except that
    a file without speech is accepted."""
    data = _load(path)
    return TranscriptFile(path, hashlib.sha256(data).hexdigest(), draft_of(path, data))


def draft_of(path: PurePath, data: bytes) -> Draft:
    """Return the draft of a transcript file with this name and content. Raises TranscriptError if it cannot be read."""
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


def most_bytes(name: str) -> int:
    """Return the largest size in bytes that is accepted for a transcript file with this name."""
    return MAX_WORD_BYTES if name.lower().endswith(".docx") else MAX_BYTES


def _load(path: Path) -> bytes:
    try:
        size, most = status_of(path).st_size, most_bytes(path.name)
        if size > most:
            raise TranscriptError(
                "{path}: {size:.0f} MB; a transcript of at most {most} MB was expected; save it without pictures, "
                "or as text",
                path=path,
                size=size / 1e6,
                most=most // 10**6,
            )
        data = read_regular(path, most)
    except FileNotFoundError as error:
        raise TranscriptError("{path}: no such file; a transcript was expected", path=path) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TranscriptError("{path}: cannot be read ({reason})", path=path, reason=reason) from error
    if not data.strip():
        raise TranscriptError("{path}: the file is empty; a transcript was expected", path=path)
    return data


def _read(path: PurePath, data: bytes) -> Draft:
    file = str(path)
    match format_of(path, data):
        case Format.DOCX:
            return read_docx(data, file)
        case Format.HTML:
            return read_html(decode_html(data, file), file)
        case Format.MARKDOWN:
            return read_markdown(decode(data, file), file)
        case Format.JSON:
            return read_json(decode(data, file), file)
        case Format.SUBTITLES:
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

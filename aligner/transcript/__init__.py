"""Reading transcripts: any format people publish them in, to one record.

A format's reader makes a ``Draft`` (plain text, lines, what the markup says); ``structure`` tells what each line is and
who says it, and cuts the words.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path, PurePath

from aligner.errors import TranscriptError
from aligner.model import Alignment, Kind, Transcript
from aligner.transcript.draft import Draft, Line
from aligner.transcript.formats import ZIP, Format, decode, format_of
from aligner.transcript.plain import read_plain
from aligner.transcript.speakers import Label, likely_labels, renamed
from aligner.transcript.structure import is_end_title, is_transcript_title, segments_of, words_of
from media.errors import Message
from media.safe_fs import read_regular, status_of

MAX_BYTES = 20_000_000
MAX_WORD_BYTES = 100_000_000  # of a Word document, which may hold pictures; little of it is read
MAX_CHARS = 5_000_000  # a day of talk is 2 million
MAX_LINES = 100_000  # a day of talk in lines of a second and a half has 60,000
MAX_WORDS = 500_000  # a day of talk without a pause is about 300,000
MAX_SEGMENTS = 500_000
_MOST_NAMED = 10  # of labels that may be some
_ONE_BREATH = 1.5  # seconds; a label that is heard so long before its words is another's words that were taken for it
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")  # NUL and half an emoji, which JSON and HTML can name


@dataclass(frozen=True, slots=True)
class TranscriptFile:
    """A transcript's file as it was read, which may be understood in more than one way."""

    path: Path
    sha256: str
    draft: Draft

    def understood(self, talk: range | None = None) -> Transcript:
        """The transcript, in which nobody says what stands above the last heading such as "Transcript" up to where the
        ``talk`` starts, nor below the first one such as "Notes" from where it stops, in characters. None is for what
        the text's look tells.

        Raises
        ------
        TranscriptError
            It is too large, or holds no speech.
        """
        path, draft = self.path, self.draft
        segments = segments_of(draft, MAX_SEGMENTS + 1, talk)
        if len(segments) > MAX_SEGMENTS:
            raise TranscriptError(
                "{path}: more than {most} paragraphs, notes and stage directions; a transcript was expected",
                path=path,
                most=MAX_SEGMENTS,
            )
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


def labels_in_doubt(file: TranscriptFile, alignment: Alignment) -> tuple[Message, ...]:
    """What a person should know of lines that open like a speaker's label and are taken for no turn: which they are,
    where nobody says the label, but what stands after it."""
    names = [
        label.name
        for line, label in likely_labels(file.draft.text, file.draft.lines)
        if _is_unsaid(alignment, line, label)
    ]
    if not names:
        return ()
    return (
        Message(
            "these look like labels of speakers, and are read as words of others: {names}; if they are labels, name "
            "the speakers on the episode's page",
            names="; ".join(dict.fromkeys(names[:_MOST_NAMED])),
        ),
    )


def _is_unsaid(alignment: Alignment, line: Line, label: Label) -> bool:
    """Whether a label is no note, and nobody says it in one breath with what stands after it, most of which is said."""
    words, segments = alignment.words, alignment.transcript.segments
    first, after, stop = (
        bisect_left(words, place, key=lambda each: each.word.char_start) for place in (line.start, label.end, line.end)
    )
    own, others = words[first:after], words[after:stop]
    is_text = all(segments[each.word.segment].kind in (Kind.SPEECH, Kind.HEADING) for each in own)
    is_said = 2 * sum(each.status.is_heard for each in others) > len(others)
    if not (own and is_text and is_said):
        return False
    last = max((each.span.end for each in own if each.span), default=-inf)
    return min(each.span.start for each in others if each.span) - last > _ONE_BREATH


def read_transcript(path: Path) -> Transcript:
    """The transcript in a file, understood by its look.

    Raises
    ------
    TranscriptError
        The file is missing, empty, binary, too large or broken, of a format that is not read, or holds no speech.
    """
    return open_transcript(path).understood()


def open_transcript(path: Path) -> TranscriptFile:
    """A transcript's file, read.

    Raises
    ------
    TranscriptError
        As of ``read_transcript``, but for what only who understands it can tell.
    """
    data = _load(path)
    return TranscriptFile(path, hashlib.sha256(data).hexdigest(), draft_of(path, data))


def draft_of(path: PurePath, data: bytes) -> Draft:
    """What a transcript's file of that name and content holds, before it is understood.

    Raises
    ------
    TranscriptError
        As of ``open_transcript``.
    """
    draft = _writable(_read(path, data))
    _check_lines(len(draft.lines), str(path))
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
    """The most bytes that the transcript of that name may have."""
    return MAX_WORD_BYTES if name.lower().endswith(".docx") else MAX_BYTES


def _too_large(path: Path, size_bytes: int, most_bytes: int) -> TranscriptError:
    return TranscriptError(
        "{path}: {size:.0f} MB; a transcript of at most {most} MB was expected; save it without pictures, or as text",
        path=path,
        size=size_bytes / 1e6,
        most=most_bytes // 10**6,
    )


def _read(path: PurePath, data: bytes) -> Draft:
    file = str(path)
    match format_of(path, data):
        case Format.DOCX:
            from aligner.transcript.docx import read_docx

            return read_docx(data, file)
        case Format.HTML:
            from aligner.transcript.html import decode_html, read_html, without_data

            page = decode_html(data, file)
            return read_html(_within_limit(page if len(page) <= MAX_CHARS else without_data(page), file), file)
        case Format.MARKDOWN:
            from aligner.transcript.markdown import read_markdown

            return read_markdown(_lines(data, file), file)
        case Format.JSON:
            from aligner.transcript.turns import read_json

            return read_json(_characters(data, file), file)
        case Format.SUBTITLES:
            from aligner.transcript.turns import read_subtitles

            return read_subtitles(_characters(data, file), file)
        case Format.PLAIN:
            return read_plain(_lines(data, file))


def _characters(data: bytes, file: str) -> str:
    return _within_limit(decode(data, file), file)


def _lines(data: bytes, file: str) -> str:
    text = _characters(data, file)
    _check_lines(sum(not line.isspace() for line in text.splitlines() if line), file)
    return text


def _check_lines(lines: int, file: str) -> None:
    if lines > MAX_LINES:
        raise TranscriptError("{path}: more than {most} lines; a transcript was expected", path=file, most=MAX_LINES)


def _within_limit(text: str, file: str) -> str:
    if len(text) > MAX_CHARS:
        raise TranscriptError(
            "{path}: {millions:.0f} million characters; a transcript was expected",
            path=file,
            millions=len(text) / 1e6,
        )
    return text


def _writable(draft: Draft) -> Draft:
    """The draft with a sign for each character that no file can hold; places in the text stay."""
    names = (line.speaker for line in draft.lines)
    if not any(UNWRITABLE.search(text) for text in (draft.text, draft.title, draft.language, *names) if text):
        return draft
    lines = tuple(replace(line, speaker=_marked(line.speaker)) if line.speaker else line for line in draft.lines)
    text, title, language = (_marked(text) for text in (draft.text, draft.title, draft.language))
    return replace(draft, text=text or "", title=title, language=language, lines=lines)


def _marked(text: str | None) -> str | None:
    return text and UNWRITABLE.sub("\ufffd", text)


__all__ = [
    "MAX_BYTES",
    "MAX_WORD_BYTES",
    "TranscriptFile",
    "draft_of",
    "is_end_title",
    "is_transcript_title",
    "labels_in_doubt",
    "most_bytes",
    "open_transcript",
    "read_transcript",
    "renamed",
]

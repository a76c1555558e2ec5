"""A transcript's text as a file again: plain text, or its Markdown with what has changed; read back, it says the same.

Of other formats the structure cannot be kept: their text goes into a file of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from aligner.errors import TranscriptError
from aligner.model import Kind, Transcript
from aligner.transcript.formats import BY_EXTENSION, Format

PLAIN_SUFFIX = ".txt"


@dataclass(frozen=True, slots=True)
class Written:
    """A file's ``content``, and whether it keeps the name of the file that was there before, or needs another."""

    content: bytes
    keeps_name: bool


def written(name: str, now: Transcript, standing: bytes | None, before: Transcript) -> Written:
    """Return the text of ``now``, which was edited from ``before``, as the file called ``name`` is to hold it, or as
    plain text beside it. ``standing`` is what that file holds, if it is there: unchanged Markdown stays.

    Raises TranscriptError if a file of that text would be read as something else.
    """
    match _format(name):
        case Format.PLAIN:
            return Written(_plain(name, now.text), keeps_name=True)
        case Format.MARKDOWN if standing is not None:
            from aligner.transcript.markdown_patch import patched

            if (content := patched(standing, before, now, name)) is not None:
                return Written(content, keeps_name=True)
    return Written(_plain(f"text{PLAIN_SUFFIX}", now.text), keeps_name=False)


def tells_same(name: str, now: Transcript, before: Transcript) -> bool:
    """Return whether a file of that name says the same of both: the text, and in Markdown headings."""
    return now.text == before.text and (_format(name) is not Format.MARKDOWN or _headings(now) == _headings(before))


def _headings(transcript: Transcript) -> set[int]:
    return {each.char_start for each in transcript.segments if each.kind is Kind.HEADING}


def _format(name: str) -> Format:
    return BY_EXTENSION.get(PurePath(name).suffix.lower(), Format.PLAIN)


def _plain(name: str, text: str) -> bytes:
    content = text.encode("utf-8")
    if text_in(name, content) != text:
        raise TranscriptError(
            "the text would be read as something else than text; it begins with “{start}”",
            start=" ".join(text[:40].split()),
        )
    return content


def text_in(name: str, content: bytes) -> str | None:
    """Return the text that a transcript's file of that ``content`` has, None if it would not be read."""
    from aligner.transcript import draft_of

    try:
        return draft_of(PurePath(name), content).text
    except TranscriptError:
        return None

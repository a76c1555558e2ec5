"""Write the file of an edited transcript: plain text, or the original Markdown with the changes applied.

A file of another format is not changed; the edited text is written to a plain text file beside it.
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
    """The new content of a transcript's file. If ``keeps_name`` is False, it must be written under a new name."""

    content: bytes
    keeps_name: bool


def written(name: str, now: Transcript, original: bytes | None, before: Transcript) -> Written:
    """Return the file content for the transcript ``now``, which was edited from ``before``.

    ``name`` is the name of the original file; ``original`` is its content, None if the file is missing. Raises
    TranscriptError if the text, written as plain text, would be read as another format.
    """
    match _format(name):
        case Format.PLAIN:
            return Written(_plain(name, now.text), keeps_name=True)
        case Format.MARKDOWN if original is not None:
            from aligner.transcript.markdown_patch import patched

            if (content := patched(original, before, now, name)) is not None:
                return Written(content, keeps_name=True)
    return Written(_plain(f"text{PLAIN_SUFFIX}", now.text), keeps_name=False)


def same_text(name: str, now: Transcript, before: Transcript) -> bool:
    """Return whether two transcripts have the same text, and, if ``name`` is a Markdown file, the same headings."""
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
    """Return the text that is read from a transcript file with this name and content; None if it cannot be read."""
    from aligner.transcript import draft_of

    try:
        return draft_of(PurePath(name), content).text
    except TranscriptError:
        return None

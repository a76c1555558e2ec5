"""Plain text: the file's own characters, a paragraph a line."""

from __future__ import annotations

from aligner.transcript.lines import Draft, split_lines, unwrap


def read_plain(text: str) -> Draft:
    """The draft of a text file; lines that an editor wrapped are joined."""
    return Draft(text, tuple(unwrap(text, split_lines(text))))

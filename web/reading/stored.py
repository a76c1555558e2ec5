"""Alignments at hand, so that a page, its captions and its quotes read the file once."""

from __future__ import annotations

from pathlib import Path

from aligner.model import Alignment
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_states import until_changed

_AT_HAND = 4  # episodes; three hours of words take some 30 MB


def stored_alignment(path: Path) -> Alignment:
    """The alignment that ``path`` holds now.

    Raises
    ------
    AlignmentError
        It is not there, or damaged.
    """
    try:
        return _stored(path)
    except OSError:
        return read_alignment(path)  # which says what is wrong


_stored = until_changed(_AT_HAND)(read_alignment)

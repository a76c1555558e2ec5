"""Alignments at hand, so that a page, its captions and its quotes read the file once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from aligner.model import Alignment
from aligner.storage.alignment_json import read_alignment

_AT_HAND = 4  # episodes; three hours of words take some 30 MB


def stored_alignment(path: Path) -> Alignment:
    """The alignment that ``path`` holds now.

    Raises
    ------
    AlignmentError
        It is not there, or damaged.
    """
    try:
        stat = path.stat()
    except OSError:
        return read_alignment(path)  # which says what is wrong
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=_AT_HAND)
def _read(path: Path, _mtime_ns: int, _size_bytes: int) -> Alignment:
    return read_alignment(path)

"""The changes of an episode's text: which state of the transcript's file was made by whom, as the history tells."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct, field

from aligner.storage.checked_json import decode
from aligner.storage.history_lines import Change
from aligner.storage.history_reading import read_changes
from aligner.storage.history_writing import LARGEST_BYTES


class _Pair(Struct):
    after: str


class _Fields(Struct):
    transcript_sha256: _Pair | None = None


class _Edit(Struct):
    fields: _Fields = field(default_factory=_Fields)


class _Line(Struct):
    edit: _Edit


def text_changes(path: Path) -> dict[str, Change]:
    """By the hash of a state of the transcript's file, the change of the alignment at ``path`` that first led to it.

    Raises
    ------
    HistoryError, NewerError
        The history cannot be read.
    """
    found: dict[str, Change] = {}
    for change in read_changes(path, LARGEST_BYTES)[0]:
        if pair := decode(change.line, _Line).edit.fields.transcript_sha256:
            found.setdefault(pair.after, change)
    return found

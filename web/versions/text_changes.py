"""What a history tells of an episode's text: which change led to which state of its file, and who signed that."""

from __future__ import annotations

from pathlib import Path

from aligner.model import Signature
from aligner.storage.history import Change, read_changes

_FILE_HASH = "transcript.sha256"


def text_changes(path: Path) -> dict[str, Change]:
    """Return, by the hash of a state of the transcript's file, the change of the alignment at ``path`` that first led
    to it; raises HistoryError if the history cannot be read."""
    found: dict[str, Change] = {}
    for change in read_changes(path)[0]:
        if pair := change.edit.fields.get(_FILE_HASH):
            found.setdefault(pair[1], change)
    return found


def signatures(path: Path, now: str) -> dict[str, Signature]:
    """Return, by the hash of a state of the transcript's file, of which the present one is ``now``, who signed the
    alignment at ``path`` last while its text was that; raises HistoryError if the history cannot be read."""
    found: dict[str, Signature] = {}
    for change in reversed(read_changes(path)[0]):
        fields = change.edit.fields
        before = fields[_FILE_HASH][0] if _FILE_HASH in fields else now
        if "signature" in fields:
            for sha256, stored in zip((before, now), fields["signature"], strict=True):
                if isinstance(stored, dict):
                    signed = found.get(sha256) or Signature(**stored)
                    found[sha256] = signed
        now = before
    return found

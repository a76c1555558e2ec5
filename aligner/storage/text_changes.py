"""The changes of an episode's text: which state of the transcript's file was made and signed by whom, as the history
tells."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct, field

from aligner.settled import Signature
from aligner.storage.alignment_head import StoredSignature, signature_in
from aligner.storage.checked_json import decode
from aligner.storage.history_lines import Change
from aligner.storage.history_reading import read_changes
from aligner.storage.history_writing import LARGEST_BYTES


class _Pair(Struct):
    before: str
    after: str


class _Signatures(Struct):
    before: StoredSignature | None
    after: StoredSignature | None


class _Fields(Struct):
    transcript_sha256: _Pair | None = None
    signature: _Signatures | None = None


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


def signatures(path: Path, now: str) -> dict[str, Signature]:
    """By the hash of a state of the transcript's file, of which the present one is ``now``, who signed the alignment at
    ``path`` last while its text was that.

    Raises
    ------
    HistoryError, NewerError
        The history cannot be read.
    """
    found: dict[str, Signature] = {}
    state = now
    for change in reversed(read_changes(path, LARGEST_BYTES)[0]):
        fields = decode(change.line, _Line).edit.fields
        for sha256, stored in _told(fields, state):
            if signature := signature_in(stored):
                found.setdefault(sha256, signature)
        state = fields.transcript_sha256.before if fields.transcript_sha256 else state
    return found


def _told(fields: _Fields, after: str) -> list[tuple[str, StoredSignature | None]]:
    """Who signed after a change and before it, where it changes that, by the hashes of what was signed."""
    if fields.signature is None:
        return []
    before = fields.transcript_sha256.before if fields.transcript_sha256 else after
    return [(after, fields.signature.after), (before, fields.signature.before)]

"""The changes of an episode's text: which state of the transcript's file was made and signed by whom, and which
paragraphs people wrote, as the history tells."""

from __future__ import annotations

from collections.abc import Sequence
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


class _Segment(Struct, gc=False):
    kind: str
    speaker: str | None
    char_start: int
    char_end: int
    pinned: bool = False


class _SegmentSplice(Struct):
    at: int
    before: list[_Segment]
    after: list[_Segment]


class _SegmentEdit(Struct):
    segments: list[_SegmentSplice] = []


class _SegmentLine(Struct):
    edit: _SegmentEdit


_BY_HAND = frozenset(("text", "insert", "instead", "undone", "redone"))
"""The kinds of changes by which paragraphs are written or saved. What somebody said in the preview, of all paragraphs
of a label, is none: nobody need have read these."""


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


def written_segments(path: Path, count: int) -> Sequence[bool]:
    """Of each of the ``count`` segments of the alignment at ``path``, whether somebody wrote it, or saved it in the
    editor, since the history began; of none where that tells of others.

    Raises
    ------
    HistoryError, NewerError
        The history cannot be read.
    """
    written: list[bool] = []
    for change in read_changes(path, LARGEST_BYTES)[0]:
        for splice in reversed(decode(change.line, _SegmentLine).edit.segments):
            part = slice(splice.at, splice.at + len(splice.before))
            written[part] = _written(splice, written[part], change.kind in _BY_HAND)
    return written if len(written) == count else [False] * count


def _written(splice: _SegmentSplice, before: Sequence[bool], by_hand: bool) -> list[bool]:
    """Which of the segments that a splice puts in were written: as those before them where they are the same, of which
    the times alone are others."""
    known: dict[tuple[str, str | None, int], list[bool]] = {}
    for segment, was in zip(splice.before, before, strict=True):
        if segment.pinned:
            known.setdefault(_looks(segment), []).append(was)
    found = ((each.pinned, known.get(_looks(each))) for each in splice.after)
    return [is_pinned and (same.pop(0) if same else by_hand) for is_pinned, same in found]


def _looks(segment: _Segment) -> tuple[str, str | None, int]:
    return segment.kind, segment.speaker, segment.char_end - segment.char_start


def _told(fields: _Fields, after: str) -> list[tuple[str, StoredSignature | None]]:
    """Who signed after a change and before it, where it changes that, by the hashes of what was signed."""
    if fields.signature is None:
        return []
    before = fields.transcript_sha256.before if fields.transcript_sha256 else after
    return [(after, fields.signature.after), (before, fields.signature.before)]

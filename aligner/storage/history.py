"""An episode's history: every change of its alignment, in ``NAME.history.jsonl`` beside it, a line of JSON for each.

A change lies on the disk before anybody is told that it is taken; then alignment.json follows, and after a while the
captions (``captions_follow``). What a kill left between the two is made good by whoever opens the history next. What
somebody else made of alignment.json meanwhile, by hand or by aligning again, becomes a change of its own, so nothing is
lost and everything can be undone. The first line holds the whole alignment as it was before the first change: all lines
one after the other make the last state of nothing, to the byte.

Conventions
-----------
``path`` is that of the alignment. A line that does not end, or holds NUL where a disk lost it, is the last one, was
never acknowledged, and goes with the next change. Whoever reads or writes has the folder's turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aligner.edits import Edit, applied, difference, rebased
from aligner.errors import AlignmentError, ConflictError, HistoryError, NewerError
from aligner.model import Alignment
from aligner.storage import history_writing as writing
from aligner.storage.alignment_head import LARGEST_BYTES as LARGEST_ALIGNMENT_BYTES
from aligner.storage.alignment_head import blaming as blaming_alignment
from aligner.storage.alignment_json import from_content, mended
from aligner.storage.audio_lookup import allowed
from aligner.storage.backups import is_ours
from aligner.storage.file_names import history_path
from aligner.storage.history_lines import ALIGNED, FOUND, TAKEN_BACK_OR_AGAIN, Change, new_change
from aligner.storage.history_reading import read_changes, replayed
from aligner.storage.history_writing import NO_FILES, Files, appended, content_of, put, states, taken, turn
from aligner.storage.history_writing import History as History
from aligner.storage.journal import fingerprint_of
from aligner.storage.outputs import following_contents
from aligner.storage.transcript_file import following
from media.confinement import read_regular


def open_history(path: Path) -> History:
    """The history of the alignment at ``path``, which is brought up to it where a kill came between, and to which it
    adds what others made of the alignment. One that has not begun has no changes, and no file.

    Raises
    ------
    AlignmentError, NewerError
        The alignment cannot be read, and there is no history of it; or it is of a later version.
    HistoryError, NewerError
        The history cannot be read, or is of a later version; or the alignment has come to harm, and ``restored`` helps.
    OutputError
        The folder cannot be written, and something was to be.
    """
    with turn(path):
        return _opened(path)


def changed(history: History, new: Alignment, what: Mapping[str, Any], who: str, files: Files = NO_FILES) -> History:
    """Take a change: ``new`` is what it makes of ``history.alignment``. On return it is on the disk, and so are the
    alignment and ``files`` with it; captions are to follow. ``what`` says it for people, by a ``kind`` and arguments.

    Where others have changed something since the history was opened, both come together.

    Raises
    ------
    ConflictError
        They changed the same.
    HistoryError, NewerError, AlignmentError
        As ``open_history``; or the history is as long as one can be.
    OutputError
        It cannot be written. In every case nothing has changed.
    ValueError
        ``new`` is no alignment that can be stored, or ``what`` no such record.
    """
    with turn(history.path):
        now = history if history.is_current() else _opened(history.path)
        edit = difference(history.alignment, new)
        if now is not history:
            edit = _brought_together(edit, history.alignment, now.alignment)
            if edit.is_empty and what["kind"] in TAKEN_BACK_OR_AGAIN:  # somebody else did so at the same moment
                return now
        return taken(now, edit, what, who, files)


def restored(path: Path) -> History:
    """The history of an alignment that has come to harm, which is put back as the last change left it; what stands in
    its place is kept as a copy.

    Raises
    ------
    HistoryError, NewerError
        There is no history that can be read.
    OutputError
        The folder cannot be written.
    """
    with turn(path):
        changes, _ = read_changes(path, writing.LARGEST_BYTES)
        if not changes:
            raise HistoryError("{path}: there is no history to restore it from", path=path)
        alignment = allowed(replayed(path, changes), path)
        put(path, following_contents(alignment, path), Files(beside=following(alignment, None, path)))
        return _opened(path)


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands at the alignment's place: the alignment, its bytes, and the hashes by which it is known, for it may
    be laid out in another way than ours."""

    alignment: Alignment
    content: bytes
    hashes: Set[str]


def _opened(path: Path) -> History:
    seen = states(path)
    changes, size_bytes = read_changes(path, writing.LARGEST_BYTES)
    standing = _standing(path, changes)
    at_rest = History(path, changes, standing.alignment, size_bytes, seen)
    if not changes or changes[-1].after_sha256 in standing.hashes:
        return at_rest
    if changes[-1].before_sha256 in standing.hashes and not _is_newer(path):
        new = allowed(_after(path, standing.alignment, changes[-1]), path)
        text, contents = following(new, standing.alignment.transcript, path), following_contents(new, path)
        if states(path) == seen:  # else who was at it lives, and has no lock that we could see
            put(path, contents, Files(beside=text))
        return _opened(path)
    return _with_found(at_rest, standing)


def _standing(path: Path, changes: Sequence[Change]) -> _Standing:
    try:
        with blaming_alignment(path):
            content = read_regular(path, LARGEST_ALIGNMENT_BYTES)
            alignment, sha256 = mended(content), fingerprint_of(content)
            if changes and sha256 == changes[-1].after_sha256:
                return _Standing(alignment, content, {sha256})
            ours = content_of(alignment)
            return _Standing(from_content(ours), content, {sha256, fingerprint_of(ours)})
    except NewerError:
        raise
    except AlignmentError as error:
        if not changes:
            raise
        raise HistoryError(
            "{path}: came to harm since it was last corrected; align it again to have its corrections back ({detail})",
            path=path,
            detail=error.message,
        ) from error


def _is_newer(path: Path) -> bool:
    """Whether the alignment was written after the last change, by somebody who wants it as it was before."""
    alignment, history = states(path)
    return alignment is not None and history is not None and alignment.modified_ns > history.modified_ns


def _after(path: Path, alignment: Alignment, change: Change) -> Alignment:
    try:
        after = applied(alignment, change.edit)
        if fingerprint_of(content_of(after)) == change.after_sha256:
            return from_content(content_of(after))
        raise ValueError("it leads elsewhere")
    except ValueError as error:
        raise HistoryError(
            "{path}: change {number} cannot be taken ({detail}); move the file elsewhere to begin another history",
            path=history_path(path),
            number=change.id,
            detail=error,
        ) from error


def _with_found(found: History, standing: _Standing) -> History:
    """The history with what somebody else made of the alignment as its last change."""
    last = replayed(found.path, found.changes)
    edit = difference(last, found.alignment)
    if edit.is_empty:
        return found
    kind = ALIGNED if edit.lists.get("words") and is_ours(standing.content) else FOUND
    after = fingerprint_of(content_of(applied(last, edit)))
    change = new_change(len(found.changes) + 1, "", {"kind": kind}, (found.changes[-1].after_sha256, after), edit)
    return appended(found, [change], found.alignment)


def _brought_together(edit: Edit, before: Alignment, now: Alignment) -> Edit:
    """The edit as one of what others made of the same meanwhile."""
    edit = rebased(edit, difference(before, now), now)
    try:
        from_content(content_of(applied(now, edit)))
    except ValueError as error:
        raise ConflictError(
            "changed by someone else meanwhile, which does not go with this; look at it again"
        ) from error
    return edit

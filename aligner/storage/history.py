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

import contextlib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aligner.edits import NOTHING, Edit, applied, difference, rebased
from aligner.errors import AlignmentError, ConflictError, HistoryError, NewerError, OutputError
from aligner.model import Alignment
from aligner.storage.alignment_head import LARGEST_BYTES as LARGEST_ALIGNMENT_BYTES
from aligner.storage.alignment_head import AlignmentHead, decode_alignment
from aligner.storage.alignment_head import blaming as blaming_alignment
from aligner.storage.alignment_json import from_content, to_text
from aligner.storage.atomic import blaming
from aligner.storage.audio_lookup import inside
from aligner.storage.backups import is_ours, replace_keeping
from aligner.storage.file_states import FileState, state_of
from aligner.storage.history_lines import ALIGNED, FOUND, Change, first_change, new_change
from aligner.storage.history_reading import history_path, read_changes, replayed
from aligner.storage.journal import fingerprint_of, settle, taking_turns
from aligner.storage.outputs import following_contents
from media.appending import append
from media.confinement import read_regular

LARGEST_BYTES = 1 << 28
"""Of a history: a day of talk that is aligned anew twice, or a million words set right."""


@dataclass(frozen=True, slots=True)
class History:
    """What was changed of the alignment at ``path``, and the alignment as the last of the ``changes`` left it."""

    path: Path
    changes: tuple[Change, ...]
    alignment: Alignment
    size_bytes: int = field(repr=False)
    """Of the history's file, as far as it was acknowledged."""
    states: tuple[FileState | None, FileState | None] = field(repr=False)
    """Those of both files."""

    def is_current(self) -> bool:
        """Whether this is still all: both files are in the states in which they were."""
        return self.states == _states(self.path)


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


def changed(history: History, new: Alignment, what: Mapping[str, Any], who: str) -> History:
    """Take a change: ``new`` is what it makes of ``history.alignment``. On return it is on the disk, and so is the
    alignment; captions are to follow. ``what`` says it for people, by a ``kind`` and arguments.

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
        edit = difference(history.alignment, from_content(_content(new)))
        if now is not history:
            edit = _brought_together(edit, history.alignment, now.alignment)
        return now if edit.is_empty else _taken(now, edit, what, who)


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
        changes, _ = read_changes(path, LARGEST_BYTES)
        if not changes:
            raise HistoryError("{path}: there is no history to restore it from", path=path)
        _put(path, following_contents(_allowed(replayed(path, changes), path), path))
        return _opened(path)


@contextlib.contextmanager
def turn(path: Path) -> Iterator[None]:
    """Let nobody else read or write the history of the alignment at ``path`` meanwhile.

    Raises
    ------
    OutputError
        What others left there cannot be settled.
    """
    with contextlib.ExitStack() as stack:
        with blaming(path.parent):
            stack.enter_context(taking_turns(path.parent))
            settle(path.parent)
        yield


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands at the alignment's place: the alignment, its bytes, and the hashes by which it is known, for it may
    be laid out in another way than ours."""

    alignment: Alignment
    content: bytes
    hashes: Set[str]


def _opened(path: Path) -> History:
    changes, size_bytes = read_changes(path, LARGEST_BYTES)
    standing = _standing(path, changes)
    at_rest = History(path, changes, standing.alignment, size_bytes, _states(path))
    if not changes or changes[-1].after_sha256 in standing.hashes:
        return at_rest
    if changes[-1].before_sha256 in standing.hashes and not _is_newer(path):
        new = _allowed(_after(path, standing.alignment, changes[-1]), path)
        _put(path, following_contents(new, path))
        return _opened(path)
    return _with_found(at_rest, standing)


def _standing(path: Path, changes: Sequence[Change]) -> _Standing:
    try:
        with blaming_alignment(path):
            content = read_regular(path, LARGEST_ALIGNMENT_BYTES)
            alignment, sha256 = from_content(content), fingerprint_of(content)
            if changes and sha256 == changes[-1].after_sha256:
                return _Standing(alignment, content, {sha256})
            ours = _content(alignment)
            return _Standing(from_content(ours), content, {sha256, fingerprint_of(ours)})
    except NewerError:
        raise
    except AlignmentError as error:
        if not changes:
            raise
        raise HistoryError(
            "{path}: came to harm since it was last corrected; its state of then can be restored ({detail})",
            path=path,
            detail=error,
        ) from error


def _is_newer(path: Path) -> bool:
    """Whether the alignment was written after the last change, by somebody who wants it as it was before."""
    alignment, history = _states(path)
    return alignment is not None and history is not None and alignment.modified_ns > history.modified_ns


def _after(path: Path, alignment: Alignment, change: Change) -> Alignment:
    try:
        after = applied(alignment, change.edit)
        if fingerprint_of(_content(after)) == change.after_sha256:
            return from_content(_content(after))
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
    after = fingerprint_of(_content(applied(last, edit)))
    change = new_change(len(found.changes) + 1, "", {"kind": kind}, (found.changes[-1].after_sha256, after), edit)
    return _appended(found, [change], found.alignment)


def _brought_together(edit: Edit, before: Alignment, now: Alignment) -> Edit:
    """The edit as one of what others made of the same meanwhile."""
    edit = rebased(edit, difference(before, now), now)
    try:
        from_content(_content(applied(now, edit)))
    except ValueError as error:
        raise ConflictError(
            "changed by someone else meanwhile, which does not go with this; look at it again"
        ) from error
    return edit


def _taken(now: History, edit: Edit, what: Mapping[str, Any], who: str) -> History:
    asked = applied(now.alignment, edit)
    new = _allowed(asked, now.path)
    edit = edit if new is asked else difference(now.alignment, new)
    contents = following_contents(new, now.path)
    before = now.changes[-1].after_sha256 if now.changes else fingerprint_of(_content(now.alignment))
    first = [] if now.changes else [first_change(difference(NOTHING, now.alignment), before)]
    hashes = before, fingerprint_of(contents[now.path])
    change = new_change(len(now.changes) + len(first) + 1, who, what, hashes, edit)
    taken = _appended(now, [*first, change], new)
    try:
        _put(now.path, contents)
    except OutputError:
        # Nobody was told of it. Where even that cannot be written, it is made good when the history is next opened.
        with contextlib.suppress(OSError):
            append(history_path(now.path), b"", now.size_bytes)
        raise
    return replace(taken, states=_states(now.path))


def _appended(history: History, changes: Sequence[Change], alignment: Alignment) -> History:
    """The history with more changes, which are on the disk."""
    path = history_path(history.path)
    content = b"".join(change.line + b"\n" for change in changes)
    size_bytes = history.size_bytes + len(content)
    if size_bytes > LARGEST_BYTES:
        raise HistoryError("{path}: is as long as a history can be; move it elsewhere to begin another", path=path)
    try:
        append(path, content, history.size_bytes)
    except OSError as error:
        raise OutputError(
            "{path}: cannot be written ({reason}); nothing was changed", path=path, reason=error.strerror
        ) from error
    return History(history.path, (*history.changes, *changes), alignment, size_bytes, _states(history.path))


def _allowed(new: Alignment, path: Path) -> Alignment:
    """``new`` without ways to files elsewhere, but for those that this user's own alignment at ``path`` has."""
    narrow = inside(new)
    if narrow == new:
        return new
    with contextlib.suppress(OSError, ValueError):  # what stands there cannot be read, and allows nothing
        content = read_regular(path, LARGEST_ALIGNMENT_BYTES)
        standing = decode_alignment(content, AlignmentHead)
        if is_ours(content) and _named(standing) == _named(new):
            return new
    return narrow


def _named(alignment: Alignment | AlignmentHead) -> tuple[str | None, ...]:
    return alignment.audio.file, alignment.transcript.file, alignment.episode.cover


def _put(path: Path, contents: Mapping[Path, bytes]) -> None:
    with blaming(path.parent):
        replace_keeping(contents)


def _content(alignment: Alignment) -> bytes:
    return to_text(alignment).encode("utf-8")


def _states(path: Path) -> tuple[FileState | None, FileState | None]:
    return _state(path), _state(history_path(path))


def _state(path: Path) -> FileState | None:
    try:
        return state_of(path)
    except OSError:
        return None

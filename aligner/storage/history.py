"""Record every change of an alignment in ``NAME.history.jsonl`` beside it, one line of JSON per change.

A change is committed in three steps. Each changed file is written under a temporary name and synced. A line that names
these files is appended to the history and synced. Each file is renamed to its final name. If quotecast is killed before
the line is complete, nothing has changed. If it is killed later, the next reader renames the remaining files. A reader
changes no other files, because a stranger may have written the history.

The first line holds the whole alignment before the first change, so the current alignment can be rebuilt from the
lines. An alignment edited or replaced by hand is recorded as a change too.

Conventions
-----------
- ``path`` is the path of the alignment. File names are relative to the folder of the alignment.
- ``what`` describes a change for people: its ``kind`` and its arguments.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from aligner.edits import Content, Edit, applied, difference, undone
from aligner.errors import (
    CHANGED_MEANWHILE,
    AlignerError,
    AlignmentError,
    HistoryError,
    NewerError,
    OutputError,
    StaleError,
)
from aligner.model import Alignment
from aligner.storage import alignment_json
from aligner.storage.atomic import Content as FileContent
from aligner.storage.atomic import (
    FileState,
    blaming,
    free_backup,
    hash_in,
    keep_rights,
    locked,
    put_in_place,
    state_if_any,
)
from aligner.storage.checked_json import Count, encodable, on_one_line
from aligner.storage.database import cache_folder, config_folder, data_folder
from aligner.storage.file_names import JSON_SUFFIX, history_path, last_part
from aligner.storage.transcript_file import placed
from media.safe_fs import (
    is_regular,
    is_taken,
    link,
    make_folder,
    place,
    plain_files,
    read_regular,
    remove_file,
    write_new,
)
from media.temporary import append, flush, flush_names, sweep

LARGEST_BYTES = 1 << 28
"""The largest history: a day of talk aligned again twice, or a million corrected words."""

BEGUN, FOUND, ALIGNED, DETAILS, RETIMED = "begun", "found", "aligned", "details", "retimed"
UNDONE, REDONE = "undone", "redone"
NOT_CORRECTIONS = (ALIGNED, DETAILS, FOUND, RETIMED)
"""Kinds of changes that are no corrections: aligned again, details edited, file replaced by hand, audio replaced."""

TEMPORARY_PREFIX = ".quotecast-change-"  # prefix of files that a change has written and not renamed yet

_VERSION = 2
_ESCAPE = re.compile(rb"\\x([89a-f][0-9a-f])")  # a byte that is not UTF-8, so never a slash
_LONGEST_WHO = 200  # characters

Files = Mapping[Path, FileContent]
"""New contents of files that change together with the alignment."""


class _File(Struct):
    """A file that a change replaces by the file ``temporary``, or deletes if ``temporary`` is None. ``before`` and
    ``after`` are SHA-256 hashes of the content, None if there is no file. In ``name``, bytes that are not UTF-8 are
    escaped, as in ``\\xff``."""

    name: str
    temporary: str | None
    before: str | None
    after: str | None

    @property
    def path(self) -> str:
        return os.fsdecode(_ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), self.name.encode()))


class _Line(Struct, omit_defaults=True):
    version: int
    id: Count
    when: datetime
    who: Annotated[str, Meta(max_length=_LONGEST_WHO)]
    what: dict[str, Any]
    files: list[_File]
    edit: Raw = Raw(b"{}")  # the ``Edit`` of this change; to undo it, its inverse is applied
    alignment: Raw = Raw(b"null")  # the whole of it, in the first line


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an alignment, read from a ``line`` of the history. ``after_sha256`` is the hash of the alignment
    after the change."""

    id: int
    when: datetime
    who: str
    what: Mapping[str, Any]
    after_sha256: str
    line: _Line = field(repr=False)

    @property
    def kind(self) -> str:
        return str(self.what["kind"])

    @property
    def edit(self) -> Edit:
        """The difference that the change made to the alignment. Raises ValueError if the line is damaged."""
        return msgspec.json.decode(self.line.edit, type=Edit)


@dataclass(frozen=True, slots=True)
class History:
    """The changes of the alignment at ``path``, and the alignment after the last change.

    ``size_bytes`` is the length of the history file. ``states`` are the file stats of alignment and history when read;
    if they differ now, the history is outdated. ``written`` has the alignment's records as stored, if known.
    """

    path: Path
    changes: tuple[Change, ...]
    alignment: Alignment
    size_bytes: int
    states: tuple[FileState | None, FileState | None]
    written: alignment_json.Stored | None = field(default=None, repr=False)

    @property
    def stored(self) -> alignment_json.Stored:
        """The records of the alignment, as quotecast would write them."""
        return self.written or alignment_json.stored_in(alignment_json.to_text(self.alignment).encode())

    @property
    def known(self) -> alignment_json.Known | None:
        """The records and the alignment, for ``alignment_of`` to reuse; None if ``written`` is None."""
        return (self.written, self.alignment) if self.written else None


def open_history(path: Path) -> History:
    """Return the history of the alignment at ``path``; the history has no changes if there is no history file.

    If a change was interrupted because quotecast was killed, that change is finished first. An alignment that was
    edited by hand is recorded as a change. Raises AlignmentError if there is no history and the alignment cannot be
    read; NewerError if the alignment has a later format version; HistoryError if the history cannot be read, or has
    changes but the alignment is damaged (call ``restored``); OutputError if a change cannot be written.
    """
    states = states_of(path)
    changes, size_bytes = read_changes(path)
    with alignment_json.blaming(path):
        content = read_regular(path, alignment_json.LARGEST_BYTES) if not changes or is_regular(path) else b""
        if states_of(path) != states:  # changed while it was read
            return open_history(path)
        if not _left(path) and (not changes or hashlib.sha256(content).hexdigest() == changes[-1].after_sha256):
            stored = alignment_json.stored_in(content)
            alignment = alignment_json.alignment_of(stored)
            return History(path, changes, alignment, size_bytes, states, stored if changes else None)
    with locked(path.parent):
        return _recovered(path)


def changed(
    history: History,
    new: Alignment,
    what: Mapping[str, Any],
    who: str,
    files: Callable[[Alignment], Files] = lambda _: {},
) -> History:
    """Replace the alignment of ``history`` by ``new``, and record the change on the disk. Return the new history.

    The files that ``files(new)`` returns are written in the same change. If the text differs, the transcript's file is
    written too. Captions are not written.

    Raises StaleError if the files have changed since ``history`` was read; HistoryError if the history would be too
    long; OutputError if nothing could be written; ValueError if ``new`` is invalid.
    """
    new = with_file_names(new, history.alignment)
    with locked(history.path.parent):
        if history.states != states_of(history.path):
            raise StaleError(CHANGED_MEANWHILE)
        old, texts = history.alignment, dict[Path, bytes]()
        if (old.transcript.text, old.transcript.sha256) != (new.transcript.text, new.transcript.sha256):
            new, texts = placed(new, old, history.path)
        return commit(history, new, what, who, {**texts, **files(new)})


def restored(path: Path) -> History:
    """Rebuild the damaged or missing alignment at ``path`` from its history, write it, and return the history. Raises
    HistoryError if the history is missing or cannot be read, OutputError if the folder cannot be written."""
    with locked(path.parent):
        changes, _ = read_changes(path)
        if not changes:
            raise HistoryError("{path}: there is no history to restore it from", path=path)
        alignment = with_file_names(_alignment_in(path, _last_state(path, changes)))
        if is_taken(path):
            with blaming(path):
                link(path, free_backup(path))  # somebody may have edited it with a single typing error
        _rename_temporary(path, _write_temporary(path, {path: alignment_json.to_text(alignment).encode()}))
        return _recovered(path)


def state_after(history: History, change: int) -> Content:
    """Return the alignment after the change with this id, as decoded JSON. Raises HistoryError if a line is damaged."""
    edits, number = list[Edit](), change
    try:
        for each in reversed(history.changes[change:]):
            number = each.id
            edits.append(undone(each.edit))
        return applied(alignment_json.to_content(history.stored), *edits)
    except ValueError as error:
        raise _damaged(history.path, number, error) from error


def as_of(history: History, count: int) -> History:
    """Return the history as it was after its first ``count`` changes. Raises ValueError if it has fewer changes,
    HistoryError if a later line is damaged."""
    if not 0 <= count <= len(history.changes):
        raise ValueError(f"a history of {len(history.changes)} changes never had {count}")
    if count == len(history.changes):
        return history
    state = state_after(history, max(count, 1))  # the first line changes nothing
    alignment = _alignment_in(history.path, state)
    return replace(history, changes=history.changes[:count], alignment=alignment, states=(None, None), written=None)


def read_changes(path: Path) -> tuple[tuple[Change, ...], int]:
    """Return the completed changes of the alignment at ``path``, and the length of their lines in bytes.

    A last line that is cut off, or contains NUL after a disk failure, is ignored. Raises HistoryError if the file
    cannot be read or another line is damaged.
    """
    file = history_path(path)
    try:
        content = read_regular(file, LARGEST_BYTES)
    except FileNotFoundError:
        return (), 0
    except OSError as error:
        raise HistoryError("{path}: cannot be read ({reason})", path=file, reason=error.strerror) from error
    lines = content.split(b"\n")[:-1]
    if lines and b"\0" in lines[-1]:
        lines.pop()
    changes: list[Change] = []
    for number, line in enumerate(lines, 1):
        try:
            changes.append(_change(number, line, path.name))
        except ValueError as error:
            raise _damaged(path, number, error) from error
    if len(changes) == 1:  # the first line changes nothing
        return (), 0
    return tuple(changes), sum(map(len, lines)) + len(lines)


def states_of(path: Path) -> tuple[FileState | None, FileState | None]:
    """Return the file stats of the alignment at ``path`` and of its history, each None if the file is missing."""
    return state_if_any(path), state_if_any(history_path(path))


def _recovered(path: Path) -> History:
    """Finish a change that was interrupted, record an edit made by hand, and return the history."""
    changes, size_bytes = read_changes(path)
    if changes and _left(path):  # temporary files that are missing were renamed; somebody may have edited those since
        _rename_temporary(path, changes[-1].line.files)
    _clear(path)
    states = states_of(path)
    try:
        with alignment_json.blaming(path):
            content = read_regular(path, alignment_json.LARGEST_BYTES)
            alignment = alignment_json.from_content(content)
    except NewerError:
        raise
    except AlignmentError as error:
        if not changes:
            raise
        raise HistoryError(
            "{path}: was damaged since it was last corrected; align it again to have its corrections back", path=path
        ) from error
    history = History(path, changes, alignment, size_bytes, states)
    if not changes or hashlib.sha256(content).hexdigest() == changes[-1].after_sha256:
        return history
    last = _last_state(path, changes)
    if msgspec.to_builtins(history.stored) == last:  # only the layout differs
        return history
    before = History(path, changes, _alignment_in(path, last), size_bytes, states)
    return commit(before, alignment_json.alignment_of(history.stored), {"kind": FOUND}, "", {})


def with_file_names(new: Alignment, old: Alignment | None = None) -> Alignment:
    """Return ``new`` with paths of audio, transcript and cover cut to file names, except paths that ``old`` has too."""
    there = (old.audio.file, old.transcript.file, old.episode.cover or "") if old else ()
    names = new.audio.file, new.transcript.file, new.episode.cover or ""
    safe = tuple(name if name in there else encodable(last_part(name)) for name in names)
    if safe == names:
        return new
    audio, transcript, cover = safe
    moved = replace(new, transcript=replace(new.transcript, file=transcript), audio=replace(new.audio, file=audio))
    return replace(moved, episode=replace(new.episode, cover=cover or None))


def commit(history: History, new: Alignment, what: Mapping[str, Any], who: str, files: Files) -> History:
    """Record the change to ``new`` and return the new history. Raises the errors of ``changed``, except StaleError.

    The caller holds the lock and has checked the paths and the text. The new content is checked before it is written.
    """
    path, after = history.path, alignment_json.to_text(new).encode()
    stored = alignment_json.stored_in(after)
    edit = difference(alignment_json.to_content(history.stored), alignment_json.to_content(stored))
    if edit == Edit() and not files and what["kind"] not in (UNDONE, REDONE):
        return history
    encoded = Raw(msgspec.json.encode(edit))
    if history.size_bytes + len(bytes(encoded)) > LARGEST_BYTES:
        raise HistoryError(
            "{path}: the history has reached its largest size; move it elsewhere to begin another",
            path=history_path(path),
        )
    written = _write_temporary(path, {path: after, **files})  # the alignment first: its renaming shows the change
    changes = list(history.changes)
    if not changes:
        before = alignment_json.to_text(history.alignment).encode()
        whole = Raw(before.replace(b"\n", b""))
        changes.append(_new_change(1, "", {"kind": BEGUN}, [], before, alignment=whole))
    changes.append(_new_change(len(changes) + 1, who, what, written, after, edit=encoded))
    lines = b"".join(msgspec.json.encode(each.line) + b"\n" for each in changes[len(history.changes) :])
    _appended(history, lines)
    alignment = alignment_json.alignment_of(stored, history.known)
    new_history = History(path, tuple(changes), alignment, history.size_bytes + len(lines), (None, None), stored)
    try:
        _rename_temporary(path, written)
    except OutputError:
        is_begun = any(each.before != each.after == hash_in(path.parent / each.path) for each in written)
        if is_begun or not _truncated(history):
            return new_history  # the next reader renames the rest
        _clear(path)
        raise
    return replace(new_history, states=states_of(path))


def _truncated(history: History) -> bool:
    """Cut the history file to the length that it had when ``history`` was read. Return whether this succeeded."""
    try:
        append(history_path(history.path), b"", history.size_bytes)
    except OSError:
        return False
    return True


def _appended(history: History, lines: bytes) -> None:
    """Append lines to the history file and sync it. On failure, delete temporary files and raise OutputError."""
    file = history_path(history.path)
    try:
        append(file, lines, history.size_bytes)
    except OSError as error:
        _clear(history.path)
        raise OutputError(
            "{path}: cannot be written ({reason}); nothing was changed", path=file, reason=error.strerror
        ) from error


def _write_temporary(alignment: Path, files: Files) -> list[_File]:
    """Write the new content of each file under a temporary name and sync it, and return the records of the files. On
    failure, delete the temporary files and raise OutputError."""
    folder, copies = alignment.parent, list[_File]()
    try:
        for path, content in files.items():
            before = hash_in(path)
            name = os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "backslashreplace")
            if content is None:
                copies.append(_File(name, None, before, None))
                continue
            fresh = folder / f"{_stem(alignment)}{os.urandom(6).hex()}"
            copies.append(_File(name, fresh.name, before, None))
            if isinstance(content, bytes):
                write_new(fresh, content)
                keep_rights(fresh, place(path))
            else:
                link(content, fresh)
            flush(fresh)
            copies[-1].after = hash_in(fresh)
        flush_names(folder)
    except OSError as error:
        _clear(alignment)
        raise OutputError("{path}: cannot be written ({reason})", path=folder, reason=error.strerror) from error
    return copies


def _rename_temporary(alignment: Path, files: Iterable[_File]) -> None:
    """Rename temporary files to their final names, and delete the files that the change deletes.

    Calling this function again after an interruption is safe. Raises OutputError if the folder cannot be written.
    """
    folder = alignment.parent
    try:
        # Removals first: they are repeated only while a temporary file is left.
        for each in sorted(files, key=lambda each: each.temporary is not None):
            if not _is_inside(alignment, each):
                continue
            target = folder / each.path
            if each.temporary is None:
                if each.before and hash_in(target) == each.before:
                    remove_file(target)
            elif is_regular(folder / each.temporary) and hash_in(folder / each.temporary) == each.after:
                make_folder(target.parent)
                put_in_place(folder / each.temporary, target)
        for parent in {folder, *((folder / each.path).parent for each in files)}:
            flush_names(parent)
    except OSError as error:
        raise OutputError("{path}: cannot be written ({reason})", path=folder, reason=error.strerror) from error


def _stem(alignment: Path) -> str:
    """Return the name prefix of an alignment's temporary files. Files with this prefix survive the general clean-up."""
    return f"{TEMPORARY_PREFIX}{zlib.crc32(os.fsencode(alignment.name)):08x}-"


def _left(alignment: Path) -> list[Path]:
    return [alignment.with_name(name) for name in plain_files(alignment.parent) if name.startswith(_stem(alignment))]


def _clear(alignment: Path) -> None:
    for path in _left(alignment):
        with contextlib.suppress(OSError):  # a later change tries again
            remove_file(path)


def _is_inside(alignment: Path, file: _File) -> bool:
    """Return whether the paths in a history line are safe to use: a stranger may have written the line. The file must
    lie in the alignment's folder or one folder below, and the temporary name must have the prefix ``_stem``."""
    parts = file.path.split("/")
    is_ours = len(parts) <= 2 and all(part not in ("", ".", "..") and not set("\\\0") & set(part) for part in parts)
    prefix = _stem(alignment)
    name = file.temporary
    takes_ours = name is None or (name.startswith(prefix) and re.fullmatch("[0-9a-z]+", name.removeprefix(prefix)))
    return bool(is_ours and takes_ours) and not parts[-1].startswith(prefix)


def _change(number: int, line: bytes, name: str) -> Change:
    read = msgspec.json.decode(line, type=_Line)
    if read.version != _VERSION or read.id != number or not isinstance(read.what.get("kind"), str):
        raise ValueError(f"expected change {number} of version {_VERSION}")
    after = next((each.after for each in read.files if each.path == name), None) or read.what.get("sha256")
    if not isinstance(after, str):
        raise ValueError("it has no hash of the alignment")
    return Change(read.id, read.when, on_one_line(read.who) or "", read.what, after, read)


def _new_change(
    number: int, who: str, what: Mapping[str, Any], files: list[_File], after: bytes, **more: Raw
) -> Change:
    now = datetime.now(UTC).replace(microsecond=0)
    name, sha256 = on_one_line(who) or "", hashlib.sha256(after).hexdigest()
    facts = dict(what) if files else {**what, "sha256": sha256}
    line = _Line(_VERSION, number, now, name[:_LONGEST_WHO], facts, files, **more)
    return Change(number, now, line.who, facts, sha256, line)


def _last_state(path: Path, changes: Sequence[Change]) -> Content:
    edits, number = list[Edit](), 1
    try:
        for each in changes[1:]:
            number = each.id
            edits.append(each.edit)
        return applied(msgspec.json.decode(bytes(changes[0].line.alignment)), *edits)
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(path, number, error) from error


def _alignment_in(path: Path, content: Content) -> Alignment:
    try:
        return alignment_json.from_builtins(content)
    except ValueError as error:
        raise _damaged(path, 1, error) from error


def _damaged(path: Path, number: int, error: Exception) -> HistoryError:
    return HistoryError(
        "{path}: line {number} is damaged ({detail}); move the file elsewhere to begin another history",
        path=history_path(path),
        number=number,
        detail=str(error)[:150],
    )


def recover(*folders: Path | None) -> None:
    """Delete abandoned temporary files in ``folders``, in quotecast's own folders and in the system's temporary folder.
    Then finish interrupted changes of alignments in ``folders``."""
    cache = cache_folder()
    own = Path(tempfile.gettempdir()), config_folder(), data_folder(), cache, cache / "recognition", cache / "models"
    for folder in dict.fromkeys((*filter(None, folders), *own)):
        sweep(folder)
    for folder in filter(None, folders):
        finish_changes(folder)


def finish_changes(folder: Path) -> None:
    """Finish interrupted changes of the alignments in ``folder``. If this fails for an alignment, the next call of
    ``open_history`` for that alignment raises the error."""
    names = plain_files(folder)
    is_interrupted = any(name.startswith(TEMPORARY_PREFIX) for name in names)
    for name in names:
        if is_interrupted and name.endswith(JSON_SUFFIX):
            with contextlib.suppress(AlignerError):
                open_history(folder / name)

"""An episode's history: every change of its alignment, in ``NAME.history.jsonl`` beside it, a line of JSON for each.

A change is taken in one order: each file that changes is written beside the old one and synced; the line that names
them is appended and synced; each file is renamed to its place; then whoever asked is answered. A kill before the line
is complete leaves the old state, one after it leaves the new one, which the next change, or the next reader who finds
the alignment behind, finishes. Nothing in a history makes the program do anything but that.

The first line holds the whole alignment as it was before the first change, so that all lines one after the other make
the last state. What a person put in the alignment's place is taken as it is, and becomes a change of its own.

Conventions
-----------
- ``path`` is that of the alignment. Files are named relative to its folder.
- ``what`` says for people what was changed, by a ``kind`` and its arguments.
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
    AlignerError,
    AlignmentError,
    ConflictError,
    HistoryError,
    NewerError,
    OutputError,
    StaleError,
)
from aligner.model import Alignment
from aligner.storage.alignment_json import LARGEST_BYTES as LARGEST_ALIGNMENT_BYTES
from aligner.storage.alignment_json import (
    Stored,
    alignment_of,
    from_builtins,
    from_content,
    read_alignment,
    stored_in,
    to_content,
    to_text,
)
from aligner.storage.alignment_json import blaming as blaming_alignment
from aligner.storage.atomic import Content as FileContent
from aligner.storage.atomic import (
    FileState,
    blaming,
    free_backup,
    hash_in,
    keep_rights,
    locked,
    put_in_place,
    replace_file,
    state_of,
    write_keeping,
)
from aligner.storage.checked_json import Count, encodable, on_one_line
from aligner.storage.database import cache_folder, config_folder, data_folder
from aligner.storage.file_names import JSON_SUFFIX, history_path, last_part
from aligner.storage.transcript_file import placed
from media.safe_fs import files as files_in
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
"""Of a history: a day of talk that is aligned anew twice, or a million words set right."""

BEGUN, FOUND, ALIGNED, DETAILS, RETIMED = "begun", "found", "aligned", "details", "retimed"
UNDONE, REDONE = "undone", "redone"
MADE_ELSEWHERE = (ALIGNED, DETAILS, FOUND, RETIMED)
"""The kinds of what was not made by correcting: by aligning again, by other details, by replacing the file, by moving
all to another audio."""

CHANGE = ".quotecast-change-"  # how names begin of what a change has written, and not put in its place yet

_VERSION = 2
_ESCAPE = re.compile(rb"\\x([89a-f][0-9a-f])")  # of a byte that is not UTF-8, and so is never a slash
_LONGEST_WHO = 200  # characters

Files = Mapping[Path, FileContent]
"""Files of the folder that change with the alignment."""


class _File(Struct):
    """A file that a change replaces by its ``temporary``, or removes where that is None, with the hashes of both.
    ``name`` has escapes, such as ``\\xff``, for bytes that are not UTF-8."""

    name: str
    temporary: str | None
    before: str | None
    after: str | None

    @property
    def path(self) -> str:
        """The path from the alignment's folder."""
        return os.fsdecode(_ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), self.name.encode()))


class _Line(Struct, omit_defaults=True):
    version: int
    id: Count
    when: datetime
    who: Annotated[str, Meta(max_length=_LONGEST_WHO)]
    what: dict[str, Any]
    files: list[_File]
    undo: Raw = Raw(b"{}")
    alignment: Raw = Raw(b"null")  # the whole of it, in the first line


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an episode, as its ``line`` in the history says; its edit is read when it is asked for."""

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
        """What the change did; raises ValueError if the line does not say that."""
        try:
            return msgspec.json.decode(self.line.undo, type=Edit)
        except msgspec.MsgspecError as error:
            raise ValueError(str(error)) from error


@dataclass(frozen=True, slots=True)
class History:
    """What was changed of the alignment at ``path``, and the alignment as the last of the ``changes`` left it.

    ``size_bytes`` is how much of the history's file holds them, ``states`` what tells whether this is still all.
    ``written`` is what the alignment's file holds, if quotecast wrote it.
    """

    path: Path
    changes: tuple[Change, ...]
    alignment: Alignment
    size_bytes: int
    states: tuple[FileState | None, FileState | None]
    written: Stored | None = field(default=None, repr=False)

    @property
    def stored(self) -> Stored:
        return self.written or stored_in(to_text(self.alignment).encode())


def open_history(path: Path) -> History:
    """Read the history of the alignment at ``path``; one that has not begun has no changes, and no file.

    A change that a kill interrupted is finished, and what a person put in the alignment's place becomes a change.

    Raises AlignmentError, NewerError: the alignment cannot be read, and there is no history of it, or it is of a later
    version; HistoryError: the history cannot be read, or the alignment is damaged, and ``restored`` helps; OutputError:
    the folder cannot be written, and something was to be.
    """
    states = states_of(path)
    changes, size_bytes = read_changes(path)
    with blaming_alignment(path):
        content = read_regular(path, LARGEST_ALIGNMENT_BYTES) if not changes or is_regular(path) else b""
        if states_of(path) != states:  # changed while it was read
            return open_history(path)
        if not _left(path) and (not changes or hashlib.sha256(content).hexdigest() == changes[-1].after_sha256):
            stored = stored_in(content)
            return History(path, changes, alignment_of(stored), size_bytes, states, stored if changes else None)
    with locked(path.parent):
        return _recovered(path)


def changed(
    history: History,
    new: Alignment,
    what: Mapping[str, Any],
    who: str,
    files: Callable[[Alignment], Files] = lambda _: {},
) -> History:
    """Take a change that makes ``history.alignment`` the ``new`` one; on return it lies on the disk.

    So do the ``files`` that change with what the alignment is then. A text that differs is written to the transcript's
    file in the same change. Captions follow later.

    Raises StaleError: something was changed since the history was read, so read it again; HistoryError, NewerError,
    AlignmentError: as ``open_history``, or the history is as long as one can be; OutputError: it cannot be written, and
    nothing has changed; ValueError: ``new`` is no alignment that can be stored.
    """
    new = inside(new, history.alignment)
    with locked(history.path.parent):
        if history.states != states_of(history.path):
            raise StaleError("changed by someone else meanwhile; look at it again")
        old, texts = history.alignment, dict[Path, bytes]()
        if (old.transcript.text, old.transcript.sha256) != (new.transcript.text, new.transcript.sha256):
            new, texts = placed(new, old, history.path)
        return commit(history, new, what, who, {**texts, **files(new)})


def restored(path: Path) -> History:
    """Write the alignment at ``path``, which is damaged or gone, as the last change of its history left it.

    Raises HistoryError if there is no history that can be read, OutputError if the folder cannot be written.
    """
    with locked(path.parent):
        changes, _ = read_changes(path)
        if not changes:
            raise HistoryError("{path}: there is no history to restore it from", path=path)
        alignment = inside(_alignment_in(path, _last_state(path, changes)))
        if is_taken(path):
            with blaming(path):
                link(path, free_backup(path))  # somebody may have edited it, and made one slip
        after = to_text(alignment).encode()
        _put(path, _written(path, {path: after}))
        return _recovered(path)


def state_after(history: History, change: int) -> Content:
    """Return the content of the alignment as the change of that id left it; raises HistoryError if the line of a later
    one does not lead back."""
    edits, number = list[Edit](), change
    try:
        for each in reversed(history.changes[change:]):
            number = each.id
            edits.append(undone(each.edit))
        return applied(to_content(history.stored), *edits)
    except ValueError as error:
        raise _damaged(history.path, number, error) from error


def as_of(history: History, count: int) -> History:
    """Return the history when it had so many changes; raises ValueError if it never had, otherwise as
    ``state_after``."""
    if not 0 <= count <= len(history.changes):
        raise ValueError(f"a history of {len(history.changes)} changes never had {count}")
    if count == len(history.changes):
        return history
    state = state_after(history, max(count, 1))  # the first change only says what there was
    alignment = _alignment_in(history.path, state)
    return replace(history, changes=history.changes[:count], alignment=alignment, states=(None, None), written=None)


def read_changes(path: Path) -> tuple[tuple[Change, ...], int]:
    """Read the changes of the alignment at ``path`` that were acknowledged; return also how many bytes hold them.

    A line that does not end, or holds NUL where a disk lost it, was never acknowledged. Raises HistoryError if the
    file cannot be read, or a line before the last is none.
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
        except (msgspec.MsgspecError, ValueError) as error:
            raise _damaged(path, number, error) from error
    if len(changes) == 1:  # the first line alone says nothing new
        return (), 0
    return tuple(changes), sum(map(len, lines)) + len(lines)


def states_of(path: Path) -> tuple[FileState | None, FileState | None]:
    """Return the states of the alignment at ``path`` and of its history, None where there is none."""
    return _state(path), _state(history_path(path))


def _state(path: Path) -> FileState | None:
    try:
        return state_of(path)
    except OSError:
        return None


def _recovered(path: Path) -> History:
    """Finish what a kill interrupted, take in what a person put in the alignment's place, and read the history."""
    changes, size_bytes = read_changes(path)
    if changes and _left(path):  # what is not there was put in its place, and may have been replaced by somebody since
        _put(path, changes[-1].line.files)
    _clear(path)
    states = states_of(path)
    try:
        with blaming_alignment(path):
            content = read_regular(path, LARGEST_ALIGNMENT_BYTES)
            alignment = from_content(content)
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
    if msgspec.to_builtins(history.stored) == last:  # laid out otherwise, and nothing more
        return history
    before = History(path, changes, _alignment_in(path, last), size_bytes, states)
    return commit(before, alignment_of(history.stored), {"kind": FOUND}, "", {})


def inside(new: Alignment, old: Alignment | None = None) -> Alignment:
    """Return ``new`` with its audio, transcript and cover named as files of its own folder, or as in ``old``."""
    there = (old.audio.file, old.transcript.file, old.episode.cover or "") if old else ()
    names = new.audio.file, new.transcript.file, new.episode.cover or ""
    safe = tuple(name if name in there else encodable(last_part(name)) for name in names)
    if safe == names:
        return new
    audio, transcript, cover = safe
    moved = replace(new, transcript=replace(new.transcript, file=transcript), audio=replace(new.audio, file=audio))
    return replace(moved, episode=replace(new.episode, cover=cover or None))


def commit(history: History, new: Alignment, what: Mapping[str, Any], who: str, files: Files) -> History:
    """Take a change to a ``new`` alignment, whose paths and text are the caller's to answer for; the lock is held.

    What is to be written is read back. Raises as ``changed``.
    """
    path, after = history.path, to_text(new).encode()
    stored = stored_in(after)
    edit = difference(to_content(history.stored), to_content(stored))
    if edit == Edit() and not files and what["kind"] not in (UNDONE, REDONE):
        return history
    undo = Raw(msgspec.json.encode(edit))
    if history.size_bytes + len(bytes(undo)) > LARGEST_BYTES:
        raise HistoryError(
            "{path}: is as long as a history can be; move it elsewhere to begin another", path=history_path(path)
        )
    written = _written(path, {path: after, **files})  # the alignment first: else nothing has changed
    changes = list(history.changes)
    if not changes:
        before = to_text(history.alignment).encode()
        whole = Raw(before.replace(b"\n", b""))
        changes.append(_new_change(1, "", {"kind": BEGUN}, [], before, alignment=whole))
    changes.append(_new_change(len(changes) + 1, who, what, written, after, undo=undo))
    lines = b"".join(msgspec.json.encode(each.line) + b"\n" for each in changes[len(history.changes) :])
    _appended(history, lines)
    made = History(path, tuple(changes), new, history.size_bytes + len(lines), (None, None), stored)
    try:
        _put(path, written)
    except OutputError:
        is_begun = any(each.before != each.after == hash_in(path.parent / each.path) for each in written)
        if is_begun or not _taken_off(history):
            return made  # who reads it next does what is left
        _clear(path)
        raise
    return replace(made, states=states_of(path))


def _taken_off(history: History) -> bool:
    """Cut off what was appended to a history since it was read; return whether that could be done."""
    try:
        append(history_path(history.path), b"", history.size_bytes)
    except OSError:
        return False
    return True


def _appended(history: History, lines: bytes) -> None:
    """Append lines, through to the disk; what was written for them is removed if that cannot be."""
    file = history_path(history.path)
    try:
        append(file, lines, history.size_bytes)
    except OSError as error:
        _clear(history.path)
        raise OutputError(
            "{path}: cannot be written ({reason}); nothing was changed", path=file, reason=error.strerror
        ) from error


def _written(alignment: Path, files: Files) -> list[_File]:
    """Write each file beside the old one, through to the disk; raises OutputError, and leaves nothing behind then."""
    folder, made = alignment.parent, list[_File]()
    try:
        for path, content in files.items():
            before = hash_in(path)
            name = os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "backslashreplace")
            if content is None:
                made.append(_File(name, None, before, None))
                continue
            fresh = folder / f"{_stem(alignment)}{os.urandom(6).hex()}"
            made.append(_File(name, fresh.name, before, None))
            if isinstance(content, bytes):
                write_new(fresh, content)
                keep_rights(fresh, place(path))
            else:
                link(content, fresh)
            flush(fresh)
            made[-1].after = hash_in(fresh)
        flush_names(folder)
    except OSError as error:
        _clear(alignment)
        raise OutputError("{path}: cannot be written ({reason})", path=folder, reason=error.strerror) from error
    return made


def _put(alignment: Path, files: Iterable[_File]) -> None:
    """Rename what was written beside files to their places, and remove what is to go; what is done already stays.

    Raises OutputError if that cannot be done now.
    """
    folder = alignment.parent
    try:
        for each in sorted(files, key=lambda each: each.temporary is not None):  # while something is left to be found
            target = folder / each.path
            if not _is_inside(alignment, each):
                continue
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
    """Return how the names begin of what is written beside files for a change of that alignment: nobody else removes
    these, whoever has written them."""
    return f"{CHANGE}{zlib.crc32(os.fsencode(alignment.name)):08x}-"


def _left(alignment: Path) -> list[Path]:
    """Return what a change that is under way, or was killed, has written and not put in its place."""
    return [path for name, path in files_in(alignment.parent).items() if name.startswith(_stem(alignment))]


def _clear(alignment: Path) -> None:
    for path in _left(alignment):
        with contextlib.suppress(OSError):  # a later change tries again
            remove_file(path)


def _is_inside(alignment: Path, file: _File) -> bool:
    """Return whether a line of a history, which may have been sent, names files of the episode alone, and takes nothing
    but what was written for a change."""
    parts = file.path.split("/")
    is_ours = len(parts) <= 2 and all(part not in ("", ".", "..") and not set("\\\0") & set(part) for part in parts)
    fresh = _stem(alignment)
    takes_ours = file.temporary is None or (
        file.temporary.startswith(fresh) and file.temporary.isascii() and file.temporary.removeprefix(fresh).isalnum()
    )
    return is_ours and takes_ours and not parts[-1].startswith(fresh)


def _change(number: int, line: bytes, name: str) -> Change:
    read = msgspec.json.decode(line, type=_Line)
    if read.version != _VERSION or read.id != number or not isinstance(read.what.get("kind"), str):
        raise ValueError(f"expected change {number} of version {_VERSION}")
    after = next((each.after for each in read.files if each.path == name), None) or read.what.get("sha256")
    if not isinstance(after, str):
        raise ValueError("it does not say what it made of the alignment")
    return Change(read.id, read.when, on_one_line(read.who) or "", read.what, after, read)


def _new_change(
    number: int, who: str, what: Mapping[str, Any], files: list[_File], after: bytes, **more: Raw
) -> Change:
    now = datetime.now(UTC).replace(microsecond=0)
    name, told, sha256 = on_one_line(who) or "", dict(what), hashlib.sha256(after).hexdigest()
    if not files:
        told["sha256"] = sha256
    line = _Line(_VERSION, number, now, name[:_LONGEST_WHO], told, files, **more)
    return Change(number, now, line.who, told, sha256, line)


def _last_state(path: Path, changes: Sequence[Change]) -> Content:
    """Return what the lines one after the other make, the first of which holds the whole alignment."""
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
        return from_builtins(content)
    except ValueError as error:
        raise _damaged(path, 1, error) from error


def _damaged(path: Path, number: int, error: Exception) -> HistoryError:
    return HistoryError(
        "{path}: line {number} is no change that can be read ({detail}); move the file elsewhere to begin another "
        "history",
        path=history_path(path),
        number=number,
        detail=str(error)[:150],
    )


def recover(*places: Path | None) -> None:
    """Clear up folders that a run is about to use, and those that every run uses."""
    cache = cache_folder()
    own = Path(tempfile.gettempdir()), config_folder(), data_folder(), cache, cache / "recognition", cache / "models"
    for folder in dict.fromkeys((*filter(None, places), *own)):
        sweep(folder)
    for folder in filter(None, places):
        finish_changes(folder)


def finish_changes(folder: Path) -> None:
    """Finish the changes of the alignments in ``folder`` that a kill interrupted; one that cannot be finished stays,
    and is told to whoever opens the alignment."""
    names = plain_files(folder)
    if not any(name.startswith(CHANGE) for name in names):
        return
    for name in names:
        if name.endswith(JSON_SUFFIX):
            with contextlib.suppress(AlignerError):
                open_history(folder / name)


@dataclass(frozen=True, slots=True)
class Existing:
    """The alignment at ``path``, where another is to go, and its history, if there are such; ``problem`` is why they
    cannot be read.

    If somebody changes something while the other is made, that is not written: the caller makes it again.
    """

    path: Path
    states: tuple[FileState | None, FileState | None]
    history: History | None = None
    alignment: Alignment | None = None
    problem: AlignmentError | HistoryError | None = None


def existing_at(path: Path) -> Existing:
    """Return what stands at ``path``; a damaged alignment is put back as the last change left it. Raises NewerError: it
    is of a later version; OutputError: the folder cannot be written, and something was to be."""
    states = states_of(path)
    if states == (None, None):
        return Existing(path, states)
    try:
        try:
            history = open_history(path)
        except HistoryError:
            history = restored(path)
    except NewerError:
        raise
    except (AlignmentError, HistoryError) as error:
        return Existing(path, states, alignment=_readable(path), problem=error)
    return Existing(path, history.states, history, history.alignment)


def take_place(
    standing: Existing,
    contents: Mapping[Path, bytes],
    who: str | None = None,
    what: Mapping[str, Any] | None = None,
    beside: Callable[[], Files] = dict,
) -> tuple[Path, ...]:
    """Write the result of aligning, the alignment first if it is among ``contents``, and return the copies of files
    that somebody had made or edited.

    ``who`` has it aligned: if they are named, another text begins a history, as does ``what``, which the history says
    instead of that it was aligned. The files that ``beside`` returns, once the episode is locked, change with the
    alignment; no copies are made of what they replace.

    Raises ConflictError if somebody has changed the episode since, OutputError or HistoryError if it cannot be written.
    """
    path, history = standing.path, standing.history
    with locked(path.parent):
        if states_of(path) != standing.states:
            raise ConflictError("changed by someone else meanwhile; look at it again")
        more = beside()
        if history and path in contents and (history.changes or who is not None or what):
            new = from_content(contents[path])
            is_other = new.transcript.sha256 != history.alignment.transcript.sha256
            if history.changes or is_other or what:
                told = {"kind": ALIGNED, **({"file": new.transcript.file} if is_other else {})}
                commit(history, new, what or told, who or "", more)
                return write_keeping({each: content for each, content in contents.items() if each != path})
        for each, other in more.items():
            replace_file(each, other)
        return write_keeping(contents)


def _readable(path: Path) -> Alignment | None:
    try:
        return read_alignment(path)
    except NewerError:
        raise
    except AlignmentError:
        return None

"""Writing an episode's history: a change at its end, then alignment.json and what else changes with it as one set."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aligner.edits import NOTHING, Edit, applied, difference, with_fields
from aligner.errors import HistoryError, OutputError
from aligner.model import Alignment
from aligner.storage.alignment_json import from_content, to_text
from aligner.storage.atomic import Content, blaming
from aligner.storage.audio_lookup import allowed
from aligner.storage.backups import replace_keeping
from aligner.storage.file_names import history_path
from aligner.storage.file_states import FileState, state_of
from aligner.storage.history_lines import RETIMED, TAKEN_BACK_OR_AGAIN, Change, first_change, new_change
from aligner.storage.journal import fingerprint_of, settle
from aligner.storage.outputs import following_contents
from aligner.storage.transcript_file import Placed, placed
from aligner.storage.turns import taking_turns
from media.appending import append, take_back
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
    kept: tuple[Path, ...] = field(default=(), repr=False)
    """Copies of what somebody had made or edited in the place of files that the last change replaced."""

    def is_current(self) -> bool:
        """Whether this is still all: both files are in the states in which they were."""
        return self.states == states(self.path)


@dataclass(frozen=True, slots=True)
class Files:
    """Files of the folder that change in one set with the alignment: ``contents`` and ``beside`` as of
    ``write_keeping``."""

    contents: Mapping[Path, bytes] = field(default_factory=dict)
    beside: Mapping[Path, Content] = field(default_factory=dict)


NO_FILES = Files()


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


def taken(now: History, edit: Edit, what: Mapping[str, Any], who: str, files: Files, ours: bool = False) -> History:
    """The history with one change more: an ``edit`` of what ``now`` has, which may name any file where it is ``ours``;
    the same where nothing is left of that, as it is kept, and ``what`` does not speak of an earlier change. Nothing of
    it is there where an OutputError or a ValueError is raised."""
    asked = applied(now.alignment, edit)
    text = Placed(asked) if ours else placed(allowed(asked, now.path), now.alignment, now.path)
    with text.forgotten_on(OutputError, HistoryError, ValueError):
        new, contents = text.alignment, following_contents(text.alignment, now.path)
        if (read := from_content(contents[now.path])) != new:  # which holds more than is kept, such as microseconds
            edit, new = difference(now.alignment, read), read
        elif new is not asked:
            edit = with_fields(edit, now.alignment, new)  # names and hashes of files
        if edit.is_empty and what["kind"] not in TAKEN_BACK_OR_AGAIN:
            return replace(now, kept=put(now.path, {}, files), states=states(now.path))
        before = now.changes[-1].after_sha256 if now.changes else fingerprint_of(content_of(now.alignment))
        first = [] if now.changes else [first_change(difference(NOTHING, now.alignment), before)]
        hashes = before, fingerprint_of(contents[now.path])
        change = new_change(len(now.changes) + len(first) + 1, who, what, hashes, edit)
        # What becomes of such files no history tells, so that it could not make that good: they go in one set.
        in_one = bool(files.beside) or what["kind"] == RETIMED
        after, whole = (_joined if in_one else _appended)(now, [*first, change], new)
    try:
        kept = put(now.path, contents, Files(files.contents, {**files.beside, **text.written, **whole}))
    except OutputError:
        # Nobody was told of it. Where even that cannot be written, it is made good when the history is next opened.
        with contextlib.suppress(OSError):
            if not in_one:
                take_back(history_path(now.path), now.size_bytes)
            text.forget()
        raise
    return replace(after, states=states(now.path), kept=kept)


def appended(history: History, changes: Sequence[Change], alignment: Alignment) -> History:
    """The history with more changes, which are on the disk."""
    return _appended(history, changes, alignment)[0]


def _appended(history: History, changes: Sequence[Change], alignment: Alignment) -> tuple[History, dict[Path, bytes]]:
    """As ``appended``; nothing of it is left to be written."""
    path, lines = history_path(history.path), _lines(history, changes)
    try:
        append(path, lines, history.size_bytes)
    except OSError as error:
        raise OutputError(
            "{path}: cannot be written ({reason}); nothing was changed", path=path, reason=error.strerror
        ) from error
    return _longer(history, changes, alignment, lines), {}


def _joined(history: History, changes: Sequence[Change], alignment: Alignment) -> tuple[History, dict[Path, bytes]]:
    """The history with more changes, and its file, which is yet to be written."""
    path, lines = history_path(history.path), _lines(history, changes)
    try:
        before = read_regular(path, LARGEST_BYTES)[: history.size_bytes] if history.size_bytes else b""
    except OSError as error:
        raise OutputError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error
    return _longer(history, changes, alignment, lines), {path: before + lines}


def _lines(history: History, changes: Sequence[Change]) -> bytes:
    lines = b"".join(change.line + b"\n" for change in changes)
    if history.size_bytes + len(lines) > LARGEST_BYTES:
        path = history_path(history.path)
        raise HistoryError("{path}: is as long as a history can be; move it elsewhere to begin another", path=path)
    return lines


def _longer(history: History, changes: Sequence[Change], alignment: Alignment, lines: bytes) -> History:
    size_bytes = history.size_bytes + len(lines)
    return History(history.path, (*history.changes, *changes), alignment, size_bytes, states(history.path))


def put(path: Path, contents: Mapping[Path, bytes], files: Files = NO_FILES) -> tuple[Path, ...]:
    """Write the alignment at ``path``, and ``files`` in the same set; return the copies of what somebody had made."""
    contents = {**contents, **files.contents}
    if not contents and not files.beside:
        return ()
    with blaming(path.parent):
        return replace_keeping(contents, files.beside)


def content_of(alignment: Alignment) -> bytes:
    """What is written of an alignment."""
    return to_text(alignment).encode("utf-8")


def states(path: Path) -> tuple[FileState | None, FileState | None]:
    """Those of the alignment at ``path`` and of its history, None where there is none."""
    return _state(path), _state(history_path(path))


def _state(path: Path) -> FileState | None:
    try:
        return state_of(path)
    except OSError:
        return None

"""Replace an alignment with a new alignment of the episode, unless somebody has changed the old one in the meantime."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aligner.errors import CHANGED_MEANWHILE, AlignmentError, ConflictError, HistoryError, NewerError
from aligner.model import Alignment
from aligner.storage import alignment_json
from aligner.storage.atomic import FileState, locked, replace_file, write_keeping
from aligner.storage.history import ALIGNED, Files, History, commit, open_history, restored, states_of


@dataclass(frozen=True, slots=True)
class Existing:
    """An alignment that is about to be replaced, and its history, each None if missing or unreadable. ``problem`` is
    the error if reading failed. ``states`` are the stats of both files; if they differ later, a file has changed."""

    path: Path
    states: tuple[FileState | None, FileState | None]
    history: History | None = None
    alignment: Alignment | None = None
    problem: AlignmentError | HistoryError | None = None


def existing_at(path: Path) -> Existing:
    """Return the alignment at ``path`` and its history. A damaged alignment is first restored from the history. Raises
    NewerError if the alignment has a later format version, OutputError if the folder cannot be written."""
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


def replace_existing(
    existing: Existing,
    contents: Mapping[Path, bytes],
    who: str | None = None,
    what: Mapping[str, Any] | None = None,
    beside: Callable[[], Files] = dict,
) -> tuple[Path, ...]:
    """Write ``contents``, the files of a new alignment, in place of ``existing``. Return the backups of files that a
    person had edited.

    The history records the change with the author ``who`` and the description ``what``, by default "aligned". If the
    history has no changes yet, it begins only if ``what`` is passed, or if ``who`` is passed and the new alignment has
    another transcript. ``beside`` is called under the episode's lock and returns files to write in the same change,
    without backups. Raises ConflictError if the episode has changed since ``existing`` was read, OutputError or
    HistoryError if writing fails.
    """
    path, history = existing.path, existing.history
    with locked(path.parent):
        if states_of(path) != existing.states:
            raise ConflictError(CHANGED_MEANWHILE)
        more = beside()
        if history and path in contents and (history.changes or who is not None or what):
            new = alignment_json.from_content(contents[path])
            is_other = new.transcript.sha256 != history.alignment.transcript.sha256
            if history.changes or is_other or what:
                aligned = {"kind": ALIGNED, **({"file": new.transcript.file} if is_other else {})}
                commit(history, new, what or aligned, who or "", more)
                return write_keeping({each: content for each, content in contents.items() if each != path})
        for each, other in more.items():
            replace_file(each, other)
        return write_keeping(contents)


def _readable(path: Path) -> Alignment | None:
    try:
        return alignment_json.read_alignment(path)
    except NewerError:
        raise
    except AlignmentError:
        return None

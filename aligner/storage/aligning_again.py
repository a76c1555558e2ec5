"""Aligning an episode again, which people may be correcting meanwhile: nothing of what they do is lost.

Aligning begins with what stands there, and ends minutes later. If somebody has changed something since, the result is
not written: the caller aligns again what they made of it. If the episode has a history, the result is a change in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aligner.errors import AlignmentError, ConflictError, HistoryError, NewerError
from aligner.model import Alignment
from aligner.storage.alignment_json import from_content, read_alignment
from aligner.storage.atomic import FileState, locked, replace_file, write_keeping
from aligner.storage.history import ALIGNED, Files, History, commit, open_history, restored, states_of


@dataclass(frozen=True, slots=True)
class Standing:
    """The alignment at ``path``, where another is to go, and its history, if there are such; ``problem`` is why they
    cannot be read."""

    path: Path
    states: tuple[FileState | None, FileState | None]
    history: History | None = None
    alignment: Alignment | None = None
    problem: AlignmentError | HistoryError | None = None


def standing_at(path: Path) -> Standing:
    """Return what stands at ``path``; a damaged alignment is put back as the last change left it. Raises NewerError: it
    is of a later version; OutputError: the folder cannot be written, and something was to be."""
    states = states_of(path)
    if states == (None, None):
        return Standing(path, states)
    try:
        try:
            history = open_history(path)
        except HistoryError:
            history = restored(path)
    except NewerError:
        raise
    except (AlignmentError, HistoryError) as error:
        return Standing(path, states, alignment=_readable(path), problem=error)
    return Standing(path, history.states, history, history.alignment)


def take_place(
    standing: Standing,
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

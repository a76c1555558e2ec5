"""Aligning an episode again, which people may be correcting meanwhile: nothing of what they do is lost.

Aligning begins with what stands there, and ends minutes later. Where somebody has changed something since, it is not
written, and begins again with what they made of it, for which it listens no more. Where the episode has a history, what
comes of it is a change like others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aligner.edits import difference
from aligner.errors import AlignmentError, ConflictError, HistoryError, NewerError
from aligner.model import Alignment
from aligner.storage.alignment_json import from_content, read_alignment
from aligner.storage.atomic import Content, blaming
from aligner.storage.backups import replace_keeping
from aligner.storage.file_states import FileState
from aligner.storage.history import History, open_history, restored
from aligner.storage.history_lines import ALIGNED
from aligner.storage.history_writing import Files, states, taken, turn


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands at ``path``, where an alignment goes: one, and its history, as far as there are such; ``problem`` is
    what of them cannot be read."""

    path: Path
    states: tuple[FileState | None, FileState | None]
    history: History | None = None
    alignment: Alignment | None = None
    problem: AlignmentError | HistoryError | None = None


def standing_at(path: Path) -> Standing:
    """What stands at ``path``. An alignment that has come to harm is put back as the last change left it.

    Raises
    ------
    NewerError
        It is of a later version, so that what people fixed cannot be read.
    OutputError
        The folder cannot be written, and something was to be.
    """
    before = states(path)
    if before == (None, None):
        return Standing(path, before)
    try:
        try:
            history = open_history(path)
        except HistoryError:
            history = restored(path)
        return Standing(path, history.states, history, history.alignment)
    except NewerError:
        raise
    except AlignmentError as error:
        return Standing(path, before, problem=error)
    except HistoryError as error:
        return Standing(path, before, alignment=_readable(path), problem=error)


def _readable(path: Path) -> Alignment | None:
    try:
        return read_alignment(path)
    except NewerError:
        raise
    except AlignmentError:
        return None


def take_place(
    standing: Standing,
    contents: Mapping[Path, bytes],
    who: str | None = None,
    what: Mapping[str, Any] | None = None,
    beside: Callable[[], Mapping[Path, Content]] = dict,
) -> tuple[Path, ...]:
    """Write what aligning came to: files of one folder, an alignment in the place of the one ``standing`` among them if
    it is written at all. Return the copies of what somebody had made or edited in their places.

    ``who`` is whoever has it aligned, as a history names people; where that is told, another text begins a history.
    So does ``what`` a history is to say of it, where that is not that it was aligned. What ``beside`` gives, once
    nobody else can write there, is of the same set, and nothing is kept of what it replaces.

    Raises
    ------
    ConflictError
        Somebody has changed something of it since.
    OutputError, HistoryError
        It cannot be written. In every case nothing has changed.
    """
    path, history = standing.path, standing.history
    with turn(path):
        if states(path) != standing.states:
            raise ConflictError("changed by someone else meanwhile, which does not go with this; look at it again")
        more = beside()
        if path in contents and history and (history.changes or who is not None or what):
            new = from_content(contents[path])
            text = {"file": new.transcript.file} if _is_another_text(new, history.alignment) else {}
            edit = difference(history.alignment, new)
            if not edit.is_empty and (history.changes or text or what):
                files = Files({each: content for each, content in contents.items() if each != path}, more)
                return taken(history, edit, what or {"kind": ALIGNED, **text}, who or "", files, ours=True).kept
        with blaming(path.parent):
            return replace_keeping(contents, more)


def _is_another_text(new: Alignment, old: Alignment) -> bool:
    return new.transcript.sha256 != old.transcript.sha256

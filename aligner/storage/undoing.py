"""Undo and redo changes. Each undo or redo is recorded as a change of its own.

An undo retains later changes (``aligner.edits.rebased``), and is refused if a later change touched the same items. If
there are no later changes, the undo restores the exact bytes.

Conventions
-----------
In a change of kind ``undone`` or ``redone``, the field ``change`` is the id of the change that was undone or redone. A
change is *in force* if it is not undone at present.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import replace

from aligner.edits import Edit, applied, difference, rebased, undone
from aligner.errors import CHANGED_MEANWHILE, ConflictError
from aligner.locating.quality import coverage_of, timed_segments
from aligner.model import Alignment
from aligner.storage.alignment_json import from_builtins, to_content
from aligner.storage.history import BEGUN, NOT_CORRECTIONS, REDONE, UNDONE, Change, Files, History, changed, state_after

Names = str | Set[str] | None
"""The author of a change: one name, or any of several names; None for anybody."""


def undoable(history: History, who: Names = None, id: int | None = None) -> Change | None:
    """Return the last correction by ``who`` that is not undone, or None. If ``id`` is passed, consider only that
    change. If ``who`` is None, changes of any kind by anybody count, such as aligning again."""
    in_force, _ = _sorted(history, who)
    return _among(history, in_force, id)


def redoable(history: History, who: Names = None, id: int | None = None) -> Change | None:
    """Return the change by ``who`` that was undone last, or None. If ``id`` is passed, consider only that change. If
    ``who`` has made a new change since the undo, nothing can be redone."""
    _, undone_changes = _sorted(history, who)
    return _among(history, undone_changes, id)


def undo(history: History, change: Change, who: str, files: Callable[[Alignment], Files] = lambda _: {}) -> History:
    """Undo a change and return the new history. ``files(alignment)`` returns files to write in the same change. Raises
    ConflictError if a later change touched the same items, ValueError if the change is already undone, and the errors
    of ``changed``."""
    return _reversed(history, change, UNDONE, who, files)


def redo(history: History, change: Change, who: str, files: Callable[[Alignment], Files] = lambda _: {}) -> History:
    """Redo a change that was undone, and return the new history. ``files`` and the errors are those of ``undo``."""
    return _reversed(history, change, REDONE, who, files)


def _among(history: History, ids: dict[int, int], id: int | None) -> Change | None:
    found = next(reversed(ids), None) if id is None else id
    return history.changes[found - 1] if found in ids else None


def _reversed(history: History, change: Change, kind: str, who: str, files: Callable[[Alignment], Files]) -> History:
    in_force, undone_changes = _sorted(history, None if change.kind in NOT_CORRECTIONS else change.who)
    among = in_force if kind == UNDONE else undone_changes
    if change.id not in among:
        raise ValueError(f"change {change.id} is not to be {kind}")
    last = among[change.id]
    back = undone(history.changes[last - 1].edit)
    now = to_content(history.stored)
    since = Edit() if last == len(history.changes) else difference(state_after(history, last), now)
    try:
        new = from_builtins(applied(now, rebased(back, since)), history.known)
    except ValueError as error:
        raise ConflictError(CHANGED_MEANWHILE) from error
    what = {"kind": kind, "change": change.id}
    return changed(history, new if since == Edit() else _worked_out(new), what, who, files)


def _worked_out(alignment: Alignment) -> Alignment:
    """Compute the times of segments and the coverage again from the words, and return the new alignment."""
    timed = timed_segments(alignment.transcript, alignment.words)
    segments = tuple(replace(new, id=old.id) for new, old in zip(timed, alignment.segments, strict=True))
    coverage = round(coverage_of(alignment.transcript, alignment.words), 4)
    return replace(alignment, segments=segments, coverage=coverage)


def _sorted(history: History, who: Names = None) -> tuple[dict[int, int], dict[int, int]]:
    """Return the changes by ``who`` (None: by anybody) that are in force, and those that are undone. Each mapping has a
    change's id as key, and as value the id of the latest undo or redo of that change, or the change's own id if it was
    never undone. The last item is the next change to undo or to redo."""
    in_force: dict[int, int] = {}
    undone_changes: dict[int, int] = {}
    own: set[int] = set()
    names = {who} if isinstance(who, str) else who
    for change, of in _with_targets(history):
        if of is None:
            if names is None or (change.who in names and change.kind not in NOT_CORRECTIONS):
                in_force[change.id] = change.id
                own.add(change.id)
                undone_changes.clear()
        elif change.kind == UNDONE and of in in_force:
            del in_force[of]
            undone_changes[of] = change.id
        elif change.kind == REDONE and of in own:
            undone_changes.pop(of, None)
            in_force[of] = change.id
    return in_force, undone_changes


def _with_targets(history: History) -> Iterator[tuple[Change, int | None]]:
    """Yield each change after the first, with the id of the change that it undid or redid (None if it did neither)."""
    for change in history.changes:
        of = change.what.get("change")
        if change.kind != BEGUN:
            yield change, of if change.kind in (UNDONE, REDONE) and isinstance(of, int) else None

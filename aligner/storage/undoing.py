"""Taking changes back, and taking them again: each is a change of its own, so it lasts, and can be taken back itself.

What was changed since a change is carried over (``aligner.edits.carried``); where it touches the same, taking back is
refused. Where it is nothing, all is as it was before the change, to the byte.

Conventions
-----------
``undone`` and ``redone`` are kinds of changes with the id of the ``change`` that they speak of: one that somebody made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import replace

from aligner.edits import Edit, applied, carried, difference, undone
from aligner.errors import ConflictError
from aligner.locating.quality import coverage_of, timed_segments
from aligner.model import Alignment
from aligner.storage.alignment_json import from_builtins, to_content
from aligner.storage.history import BEGUN, MADE_ELSEWHERE, REDONE, UNDONE, Change, Files, History, changed, state_after

Names = str | Set[str] | None
"""Who changed something: by one name, by any that they have had; None for whomever."""


def undoable(history: History, who: Names = None, id: int | None = None) -> Change | None:
    """Return the change that is to be taken back next: the last that stands, of one person or of whomever, or that of
    an ``id``, where it stands. What was not made by correcting is no person's."""
    standing, _ = _sorted(history, who)
    return _among(history, standing, id)


def redoable(history: History, who: Names = None, id: int | None = None) -> Change | None:
    """Return the change that is to be taken again next: the one taken back last, or that of an ``id``, if nothing new
    was changed since."""
    _, gone = _sorted(history, who)
    return _among(history, gone, id)


def undo(history: History, change: Change, who: str, files: Callable[[Alignment], Files] = lambda _: {}) -> History:
    """Take a change back, with ``files`` as of ``changed``.

    Raises ConflictError: the same was changed since; ValueError: the change does not stand; otherwise as ``changed``.
    """
    return _reversed(history, change, UNDONE, who, files)


def redo(history: History, change: Change, who: str, files: Callable[[Alignment], Files] = lambda _: {}) -> History:
    """Take a change again that was taken back; raises as ``undo``."""
    return _reversed(history, change, REDONE, who, files)


def _among(history: History, ids: dict[int, int], id: int | None) -> Change | None:
    found = next(reversed(ids), None) if id is None else id
    return history.changes[found - 1] if found in ids else None


def _reversed(history: History, change: Change, kind: str, who: str, files: Callable[[Alignment], Files]) -> History:
    standing, gone = _sorted(history, None if change.kind in MADE_ELSEWHERE else change.who)
    among = standing if kind == UNDONE else gone
    if change.id not in among:
        raise ValueError(f"change {change.id} is not to be {kind}")
    last = among[change.id]
    back = undone(history.changes[last - 1].edit)
    now = to_content(history.stored)
    since = Edit() if last == len(history.changes) else difference(state_after(history, last), now)
    try:
        new = from_builtins(applied(now, carried(back, since)))
    except ValueError as error:
        raise ConflictError("changed by someone else meanwhile; look at it again") from error
    what = {"kind": kind, "change": change.id}
    return changed(history, new if since == Edit() else _worked_out(new), what, who, files)


def _worked_out(alignment: Alignment) -> Alignment:
    """Return the alignment with what follows from its words: the times of its segments, and the coverage."""
    timed = timed_segments(alignment.transcript, alignment.words)
    segments = tuple(replace(new, id=old.id) for new, old in zip(timed, alignment.segments, strict=True))
    coverage = round(coverage_of(alignment.transcript, alignment.words), 4)
    return replace(alignment, segments=segments, coverage=coverage)


def _sorted(history: History, who: Names = None) -> tuple[dict[int, int], dict[int, int]]:
    """Return of somebody's changes those that stand and those that were taken back, by their ids the last change that
    did it, in the order in which that was done."""
    standing: dict[int, int] = {}
    gone: dict[int, int] = {}
    own: set[int] = set()
    names = {who} if isinstance(who, str) else who
    for change, of in _told(history):
        if of is None:
            if names is None or (change.who in names and change.kind not in MADE_ELSEWHERE):
                standing[change.id] = change.id
                own.add(change.id)
                gone.clear()
        elif change.kind == UNDONE and of in standing:
            del standing[of]
            gone[of] = change.id
        elif change.kind == REDONE and of in own:
            gone.pop(of, None)
            standing[of] = change.id
    return standing, gone


def _told(history: History) -> Iterator[tuple[Change, int | None]]:
    """Yield the changes after the first, each with that of which it speaks."""
    for change in history.changes:
        of = change.what.get("change")
        if change.kind != BEGUN:
            yield change, of if change.kind in (UNDONE, REDONE) and isinstance(of, int) else None

"""Taking changes back, and taking them again: each is a change of its own, so it lasts, and can be taken back itself.

What stands tells the state: where the same changes stood before, all is as it was then, to the byte. Else what is taken
back, or again, is brought together with what was changed since; of aligning in between the times stand, but of what a
person said.

Conventions
-----------
``undone`` and ``redone`` are kinds of changes with the id of the ``change`` that they speak of: one that somebody made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aligner.edits import Edit, applied, difference, over_times, rebased, undone
from aligner.errors import ConflictError
from aligner.model import Alignment
from aligner.pins import pins_of
from aligner.storage.history import History, changed
from aligner.storage.history_lines import ALIGNED, MADE_ELSEWHERE, REDONE, RETIMED, UNDONE, Change, is_first
from aligner.storage.history_states import alignment_after, as_of

_MOST_STEPS = (
    20  # changes since that are made anew where one cannot be taken out from among them; an hour's take 50 ms each
)

Names = str | frozenset[str] | None
"""Who changed something: by one name, by any that they have had; None for whomever."""


def undoable(history: History, who: Names = None, id: int | None = None) -> Change | None:
    """The change that is to be taken back next: the last that stands, of one person or of whomever; or that of an
    ``id``, where it stands. Those that were found to have been made elsewhere are no person's, also not of one without
    a name."""
    standing, _ = _sorted(history, who)
    return _among(history, standing, id)


def redoable(history: History, who: Names = None, id: int | None = None) -> Change | None:
    """The change that is to be taken again next: the one taken back last, or that of an ``id``, if nothing new was
    changed since."""
    _, gone = _sorted(history, who)
    return _among(history, gone, id)


def _among(history: History, ids: dict[int, int], id: int | None) -> Change | None:
    found = next(reversed(ids), None) if id is None else id
    return history.changes[found - 1] if found in ids else None


def undo(history: History, change: Change, who: str) -> History:
    """Take a change back, whatever else was changed since.

    Raises
    ------
    ConflictError
        Something of the same was changed since.
    HistoryError, NewerError, AlignmentError, OutputError
        As ``changed``.
    ValueError
        The change does not stand.
    """
    standing, _ = _sorted(history, None if change.kind in MADE_ELSEWHERE else change.who)
    return _reversed(history, standing, change, UNDONE, who)


def redo(history: History, change: Change, who: str) -> History:
    """Take a change again that was taken back; raises as ``undo``."""
    _, gone = _sorted(history, None if change.kind in MADE_ELSEWHERE else change.who)
    return _reversed(history, gone, change, REDONE, who)


def without(history: History, change: Change) -> tuple[Alignment, Alignment]:
    """The alignment as it was when a change was last made, taken back or taken again, and as it was before that."""
    last = next(each for each, of in reversed([*_told(history)]) if change.id in (each.id, of))
    after = alignment_after(history, last.id)
    return after, applied(after, undone(last.edit))


def _reversed(history: History, among: dict[int, int], change: Change, kind: str, who: str) -> History:
    if change.id not in among:
        raise ValueError(f"change {change.id} is not to be {kind}")
    same = _when_the_same_stood(history, change.id)
    if same is not None:
        new = alignment_after(history, same)
    else:
        last = history.changes[among[change.id] - 1]
        try:
            new = applied(history.alignment, _of_now(history, undone(last.edit), last.id))
        except ConflictError:
            led = _led_from_before(history, change.id, last)
            if led is None:
                raise
            new = led
    try:
        return changed(history, new, {"kind": kind, "change": change.id}, who)
    except ValueError as error:
        raise ConflictError(
            "changed by someone else meanwhile, which does not go with this; look at it again"
        ) from error


def _of_now(history: History, edit: Edit, since: int) -> Edit:
    """An edit of what a change left, as one of what stands now. What aligning has moved since is nobody's word against
    another's."""
    state = alignment_after(history, since)
    try:
        return _from(state, edit, history.alignment)
    except ConflictError:
        aligned = [change for change in history.changes[since:] if change.kind in (ALIGNED, RETIMED)]
        if not aligned:
            raise
    for change in aligned:
        before, after = alignment_after(history, change.id - 1), alignment_after(history, change.id)
        edit = _from(state, edit, before)
        if before.audio.sha256 != after.audio.sha256 and _pins(edit, before):
            raise ConflictError("what was set right here was set in another sound; set it right in this one")
        edit, state = over_times(edit, before, after), after
    return _from(state, edit, history.alignment)


def _pins(edit: Edit, before: Alignment) -> bool:
    """Whether a change says of words, or of a passage, when they are said."""
    after = applied(before, edit)
    known = {(pin.kind, pin.span) for pin in pins_of(before)}
    return any(pin.span and (pin.kind, pin.span) not in known for pin in pins_of(after))


def _from(state: Alignment, edit: Edit, now: Alignment) -> Edit:
    """An edit of one state as one of what became of that."""
    return rebased(edit, difference(state, now), now)


def _led_from_before(history: History, change: int, last: Change) -> Alignment | None:
    """What stands without what a change ``last`` did to that of an id: from where that was not done yet, what was taken
    back since is taken back, and what was made since is made. None where that leads nowhere either.

    What was put in beside each other has no order afterwards, but had one at each step: who deletes a heading and names
    the speaker below it, and gets the heading back, can take the name back where the heading is still deleted.
    """
    before = as_of(history, last.id - 1)
    there, standing = _sorted(before)[0], _sorted(history)[0]
    wanted = standing.keys() ^ {change}
    steps = [
        (undone(history.changes[there[id] - 1].edit), there[id]) for id in sorted(there.keys() - wanted, reverse=True)
    ]
    come = sorted(standing[id] for id in wanted - there.keys())
    steps += [(history.changes[made - 1].edit, made - 1) for made in come]
    if len(steps) > _MOST_STEPS:
        return None
    alignment = before.alignment
    try:
        for edit, made_of in steps:
            alignment = applied(alignment, _from(alignment_after(history, made_of), edit, alignment))
    except (ConflictError, ValueError):
        return None
    file = history.alignment.transcript
    return replace(alignment, transcript=replace(alignment.transcript, file=file.file, sha256=file.sha256))


def _when_the_same_stood(history: History, change: int) -> int | None:
    """The id of the last change after which just that stood which is to stand once the change of that id is taken back,
    or again; None where that never was."""
    differing = {*_sorted(history)[0]} ^ {change}  # what is to stand, from what stands after a change
    found = None if differing else 1
    standing: set[int] = set()
    for each, of in _told(history):
        of = each.id if of is None else of
        if (of in standing) == (each.kind == UNDONE):
            standing ^= {of}
            differing ^= {of}
        found = found if differing else each.id
    return found


def _sorted(history: History, who: Names = None) -> tuple[dict[int, int], dict[int, int]]:
    """Of somebody's changes those that stand and those that were taken back, by their ids the last change that did it,
    in the order in which that was done."""
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
    """The changes after the first, each with that of which it speaks."""
    for change in history.changes:
        of = change.what.get("change")
        if not is_first(change):
            yield change, of if change.kind in (UNDONE, REDONE) and isinstance(of, int) else None

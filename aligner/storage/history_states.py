"""The states that an episode was in, as its history tells."""

from __future__ import annotations

from dataclasses import replace

from aligner.edits import applied, undone
from aligner.model import Alignment
from aligner.storage.history import History


def alignment_after(history: History, change: int) -> Alignment:
    """The alignment as the change of that id left it."""
    first: dict[str, int] = {}  # change that left a state: nothing that only led back to it is taken back
    for each in history.changes[change - 1 :]:
        first.setdefault(each.after_sha256, each.id)
    alignment, at = history.alignment, len(history.changes)
    while (at := first[history.changes[at - 1].after_sha256]) > change:
        alignment = applied(alignment, undone(history.changes[at - 1].edit))
        at -= 1
    return alignment


def as_of(history: History, count: int) -> History:
    """The history when it had so many changes, as somebody saw it who changes something now: ``changed`` brings that
    together with what was changed since.

    Raises
    ------
    ValueError
        It never had.
    """
    if not 0 <= count <= len(history.changes):
        raise ValueError(f"a history of {len(history.changes)} changes never had {count}")
    if count == len(history.changes):
        return history
    alignment = alignment_after(history, max(count, 1))  # the first change only says what there was
    return replace(history, changes=history.changes[:count], alignment=alignment, states=(None, None))

"""Apply, undo and redo corrections, and compute how a page must change; all in a worker process."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from aligner.corrections.commands import (
    Accept,
    Annotate,
    Command,
    MarkReviewed,
    Unannotate,
    UnmarkReviewed,
    corrected,
    is_nudge,
    rebased,
    refusing,
    what_of,
)
from aligner.errors import StaleError
from aligner.model import Alignment
from aligner.saved_quotes import carry_over_quotes
from aligner.storage.history import Change, Files, History, as_of, changed, open_history
from aligner.storage.undoing import redo, redoable, undo, undoable
from web.correcting.turns import Difference, difference_between
from web.errors import Conflict
from web.library.episode import recognised_audio_of
from web.page.paragraph import passage_now

_MOST_BEHIND = 5_000  # changes that a page may lack
_NOBODY = ""  # the author of anonymous changes, which anyone can undo

_WITHOUT_AUDIO = (Accept, Annotate, Unannotate, MarkReviewed, UnmarkReviewed)  # corrections that align no words


@dataclass(frozen=True, slots=True)
class Revision:
    """A state of an alignment: the ``number`` of changes so far, and the ``transcript``'s hash (None: unknown)."""

    number: int
    transcript: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """A change, as shown on the page: its number, author, time (ISO 8601), and ``what`` was changed."""

    id: int
    who: str
    when: str
    what: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Update:
    """The data with which a page updates its content to the state ``revision`` (the number of changes so far).

    ``change`` is the change just made, undone or redone, else the last one. ``needs_recognition`` is true if the
    corrected words could not be aligned because the recognised text is not cached. ``undoable`` and ``redoable`` say
    whether the user has a change to undo or redo.
    """

    revision: int
    difference: Difference
    change: ChangeFacts | None = None
    needs_recognition: bool = False
    undoable: bool = False
    redoable: bool = False


def correct(path: Path, shown: Revision, command: Command, who: str, base: Revision | None = None) -> Update:
    """Apply a correction by ``who`` to the alignment at ``path``; return the update for a page that shows ``shown``.

    The indices in ``command`` refer to the revision ``base``, by default to ``shown``. Raises ConflictError if somebody
    has changed the same words in the meantime, Conflict if one of the two revisions does not exist or is too old, and
    CorrectionError, HistoryError, AlignmentError or OutputError if the correction cannot be made.
    """
    while True:
        now = open_history(path)
        old = _state(now, shown)
        commanded = old if base is None else _state(now, base)
        current = command if commanded is now else rebased(command, commanded.alignment, now.alignment)
        is_searched = not (isinstance(current, _WITHOUT_AUDIO) or is_nudge(now.alignment, current))
        recognised = recognised_audio_of(now.alignment) if is_searched else None
        try:
            with refusing():
                new = changed(now, corrected(now.alignment, current, recognised), what_of(current), who, _quotes(now))
        except StaleError:
            continue
        change = _facts(new.changes[-1]) if len(new.changes) > len(now.changes) else None
        needs_recognition = recognised is None and is_searched and _can_recognise(now.alignment)
        return _update(old, new, who, change, needs_recognition)


def undo_change(path: Path, shown: Revision, change: int | None, who: str) -> Update:
    """Undo the change with the id ``change``, by default the last one not undone yet. Only changes by ``who`` and
    anonymous changes can be undone. Return the update for a page that shows ``shown``. Raises the same errors as
    ``correct``."""
    return _reversed(path, shown, who, partial(undoable, id=change), undo)


def redo_change(path: Path, shown: Revision, change: int | None, who: str) -> Update:
    """Redo the change with the id ``change``, by default the one undone last. Return the update for a page that shows
    ``shown``. Raises the same errors as ``correct``."""
    return _reversed(path, shown, who, partial(redoable, id=change), redo)


def changes_since(path: Path, shown: Revision, who: str) -> Update:
    """Return the update to the present state for a page that shows the revision ``shown``. ``who`` is the page's
    reader. Raises the same errors as ``correct``."""
    now = open_history(path)
    return _update(_state(now, shown), now, who, _last(now))


def passage_since(path: Path, base: Revision, segments: range) -> dict[str, Any]:
    """Return the present paragraphs of a passage. ``segments`` are the indices of the passage's segments in the earlier
    revision ``base``. Raises the same errors as ``correct``."""
    now = open_history(path)
    return passage_now(_state(now, base).alignment, now.alignment, segments, len(now.changes))


def last_change(path: Path) -> tuple[int, ChangeFacts | None]:
    """Return the alignment's number of changes, and its last change (None if it has no changes)."""
    now = open_history(path)
    return len(now.changes), _last(now)


def _reversed(
    path: Path, shown: Revision, who: str, candidate: Callable[..., Change | None], reverse: Callable[..., History]
) -> Update:
    while True:
        now = open_history(path)
        old = _state(now, shown)
        change = candidate(now, {who, _NOBODY})
        if change is None:
            return _update(old, now, who)
        with suppress(StaleError):
            return _update(old, reverse(now, change, who=who, files=_quotes(now)), who, _facts(change))


def _quotes(old: History) -> Callable[[Alignment], Files]:
    return partial(carry_over_quotes, old.path.parent, old.alignment)


def _state(now: History, revision: Revision) -> History:
    """Return the history as it was at a revision. Raises Conflict if the revision does not exist or is too old."""
    if len(now.changes) - revision.number > _MOST_BEHIND:
        raise Conflict("page.changed")
    try:
        state = as_of(now, revision.number)
    except ValueError as error:
        raise Conflict("page.changed") from error
    if revision.transcript not in (None, state.alignment.version):
        raise Conflict("page.changed")
    return state


def _update(
    old: History, now: History, who: str, change: ChangeFacts | None = None, needs_recognition: bool = False
) -> Update:
    can_undo, can_redo = (find(now, {who, _NOBODY}) is not None for find in (undoable, redoable))
    difference = difference_between(old.alignment, now.alignment)
    return Update(len(now.changes), difference, change, needs_recognition, can_undo, can_redo)


def _last(history: History) -> ChangeFacts | None:
    return _facts(history.changes[-1]) if history.changes else None


def _can_recognise(alignment: Alignment) -> bool:
    """Return whether the alignment was made by a recogniser of this program, not from imported ASR output."""
    from aligner.recognition.acoustic import AcousticRecogniser
    from aligner.recognition.asr import AsrRecogniser

    return alignment.engine.method in (AcousticRecogniser.name, AsrRecogniser.name)


def _facts(change: Change) -> ChangeFacts:
    return ChangeFacts(change.id, change.who, change.when.isoformat(timespec="seconds"), dict(change.what))

"""What a child does with an episode's history: it takes corrections, takes them back, and tells what differs since."""

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
    followed,
    is_nudge,
    refusing,
    what_of,
)
from aligner.errors import StaleError
from aligner.model import Alignment
from aligner.saved_quotes import carry_over
from aligner.storage.history import Change, Files, History, as_of, changed, open_history
from aligner.storage.undoing import redo, redoable, undo, undoable
from web.correcting.turns import Difference, difference_between
from web.errors import Conflict
from web.library.episode import recognised_audio_of
from web.page.paragraph import passage_now

_MOST_BEHIND = 5_000  # changes that a page may not know
_NOBODY = ""  # whoever gave no name: anyone can undo their changes

_SEARCH_NOTHING = (Accept, Annotate, Unannotate, MarkReviewed, UnmarkReviewed)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page that asks shows: the history when it had ``base`` changes, of a transcript of that version."""

    base: int
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A change, as people are told of it."""

    id: int
    who: str
    when: str
    what: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a page is to show now, after ``history`` changes, and the ``change`` that was made, if one was.

    ``is_unheard`` is whether nothing was searched, as what was recognised is not at hand: the audio is to be recognised
    again. ``undoable`` and ``redoable`` are whether who asks can undo, or do again, a change of theirs.
    """

    history: int
    difference: Difference
    change: Made | None = None
    is_unheard: bool = False
    undoable: bool = False
    redoable: bool = False


def correct(path: Path, seen: Seen, command: Command, who: str, edited: Seen | None = None) -> Taken:
    """Correct what a page shows, or the earlier state that was ``edited``, if the corrected words are what they were.

    Raises ConflictError: somebody changed the same since; CorrectionError, HistoryError,
    AlignmentError, OutputError: it cannot be made; Conflict: the page shows what never was."""
    while True:
        now = open_history(path)
        before = _as_seen(now, seen)
        base = before if edited is None else _as_seen(now, edited)
        meant = command if base is now else followed(command, base.alignment, now.alignment)
        is_searched = not (isinstance(meant, _SEARCH_NOTHING) or is_nudge(now.alignment, meant))
        heard = recognised_audio_of(now.alignment) if is_searched else None
        try:
            with refusing():
                new = changed(now, corrected(now.alignment, meant, heard), what_of(meant), who, _quotes(now))
        except StaleError:
            continue
        made = _made(new.changes[-1]) if len(new.changes) > len(now.changes) else None
        is_unheard = heard is None and is_searched and _is_an_ear(now.alignment)
        return _taken(before, new, who, made, is_unheard)


def take_back(path: Path, seen: Seen, change: int | None, who: str) -> Taken:
    """Undo the change of that id, by default the last of ``who``; do nothing if it is undone already. Raises as
    ``correct``."""
    return _reversed(path, seen, who, partial(undoable, id=change), undo)


def take_again(path: Path, seen: Seen, change: int | None, who: str) -> Taken:
    """Do again what was undone, that or the last; raises as ``correct``."""
    return _reversed(path, seen, who, partial(redoable, id=change), redo)


def changes_since(path: Path, seen: Seen, who: str) -> Taken:
    """Return what has become of what a page shows, and the last change; raises as ``correct``."""
    now = open_history(path)
    before = _as_seen(now, seen)
    return _taken(before, now, who, _last(now))


def passage_since(path: Path, seen: Seen, segments: range) -> dict[str, Any]:
    """Return the paragraphs that now stand in the place of segments of what a page shows; raises as ``correct``."""
    now = open_history(path)
    return passage_now(_as_seen(now, seen).alignment, now.alignment, segments, len(now.changes))


def last_change(path: Path) -> tuple[int, Made | None]:
    """Return how many changes there are, and the last."""
    now = open_history(path)
    return len(now.changes), _last(now)


def _reversed(
    path: Path, seen: Seen, who: str, candidate: Callable[..., Change | None], reverse: Callable[..., History]
) -> Taken:
    while True:
        now = open_history(path)
        before = _as_seen(now, seen)
        change = candidate(now, {who, _NOBODY})
        if change is None:
            return _taken(before, now, who)
        with suppress(StaleError):
            return _taken(before, reverse(now, change, who=who, files=_quotes(now)), who, _made(change))


def _quotes(before: History) -> Callable[[Alignment], Files]:
    """Return what makes the file of saved quotes that follows a change."""
    return partial(carry_over, before.path.parent, before.alignment)


def _as_seen(now: History, seen: Seen) -> History:
    if len(now.changes) - seen.base > _MOST_BEHIND:
        raise Conflict("page.changed")
    try:
        before = as_of(now, seen.base)
    except ValueError as error:
        raise Conflict("page.changed") from error
    if seen.version not in (None, before.alignment.version):
        raise Conflict("page.changed")
    return before


def _taken(before: History, now: History, who: str, change: Made | None = None, is_unheard: bool = False) -> Taken:
    can_undo, can_redo = (find(now, {who, _NOBODY}) is not None for find in (undoable, redoable))
    difference = difference_between(before.alignment, now.alignment)
    return Taken(len(now.changes), difference, change, is_unheard, can_undo, can_redo)


def _last(history: History) -> Made | None:
    return _made(history.changes[-1]) if history.changes else None


def _is_an_ear(alignment: Alignment) -> bool:
    """Whether listening again gives what is lacking: not where somebody else's words were taken."""
    from aligner.recognition.acoustic import AcousticRecogniser
    from aligner.recognition.asr import AsrRecogniser

    return alignment.engine.method in (AcousticRecogniser.name, AsrRecogniser.name)


def _made(change: Change) -> Made:
    return Made(change.id, change.who, change.when.isoformat(timespec="seconds"), dict(change.what))

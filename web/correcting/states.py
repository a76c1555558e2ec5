"""What a child does with an episode's history: it takes corrections, takes them back, and tells what differs since.

A child keeps the last histories and what was heard at hand, for a reader's next correction goes to the same child as
the last, and an episode that has been read takes a fraction of a second less.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from aligner.corrections.commands import Command, corrected, refusing
from aligner.corrections.following import followed, what_of, words_of
from aligner.edits import both_versions, told_version
from aligner.errors import ConflictError
from aligner.model import Alignment
from aligner.storage.file_states import FileState
from aligner.storage.history import History, changed, open_history
from aligner.storage.history_lines import Change
from aligner.storage.history_states import as_of
from aligner.storage.kept_quotes import version_of
from aligner.storage.undoing import redo, redoable, undo, undoable, without
from media.errors import Message
from web.correcting.patches import Patch, Shown, patch_between, shown
from web.errors import Conflict
from web.library import heard_of, wrote

_AT_HAND = 2  # episodes; an hour's takes some 30 MB
_LONGEST_SHOWN = 20_000  # characters of a version that a conflict shows
_MOST_BEHIND = 5_000  # changes that a page may not know: they are taken back one by one, 0.7 ms each


Names = frozenset[str]
NOBODY: Names = frozenset()

States = tuple[FileState | None, FileState | None]
"""Those of the files of an alignment and of its history."""


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
    when: datetime
    what: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a page is to show now, and the ``change`` that was made, if one was; ``unheard`` is whether it can only be
    followed by what is around once the sound is listened to again; ``last`` is the last change of the history while its
    files are in these ``states``. ``undoable`` and ``redoable`` are whether who asks can undo, or do again, a change of
    theirs."""

    patch: Patch
    states: States
    last: Made | None
    change: Made | None = None
    unheard: bool = False
    undoable: bool = False
    redoable: bool = False


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else changed the same meanwhile: ``mine`` is what would come of what was asked for, ``theirs`` what
    stands, as of ``both_versions``."""

    message: Message
    mine: str
    theirs: str
    history: int


def correct(
    path: Path, seen: Seen, command: Command, who: str, begun: Seen | None = None, earlier: Names = NOBODY
) -> Taken | Clash:
    """Make a correction of what a page shows, or of what it showed when that was ``begun``, whatever else was changed
    meanwhile; ``earlier`` are names that who asks had before.

    Raises
    ------
    CorrectionError, HistoryError, AlignmentError, OutputError
        It cannot be made.
    Conflict
        The page shows what never was.
    """
    now = _current(path)
    before = _as_seen(now, seen)
    base = before if begun is None else _as_seen(now, begun)
    heard = heard_of(now.alignment)
    with refusing():
        try:
            meant = command if base is now else followed(command, base.alignment, now.alignment)
            new = _wrote(changed(now, corrected(now.alignment, meant, heard), what_of(meant), who))
        except ConflictError as error:
            return _clash(error, now, base.alignment, corrected(base.alignment, command, heard))
    unheard = heard is None and bool(words_of(command)) and _is_an_ear(now.alignment)
    made = _made(new.changes[-1]) if len(new.changes) > len(now.changes) else None
    return _taken(before, new, earlier | {who}, made, unheard)


def take_back(path: Path, seen: Seen, change: int | None, who: str, earlier: Names = NOBODY) -> Taken | Clash:
    """Undo a change of somebody's by its id, or without one the last that stands; no change where it does not stand.
    Raises as ``correct``."""
    return _reversed(path, seen, earlier | {who}, partial(undoable, id=change), partial(undo, who=who))


def take_again(path: Path, seen: Seen, change: int | None, who: str, earlier: Names = NOBODY) -> Taken | Clash:
    """Do again what somebody took back, that or the last; raises as ``correct``."""
    return _reversed(path, seen, earlier | {who}, partial(redoable, id=change), partial(redo, who=who))


def changes_since(path: Path, seen: Seen, who: str, earlier: Names = NOBODY) -> Taken:
    """What has become of what a page shows, and the last change; raises as ``correct``."""
    now = _current(path)
    before = _as_seen(now, seen)
    return _taken(before, now, earlier | {who}, _last(now))


def last_change(path: Path) -> tuple[int, Made | None]:
    """How many changes there are, and the last."""
    now = _current(path)
    return len(now.changes), _last(now)


def _reversed(
    path: Path,
    seen: Seen,
    names: Names,
    candidate: Callable[[History, Names], Change | None],
    reverse: Callable[[History, Change], History],
) -> Taken | Clash:
    now = _current(path)
    before = _as_seen(now, seen)
    change = candidate(now, names)
    if change is None:
        return _taken(before, now, names)
    try:
        new = _wrote(reverse(now, change))
    except ConflictError as error:
        return _clash(error, now, *without(now, change))
    return _taken(before, new, names, _made(change))


_shown: dict[Path, Shown] = {}  # as the last correction left each


def _show(history: History) -> Shown:
    """The page of what a history's last change left, from before where it is the same."""
    known = _shown.get(history.path)
    return known if known and known.alignment is history.alignment else shown(history.alignment)


_histories: OrderedDict[Path, History] = OrderedDict()


def _current(path: Path) -> History:
    known = _histories.get(path)
    return known if known and known.is_current() else _remember(open_history(path))


def _remember(history: History) -> History:
    _histories.pop(history.path, None)
    _histories[history.path] = history
    while len(_histories) > _AT_HAND:
        _histories.popitem(last=False)
    return history


def _wrote(history: History) -> History:
    if state := history.states[0]:
        wrote(history.path, state, history.alignment)
    return _remember(history)


def _as_seen(now: History, seen: Seen) -> History:
    if len(now.changes) - seen.base > _MOST_BEHIND:
        raise Conflict("page.changed")
    try:
        before = as_of(now, seen.base)
    except ValueError as error:
        raise Conflict("page.changed") from error
    if seen.version not in (None, version_of(before.alignment)):
        raise Conflict("page.changed")
    return before


def _taken(before: History, now: History, names: Names, change: Made | None = None, unheard: bool = False) -> Taken:
    undo, redo = undoable(now, names) is not None, redoable(now, names) is not None
    return Taken(_patch(before, now), now.states, _last(now), change, unheard, undo, redo)


def _last(history: History) -> Made | None:
    return _made(history.changes[-1]) if history.changes else None


def _patch(before: History, now: History) -> Patch:
    old = _show(before)
    new = shown(now.alignment, old)
    patch = patch_between(old, new, len(now.changes))
    if now.path not in _shown and len(_shown) >= _AT_HAND:
        _shown.clear()
    _shown[now.path] = new
    return patch


def _is_an_ear(alignment: Alignment) -> bool:
    """Whether listening again gives what is lacking: not where somebody else's words were taken."""
    from aligner.recognition.letters import LettersEar
    from aligner.recognition.words import WordsEar

    return alignment.engine.ear in (LettersEar.name, WordsEar.name)


def _made(change: Change) -> Made:
    return Made(change.id, change.who, change.when, dict(change.what))


def _clash(error: ConflictError, now: History, base: Alignment, mine: Alignment) -> Clash:
    """What was to be made of ``base``, which others have changed."""
    if error.versions is None:
        raise error
    told = both_versions(base, mine, now.alignment) or map(told_version, reversed(error.versions))
    wanted, stands = map(_bounded, told)
    return Clash(error.message, wanted, stands, len(now.changes))


def _bounded(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"

"""What becomes of an episode's history, whoever changes it: this server, another program, somebody by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeVar

from aligner.storage.file_names import history_path
from aligner.storage.file_states import FileState, OneAtATime, state_of
from media.errors import UserError
from media.moving import is_taken
from web.bounded import call
from web.correcting.states import Made, States, Taken, last_change
from web.errors import WebError

T = TypeVar("T")

_MOST_KNOWN = 256  # episodes

_Last = tuple[int, Made | None]

_known: dict[Path, tuple[States, _Last]] = {}
_lock = Lock()
_one_at_a_time = OneAtATime()


def with_history(path: Path, read: Callable[[Path], T]) -> tuple[T, int | UserError | WebError | OSError]:
    """What is read of the alignment at ``path``, and the number of changes that are in it, or why the history cannot be
    told. Raises what ``read`` does."""
    while True:
        states = _states_of(path)
        try:
            changes = _last_of(path, states)[0] if states[1] or is_taken(history_path(path)) else 0
        except (UserError, WebError, OSError) as error:
            return read(path), error
        made = read(path)
        if _states_of(path) == states:
            return made, changes


def note(path: Path, taken: Taken) -> None:
    """What a child has told of the history anyhow, nobody need ask for."""
    _remember(path, taken.states, (taken.patch.history, taken.last))


class Watch:
    """Looks after the history of one alignment for one reader."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._states: States | None = None
        self._told: int | None = None

    def news(self) -> _Last | None:
        """The number of changes and the last of them, if that is news, as it is at first. What cannot be read just now
        is none, for it says so where it is asked for."""
        states = _states_of(self._path)
        if states == self._states:
            return None
        try:
            last = _last_of(self._path, states)
        except (UserError, WebError, OSError):
            return None
        self._states = states
        if last[0] == self._told:
            return None
        self._told = last[0]
        return last


def _last_of(path: Path, states: States) -> _Last:
    """The last change, read once for all who watch."""
    with _one_at_a_time(path):
        known = _known.get(path)
        if known and known[0] == states:
            return known[1]
        last = call(last_change, path)
        _remember(path, states, last)
        return last


def _remember(path: Path, states: States, last: _Last) -> None:
    with _lock:
        _known[path] = states, last
        if len(_known) > _MOST_KNOWN:
            del _known[next(iter(_known))]


def _states_of(path: Path) -> States:
    return _state(path), _state(history_path(path))


def _state(path: Path) -> FileState | None:
    try:
        return state_of(path)
    except OSError:
        return None

"""The whole of an episode's alignment: read by a child first, and by a thread only if that went well.

What the child found is remembered until the file changes, so that the list says of an episode what its page says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import TypeVar

from aligner.errors import AlignmentError
from aligner.model import Alignment
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_states import FileState, OneAtATime, state_of, until_changed
from web.bounded import call
from web.errors import Unusable

T = TypeVar("T")

_AT_HAND = 4  # alignments; three hours of words take some 30 MB
_LARGE_BYTES = 10_000_000  # of a file; of such only the last is kept
_MOST_KNOWN = 4096  # files

_small = until_changed(_AT_HAND)(read_alignment)
_large = until_changed(1)(read_alignment)
_written: dict[Path, tuple[FileState, Alignment]] = {}  # by a child, which has the last
_found: dict[Path, tuple[FileState, AlignmentError | Unusable | None]] = {}
_lock = Lock()
_one_at_a_time = OneAtATime()
_large_turn = Lock()


def stored_alignment(path: Path) -> Alignment:
    """The alignment that ``path`` holds now; a page, its captions and its quotes read the file once.

    Raises
    ------
    AlignmentError
        It is not there, or damaged.
    Unusable, Busy
        It cannot be read within bounds, or not now.
    """
    try:
        state = state_of(path)
        _check(path, state)
    except OSError:
        pass  # which reading says
    return opened_alignment(path)


def opened_alignment(path: Path) -> Alignment:
    """The same for who is a child, or knows that one has read it.

    Raises
    ------
    AlignmentError
        It is not there, or damaged.
    """
    try:
        if alignment := _just_written(path):
            return alignment
        return (_large if state_of(path).size_bytes > _LARGE_BYTES else _small)(path)
    except OSError:
        return read_alignment(path)  # which says what is wrong


def read_once(path: Path) -> Alignment:
    """The same for a child that is soon done with it, and goes on to the next: it is not kept.

    Raises
    ------
    AlignmentError
        It is not there, or damaged.
    """
    try:
        return _just_written(path) or read_alignment(path)
    except OSError:
        return read_alignment(path)  # which says what is wrong


def _just_written(path: Path) -> Alignment | None:
    state, alignment = _written.get(path, (None, None))
    return alignment if alignment and state == state_of(path) else None


def wrote(path: Path, state: FileState, alignment: Alignment) -> None:
    """Tell a child that it has written an alignment, whose file is in that state; it need not read it."""
    _written.clear()
    _written[path] = state, alignment


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """While this lasts, nobody else makes a page of a large alignment: each takes ten times the memory of its text."""
    try:
        is_large = state_of(path).size_bytes > _LARGE_BYTES
    except OSError:
        is_large = False
    with _large_turn if is_large else nullcontext():
        yield


def known_error(path: Path) -> AlignmentError | Unusable | None:
    """What is wrong with the alignment as it is now, as far as that has been found."""
    state, error = _found.get(path, (None, None))
    try:
        return _afresh(error) if error and state == state_of(path) else None
    except OSError:
        return None


def by_child(work: Callable[[Path], T], path: Path, state: FileState) -> T:
    """What a child makes of the alignment in that state; whether there is something wrong with it is remembered.

    Raises
    ------
    AlignmentError
        It is damaged.
    Unusable, Busy
        It cannot be read within bounds, or not now.
    """
    try:
        made = call(work, path)
    except (AlignmentError, Unusable) as error:
        _remember(path, state, error)
        raise
    _remember(path, state, None)
    return made


def _remember(path: Path, state: FileState, error: AlignmentError | Unusable | None) -> None:
    with _lock:
        _found[path] = state, error
        if len(_found) > _MOST_KNOWN:
            del _found[next(iter(_found))]


def _check(path: Path, state: FileState) -> None:
    """Raises what is wrong with the file, for which a child looks it through unless one has."""
    with _one_at_a_time(path):
        known, error = _found.get(path, (None, None))
        if known != state:
            by_child(_look_through, path, state)
        elif error:
            raise _afresh(error)


def _afresh(error: AlignmentError | Unusable) -> AlignmentError | Unusable:
    """An error that was raised before, without where that was: it would hold all that was at work there, each time."""
    return error.with_traceback(None)


def _look_through(path: Path) -> None:
    read_alignment(path)

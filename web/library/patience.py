"""How long a list of episodes waits for files that are not as quotecast writes them.

Somebody may lay into any number of episodes what takes long to read. Such files of all the episodes in one list share
a few seconds; those that are left when these are spent are told as not looked into, and are read for the next list,
since what was read is kept.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_MOST_SECONDS = 3.0


@dataclass(slots=True)
class _Spent:
    seconds: float = 0.0


_spent: ContextVar[_Spent | None] = ContextVar("spent", default=None)


class OutOfPatienceError(Exception):
    """A file was not read, since others have taken too long."""


@contextmanager
def one_list() -> Iterator[None]:
    """What is read in here shares its time; a list within a list is part of it."""
    token = _spent.set(_spent.get() or _Spent())
    try:
        yield
    finally:
        _spent.reset(token)


@contextmanager
def patience() -> Iterator[None]:
    """Read in here what may take long; beyond lists that has no limit.

    Raises
    ------
    OutOfPatienceError
        The time of the list is spent.
    """
    spent = _spent.get()
    if spent is None:
        yield
        return
    if spent.seconds >= _MOST_SECONDS:
        raise OutOfPatienceError
    began = time.monotonic()
    try:
        yield
    finally:
        spent.seconds += time.monotonic() - began

"""What all visitors share: places for requests that hold something for long, and guesses of the password."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable

_WRONG_PASSWORDS, _WINDOW = 10, 60.0  # so many in so many seconds


class Places:
    """At most ``most`` requests of a kind at once."""

    def __init__(self, most: int) -> None:
        self._free = threading.Semaphore(most)

    def take(self) -> Callable[[], None] | None:
        """Return the function that gives the place back, which may be called again; None if no place is free."""
        if not self._free.acquire(blocking=False):
            return None
        held = [self._free]
        return lambda: held.pop().release() if held else None


class Guesses:
    """A limit on wrong passwords, of all visitors together."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: deque[float] = deque()  # when each was given

    def begin(self) -> int:
        """Count a guess as wrong; return 0 if it may be made, else after how many seconds another one may be."""
        now = self._clock()
        with self._lock:
            while self._wrong and self._wrong[0] <= now - _WINDOW:
                self._wrong.popleft()
            if len(self._wrong) >= _WRONG_PASSWORDS:
                return math.ceil(self._wrong[0] + _WINDOW - now)
            self._wrong.append(now)
            return 0

    def right(self) -> None:
        """Take back a guess, which was right."""
        with self._lock:
            if self._wrong:
                self._wrong.pop()

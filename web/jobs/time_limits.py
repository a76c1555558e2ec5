"""How long the process of a job may take: in all, and without getting on.

Both grow with the sound that it gets through, and are many times what the slowest machine needs, for a job that works
is never to be stopped: listening takes a quarter of the sound's length on a laptop, and a bar stands still for seconds.
What counts is time in which the machine was awake.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from media.decode import LONGEST
from media.errors import Message
from web.jobs.telling import Progress

_IN_ALL, _IN_ALL_BY_SOUND = 3 * 3600.0, 30.0  # seconds, and for each of the sound
_STILL, _STILL_BY_SOUND = 30 * 60.0, 0.25  # the same, without getting on
_LOOK_EVERY = 5.0  # seconds
_LONGEST_LOOK = 2 * _LOOK_EVERY  # seconds; a look that took longer was slept through


class TimeLimits:
    """The time that one process has left; it hears what that tells."""

    def __init__(self) -> None:
        self._spent = self._still = self._sound = 0.0
        self._last = ("", 0.0)

    def hear(self, told: Progress) -> None:
        """The process got on if it says something else than before: its bar goes on by itself."""
        if (told.stage, told.done) != self._last:
            self._last, self._still = (told.stage, told.done), 0.0
        if not self._is_fetching:
            self._sound = min(max(self._sound, told.total or 0.0, told.done), LONGEST)  # a file may claim any length

    def spend(self, seconds: float) -> Message | None:
        """So much more time has passed; why that is too much, if it is. Fetching a model may take as long as it likes
        while it gets on."""
        seconds = min(seconds, _LONGEST_LOOK)
        self._still += seconds
        self._spent += 0.0 if self._is_fetching else seconds
        if self._still > _STILL + _STILL_BY_SOUND * self._sound:
            minutes = round(self._still / 60)
            return Message("did not get on for {minutes} minutes, and was stopped; try it again", minutes=minutes)
        if self._spent > _IN_ALL + _IN_ALL_BY_SOUND * self._sound:
            hours = round(self._spent / 3600)
            return Message("was not done after {hours} hours, and was stopped; try it again", hours=hours)
        return None

    @property
    def _is_fetching(self) -> bool:
        return self._last[0] == "model"


class Watch:
    """Calls ``stop`` once, should a process exceed its ``limits`` before the watch is ``over``; ``why`` it did so."""

    def __init__(self, limits: TimeLimits, stop: Callable[[], object]) -> None:
        self.why: Message | None = None
        self._limits, self._stop, self._over = limits, stop, threading.Event()
        threading.Thread(target=self._look, name="time limits", daemon=True).start()

    def over(self) -> None:
        self._over.set()

    def _look(self) -> None:
        before = time.monotonic()
        while not self._over.wait(_LOOK_EVERY):
            now = time.monotonic()
            self.why, before = self._limits.spend(now - before), now
            if self.why:
                self._stop()
                return

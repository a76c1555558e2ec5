"""Format and parse times for people. ``static/js`` has the same functions; the tests of both use the same cases.

A time is rounded once, to whole milliseconds, half up. A clock time is then cut to the second, not rounded, as players
do, so that an episode's last moment and its length look the same. Only a duration in words, such as "12 seconds", is
rounded to the nearest second, and is at least one second.
"""

from __future__ import annotations

import math
import re

_TYPED = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:[.,]\d{1,6})?)", re.ASCII)


def to_milliseconds(seconds: float) -> int:
    """Return seconds as whole milliseconds, half rounded up. All other functions here round with this one."""
    return math.floor(seconds * 1000 + 0.5)


def clock(seconds: float, decimals: int = 0) -> str:
    """Return a time as ``m:ss``, or as ``h:mm:ss`` if it is an hour or longer. The seconds are cut to ``decimals`` (0
    to 3), not rounded: 119.6 gives 1:59, and 1:59.60 with two decimals."""
    whole, rest_ms = divmod(max(0, to_milliseconds(seconds)), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    shown = f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"
    return f"{shown}.{rest_ms:03d}"[: len(shown) + 1 + decimals] if decimals else shown


def spoken_seconds(seconds: float) -> int:
    """Return a duration rounded to whole seconds, half up, and at least 1, for use in a sentence."""
    return max(1, (to_milliseconds(seconds) + 500) // 1000)


def rounded_time_left(seconds: float) -> tuple[int, int, int]:
    """Return a rough estimate of the time left as hours, minutes and seconds. Below an hour, only one of the three is
    not 0. (0, 0, 5) stands for "a few seconds"."""
    if seconds < 7.5:
        return 0, 0, 5
    if seconds < 55:
        return 0, 0, _to_nearest(10, seconds)
    if seconds < 9.5 * 60:
        return 0, max(1, _to_nearest(1, seconds / 60)), 0
    if seconds < 57.5 * 60:
        return 0, _to_nearest(5, seconds / 60), 0
    hours, minutes = divmod(_to_nearest(10, seconds / 60), 60)
    return hours, minutes, 0


def time_left(seconds: float) -> str:
    """Return a rough estimate of the time left in words: "a few seconds", "about 8 minutes" or "about 1 h 20 min"."""
    hours, minutes, rest = rounded_time_left(seconds)
    if hours:
        return f"about {hours} h" + (f" {minutes} min" if minutes else "")
    if minutes:
        return "about a minute" if minutes == 1 else f"about {minutes} minutes"
    return "a few seconds" if rest < 10 else f"about {rest} seconds"


def _to_nearest(step: int, number: float) -> int:
    return step * math.floor(number / step + 0.5)


def read_time(text: str) -> float:
    """Return the seconds of a time that a person typed as 75, 1:15 or 1:02:03.5, with a decimal point or comma. Raises
    ValueError if the text is not such a time."""
    found = _TYPED.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no time; expected seconds or hh:mm:ss, such as 75.5 or 1:15")
    hours, minutes, seconds = found.groups()
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60
    return (whole * 1000 + to_milliseconds(float(seconds.replace(",", ".")))) / 1000

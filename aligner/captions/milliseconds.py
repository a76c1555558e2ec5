"""The one place where seconds become milliseconds."""

from __future__ import annotations

import math


def to_milliseconds(seconds: float) -> int:
    """Whole milliseconds, half rounded up."""
    return math.floor(seconds * 1000 + 0.5)


def clock(milliseconds: int, decimal_mark: str) -> str:
    """``HH:MM:SS.mmm`` with the mark given, hours of two digits or more."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{decimal_mark}{rest:03d}"

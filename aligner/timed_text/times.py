"""Times as caption files write them, of whole milliseconds."""

from __future__ import annotations

# WebVTT's own: ``MM:SS.mmm``, with hours of two digits or more before them.
STAMP = r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}"


def clock(milliseconds: int, decimal_mark: str) -> str:
    """``HH:MM:SS.mmm`` with the mark given, hours of two digits or more."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{decimal_mark}{rest:03d}"


def stamp_milliseconds(stamp: str) -> int:
    """The milliseconds of a stamp that matches ``STAMP``."""
    clock, fraction = stamp.split(".")
    seconds = 0
    # Hours beyond nine digits are no hours; the limit keeps a hostile number from taking all day.
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part[-9:])
    return seconds * 1000 + int(fraction)

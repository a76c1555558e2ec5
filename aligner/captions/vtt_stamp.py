"""WebVTT timestamps: ``MM:SS.mmm``, with hours of two digits or more before them."""

from __future__ import annotations

STAMP = r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}"


def milliseconds(stamp: str) -> int:
    """The milliseconds of a stamp that matches ``STAMP``."""
    clock, fraction = stamp.split(".")
    seconds = 0
    # Hours beyond nine digits are no hours; the limit keeps a hostile number from taking all day.
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part[-9:])
    return seconds * 1000 + int(fraction)

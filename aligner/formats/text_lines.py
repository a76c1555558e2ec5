"""Texts for formats in which each has a line, and that hold no control characters."""

from __future__ import annotations

import re

_UNHELD = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")  # what XML 1.0 has not, and line ends

_GOES_ON = "..."  # of ASCII, which some lists have to be


def on_one_line(text: str) -> str:
    """Return the text on a line, its blanks one space each; U+FFFD stands for what is no character of a text."""
    return _UNHELD.sub("\ufffd", " ".join(text.split()))


def beginning(text: str, most: int = 60) -> str:
    """Return the first words of a text on one line, in so many characters."""
    line = on_one_line(text)
    if len(line) <= most:
        return line
    room = most - len(_GOES_ON)
    return (line[: room + 1].rpartition(" ")[0] or line[:room]) + _GOES_ON

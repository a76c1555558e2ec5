"""Prepare texts for formats that need each text on one line and without control characters."""

from __future__ import annotations

import re

NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")

_ELLIPSIS = "..."  # ASCII, which some edit lists require


def on_one_line(text: str) -> str:
    """Return the text on one line with single spaces; U+FFFD replaces controls and noncharacters."""
    return _CONTROLS.sub("\ufffd", " ".join(text.split()))


def beginning(text: str, most: int = 60) -> str:
    """Return the first words of a text on one line, in at most ``most`` characters."""
    line = on_one_line(text)
    if len(line) <= most:
        return line
    room = most - len(_ELLIPSIS)
    return (line[: room + 1].rpartition(" ")[0] or line[:room]) + _ELLIPSIS

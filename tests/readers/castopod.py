"""How Castopod (a host) reads transcripts: a model of what it does, written from that.

It goes by the number of the line: what is not laid out as expected is taken for something else.
"""

from __future__ import annotations

import re
from html import unescape

from tests.readers.rows import Row

_FIRST_TAG = re.compile(r"^<.*?>")


def read_vtt(content: str) -> list[Row]:
    """A header, a line that is not looked at, then times, lines of text, and one that is blank. Each line of text is a
    row, what stands first in it a tag that names the speaker; all other tags are shown.

    Raises
    ------
    ValueError
        There are no times where they should be.
    """
    rows: list[Row] = []
    is_text = False
    for line in content.split("\n")[2:]:
        if not is_text:
            times, is_text = line, True
        elif not line.strip():
            is_text = False
        else:
            start, end = times.strip().split(" --> ")
            _check(start, "."), _check(end, ".")
            tag = _FIRST_TAG.match(line)
            named = tag.group().replace("</v>", "").strip("<>").partition(" ")[2] if tag else ""
            rows.append(Row(unescape(named).strip(), unescape(_FIRST_TAG.sub("", line)).strip()))
    return rows


def read_srt(content: str) -> list[Row]:
    """A number, times, lines of text, a blank one; it knows no speakers.

    Raises
    ------
    ValueError
        There are no times where they should be.
    """
    rows: list[Row] = []
    for block in re.split(r"\n[ \t\r]*\n", content.removesuffix("\n")) if content else ():
        _, times, *texts = block.split("\n")
        start, end = times.strip().split(" --> ")
        _check(start, ","), _check(end, ",")
        rows.append(Row("", "\n".join(texts)))
    return rows


def _check(time: str, mark: str) -> None:
    if not re.fullmatch(rf"(?:\d\d:)?\d\d:\d\d{re.escape(mark)}\d+", time):
        raise ValueError(f"{time!r} is no time")

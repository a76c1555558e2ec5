"""A table of the words, with commas, for R, pandas and spreadsheets (RFC 4180).

It begins with a byte order mark, without which Excel takes UTF-8 for another encoding; pandas, readr and data.table
pass over it. A cell that a spreadsheet would calculate, as of the word ``=1+1`` or ``@ada``, has an apostrophe more
before it, to be taken away where a cell matches ``'+[=+@-]``.
"""

from __future__ import annotations

import csv as tables
import io
import re

from aligner.formats.material import Material
from aligner.formats.text_lines import on_one_line
from aligner.model import TimedWord

COLUMNS = (
    "index", "word", "start", "end", "status", "confidence", "pinned",
    "speaker", "kind", "segment", "char_start", "char_end",
)  # fmt: skip

_FORMULA = re.compile("'*[=+@\\-\uff1d\uff0b\uff20\uff0d]")  # also in their full width, which Excel takes too


def csv(material: Material) -> str:
    """The table: a row for each word in order of the text, its times empty where nobody says it."""
    file = io.StringIO()
    rows = tables.writer(file)
    rows.writerow(COLUMNS)
    rows.writerows(_row(material, number, word) for number, word in enumerate(material.alignment.words))
    return f"\ufeff{file.getvalue()}"


def _row(material: Material, number: int, timed: TimedWord) -> tuple[object, ...]:
    word, span = timed.word, timed.span
    segment = material.alignment.segments[word.segment]
    times = (f"{span.start:.3f}", f"{span.end:.3f}") if span else ("", "")
    found = (timed.status, f"{timed.confidence:.3f}", str(timed.pinned).lower())
    said_by = (_cell(segment.segment.speaker or ""), segment.segment.kind, _cell(segment.id))
    return number, _cell(word.text), *times, *found, *said_by, word.char_start, word.char_end


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    line = on_one_line(text)
    return f"'{line}" if _FORMULA.match(line) else line

"""A table of the words as CSV (RFC 4180), for R, pandas and spreadsheets.

The file starts with a byte order mark, without which Excel does not recognise UTF-8; pandas, readr and data.table skip
the mark. An apostrophe precedes a cell that a spreadsheet would calculate as a formula, such as the word ``=1+1`` or
``@ada``. To read the words unchanged, remove the apostrophe from cells that match ``'+[=+@-]``.
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

_FORMULA = re.compile("'*[=+@\\-\uff1d\uff0b\uff20\uff0d]")  # Excel calculates the full-width forms too


def csv(material: Material) -> str:
    """Return the table: a row for each word in text order; times are empty if the word is not spoken."""
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
    """Return the text of a cell, with an apostrophe before it if a spreadsheet would read it as a formula."""
    line = on_one_line(text)
    return f"'{line}" if _FORMULA.match(line) else line

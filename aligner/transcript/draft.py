"""Define the draft that the reader of each format returns: plain text, its lines, and information from the markup.

Readers of HTML, Markdown and Word documents add one paragraph at a time. A paragraph is a list of runs: pieces of text
in one style. White space is collapsed as in a browser (no-break spaces stay), and a line break in a run starts a new
line. Offsets count code points of ``Draft.text``. A line excludes its line break and white space around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from aligner.model import Kind
from aligner.transcript.marks import TIME
from aligner.transcript.names import NameShape, clean_name, shape_of, shortened

BLANKS = re.compile(r"[ \t\r\f\v\x85\u2028\u2029]+")
AFTER_NAME = re.compile(rf"\s*[:：]?\s*(?:{TIME})?\s*[:：]?\s*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the draft's text, from offset ``start`` up to ``end``; each line is a paragraph. ``kind`` and
    ``speaker`` are set if the markup specifies them. ``label_end`` is the end of the speaker's label, or equals
    ``start`` if the speaker is named outside the text. ``bold_end`` is the end of bold text at the start of the line.
    """

    start: int
    end: int
    kind: Kind | None = None
    speaker: str | None = None
    label_end: int | None = None
    bold_end: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A transcript before its lines are classified.

    ``guess_headings`` is False for formats without headings. ``title``, ``language`` and ``show`` (the podcast's name)
    come from the file's metadata. ``headline`` is the title that stands in the text itself, above everything else.
    """

    text: str
    lines: tuple[Line, ...]
    title: str | None = None
    language: str | None = None
    guess_headings: bool = True
    show: str | None = None
    headline: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph in one style; ``cite`` marks the text as a speaker's name."""

    text: str
    bold: bool = False
    cite: bool = False


class DraftWriter:
    """A builder of a draft, to which a reader adds one paragraph after the other."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._texts: list[str] = []
        self._length = 0

    def add(self, runs: Sequence[Run], kind: Kind | None = None) -> None:
        """Append a paragraph as one line, or as several if its runs contain line breaks. Empty lines are omitted.
        ``kind`` is set if the markup specifies it."""
        for line in _split(runs):
            collapsed = _collapse(line)
            if text := "".join(run.text for run in collapsed):
                self._append(text, collapsed, kind)

    def draft(self, title: str | None = None, language: str | None = None) -> Draft:
        """Return the draft of all paragraphs added so far."""
        return Draft("".join(self._texts), tuple(self._lines), shortened(title) or None, shortened(language) or None)

    def _append(self, text: str, runs: Sequence[Run], kind: Kind | None) -> None:
        start = self._length
        cited = sum(len(run.text) for run in takewhile(lambda run: run.cite, runs))
        bold = sum(len(run.text) for run in takewhile(lambda run: run.bold or run.text.isspace(), runs))
        speaker = label_end = None
        if cited and kind is None and (length := _cited_label_length(text, cited)):
            speaker, label_end = clean_name(text[:cited]) or None, start + length
        end = start + len(text)
        self._lines.append(Line(start, end, kind, speaker, label_end, start + bold if runs[0].bold else None))
        self._texts.append(text + "\n")
        self._length = end + 1


def _cited_label_length(text: str, cited: int) -> int | None:
    """Return the length of the speaker's label at the start of ``text``; None if there is none. The first ``cited``
    characters are in a ``cite`` element, which usually marks a speaker, but may mark the title of a book."""
    after = AFTER_NAME.match(text, cited)
    end = after.end() if after else cited
    if end == len(text) or re.search("[:：]", text[cited - 1 : end]):
        return end
    return None if text[end].islower() or shape_of(clean_name(text[:cited])) < NameShape.NAME else end


def _split(runs: Sequence[Run]) -> Iterator[list[Run]]:
    line: list[Run] = []
    for run in runs:
        first, *rest = run.text.split("\n")
        line.append(replace(run, text=first))
        for piece in rest:
            yield line
            line = [replace(run, text=piece)]
    yield line


def _collapse(line: Sequence[Run]) -> list[Run]:
    """Return a line without white space at its ends, and with one space for each series of white space inside it."""
    collapsed: list[Run] = []
    for run in line:
        text = BLANKS.sub(" ", run.text)
        if not collapsed:
            text = text.lstrip()
        elif collapsed[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if text:
            collapsed.append(replace(run, text=text))
    while collapsed and not collapsed[-1].text.rstrip():
        collapsed.pop()
    if collapsed:
        collapsed[-1] = replace(collapsed[-1], text=collapsed[-1].text.rstrip())
    return collapsed

"""What every format's reader hands on: the plain text, its lines, and what the format itself says of each line.

Formats with markup (HTML, Markdown, DOCX) write it paragraph by paragraph, each a list of runs. White space is
collapsed as a browser does (no-break spaces stay); a line break in a run starts a new line of the draft.

Conventions: offsets are half-open and count code points of ``Draft.text``; a line leaves out its line break and the
white space around it, and is never empty.
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
    """A paragraph of the text, with what markup says of it.

    ``kind`` and ``speaker`` are None where markup says nothing; ``label_end`` is where a label given by markup ends
    (the line's start, if the speaker is named outside the text); ``bold_end`` where an opening run of bold ends.
    """

    start: int
    end: int
    kind: Kind | None = None
    speaker: str | None = None
    label_end: int | None = None
    bold_end: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A transcript before it is understood. ``guess_headings`` is off where the format marks them, or has none.

    ``show`` is the podcast that it names, ``headline`` a title that stands over the whole text and is part of it.
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
    """A piece of a paragraph in one style; ``cite`` marks a speaker's name."""

    text: str
    bold: bool = False
    cite: bool = False


class DraftWriter:
    """Collects paragraphs into a draft, one line each."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._texts: list[str] = []
        self._length = 0

    def add(self, runs: Sequence[Run], kind: Kind | None = None) -> None:
        """Append a paragraph; an empty one leaves nothing."""
        for line in _split(runs):
            collapsed = _collapse(line)
            if text := "".join(run.text for run in collapsed):
                self._append(text, collapsed, kind)

    def draft(self, title: str | None = None, language: str | None = None) -> Draft:
        """Return the draft of what was added."""
        return Draft("".join(self._texts), tuple(self._lines), shortened(title) or None, shortened(language) or None)

    def _append(self, text: str, runs: Sequence[Run], kind: Kind | None) -> None:
        start = self._length
        cited = sum(len(run.text) for run in takewhile(lambda run: run.cite, runs))
        bold = sum(len(run.text) for run in takewhile(lambda run: run.bold or run.text.isspace(), runs))
        speaker = label_end = None
        if cited and kind is None and (cut := _cited_label(text, cited)):
            speaker, label_end = clean_name(text[:cited]) or None, start + cut
        end = start + len(text)
        self._lines.append(Line(start, end, kind, speaker, label_end, start + bold if runs[0].bold else None))
        self._texts.append(text + "\n")
        self._length = end + 1


def _cited_label(text: str, cited: int) -> int | None:
    """Return where a cited name's label ends, None if what is cited opens a sentence (a book's title)."""
    after = AFTER_NAME.match(text, cited)
    end = after.end() if after else cited
    if end == len(text) or re.search("[:：]", text[cited - 1 : end]):
        return end
    return None if text[end].islower() or shape_of(clean_name(text[:cited])) < NameShape.NAME else end


def _split(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Yield the paragraph's lines, cut at line breaks."""
    line: list[Run] = []
    for run in runs:
        first, *rest = run.text.split("\n")
        line.append(replace(run, text=first))
        for piece in rest:
            yield line
            line = [replace(run, text=piece)]
    yield line


def _collapse(line: Sequence[Run]) -> list[Run]:
    """Return the line without white space at its ends and with single spaces inside."""
    kept: list[Run] = []
    for run in line:
        text = BLANKS.sub(" ", run.text)
        if not kept:
            text = text.lstrip()
        elif kept[-1].text.endswith(" "):
            text = text.removeprefix(" ")
        if text:
            kept.append(replace(run, text=text))
    while kept and not kept[-1].text.rstrip():
        kept.pop()
    if kept:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return kept

"""VTT and SRT as a recogniser writes them: with a time at each word, or only at each cue.

Conventions
-----------
- Captions that roll up show each line twice; in a file with word times, a line of the cue before is such a repeat.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import zip_longest

from aligner.listening.given.entries import Entry, entry

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"^[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}[^\n]*\n?", re.MULTILINE)
_WORD_TIME = re.compile(rf"<{_CLOCK}>")
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
_BLANK_LINE = re.compile(r"(?:\A|\n)[ \t]*(?:\n|\Z)")
_NUMBER_LINE = re.compile(r"(?:\A|\n)[ \t]*\d+[ \t]*\n?\Z")
_LANGUAGE = re.compile(r"^Language:[ \t]*([\w-]{2,20})", re.MULTILINE)


def cue_entries(text: str) -> tuple[list[Entry] | None, str | None]:
    """The cues of a caption file, cut at word times where it has them; (None, None) if there is no cue."""
    text = re.sub(r"\r\n?", "\n", text)
    cues = list(_cues(text))
    if not cues:
        return None, None
    header = text[: text.index("-->")]
    language = _LANGUAGE.search(header) if header.lstrip().startswith("WEBVTT") else None
    by_word = any(_WORD_TIME.search(body) for _, _, body in cues)
    found: list[Entry] = []
    shown: set[str] = set()
    for start, end, body in cues:
        lines = {line: _plain(line) for line in body.split("\n")}
        new = [line for line, plain in lines.items() if not (by_word and plain in shown)]
        found += _timed(start, end, "\n".join(new))
        shown = set(lines.values())
    return found, language[1] if language else None


def _cues(text: str) -> Iterator[tuple[float, float, str]]:
    """Start, end and body of each cue; a blank line or the next cue ends a body."""
    timings = list(_TIMING.finditer(text))
    for timing, following in zip_longest(timings, timings[1:]):
        body = text[timing.end() : following.start() if following else len(text)]
        body = _NUMBER_LINE.sub("", body) if following else body
        body = _BLANK_LINE.split(body, maxsplit=1)[0]
        times = timing.groups()
        yield _seconds(times[:4]), _seconds(times[4:]), body


def _timed(start: float, end: float, body: str) -> Iterator[Entry]:
    """The cue's text, cut at its word times: each piece lasts until the next one's time."""
    edges = [start]
    texts = []
    at = 0
    for mark in _WORD_TIME.finditer(body):
        texts.append(body[at : mark.start()])
        edges.append(max(edges[-1], _seconds(mark.groups())))
        at = mark.end()
    texts.append(body[at:])
    for text, begin, finish in zip(texts, edges, [*edges[1:], max(end, edges[-1])], strict=True):
        if _plain(text):
            yield entry(_plain(text), begin, finish)


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", text)).strip()


def _seconds(groups: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = groups
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction or 0}")

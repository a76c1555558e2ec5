"""VTT and SRT as a recogniser writes them: with a time at each word, or only at each cue.

Conventions
-----------
- Captions that roll up show each line twice, the second time above the new one; the second showing is left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from aligner.recognition.given.entries import Entry, entry

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"^[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}[^\n]*\n?", re.MULTILINE)
_WORD_TIME = re.compile(rf"<{_CLOCK}>")
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
_NUMBER_LINE = re.compile(r"(?:\A|\n)[ \t]*\d+[ \t]*\n?\Z")
_LANGUAGE = re.compile(r"^Language:[ \t]*([\w-]{2,20})", re.MULTILINE)

_ROLLING_SHARE = 0.3  # of cues that begin with the last one's line: captions that roll up


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue as it stands in the file; ``lines`` have text, tags and all, ``plain`` is the same without."""

    start: float
    end: float
    lines: tuple[str, ...]
    plain: tuple[str, ...]


def cue_entries(text: str) -> tuple[list[Entry] | None, str | None]:
    """The cues of a caption file, cut at word times where it has them; (None, None) if there is no cue."""
    text = re.sub(r"\r\n?", "\n", text)
    is_vtt = text.lstrip().startswith("WEBVTT")
    cues = list(_cues(text, is_vtt))
    if not cues:
        return None, None
    language = _LANGUAGE.search(text[: text.index("-->")]) if is_vtt else None
    rolling = _rolls_up(cues)
    found: list[Entry] = []
    shown: tuple[str, ...] = ()
    for cue in cues:
        lines = [x for x, plain in zip(cue.lines, cue.plain, strict=True) if not (rolling and _again(x, plain, shown))]
        found += _timed(cue.start, cue.end, "\n".join(lines))
        shown = cue.plain or shown
    return found, language[1] if language else None


def _cues(text: str, is_vtt: bool) -> Iterator[_Cue]:
    """Each cue. In VTT an empty line ends it (one of spaces does not); in SRT only the next cue does."""
    timings = list(_TIMING.finditer(text))
    numbered = bool(timings) and bool(_NUMBER_LINE.search(text[: timings[0].start()]))
    for timing, following in zip_longest(timings, timings[1:]):
        body = text[timing.end() : following.start() if following else len(text)]
        body, ended, _ = ("\n" + body).partition("\n\n") if is_vtt else (body, "", "")
        if following and numbered and not ended:
            body = _NUMBER_LINE.sub("", body.rstrip() + "\n")
        lines = [(line, _plain(line)) for line in body.split("\n")]
        times = timing.groups()
        yield _Cue(
            _seconds(times[:4]),
            _seconds(times[4:]),
            tuple(line for line, plain in lines if plain),
            tuple(plain for _, plain in lines if plain),
        )


def _rolls_up(cues: list[_Cue]) -> bool:
    repeats = sum(bool(a.plain and b.plain) and a.plain[-1] == b.plain[0] for a, b in pairwise(cues))
    return repeats >= max(2, _ROLLING_SHARE * len(cues))


def _again(line: str, plain: str, shown: tuple[str, ...]) -> bool:
    """Whether the line was shown already; one with word times of its own is said anew."""
    return plain in shown and not _WORD_TIME.search(line)


def _timed(start: float, end: float, body: str) -> Iterator[Entry]:
    """The cue's text, cut at its word times: each piece lasts until the next one's time."""
    edges = [start]
    texts = []
    at = 0
    for mark in _WORD_TIME.finditer(body):
        texts.append(body[at : mark.start()])
        edges.append(max(edges[-1], min(_seconds(mark.groups()), max(start, end))))
        at = mark.end()
    texts.append(body[at:])
    for text, begin, finish in zip(texts, edges, [*edges[1:], max(end, edges[-1])], strict=True):
        if plain := _plain(text):
            yield entry(plain, begin, finish)


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", text)).strip()


def _seconds(groups: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = groups
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction or 0}")

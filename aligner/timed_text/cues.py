"""Read the cues of a SubRip or WebVTT file without losing text, even if the file breaks its format.

In both formats a blank line ends a cue. But files that people edit by hand have cues with blank lines inside, cues
without a blank line between them, and broken times. So this module lets a cue extend to the next cue, or to a comment
in WebVTT. In files of either format, the tags of both are recognised, since many files are renamed without conversion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from html.entities import html5
from itertools import pairwise

from media.video.bidirectional import without_bidi_controls


@dataclass(frozen=True, slots=True)
class Problem:
    """A violation of the format in a file: the line, counted from 1, a name of the rule, and a message."""

    line: int
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive lines that are not blank; ``line`` is the number of the first line, counted from 1."""

    line: int
    lines: tuple[str, ...]


def split_lines(text: str) -> list[str]:
    """Split the text of a caption file at CR, LF and CRLF, and at no other character."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def blocks(lines: Sequence[str], first_line: int, is_blank: Callable[[str], bool]) -> Iterator[Block]:
    """Yield the blocks of lines between blank lines; ``first_line`` is the number of ``lines[0]`` in the file."""
    group: list[str] = []
    for number, line in enumerate([*lines, ""], start=first_line):
        if is_blank(line) or number == first_line + len(lines):
            if group:
                yield Block(number - len(group), tuple(group))
            group = []
        else:
            group.append(line)


_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIME = re.compile(_CLOCK, re.ASCII)
_GLUED = re.compile(r"((?:\d{1,4}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?)(?![\d:.,;])", re.ASCII)
WORD_TIME = re.compile(rf"<{_CLOCK}>", re.ASCII)
# A time range with any kind of arrow. ``_timing`` decides whether other text around it is allowed.
_RANGE = re.compile(r"([\d:.,; \t]{0,80}|\d\S{0,20}[ \t]{0,9})(-{1,3}>|[–—]>|→)[ \t]*(\S*)(.*)", re.ASCII | re.DOTALL)
_SETTINGS = re.compile(r"(?:\s*(?:vertical|line|position|size|align|region|[XY][12]|[ADLST]):\S+)*", re.ASCII)
_LANGUAGE = re.compile(r"Language:[ \t]*([\w-]{2,20})")
_NUMBER = re.compile(r"[ \t]*\d+[ \t]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class CueBlock:
    """A cue of a file: its times in seconds, and the lines of its text with tags and escapes.

    ``settings`` is the text after the times. ``line`` is the number of the line with the times, from 1; 0 if the cue is
    from no file. ``is_timed`` is False if the start is unreadable; ``start`` is then the end of the previous cue.
    """

    start: float
    end: float
    lines: tuple[str, ...]
    settings: str = ""
    line: int = 0
    is_timed: bool = True


@dataclass(frozen=True, slots=True)
class TimedText:
    """The content of a file: its cues in order, the text lines above the first cue, and the language in the header."""

    cues: tuple[CueBlock, ...]
    above: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class _Timing:
    """The times on a line in seconds (None if unreadable), the settings after them, and other text on the line."""

    start: float | None
    end: float | None
    settings: str
    text: str


def read_cues(text: str) -> TimedText:
    """Return the cues of a SubRip or WebVTT file; none if no line has times."""
    lines = split_lines(text.removeprefix("\ufeff"))
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    is_vtt = lines[first].lstrip().startswith("WEBVTT")
    timings = {at: timing for at, line in enumerate(lines) if (timing := _timing(line))}
    top = min(timings, default=len(lines))
    skipped = set(_unspoken_lines(lines, timings, first, top)) if is_vtt else set()
    identifiers = _identifiers(lines, timings, skipped, is_vtt)

    def text_between(start: int, end: int) -> tuple[str, ...]:
        return tuple(lines[at] for at in range(start, end) if at not in skipped and lines[at].strip())

    cues = []
    begins = [*(identifiers.get(at, at) for at in timings), len(lines)]
    for (at, timing), after in zip(timings.items(), begins[1:], strict=True):
        own = (timing.text,) if timing.text else ()
        block = CueBlock(0.0, 0.0, own + text_between(at + 1, after), timing.settings, at + 1)
        cues.append((block, timing))
    language = next((found[1] for line in lines[:top] if (found := _LANGUAGE.match(line))), None) if is_vtt else None
    return TimedText(tuple(_timed(cues)), text_between(0, begins[0]), language)


def _timing(line: str) -> _Timing | None:
    found = _RANGE.fullmatch(line.strip()) if ">" in line or "→" in line else None
    if not found:
        return None
    before, arrow, word, rest = found.groups()
    if ":" not in before:
        return None
    start = seconds_of(re.sub(r"(?<=[.,:;])\s+", "", before).split()[-1])
    end = seconds_of(word)
    if end is None and (glued := _GLUED.match(word)):
        end, rest = seconds_of(glued[1]), word[glued.end() :] + rest
    elif end is None and word and not (word[0].isdigit() and ":" in word):
        return None  # the arrow is part of a text
    settings = _SETTINGS.match(rest)
    split = settings.end() if settings else 0
    text = rest[split:].strip() if any(map(str.isalnum, rest[split:])) else ""
    if arrow != "-->" and (text or start is None or end is None):
        return None
    return _Timing(start, end, rest[:split].strip(), text)


def seconds_of(time: str) -> float | None:
    """Convert ``[hours:]minutes:seconds[.fraction]`` to seconds; None if the text has another form."""
    found = _TIME.fullmatch(time)
    return seconds_found(found) if found else None


def seconds_found(found: re.Match[str]) -> float:
    """Convert a match of ``WORD_TIME``, a timestamp of a word, to seconds."""
    hours, minutes, seconds, fraction = found.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction or 0}")


def _unspoken_lines(lines: Sequence[str], timings: Mapping[int, _Timing], first: int, top: int) -> Iterator[int]:
    """Yield the indices of WebVTT lines outside cues: the header, comments, styles and regions. The header starts at
    index ``first``. ``timings`` has the cues' times by line index; ``top`` is the first line with times."""
    at = first
    while at < len(lines):
        end = at
        while end < len(lines) and lines[end].strip() and end not in timings:
            end += 1
        if at == first or _is_unspoken(lines[at:end], at < top):
            yield from range(at, end)
        at = end
        while at < len(lines) and lines[at].strip():
            at += 1  # skip the text of a cue, even if it looks like a comment
        while at < len(lines) and not lines[at].strip():
            at += 1


def _is_unspoken(block: Sequence[str], is_above_cues: bool) -> bool:
    word = block[0].rstrip() if block else ""
    if word == "STYLE":
        return is_above_cues or any("::cue" in line for line in block)
    return word == "NOTE" or word.startswith(("NOTE ", "NOTE\t")) or (word == "REGION" and is_above_cues)


def _identifiers(
    lines: Sequence[str], timings: Mapping[int, _Timing], skipped: set[int], is_vtt: bool
) -> dict[int, int]:
    """Return the line index of each cue's identifier, by the line index of the cue's times.

    The line above the times may also be text of the previous cue. The line is an identifier if it is a number (in
    WebVTT, any text) after a blank line, or if it is the number that follows the previous identifier.
    """
    identifiers: dict[int, int] = {}
    last = 0
    for at in timings:
        where = next((above for above in range(at - 1, -1, -1) if lines[above].strip()), -1)
        if where < 0 or where in skipped or where in timings:
            continue
        begins = where == at - 1 and (where == 0 or not lines[where - 1].strip())
        is_number = _NUMBER.fullmatch(lines[where]) is not None
        number = int(lines[where].strip()[-18:]) if is_number else 0
        if (begins and (is_number or is_vtt)) or (is_number and number == last + 1):
            identifiers[at] = where
            last = number if is_number else last
    return identifiers


def _timed(cues: Sequence[tuple[CueBlock, _Timing]]) -> Iterator[CueBlock]:
    """Yield the cues with their times. Replace a broken start by the previous end, a broken end by the next start."""
    last = 0.0
    for position, (cue, timing) in enumerate(cues):
        start = last if timing.start is None else timing.start
        end = timing.end
        if end is None:
            following = (after.start for _, after in cues[position + 1 : position + 2] if after.start is not None)
            end = max(start, next(following, start))
        last = end
        yield replace(cue, start=start, end=end, is_timed=timing.start is not None)


_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
# Attributes have an equals sign, since "a <b and c> d" is text; voices and languages may have any name. The quantifiers
# are possessive, so that a line with many starts of tags is read in one pass.
_TAG = re.compile(
    r"</?(?:[cibus]|ruby|rt|font)(?:\.[^\s<>]*+)?+(?:\s++[\w-]++\s*+=[^<>]*+)?+\s*+/?>"
    r"|</?(?:v|lang)(?:[.\s][^<>]*+)?+>|<\d[\d:.,]{0,40}>|\{\\[^{}\n]*+\}",
    re.IGNORECASE,
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*+)?+\s++([^<>\n]++)>")
_ESCAPE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});", re.ASCII)
_MAX_ROLLED = 20  # repeated lines
_ROLLING_SHARE = 0.3  # share of cues that repeat the last line of the previous one, in roll-up captions


def plain(text: str) -> str:
    """Return the text without tags and direction marks, with escapes decoded, and without white space around it."""
    return without_bidi_controls(_ESCAPE.sub(_unescaped, _TAG.sub("", _BREAK.sub(" ", text)))).strip()


def _unescaped(escape: re.Match[str]) -> str:
    name = escape.group()[1:]
    return unescape(escape.group()) if name[0] == "#" or name in html5 else escape.group()


def voices(line: str) -> list[tuple[str | None, str]]:
    """Split a line at its voice tags. Return pairs (name, text): the name in a voice tag, and the text up to the
    next voice tag, with other tags kept. Text before the first voice tag has the name None."""
    first, *rest = _VOICE.split(line)
    named = [(" ".join(plain(name).split()) or None, text) for name, text in zip(rest[::2], rest[1::2], strict=True)]
    return [(None, first), *named] if first.strip() or not named else named


def timed_pieces(cue: CueBlock) -> Iterator[tuple[str, float, float]]:
    """Split the plain text of a cue at the timestamps of words. Yield each piece with its start and end in seconds; the
    end is the start of the next piece."""
    body = "\n".join(cue.lines)
    edges, texts, at = [cue.start], [], 0
    for mark in WORD_TIME.finditer(body):
        texts.append(body[at : mark.start()])
        edges.append(max(edges[-1], min(seconds_found(mark), max(cue.start, cue.end))))
        at = mark.end()
    texts.append(body[at:])
    edges.append(max(cue.end, edges[-1]))
    for text, (start, end) in zip(texts, pairwise(edges), strict=True):
        if words := plain(text):
            yield words, start, end


def unrolled(cues: Sequence[CueBlock]) -> list[CueBlock]:
    """Return the cues without the repeated lines of roll-up captions, which show each line again above the next line.

    The first lines of a cue are removed if they are also the last lines of the previous cue and have no word times. If
    few cues repeat a line, or none of these adds a line, the captions do not roll up and stay unchanged.
    """
    shown_lines = [[line for line in map(plain, cue.lines) if line] for cue in cues]
    repeats = [(a[-1:], len(b)) for a, b in pairwise(shown_lines) if a and b and a[-1] == b[0]]
    if len(repeats) < max(2, _ROLLING_SHARE * len(cues)) or all(length == 1 for _, length in repeats):
        return list(cues)
    found: list[CueBlock] = []
    shown: list[str] = []
    for cue in cues:
        lines = [line for line in cue.lines if plain(line)]
        texts = [plain(line) for line in lines]
        again = next(
            (
                length
                for length in range(min(len(texts), len(shown), _MAX_ROLLED), 0, -1)
                if shown[-length:] == texts[:length] and not any(map(WORD_TIME.search, lines[:length]))
            ),
            0,
        )
        found.append(replace(cue, lines=tuple(lines[again:])))
        shown = texts or shown
    return found

"""The text of a cue: its tags and escapes, the voices that say it, and lines that are shown again.

Tags of either format are read in both, since files are renamed more often than they are converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from html.entities import html5
from itertools import pairwise

from aligner.timed_text.cues import WORD_TIME, CueBlock, seconds_found
from media.video.bidirectional import undirected

_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
# Attributes have an equals sign, for "a <b and c> d" is text; voices and languages take any words. What is taken into a
# tag is never given back, so that a line of nothing but beginnings of tags is read in one pass.
_TAG = re.compile(
    r"</?(?:[cibus]|ruby|rt|font)(?:\.[^\s<>]*+)?+(?:\s++[\w-]++\s*+=[^<>]*+)?+\s*+/?>"
    r"|</?(?:v|lang)(?:[.\s][^<>]*+)?+>|<\d[\d:.,]{0,40}>|\{\\[^{}\n]*+\}",
    re.IGNORECASE,
)
_VOICE = re.compile(r"<v(?:\.[^\s<>]*+)?+\s++([^<>\n]++)>")
_ESCAPE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});", re.ASCII)
_MOST_ROLLED = 20  # lines that are shown again
_ROLLING_SHARE = 0.3  # of cues that begin with the last one's line: captions that roll up


def plain(text: str) -> str:
    """The text without tags, escapes and what embeds it in another direction, and without white space around it."""
    return undirected(_ESCAPE.sub(_unescaped, _TAG.sub("", _BREAK.sub(" ", text)))).strip()


def _unescaped(escape: re.Match[str]) -> str:
    name = escape.group()[1:]
    return unescape(escape.group()) if name[0] == "#" or name in html5 else escape.group()


def voices(line: str) -> list[tuple[str | None, str]]:
    """A line cut at its voice tags: (name, text with tags) for each, None before the first."""
    first, *rest = _VOICE.split(line)
    named = [(" ".join(plain(name).split()) or None, text) for name, text in zip(rest[::2], rest[1::2], strict=True)]
    return [(None, first), *named] if first.strip() or not named else named


def timed_pieces(cue: CueBlock) -> Iterator[tuple[str, float, float]]:
    """The cue's plain text cut at its word times: (text, start, end), each piece lasting until the next one's time."""
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
    """Captions that roll up show a line again above the new one: the cues with its first showing alone.

    Lines of a cue that stand at the end of what was shown last are showings, unless they have word times of their own.
    One line after another that says the same is no rolling up: some cue has to go on below the line it repeats.
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
                for length in range(min(len(texts), len(shown), _MOST_ROLLED), 0, -1)
                if shown[-length:] == texts[:length] and not any(map(WORD_TIME.search, lines[:length]))
            ),
            0,
        )
        found.append(replace(cue, lines=tuple(lines[again:])))
        shown = texts or shown
    return found

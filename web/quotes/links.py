"""Links to a quote: ``#t=12.34,45.67&w=CHAR_START-CHAR_END&v=HASH8``.

While the transcript is the one that the link was made with, which the first digits of its hash tell, the characters
decide; else the times, which a corrected transcript does not change, and of words around these that nobody says, how
many characters there were. ``t`` alone is a media fragment (W3C Media Fragments 1.0, 4.2.1), which other players know
too.

``static/js/page/quote-link.js`` does the same in the browser; one table of cases tests both.

Conventions
-----------
Seconds of the episode with at most 2 decimals; characters are code points of the transcript's text, half-open.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from urllib.parse import unquote

from aligner.model import Alignment
from aligner.quotes import words_of_chars, words_of_times

_TIME = re.compile(r"(?:npt:)?(\d{1,7}(?:\.\d{1,6})?)?(?:,(\d{1,7}(?:\.\d{1,6})?))?", re.ASCII)
_CHARS = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{8}", re.ASCII)
_LONGEST = 500  # characters of a fragment that is looked at


class Notice(StrEnum):
    """What a person should know of where a link led."""

    CHANGED = "changed"  # the transcript is another one
    MALFORMED = "malformed"  # the link, or a part of it, is none of ours
    NOWHERE = "nowhere"  # nothing of the transcript is there


@dataclass(frozen=True, slots=True)
class Link:
    """What a fragment says; None for what it does not. ``malformed`` is true where a part of it could not be read."""

    start: float | None = None
    end: float | None = None
    chars: tuple[int, int] | None = None
    version: str | None = None
    malformed: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: to words, or to a moment, or nowhere; and what to say of it."""

    words: range | None = None
    start: float | None = None
    notice: Notice | None = None


def link_to(alignment: Alignment, words: range) -> Link:
    """The link to some words; it has no times where nobody says them."""
    first, last = alignment.words[words.start].word, alignment.words[words.stop - 1].word
    spoken = [span for k in words if (span := alignment.words[k].span)]
    start, end = (spoken[0].start, max(span.end for span in spoken)) if spoken else (None, None)
    return Link(start, end, (first.char_start, last.char_end), alignment.version)


def write_fragment(link: Link) -> str:
    """The fragment, without its ``#``.

    Examples
    --------
    >>> write_fragment(Link(12.341, 45.67, (210, 388), "0badcafe"))
    't=12.34,45.67&w=210-388&v=0badcafe'
    """
    parts = []
    if link.start is not None:
        # Outwards, so that what is between the times holds the words whole.
        start = _decimals(math.floor(round(link.start * 100, 4)))
        parts.append(
            f"t={start}" if link.end is None else f"t={start},{_decimals(math.ceil(round(link.end * 100, 4)))}"
        )
    if link.chars:
        parts.append(f"w={link.chars[0]}-{link.chars[1]}")
    if link.version:
        parts.append(f"v={link.version}")
    return "&".join(parts)


def read_fragment(fragment: str) -> Link | None:
    """What a fragment says, None where it does not speak of a quote at all; of a name given twice the last counts."""
    if len(fragment) > _LONGEST:
        return Link(malformed=True)
    parts = (part.partition("=") for part in fragment.removeprefix("#").split("&"))
    given = {name: unquote(value) for name, _, value in parts if name in ("t", "w", "v")}
    if "t" not in given and "w" not in given:
        return None
    start, end = _read_times(given.get("t"))
    chars = _read_chars(given.get("w"))
    version = given.get("v")
    version = version if version is not None and _HASH.fullmatch(version) else None
    unread = (start is None and "t" in given, chars is None and "w" in given, version is None and "v" in given)
    return Link(start, end, chars, version, any(unread))


def resolve(alignment: Alignment, link: Link) -> Target:
    """Where the link leads in this alignment."""
    notice = Notice.MALFORMED if link.malformed else None
    if link.chars and link.version == alignment.version:
        words = words_of_chars(alignment, *link.chars)
        if words:
            return Target(words, link.start, notice)
        notice = Notice.MALFORMED
    elif link.version and link.version != alignment.version:
        notice = notice or Notice.CHANGED
        if words := _words_still_there(alignment, link):
            return Target(words, link.start, notice)
    elif link.chars:  # characters of a transcript that is not named
        notice = Notice.MALFORMED
    if link.start is None or link.start >= alignment.audio.duration:
        return Target(None, None, Notice.MALFORMED if link.malformed else Notice.NOWHERE)
    words = None if link.end is None else words_of_times(alignment, link.start, link.end)
    return Target(words, link.start, notice or (Notice.NOWHERE if link.end is not None and not words else None))


def _words_still_there(alignment: Alignment, link: Link) -> range | None:
    """A link's words in another text, those that nobody says among them: what is said at its very times, with so many
    words around it, which nobody says, as make its characters' number, if there is one way alone. Changes elsewhere in
    the text leave that way, so that no other words can be meant."""
    if link.chars is None or link.start is None or link.end is None:
        return None
    said = words_of_times(alignment, link.start, link.end)
    if not said or write_fragment(_told(link_to(alignment, said))) != write_fragment(_told(link)):
        return None
    length, words, ways = link.chars[1] - link.chars[0], alignment.words, []
    for first in (said.start, *_unsaid(alignment, range(said.start - 1, -1, -1))):
        for last in (said.stop - 1, *_unsaid(alignment, range(said.stop, len(words)))):
            most = words[last].word.char_end - words[first].word.char_start
            if most == length:
                ways.append(range(first, last + 1))
            if most >= length:
                break
    return ways[0] if len(ways) == 1 else None


def _told(link: Link) -> Link:
    """What a link says of times alone."""
    return Link(link.start, link.end)


def _unsaid(alignment: Alignment, numbers: range) -> Iterator[int]:
    """Of words one after the other those that nobody says, to the first that somebody does."""
    return takewhile(lambda k: alignment.words[k].span is None, numbers)


def _read_times(text: str | None) -> tuple[float | None, float | None]:
    found = _TIME.fullmatch(text or "")
    if not found or not any(found.groups()):
        return None, None
    start = float(found[1] or 0)
    if found[2] is None:
        return start, None
    return (start, float(found[2])) if start < float(found[2]) else (None, None)


def _read_chars(text: str | None) -> tuple[int, int] | None:
    found = _CHARS.fullmatch(text or "")
    if not found or int(found[1]) >= int(found[2]):
        return None
    return int(found[1]), int(found[2])


def _decimals(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")

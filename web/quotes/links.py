"""Write links to quotes: ``#t=12.34,45.67&w=CHAR_START-CHAR_END&v=HASH8``.

``static/js/page/quote-link.js`` reads the links. If ``v`` is the hash of the present transcript, the page selects the
characters ``w``. Otherwise the page selects the words at the times ``t``, because corrections of the text do not change
times. ``t`` alone is a media fragment (W3C Media Fragments 1.0, 4.2.1), which other players support. Times are seconds
of the episode with at most 2 decimals; ``w`` is a half-open range of code points of the text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from aligner.model import Alignment


@dataclass(frozen=True, slots=True)
class Link:
    """The values in a link, each None if missing. ``start`` and ``end`` are in seconds, ``chars`` is a range of
    characters, and ``version`` has the first digits of the transcript's hash."""

    start: float | None = None
    end: float | None = None
    chars: tuple[int, int] | None = None
    version: str | None = None


def link_to(alignment: Alignment, words: range) -> Link:
    """Return the link to a range of words. The link has no times if no word is spoken."""
    first, last = alignment.words[words.start].word, alignment.words[words.stop - 1].word
    spoken = [span for k in words if (span := alignment.words[k].span)]
    start, end = (spoken[0].start, max(span.end for span in spoken)) if spoken else (None, None)
    return Link(start, end, (first.char_start, last.char_end), alignment.version)


def write_fragment(link: Link) -> str:
    """Return the URL fragment without ``#``. The start is rounded down and the end up, so that no word is cut off.

    Examples
    --------
    >>> write_fragment(Link(12.341, 45.67, (210, 388), "0badcafe"))
    't=12.34,45.67&w=210-388&v=0badcafe'
    """
    parts = []
    if link.start is not None:
        start = _decimals(math.floor(round(link.start * 100, 4)))
        end = "" if link.end is None else f",{_decimals(math.ceil(round(link.end * 100, 4)))}"
        parts.append(f"t={start}{end}")
    if link.chars:
        parts.append(f"w={link.chars[0]}-{link.chars[1]}")
    if link.version:
        parts.append(f"v={link.version}")
    return "&".join(parts)


def _decimals(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")

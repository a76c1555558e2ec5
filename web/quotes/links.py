"""Links to a quote: ``#t=12.34,45.67&w=CHAR_START-CHAR_END&v=HASH8``.

``static/js/page/quote-link.js`` reads them: while the transcript is the one that the link was made with, which the
first digits of its hash tell, the characters decide; otherwise the times, which a correction of the text leaves as they
are. ``t`` alone is a media fragment (W3C Media Fragments 1.0, 4.2.1), which other players know too.

Times are seconds of the episode with at most 2 decimals; characters are code points of the text, half-open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from aligner.model import Alignment


@dataclass(frozen=True, slots=True)
class Link:
    """What a fragment says; None is what it does not. ``version`` begins the hash of the transcript."""

    start: float | None = None
    end: float | None = None
    chars: tuple[int, int] | None = None
    version: str | None = None


def link_to(alignment: Alignment, words: range) -> Link:
    """Return the link to some words; it has no times if nobody says them."""
    first, last = alignment.words[words.start].word, alignment.words[words.stop - 1].word
    spoken = [span for k in words if (span := alignment.words[k].span)]
    start, end = (spoken[0].start, max(span.end for span in spoken)) if spoken else (None, None)
    return Link(start, end, (first.char_start, last.char_end), alignment.version)


def write_fragment(link: Link) -> str:
    """Return the fragment, without its ``#``. Times are rounded outwards, so that the words between them are whole.

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

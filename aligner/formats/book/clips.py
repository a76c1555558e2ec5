"""When each phrase of a book is lit: clips of the sound, in order and disjoint, on the millisecond."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from aligner.durations import to_milliseconds
from aligner.formats.book.page import Page
from aligner.formats.book.phrases import LONGEST_PAUSE

# A pause in speech belongs to the clip before it: reading systems play clips that touch without a break. What is longer
# is passed over.
_PAUSE_MS = to_milliseconds(LONGEST_PAUSE)
_FADE_MS = 300  # of the sound behind a word, where nothing follows soon


@dataclass(frozen=True, slots=True)
class Clip:
    """A phrase of a page, by its name there, and its stretch of the sound."""

    name: str
    begin_ms: int
    end_ms: int


def clips_of(pages: Iterable[Page], duration: float) -> list[list[Clip]]:
    """The clips of each page; a phrase that the alignment has out of order may have none."""
    found: list[list[Clip]] = []
    spans: list[tuple[list[Clip], str, int, int]] = []
    for page in pages:
        found.append([])
        spans += [(found[-1], name, to_milliseconds(span.start), to_milliseconds(span.end)) for name, span in page.said]
    last = int(duration * 1000)
    cursor = 0
    for (clips, name, start, end), following in pairwise([*spans, ([], "", last + _PAUSE_MS + _FADE_MS, 0)]):
        begin, upcoming = max(cursor, start), following[2]
        if begin < upcoming and upcoming - end <= _PAUSE_MS:
            end = upcoming
        else:
            end += _FADE_MS
        end = min(end, last)
        if begin < end:
            clips.append(Clip(name, begin, end))
            cursor = end
    return found


def total_ms(clips: Iterable[Clip]) -> int:
    """How long the clips are together."""
    return sum(clip.end_ms - clip.begin_ms for clip in clips)

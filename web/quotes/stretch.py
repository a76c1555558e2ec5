"""The sound around a clip, near enough to cut in."""

from __future__ import annotations

from dataclasses import dataclass

from aligner.model import Span
from aligner.publishing.excerpt import Source
from web.errors import WebError

_LONGEST = 30 * 60.0 + 600  # seconds: the longest clip, and its surroundings
_MOST_COLUMNS = 4000


@dataclass(frozen=True, slots=True)
class Stretch:
    """``peaks`` are the loudest moments of as many equal parts of ``span``, 0 to 255, 255 being the loudest of all."""

    span: Span
    peaks: tuple[int, ...]


def stretch_of(source: Source, start: float, end: float, columns: int) -> Stretch:
    """The sound from ``start`` to ``end`` in ``columns`` parts.

    Raises
    ------
    WebError
        There is no such stretch, or it is too long.
    MediaError
        The sound cannot be decoded.
    """
    from media.peaks import levels_between, quantised

    if not (0 <= start < end <= source.alignment.audio.duration + 1 and end - start <= _LONGEST):
        raise WebError("stretch.none", minutes=round(_LONGEST / 60))
    if not 0 < columns <= _MOST_COLUMNS:
        raise WebError("stretch.columns", most=_MOST_COLUMNS)
    levels = levels_between(source.audio, start, end, columns)
    return Stretch(Span(start, end), tuple(quantised(levels, float(levels.max()))))

"""A picture of the frequencies of a stretch of an episode's sound, made by a child."""

from __future__ import annotations

from pathlib import Path

from web.bounded import call
from web.errors import WebError

LONGEST = 60.0
"""Seconds; what is longer is looked at in parts."""

MOST_COLUMNS = 3000


def spectrogram(sound: Path, start: float, end: float, columns: int) -> bytes:
    """The spectrogram from ``start`` to ``end`` in ``columns`` columns, a PNG as ``media.spectrogram`` makes it.

    Raises
    ------
    WebError
        There is no such stretch, or it is too long.
    MediaError
        The sound cannot be decoded.
    Unusable, Busy
        It cannot be drawn within bounds, or not now.
    """
    if not (0 <= start < end and end - start <= LONGEST):
        raise WebError("spectrogram.none", seconds=int(LONGEST))
    if not 0 < columns <= MOST_COLUMNS:
        raise WebError("stretch.columns", most=MOST_COLUMNS)
    return call(_drawn, sound, start, end, columns)


def _drawn(sound: Path, start: float, end: float, columns: int) -> bytes:
    from media.spectrogram import as_mask, spectrogram_between

    return as_mask(spectrogram_between(sound, start, end, columns))

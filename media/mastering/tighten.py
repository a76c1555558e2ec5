"""Which parts of a clip to keep so that its long pauses become short ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from media.mastering.levels import levels_db
from media.waveform import Waveform

_LONG = 0.7  # seconds: a pause from here on sounds like a wait
_LEFT = 0.4  # seconds that are left of it: a breath between sentences
_HOP = 0.005
# Nothing louder is cut out, compared to the voice; a laugh, a breath or music stays.
_BELOW_VOICE_DB = 25.0


def tightened(
    waveform: Waveform, span: tuple[float, float], pauses: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """The parts of ``span`` that are left when the middles of its long ``pauses`` are cut out; in order, disjoint.

    A pause in which something sounds is left as it is.
    """
    levels = levels_db(waveform, _HOP)
    voice = float(np.percentile(levels, 95))
    parts, begin = [], span[0]
    for start, end in pauses:
        if end - start <= _LONG:
            continue
        low, high = round(start + _LEFT / 2, 3), round(end - _LEFT / 2, 3)
        middle = levels[int(low / _HOP) : int(high / _HOP) + 1]
        if len(middle) and middle.max() < voice - _BELOW_VOICE_DB:
            parts.append((begin, low))
            begin = high
    return [*parts, (begin, span[1])]

"""Whether the channels of a sound cancel each other where they are mixed into one, as all is listened to."""

from __future__ import annotations

from pathlib import Path

_RATE, _SOUGHT_SECONDS = 16_000, 600.0
_LOUD = 0.01  # of full scale: a block with less tells nothing
_LEFT = 0.03  # of what is heard, in the mix: encoders leave some


def cancel_out(path: Path) -> bool:
    """Whether the right channel is the left one turned over, by the first half minute in which there is something.

    Raises
    ------
    MediaError
        It cannot be decoded.
    """
    import numpy as np

    from media.decode import sound_blocks

    for _, block in sound_blocks(path, _RATE, end=_SOUGHT_SECONDS, channels=2):
        heard, mixed = float(np.abs(block).max()), float(np.abs(block.sum(axis=1)).mean() / 2)
        if heard >= _LOUD:
            return mixed < _LEFT * float(np.abs(block).mean())
    return False

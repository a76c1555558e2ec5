"""New sounds made of pieces of others, to the sample."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from media.decode import audio_blocks
from tests.bench.recordings import RATE, write_wave


@dataclass(frozen=True)
class Piece:
    """What a sound has from a second to another, or to its end."""

    path: Path
    start: float
    end: float | None


def recut(path: Path, *pieces: Piece) -> Path:
    """A WAV file of pieces, one after the other."""
    samples = np.concatenate(
        [block for each in pieces for _, block in audio_blocks(each.path, RATE, each.start, each.end)]
    )
    write_wave(path, samples)
    return path

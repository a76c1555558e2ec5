"""A stretch of sound in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from media.container import sound_format
from media.decode import sound_blocks
from media.errors import DecodeError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# What every codec that clips are written in takes, and no ear misses what lies above.
_HIGHEST_RATE = 48_000


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """Samples as float32 of shape (n, channels), one or two channels, 1.0 being full scale; ``rate`` per second."""

    samples: NDArray[np.float32]
    rate: int

    @property
    def duration(self) -> float:
        return len(self.samples) / self.rate

    @property
    def channels(self) -> int:
        return int(self.samples.shape[1])

    def between(self, start: float, end: float) -> Waveform:
        """The part between two of its times, which shares the samples."""
        return Waveform(self.samples[round(start * self.rate) : round(end * self.rate)], self.rate)


def read_waveform(path: Path, start: float = 0.0, end: float | None = None) -> Waveform:
    """The sound of ``path`` between two times, at its own rate up to 48 kHz; mono stays mono, all else is stereo.

    Raises
    ------
    DecodeError
        The file is missing, unreadable or not sound, or nothing of it is there.
    NoAudioError
        It has no sound track.
    """
    import numpy as np

    rate, channels = sound_format(path)
    rate, channels = min(rate, _HIGHEST_RATE), min(channels, 2)
    blocks = [samples for _, samples in sound_blocks(path, rate, start, end, channels=channels)]
    if not blocks:
        raise DecodeError("{path}: has no sound from {start:.1f} s on", path=path, start=start)
    return Waveform(np.concatenate(blocks), rate)

"""Decoded frames as samples of one rate and layout.

A frame holds some 25 ms. The resampler costs as much for each of them as decoding does, so they are given to it a few
seconds at a time; what comes out is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

_TOGETHER = 5.0  # seconds


class Resampling:
    """Makes frames of one kind, each following the one before, mono float32 samples at ``rate``, or, with ``channels``
    (1 or 2), samples of shape (n, channels); each piece comes with the number of its first sample, ``index`` at first.
    """

    def __init__(self, rate: int, channels: int | None, index: int = 0) -> None:
        import av

        self._resampler: Any = av.AudioResampler(format="flt", layout="stereo" if channels == 2 else "mono", rate=rate)
        self._shape = (-1,) if channels is None else (-1, channels)
        self._waiting = av.AudioFifo()
        self._index = index

    def feed(self, frame: Any) -> Iterator[tuple[int, Samples]]:
        """Take a frame, whose time stamp is dropped: the resampler would fill holes between them by its own rules."""
        frame.pts = None
        self._waiting.write(frame)
        if self._waiting.samples >= _TOGETHER * frame.sample_rate:
            yield from self._resampled(self._waiting.read())

    def rest(self) -> Iterator[tuple[int, Samples]]:
        """What is still held; nothing can be fed after it."""
        if self._waiting.samples:
            yield from self._resampled(self._waiting.read())
        yield from self._resampled(None)

    def _resampled(self, frame: Any) -> Iterator[tuple[int, Samples]]:
        for out in self._resampler.resample(frame):
            if out is not None and out.samples:
                yield self._index, out.to_ndarray().reshape(self._shape)
                self._index += out.samples

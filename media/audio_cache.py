"""Store decoded audio on the disk, so that it can be read again without decoding.

Conventions
-----------
- Samples are mono float32, exactly as they were decoded.
- The file has no name, so that the system deletes the file when the process ends, even after a crash.
- The cache only saves time. If the disk is full or the audio is very long, nothing is stored.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Self

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

_SAMPLE_BYTES = 4

# Two hours at 16 kHz: the system's temporary folder may be in memory.
_MOST_BYTES = 500_000_000


class AudioCache:
    """A cache of the decoded samples of one recording, at ``rate`` samples per second.

    Use the cache as a context manager; the samples are deleted when the ``with`` block ends. ``is_complete`` says
    whether ``storing`` has stored the whole recording. Only then can ``blocks`` be called."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._file: IO[bytes] | None = None
        self._samples = 0
        self.is_complete = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._discard()

    def storing(self, blocks: Iterable[tuple[float, Samples]]) -> Iterator[tuple[float, Samples]]:
        """Store each of the ``blocks`` of a recording, (start in seconds, samples), and yield the block unchanged."""
        self._begin()
        for at, samples in blocks:
            self._store(samples)
            yield at, samples
        self.is_complete = self._file is not None

    def blocks(
        self, start: float = 0.0, end: float | None = None, block: float = 30.0
    ) -> Iterator[tuple[float, Samples]]:
        """Yield the stored audio from ``start`` to ``end`` (None: to the end), ``block`` seconds at a time.

        Yields (start in seconds, samples). Raises ValueError unless ``is_complete``, OSError if the disk fails."""
        import numpy as np

        if self._file is None or not self.is_complete:
            raise ValueError("nothing is stored")
        at, size = round(start * self._rate), max(1, round(block * self._rate))
        last = self._samples if end is None else min(self._samples, round(end * self._rate))
        while at < last:
            self._file.seek(at * _SAMPLE_BYTES)
            samples = np.empty(min(size, last - at), np.float32)
            if self._file.readinto(samples) < samples.nbytes:  # type: ignore[attr-defined]
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            yield at / self._rate, samples
            at += len(samples)

    def _begin(self) -> None:
        self._discard()
        try:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by _discard
        except OSError:
            self._file = None  # no temporary folder: the audio is decoded again

    def _store(self, samples: Samples) -> None:
        if self._file is None:
            return
        self._samples += len(samples)
        try:
            if self._samples * _SAMPLE_BYTES <= _MOST_BYTES:
                self._file.write(samples.data)
                return
        except OSError:
            pass  # the disk is full: the audio is decoded again
        self._discard()

    def _discard(self) -> None:
        file, self._file = self._file, None
        self._samples, self.is_complete = 0, False
        if file is not None:
            file.close()

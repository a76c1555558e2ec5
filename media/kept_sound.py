"""Sound that is decoded once and read again: its samples, on the disk while somebody works with them.

Conventions
-----------
- Samples are mono float32, as decoding made them: who reads them gets the same bits as who decoded.
- The file has no name, and is gone with its owner, however that ends.
- Keeping does nothing but save time. Where there is no room, or the sound is very long, nothing is kept.
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

# Two hours at 16 kHz: where temporary files lie may be memory.
_MOST_BYTES = 500_000_000


class KeptSound:
    """The samples of one sound, ``rate`` a second, which can be read once all of them went through ``keeping``.

    A context manager; what was kept is gone when it is left.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._file: IO[bytes] | None = None
        self._samples = 0
        self.is_whole = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._forget()

    def keeping(self, blocks: Iterable[tuple[float, Samples]]) -> Iterator[tuple[float, Samples]]:
        """Pass the blocks on, which follow each other from second 0 to the sound's end, and keep them on the way."""
        self._begin()
        for at, samples in blocks:
            self._keep(samples)
            yield at, samples
        self.is_whole = self._file is not None

    def blocks(
        self, start: float = 0.0, end: float | None = None, block: float = 30.0
    ) -> Iterator[tuple[float, Samples]]:
        """The sound from ``start`` to ``end``, in blocks as ``media.decode.sound_blocks`` gives them.

        Raises OSError: the disk fails.
        """
        import numpy as np

        if self._file is None or not self.is_whole:
            raise ValueError("no sound was kept")
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
        self._forget()
        try:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when nothing is kept any more
        except OSError:
            self._file = None  # no place for temporary files: the sound is decoded again

    def _keep(self, samples: Samples) -> None:
        if self._file is None:
            return
        self._samples += len(samples)
        try:
            if self._samples * _SAMPLE_BYTES <= _MOST_BYTES:
                self._file.write(samples.data)
                return
        except OSError:
            pass  # no room: the sound is decoded again
        self._forget()

    def _forget(self) -> None:
        file, self._file = self._file, None
        self._samples, self.is_whole = 0, False
        if file is not None:
            file.close()

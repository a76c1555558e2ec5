"""Clips in one ZIP, made while it is sent: nothing is written to disk, and no file is in memory as a whole."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from web.quotes.clips import Clip

_BLOCK_BYTES = 1 << 20


class _Outlet(io.RawIOBase):
    """What was written since it was last emptied; it cannot seek, so the ZIP is written straight on."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        block = bytes(data)  # type: ignore[call-overload]
        self._waiting += block
        return len(block)

    def empty(self) -> bytes:
        taken, self._waiting = bytes(self._waiting), bytearray()
        return taken


def zipped(clips: Iterable[Clip]) -> Iterator[bytes]:
    """The ZIP of all files of the clips, a piece at a time and each file once.

    Sound does not shrink, so nothing is packed.

    Raises
    ------
    OSError
        A file is gone or cannot be read; what was sent until then is no whole ZIP, and programs say so.
    """
    outlet = _Outlet()
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as archive:
        for name, path in _files(clips):
            entry = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
            with path.open("rb") as source, archive.open(entry, "w") as target:
                while block := source.read(_BLOCK_BYTES):
                    target.write(block)
                    yield outlet.empty()
    yield outlet.empty()


def _files(clips: Iterable[Clip]) -> Iterator[tuple[str, Path]]:
    sent = set()
    for clip in clips:
        for name, path in clip.files.items():
            if name not in sent:
                sent.add(name)
                yield name, path

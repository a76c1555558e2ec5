"""Clips that are taken along, in one ZIP; it is made before it is sent: the server sends files without a thread that
waits for who reads them.

Its entries have names that are safe wherever it is unpacked, each another one; those of a clip and of what lies beside
it go on beginning alike.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, cast

from aligner.storage.file_names import composed, parted, safe_name
from media.safe_fs import OutsideError, open_regular, status_of
from web.clips.folder import MadeClip
from web.errors import Full, NotFound

_BLOCK_BYTES = 1 << 20
_LEFT_BYTES = 100_000_000  # of the disk, for everything else
_LONGEST_BYTES = 230  # of a name's 255, the rest being for numbers


def bundled(clips: Iterable[MadeClip]) -> BinaryIO:
    """The ZIP of all files of the clips, each once, as a file without a name, which is gone when it is closed.

    Sound does not shrink, so nothing is packed.

    Raises
    ------
    NotFound
        A file is gone, or cannot be read.
    Full
        There is not the room for them all.
    """
    names = _entry_names(path for clip in clips for path in clip.files.values())
    file = tempfile.TemporaryFile()  # noqa: SIM115 - who sends it closes it
    try:
        _make_sure_of_room(sum(status_of(path).st_size for path in names))
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for path, name in names.items():
                with open_regular(path) as source, archive.open(_entry(source.fileno(), name), "w") as target:
                    shutil.copyfileobj(source, target, _BLOCK_BYTES)
    except BaseException as error:
        file.close()
        if isinstance(error, FileNotFoundError | OutsideError):
            raise NotFound("clips.gone") from error
        raise
    return cast(BinaryIO, file)


def _make_sure_of_room(size_bytes: int) -> None:
    if shutil.disk_usage(tempfile.gettempdir()).free < size_bytes + _LEFT_BYTES:
        raise Full("error.507")


def _entry(number: int, name: str) -> zipfile.ZipInfo:
    """The entry of the file with that descriptor; one that was changed at no time that a calendar has is of 1980."""
    try:
        return zipfile.ZipInfo.from_file(number, name, strict_timestamps=False)  # type: ignore[arg-type]
    except (OverflowError, OSError):
        entry = zipfile.ZipInfo(name)
        entry.file_size = os.fstat(number).st_size
        return entry


def _entry_names(paths: Iterable[Path]) -> dict[Path, str]:
    """What each file is called."""
    stems, names = _Once(), _Once()
    begun: dict[str, str] = {}  # what the names begin with, by what those of the files do
    found: dict[Path, str] = {}
    for path in paths:
        if path not in found:
            stem, ending = parted(safe_name(path.name, "clip", _LONGEST_BYTES))
            if path.stem not in begun:
                begun[path.stem] = stems.taking(stem)
            found[path] = names.taking(begun[path.stem], ending)
    return found


class _Once:
    """Names that are given once each, with a number if need be; their case does not tell them apart."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: Counter[str] = Counter()  # the last, by name

    def taking(self, stem: str, ending: str = "") -> str:
        key = _folded(f"{stem}{ending}")
        while True:
            self._numbers[key] += 1
            number = self._numbers[key]
            name = f"{stem}{ending}" if number == 1 else f"{stem} {number}{ending}"
            if _folded(name) not in self._taken:
                self._taken.add(_folded(name))
                return name


def _folded(name: str) -> str:
    """What a name has in common with those that some system takes for the same."""
    return composed(name.casefold())

"""Clips that are taken along, in one ZIP; it is made before it is sent: the server sends files without a thread that
waits for who reads them.

Its entries have names that are safe wherever it is unpacked, each another one.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from itertools import count
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
                with open_regular(path) as source:
                    entry = zipfile.ZipInfo.from_file(source.fileno(), name, strict_timestamps=False)  # type: ignore[arg-type]
                    with archive.open(entry, "w") as target:
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


def _entry_names(paths: Iterable[Path]) -> dict[Path, str]:
    """Return what each file is called: with a number where another one has its name, but for the case."""
    names: dict[Path, str] = {}
    taken: set[str] = set()
    for path in paths:
        if path not in names:
            stem, ending = parted(safe_name(path.name, "clip", _LONGEST_BYTES))
            wanted = (f"{stem} {number}{ending}" if number > 1 else f"{stem}{ending}" for number in count(1))
            names[path] = next(name for name in wanted if composed(name.casefold()) not in taken)
            taken.add(composed(names[path].casefold()))
    return names

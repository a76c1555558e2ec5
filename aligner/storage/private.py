"""Writing what nobody but this user is to read, such as addresses that let in whoever has them."""

from __future__ import annotations

from pathlib import Path

from aligner.storage.atomic import replacing
from media.appending import append
from media.moving import keep_private


def write_private(path: Path, content: bytes) -> None:
    """Write ``content``, all of it or nothing, where the system has such rights for nobody but this user to read.

    Raises
    ------
    OutputError
        As ``replacing``.
    """
    with replacing(path) as beside:
        keep_private(beside)  # before anything is in it
        append(beside, content, 0)

"""What has a name in a folder and is no file."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NO_FILES = ("fifo", "socket", "device")


@contextmanager
def standing_at(path: Path, kind: str) -> Iterator[None]:
    """While this lasts, something of the ``kind`` stands at ``path``."""
    with socket.socket(socket.AF_UNIX) as made:
        match kind:
            case "fifo":
                os.mkfifo(path)
            case "socket":
                made.bind(str(path))
            case "device":
                path.symlink_to("/dev/zero")
        yield

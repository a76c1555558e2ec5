"""Making a file longer so that it lasts: what was put at its end lies on the disk, or the file is as it was."""

from __future__ import annotations

import contextlib
from pathlib import Path

from media.moving import is_taken, open_kept, remove_file
from media.temporary import flush_names, sync


def take_back(path: Path, after_bytes: int) -> None:
    """Take away what was put after the first ``after_bytes`` of a file; one of which nothing is left goes.

    Raises
    ------
    OSError
        It cannot be changed.
    """
    if after_bytes:
        append(path, b"", after_bytes)
    else:
        remove_file(path)


def append(path: Path, content: bytes, after_bytes: int) -> None:
    """Put ``content`` after the first ``after_bytes`` of the file at ``path``, which is made where it is not there;
    what followed them goes.

    Raises
    ------
    OSError
        It cannot be written, or the disk is full. What followed may have gone then, too.
    """
    is_new = not is_taken(path)
    try:
        with open_kept(path) as file:
            file.truncate(after_bytes)
            file.seek(after_bytes)
            try:
                left = memoryview(content)
                while left:
                    left = left[file.write(left) :]
                sync(file.fileno())
            except OSError:
                file.truncate(after_bytes)
                raise
    except OSError:
        if is_new:
            with contextlib.suppress(OSError):  # the first error is the one to tell
                remove_file(path)
        raise
    if is_new:
        flush_names(path.parent)

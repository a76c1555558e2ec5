"""Writing files so that a reader finds the old content or the new, never half of it."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aligner.errors import OutputError


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path`` to write to; on leaving without an error, rename it to ``path``.

    Raises
    ------
    OutputError
        The folder cannot be written, or the disk is full. Nothing is left behind then, nor on Ctrl-C.
    """
    if path.is_dir():
        raise OutputError(f"{path}: is a folder, expected to write a file there")
    try:
        handle, name = tempfile.mkstemp(prefix=".quotecast-", suffix=path.suffix, dir=path.parent)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); choose another folder with -o") from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 with its line ends as they are, all of it or nothing.

    Raises
    ------
    OutputError
        As ``replacing``.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

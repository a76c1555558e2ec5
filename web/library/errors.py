"""What is wrong with a file that was sent, told without where it lies."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from aligner.errors import AlignerError
from media.errors import MediaError
from web.errors import Unusable


@contextlib.contextmanager
def told_by_name(path: Path, field: str) -> Iterator[None]:
    """Tell what is wrong with a file by its name alone: its folder is no business of who sent it."""
    try:
        yield
    except (AlignerError, MediaError) as error:
        raise Unusable("upload.unusable", field, reason=str(error).replace(f"{path.parent}{os.sep}", "")) from error

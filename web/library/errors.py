"""What the library refuses, told by a key of the catalogue, so that each reader gets it in their language."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from aligner.errors import AlignerError
from media.errors import MediaError
from web.errors import WebError


class Unusable(WebError):
    """Something that was given cannot be used; ``field`` names the field of the form, where there is one."""

    status = 422

    def __init__(self, key: str, field: str | None = None, **values: object) -> None:
        super().__init__(key)
        self.key, self.field, self.values = key, field, values

    def sentence(self) -> str:
        from web.filters import decimal
        from web.languages import t

        values = {name: decimal(value) if isinstance(value, float) else value for name, value in self.values.items()}
        return t(self.key, **values)


class UploadTooLarge(Unusable):
    """More was sent than is accepted."""

    status = 413


class NotThere(Unusable):
    """An upload or a removed episode is no longer where it was."""

    status = 404


class InTheWay(Unusable):
    """What was asked for does not go together with what is there."""

    status = 409


@contextlib.contextmanager
def told_by_name(path: Path, field: str) -> Iterator[None]:
    """Tell what is wrong with a file by its name alone: its folder is no business of who sent it."""
    try:
        yield
    except (AlignerError, MediaError) as error:
        raise Unusable("upload.unusable", field, reason=str(error).replace(f"{path.parent}{os.sep}", "")) from error

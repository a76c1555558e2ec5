"""A small picture of each clip. A child makes it once, and it is kept until the clip's file changes; where none can be
made, that is kept as well."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from media.errors import MediaError
from web.bounded import call
from web.caching import until_changed
from web.clips.folder import is_video
from web.errors import NotFound, Unusable

_AT_HAND = 1000  # some 10 kB each


@dataclass(frozen=True, slots=True)
class Still:
    """A picture as a file of that media type."""

    content: bytes
    mimetype: str


def still_of(file: Path) -> Still | None:
    """The picture of a clip; None where none can be made of it.

    Raises
    ------
    NotFound
        The clip is not there any more.
    Busy
        It cannot be made now.
    """
    try:
        return _still(file)
    except OSError as error:
        raise NotFound("clips.gone") from error


@until_changed(_AT_HAND)
def _still(file: Path) -> Still | None:
    try:
        return call(_made, file)
    except (MediaError, Unusable):
        return None


def _made(file: Path) -> Still:
    from media.stills import drawn_sound, first_frame

    return Still(first_frame(file), "image/jpeg") if is_video(file) else Still(drawn_sound(file), "image/png")

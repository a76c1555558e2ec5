"""What a sound or a picture that was sent says of itself, before any work starts."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aligner.publication import iso_date, published_date
from media.errors import DecodeError, NoPictureError, UserError
from media.pictures import PictureFormat
from web.bounded import call
from web.errors import Unusable

_MICROSECONDS = 1_000_000
_COVER_ENDINGS: dict[PictureFormat, str] = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}

COVER_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
"""What a cover is served as, by its ending; others are not served."""


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A sound's tags where they are of use in a form, and its length in seconds as the header has it, None unknown."""

    title: str | None
    show: str | None
    date: str | None
    duration: float | None


def look_at(path: Path) -> SoundFile:
    """What is known of the sound in ``path``.

    Raises
    ------
    Unusable
        It is no sound, or damaged at its beginning.
    """
    with blaming_field("audio"):
        return call(_look_at, path)


def _look_at(path: Path) -> SoundFile:
    from media.container import read_tags

    duration = _stated_duration(path)
    tags = read_tags(path)
    return SoundFile(tags.title, tags.album, _day(tags.date), duration)


def check_sound(path: Path) -> None:
    """Make sure that there is sound in the file.

    Raises
    ------
    Unusable
        There is none.
    """
    with blaming_field("audio"):
        call(_stated_duration, path)


def _stated_duration(path: Path) -> float | None:
    """The length in seconds as the header has it, None where it has none."""
    from media.container import EXPECTED, open_container

    with contextlib.closing(open_container(path)) as container:
        if not container.streams.audio:
            raise DecodeError("{path}: has no sound; {expected}", path=path.name, expected=EXPECTED)
        return container.duration / _MICROSECONDS if container.duration else None


def cover_name(picture: Path) -> str:
    """The name that a picture gets as a cover, by what it is and not by what it is called.

    Raises
    ------
    Unusable
        It is no JPEG, PNG or WebP, is damaged, or has too many pixels.
    """
    with blaming_field("cover"):
        return call(_cover_name, picture)


def _cover_name(picture: Path) -> str:
    from media.pictures import format_of

    try:
        return f"cover{_COVER_ENDINGS[format_of(picture)]}"
    except NoPictureError as error:
        raise Unusable("upload.no_picture", "cover") from error


@contextlib.contextmanager
def blaming_field(field: str) -> Iterator[None]:
    """Tell what is wrong with a file beside the field in which it was given."""
    try:
        yield
    except Unusable as error:
        error.field = error.field or field
        raise
    except UserError as error:
        raise Unusable("upload.unusable", field, reason=error.message) from error


def _day(text: str | None) -> str | None:
    """A date if it is a whole one: a year alone is no use in a form that asks for a day."""
    return iso_date(published_date(text or "") or "")

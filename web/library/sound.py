"""What a sound file says of itself, without decoding it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from web.library.errors import told_by_name

_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound's tags where they are of use in a form, and its length in seconds as the header has it, None unknown."""

    title: str | None
    show: str | None
    date: str | None
    duration: float | None


def look_at(path: Path) -> Sound:
    """What is known of the sound in ``path``.

    Raises
    ------
    Unusable
        It is no sound, or damaged at its beginning.
    """
    from media.container import read_tags

    duration = check_sound(path)
    tags = read_tags(path)
    return Sound(tags.title, tags.album, _day(tags.date), duration)


def check_sound(path: Path) -> float | None:
    """The length in seconds as the header has it, None where it has none.

    Raises
    ------
    Unusable
        There is no sound in the file.
    """
    from media.container import EXPECTED, open_container
    from media.errors import DecodeError

    with told_by_name(path, "audio"), closing(open_container(path)) as container:
        if not container.streams.audio:
            raise DecodeError(f"{path.name}: has no sound; {EXPECTED}")
        return container.duration / _MICROSECONDS if container.duration else None


def _day(text: str | None) -> str | None:
    """A date if it is a whole one: a year alone is no use in a form that asks for a day."""
    try:
        return date.fromisoformat((text or "")[:10]).isoformat()
    except ValueError:
        return None

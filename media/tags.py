"""What a sound file says of itself."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from media.container import open_container

_LONGEST = 500  # characters; a tag past that is no title


@dataclass(frozen=True, slots=True)
class Tags:
    """Title, album or show, and date as the file's tags give them; None where they do not."""

    title: str | None = None
    album: str | None = None
    date: str | None = None


def read_tags(path: Path) -> Tags:
    """The tags of ``path``, their characters repaired if need be; empty ones where it has none.

    Raises
    ------
    DecodeError
        The file cannot be opened as sound or video.
    """
    with closing(open_container(path)) as container:
        found = dict(container.metadata)
        for stream in container.streams.audio:
            found = {**stream.metadata, **found}
    folded = {key.lower(): " ".join(value.split())[:_LONGEST] for key, value in found.items()}
    return Tags(folded.get("title") or None, folded.get("album") or None, folded.get("date") or None)

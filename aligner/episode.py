"""What is known of an episode as a publication: from the user, else from the sound's tags, else from its name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aligner.errors import AlignerError
from aligner.model import Episode
from aligner.storage.audio_lookup import seen_from


def describe_episode(audio: Path, given: Mapping[str, str | None], folder: Path, title: str | None = None) -> Episode:
    """The episode's details as an alignment in ``folder`` holds them; what nobody says is None.

    ``given`` holds what the user said, by field of ``Episode``; ``title`` is the transcript's own, which comes before
    the file's name.

    Raises
    ------
    MediaError
        The audio cannot be opened.
    """
    from media.container import read_tags

    tags, cover = read_tags(audio), given.get("cover")
    return Episode(
        title=given.get("title") or tags.title or title or audio.stem,
        show=given.get("show") or tags.album,
        date=given.get("date") or tags.date,
        url=given.get("url"),
        cover=seen_from(folder, Path(cover)) if cover else None,
    )


def check_cover(cover: str | None) -> None:
    """Find out before the work whether the cover is there.

    Raises
    ------
    AlignerError
        No file has that path.
    """
    try:
        there = cover is None or Path(cover).is_file()
    except OSError as error:
        raise AlignerError(f"{cover}: cannot be read ({error.strerror}); --cover expects a picture") from error
    if not there:
        raise AlignerError(f"{cover}: no such file; --cover expects a picture")

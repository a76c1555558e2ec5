"""An episode's publishing, place by place, worked out by a child: files and their names, tags, what is outside limits.

No file is made before it is asked for, but those whose size is looked at.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from aligner.feeds.tags import PLACEHOLDER, enclosure, episode_tags
from aligner.formats import FORMATS, Format, Material, kept_or_why, lost_of, said_of
from aligner.formats.cast import embedding
from aligner.formats.chapter_lines import chapter_lines
from aligner.formats.epub import is_encoded
from aligner.formats.places import PLACES, Place, checked, passed
from aligner.model import Alignment
from aligner.published_names import upload_name
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import FileState, state_of
from aligner.storage.audio_lookup import find_cover
from aligner.storage.file_names import QUOTES
from media.container import stated_duration
from media.errors import Message
from media.safe_fs import new_file, open_regular
from media.temporary import scratch_folder
from web.bounded import call
from web.errors import Conflict, NotFound
from web.sending import type_of

_AT_HAND = 16  # episodes, each of some 10 KB, with many quotes 1 MB
_ENCODED_AT_ONCE = 1200.0  # seconds of sound, which take 5 to 20 of the 30 that a call has of a processor


@dataclass(frozen=True, slots=True)
class Row:
    """A place by its name, the files to upload there by theirs; what is to be told of them, and what was looked at and
    is within the place's limits."""

    name: str
    files: dict[str, Format]
    told: tuple[Message, ...]
    within: tuple[Message, ...]

    @property
    def place(self) -> Place:
        return PLACES[self.name]


@dataclass(frozen=True, slots=True)
class Sound:
    """The sound that was aligned, and how its name ends where it is taken away: ``endings``, that of what is given now
    first, and of what is given where it was taken before it was prepared, or will be once it is. ``exact`` is what was
    prepared of it, in which any moment is found; None where that is still to be done."""

    path: Path
    endings: tuple[str, ...]
    exact: Path | None = None

    def name_of(self, alignment: Alignment) -> str:
        """What it is called beside the files."""
        return f"{upload_name(alignment.audio.file, alignment.episode.title)}{self.endings[0].lower()}"

    @property
    def media_type(self) -> str:
        return type_of(self.path.with_suffix(self.endings[0]))


@dataclass(frozen=True, slots=True)
class Publishing:
    """The places, the episode's tags, its chapters as lines; what shows the player on a page, and what the feed says of
    the recording with chapters in place of the other, empty without."""

    rows: tuple[Row, ...]
    tags: tuple[str, ...]
    lines: tuple[str, ...]
    embedding: str
    enclosure: str


@dataclass(frozen=True, slots=True)
class Made:
    """A ``file`` that was made to be sent, how it is called and what it is; ``done`` removes it once it is closed."""

    name: str
    format: Format
    file: BinaryIO
    done: Callable[[], None]


def publishing_at(path: Path, name: str, sound: Sound | None, base: str | None = None) -> Publishing:
    """What to publish of the alignment at ``path``, whose episode is called ``name`` where it has no title, with files
    that will lie under the address ``base``.

    Raises
    ------
    AlignmentError, OSError
        It is not there, or damaged.
    Unusable, Busy
        It cannot be worked out within bounds, or not now.
    """
    states = tuple(map(_state, (path, path.with_name(QUOTES), sound.path if sound else None)))
    return _known(path, name, sound, base, states)


@lru_cache(maxsize=_AT_HAND)
def _known(
    path: Path, name: str, sound: Sound | None, base: str | None, _states: tuple[FileState | None, ...]
) -> Publishing:
    return call(_publishing, path, name, sound, base)


def _state(path: Path | None) -> FileState | None:
    """None of what is not there."""
    try:
        return state_of(path) if path else None
    except OSError:
        return None


def format_at(place: str, format: str) -> Format:
    """A format that a place takes.

    Raises
    ------
    NotFound
        It takes none such.
    """
    if place not in PLACES or FORMATS.get(format) not in PLACES[place].formats:
        raise NotFound("error.404")
    return FORMATS[format]


def made_at(path: Path, name: str, sound: Sound | None, place: str, format: Format) -> Made:
    """The file of that format for a place, made in a folder for temporary files.

    Raises
    ------
    NotFound
        The episode has nothing for it.
    Conflict
        It holds the sound in another form, which is still to be prepared.
    AlignmentError, FormatError, MediaError, OSError, Unusable, Busy
        As ``publishing_at``; the file cannot be made.
    """
    with contextlib.ExitStack() as stack:
        made = stack.enter_context(scratch_folder()) / "made"
        called = call(_make, path, name, sound, place, format, made)
        if called is None:
            raise NotFound("error.404")
        return Made(called, format, open_regular(made), stack.pop_all().close)


def _publishing(path: Path, name: str, sound: Sound | None, base: str | None) -> Publishing:
    material, told = _material(path, name, sound)
    tags = episode_tags(material, base or PLACEHOLDER)
    of_tags = (*tags.left_out, *tags.notes, *told)
    rows = tuple(
        Row(
            place.name,
            place.files(material),
            (*checked(place, material), *(of_tags if place.has_tags else ())),
            passed(place, material),
        )
        for place in PLACES.values()
    )
    return Publishing(
        rows,
        tuple(tag.written() for tag in tags.tags),
        chapter_lines(material).lines,
        _embedding(material, rows, base or ""),
        enclosure(material, base or PLACEHOLDER) or "",
    )


def _embedding(material: Material, rows: Sequence[Row], base: str) -> str:
    """Return what shows the player where a place has it."""
    for row in rows:
        names = {of.name: name for name, of in row.files.items()}
        if row.place.has_player and "cast" in names:
            return embedding(material, names["cast"], names.get("transcript-html"), base)
    return ""


def _make(path: Path, name: str, sound: Sound | None, place: str, format: Format, made: Path) -> str | None:
    """What the file is called that was written to ``made``; None where there is nothing to write."""
    material, _ = _material(path, name, _in_a_book(sound) if sound and format.name == "epub" else sound)
    called = next((each for each, of in PLACES[place].files(material).items() if of == format), None)
    if called is not None:
        with new_file(made) as file:
            format.write_to(material, file)
    return called


def _in_a_book(sound: Sound) -> Sound:
    """The sound as it was prepared, where a book cannot hold it as it is; to encode a long one is beyond a call."""
    if not is_encoded(sound.path):
        return sound
    if sound.exact is None and (stated_duration(sound.path) or 0.0) > _ENCODED_AT_ONCE:
        raise Conflict("publish.unprepared")
    return replace(sound, path=sound.exact or sound.path)


def _material(path: Path, name: str, sound: Sound | None) -> tuple[Material, list[Message]]:
    """What formats are written from, and why that has no quotes where they cannot be read."""
    alignment, find = read_alignment(path), (lambda: sound.path) if sound else None
    cover = find_cover(alignment, path)
    kept, why = kept_or_why(path.parent, alignment)
    uploaded = upload_name(alignment.audio.file, alignment.episode.title)
    beside = [f"{uploaded}{ending.lower()}" for ending in (sound.endings if sound else ())]
    called = beside[0] if beside else None
    return Material(alignment, name, said_of(kept), find, cover, called, beside[1:], lost_of(kept)), why

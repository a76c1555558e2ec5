"""An episode's publishing, target by target, worked out by a child: files and their names, tags, what exceeds limits.

No file is made before it is asked for, but those whose size is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from aligner.feeds.tags import PLACEHOLDER, enclosure, episode_tags
from aligner.formats import FORMATS, Format, Material, kept_or_why, lost_of, said_of
from aligner.formats.chapters import lines_of
from aligner.formats.embed import embedding
from aligner.formats.epub import is_encoded
from aligner.formats.places import PLACES, Place, checked
from aligner.model import Alignment
from aligner.outputs import upload_name
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import FileState, state_of
from aligner.storage.file_names import QUOTES, find_cover
from media.decode import stated_duration
from media.errors import Message
from media.safe_fs import new_file
from web.errors import Conflict, NotFound
from web.sending import type_of
from web.worker_pool import call

_AT_HAND = 16  # episodes, each of some 10 KB, with many quotes 1 MB
_ENCODED_AT_ONCE = 1200.0  # seconds of sound, which take 5 to 20 of the 30 that a call has of a processor


@dataclass(frozen=True, slots=True)
class Row:
    """A target by its name, the files to upload there by theirs, and what to say of them."""

    name: str
    files: dict[str, Format]
    told: tuple[Message, ...]

    @property
    def place(self) -> Place:
        return PLACES[self.name]


@dataclass(frozen=True, slots=True)
class Sound:
    """The audio that was aligned, and how its name may end where it is taken away: as what is given now first, else as
    what is given before, or after, it is prepared. ``exact`` is what was prepared of it; None until that is done."""

    path: Path
    endings: tuple[str, ...]
    exact: Path | None = None

    def name_of(self, alignment: Alignment) -> str:
        """Return what it is called beside the files."""
        return f"{upload_name(alignment.audio.file, alignment.episode.title)}{self.endings[0].lower()}"

    @property
    def media_type(self) -> str:
        return type_of(self.path.with_suffix(self.endings[0]))


@dataclass(frozen=True, slots=True)
class Publishing:
    """The targets, the episode's tags, its chapters as lines; what shows the player on a page, and what the feed says
    of the recording with chapters in place of the other, empty without."""

    rows: tuple[Row, ...]
    tags: tuple[str, ...]
    lines: tuple[str, ...]
    embedding: str
    enclosure: str


def publishing_at(path: Path, name: str, sound: Sound | None, base: str | None = None) -> Publishing:
    """Return what to publish of the alignment at ``path``, whose episode is called ``name`` where it has no title, with
    files that will lie under the address ``base``. Raises AlignmentError, OSError: it is not there, or damaged;
    Unusable, Busy: it cannot be worked out within bounds, or not now."""
    beside = _state(path.with_name(QUOTES)), _state(sound.path) if sound else None
    return _known(path, name, sound, base, (state_of(path), *beside))


def _state(path: Path) -> FileState | None:
    with suppress(OSError):
        return state_of(path)
    return None


@lru_cache(maxsize=_AT_HAND)
def _known(path: Path, name: str, sound: Sound | None, base: str | None, _states: object) -> Publishing:
    return call(_publishing, path, name, sound, base)


def format_at(place: str, format: str) -> Format:
    """Return a format that a target takes; raises NotFound if it takes none such."""
    if place not in PLACES or FORMATS.get(format) not in PLACES[place].formats:
        raise NotFound("error.404")
    return FORMATS[format]


def _publishing(path: Path, name: str, sound: Sound | None, base: str | None) -> Publishing:
    material, told = _material(path, name, sound)
    tags = episode_tags(material, base or PLACEHOLDER)
    of_tags = (*tags.left_out, *tags.notes, *told)
    rows = tuple(
        Row(
            place.name,
            place.files(material),
            (*checked(place, material), *(of_tags if place.has_tags else ())),
        )
        for place in PLACES.values()
    )
    return Publishing(
        rows,
        tuple(tag.written() for tag in tags.tags),
        lines_of(material).lines,
        _embedding(material, rows, base or ""),
        enclosure(material, base or PLACEHOLDER) or "",
    )


def _embedding(material: Material, rows: Sequence[Row], base: str) -> str:
    """Return what shows the player where a target has one."""
    for row in rows:
        names = {of.name: name for name, of in row.files.items()}
        if row.place.has_player and "cast" in names:
            return embedding(material, names["cast"], names.get("transcript-html"), base)
    return ""


def make(path: Path, name: str, sound: Sound | None, place: str, format: Format, made: Path) -> str:
    """Write the file of that format for a target to ``made``, in a child process; return what it is called. Raises
    NotFound: the episode has nothing for it; Conflict: it holds the audio in another form, which is still to be
    prepared."""
    material, _ = _material(path, name, _in_a_book(sound) if sound and format.name == "epub" else sound)
    called = next((each for each, of in PLACES[place].files(material).items() if of == format), None)
    if called is None:
        raise NotFound("error.404")
    with new_file(made) as file:
        format.write_to(material, file)
    return called


def _in_a_book(sound: Sound) -> Sound:
    """Return the audio as it was prepared, if a book cannot hold it as it is; encoding long audio is beyond a call."""
    if not is_encoded(sound.path):
        return sound
    if sound.exact is None and (stated_duration(sound.path) or 0.0) > _ENCODED_AT_ONCE:
        raise Conflict("publish.unprepared")
    return replace(sound, path=sound.exact or sound.path)


def _material(path: Path, name: str, sound: Sound | None) -> tuple[Material, list[Message]]:
    """Return what formats are written from, and why that has no quotes where they cannot be read."""
    alignment, find = read_alignment(path), (lambda: sound.path) if sound else None
    cover = find_cover(alignment, path)
    kept, why = kept_or_why(path.parent, alignment)
    uploaded = upload_name(alignment.audio.file, alignment.episode.title)
    beside = [f"{uploaded}{ending.lower()}" for ending in (sound.endings if sound else ())]
    called = beside[0] if beside else None
    return Material(alignment, name, said_of(kept), find, cover, called, beside[1:], lost_of(kept)), why

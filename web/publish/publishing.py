"""List what to publish of an episode on each target (platform): files, tags, and messages about exceeded limits.

A file is written only when it is requested, or when its size must be checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from aligner.feeds.tags import PLACEHOLDER, enclosure, episode_tags
from aligner.formats import FORMATS, Format, Material, lost_quotes, quotes_or_warnings, spoken_quotes
from aligner.formats.chapters import lines_of
from aligner.formats.embed import embedding
from aligner.formats.epub import is_encoded
from aligner.formats.targets import TARGETS, Target, checked
from aligner.model import Alignment
from aligner.outputs import upload_name
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import state_if_any, state_of
from aligner.storage.file_names import QUOTES, find_cover
from media.decode import stated_duration
from media.errors import Message
from media.safe_fs import new_file
from web.errors import Conflict, NotFound
from web.sending import type_of
from web.worker_pool import call

_MOST_CACHED = 16  # episodes of about 10 KB, with many quotes 1 MB
_LONGEST_ENCODED = 1200.0  # seconds of audio, whose encoding takes up to 20 of a call's 30 CPU seconds


@dataclass(frozen=True, slots=True)
class Row:
    """What to upload to the target called ``name``: the files (name and format), and messages about the files."""

    name: str
    files: dict[str, Format]
    messages: tuple[Message, ...]

    @property
    def target(self) -> Target:
        return TARGETS[self.name]


@dataclass(frozen=True, slots=True)
class Audio:
    """The aligned audio file, and its ``prepared`` copy, in which browsers seek exactly (None if there is no copy).

    ``extensions`` are the file extensions that the uploaded audio may have, since a person may have downloaded the
    original or the prepared copy to upload it. The first is the extension of a download made now."""

    path: Path
    extensions: tuple[str, ...]
    prepared: Path | None = None

    def name_of(self, alignment: Alignment) -> str:
        """Return the name that the audio file should have when it is uploaded."""
        return f"{upload_name(alignment.audio.file, alignment.episode.title)}{self.extensions[0].lower()}"

    @property
    def media_type(self) -> str:
        return type_of(self.path.with_suffix(self.extensions[0]))


@dataclass(frozen=True, slots=True)
class Publishing:
    """What to publish of an episode: a row for each target, ``tags`` for the feed, and chapters as ``lines`` of text.
    ``embedding`` is HTML that embeds the player. ``enclosure`` has the attributes of the feed's ``<enclosure>`` for
    audio with chapters. Either is empty if the episode has no such files."""

    rows: tuple[Row, ...]
    tags: tuple[str, ...]
    lines: tuple[str, ...]
    embedding: str
    enclosure: str


def publishing_at(path: Path, name: str, audio: Audio | None, base: str | None = None) -> Publishing:
    """Return what to publish of the alignment at ``path``, cached until its files change.

    ``name`` replaces a missing title. ``base`` is the web address of the folder to which the files are uploaded. Raises
    AlignmentError or OSError if the alignment is damaged or missing, Unusable if the work exceeds the limits, Busy if
    the server is busy."""
    states = state_of(path), state_if_any(path.with_name(QUOTES)), state_if_any(audio.path) if audio else None
    return _cached(path, name, audio, base, states)


@lru_cache(maxsize=_MOST_CACHED)
def _cached(path: Path, name: str, audio: Audio | None, base: str | None, _states: object) -> Publishing:
    return call(_publishing, path, name, audio, base)


def format_at(target: str, format: str) -> Format:
    """Return the format called ``format``. Raises NotFound if ``target`` is unknown or does not accept the format."""
    if target not in TARGETS or FORMATS.get(format) not in TARGETS[target].formats:
        raise NotFound("error.404")
    return FORMATS[format]


def _publishing(path: Path, name: str, audio: Audio | None, base: str | None) -> Publishing:
    material, about_quotes = _material(path, name, audio)
    tags = episode_tags(material, base or PLACEHOLDER)
    about_tags = (*tags.left_out, *tags.notes, *about_quotes)
    rows = tuple(
        Row(each.name, each.files(material), (*checked(each, material), *(about_tags if each.has_tags else ())))
        for each in TARGETS.values()
    )
    return Publishing(
        rows,
        tuple(tag.written() for tag in tags.tags),
        lines_of(material).lines,
        _embedding(material, rows, base or ""),
        enclosure(material, base or PLACEHOLDER) or "",
    )


def _embedding(material: Material, rows: Sequence[Row], base: str) -> str:
    """Return HTML that embeds the player, "" if no target has one. ``base`` is the URL of the folder with its files."""
    for row in rows:
        names = {of.name: name for name, of in row.files.items()}
        if row.target.has_player and "cast" in names:
            return embedding(material, names["cast"], names.get("transcript-html"), base)
    return ""


def write_file(path: Path, name: str, audio: Audio | None, target: str, format: Format, output: Path) -> str:
    """Write the alignment at ``path`` in ``format`` to ``output``; return the file's name for upload to ``target``.

    ``name`` replaces a missing title. Raises NotFound if the episode has no such file, Conflict if the audio is too
    long to be encoded here and has not been prepared."""
    material, _ = _material(path, name, _for_epub(audio) if audio and format.name == "epub" else audio)
    file_name = next((each for each, of in TARGETS[target].files(material).items() if of == format), None)
    if file_name is None:
        raise NotFound("error.404")
    with new_file(output) as file:
        format.write_to(material, file)
    return file_name


def _for_epub(audio: Audio) -> Audio:
    """Return the audio for an EPUB: the prepared copy, if EPUB does not allow the original format.

    Raises Conflict if the audio has not been prepared and is too long to be encoded here."""
    if not is_encoded(audio.path):
        return audio
    if audio.prepared is None and (stated_duration(audio.path) or 0.0) > _LONGEST_ENCODED:
        raise Conflict("publish.unprepared")
    return replace(audio, path=audio.prepared or audio.path)


def _material(path: Path, name: str, audio: Audio | None) -> tuple[Material, list[Message]]:
    """Return the input for writing any format, and messages if the saved quotes cannot be read."""
    alignment, find = read_alignment(path), (lambda: audio.path) if audio else None
    cover = find_cover(alignment, path)
    quotes, problems = quotes_or_warnings(path.parent, alignment)
    stem = upload_name(alignment.audio.file, alignment.episode.title)
    extensions = audio.extensions if audio else ()
    audio_name, *others = [f"{stem}{extension.lower()}" for extension in extensions] or [""]
    spoken, lost = spoken_quotes(quotes), lost_quotes(quotes)
    return Material(alignment, name, spoken, find, cover, audio_name, others, lost, path), problems

"""Prepare the cover, the cards (pictures for link previews) and the audio of a published episode."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from aligner.errors import SourceError
from aligner.model import Alignment
from aligner.publishing.excerpt import missing_cover
from aligner.publishing.screens import NONE, StyleChoices, recall
from aligner.recognition import Progress
from aligner.storage.atomic import scratch
from aligner.storage.file_names import find_audio, find_cover
from media.decode import open_container
from media.errors import FontError, MediaError, PictureError
from media.pictures import format_of, jpeg_of
from media.video.backdrop import Style, check_style
from media.video.card import CARD
from web.page.preparation import columns, prepare, read_peaks, ready

_COVER_SIDE, _SMALL_SIDE = 1200, 240  # pixels: where a link unfolds, and on the page
_QUALITY = 85


@dataclass(frozen=True, slots=True)
class EpisodeStyle:
    """The cover of an episode's pages (None if there is no usable cover), the style of pictures for link previews
    (``cards``), and warnings about unusable covers and fonts (``left_out``). ``cards`` is the style of the show's last
    audiogram; if no cover was chosen for that audiogram, ``cards`` has the episode's cover."""

    cover: Path | None
    cards: StyleChoices
    left_out: tuple[str, ...] = ()


def style_of(alignment: Alignment, path: Path) -> EpisodeStyle:
    """Return the style of an episode, whose alignment is at ``path``. An unusable cover or font is left out."""
    cover, left_out = find_cover(alignment, path), [caution.message for caution in missing_cover(alignment, path)]
    try:
        if cover:
            format_of(cover)
    except PictureError as error:
        left_out.append(str(error))
        cover = None
    choices, unusable = cards_of(alignment.episode.show)
    if cover and choices.cover is None:
        choices = replace(choices, cover=str(cover))
    return EpisodeStyle(cover, choices, tuple(dict.fromkeys([*left_out, *unusable])))


def cover_files(cover: Path) -> dict[str, bytes]:
    """Return a large and a small version of a cover, by path. Raises PictureError if the cover is unreadable."""
    sides = {"cover.jpg": _COVER_SIDE, "cover-small.jpg": _SMALL_SIDE}
    return {path: jpeg_of(cover, side, _QUALITY).content for path, side in sides.items()}


def cards_of(show: str | None) -> tuple[StyleChoices, tuple[str, ...]]:
    """Return the style of a show's pictures for link previews, and warnings about a cover or font that is unusable."""
    choices = recall(show)
    try:
        if choices.cover not in (None, NONE):
            format_of(Path(choices.cover))
        check_style(Style(font=choices.font), CARD)
    except (PictureError, FontError) as error:
        return replace(choices, cover=None, font=None), (str(error),)
    return choices, ()


@dataclass(frozen=True, slots=True)
class SiteAudio:
    """The audio of a published page. The page plays the audio at ``address``: a path in the folder, to which ``file``
    is copied, or a web address (then ``file`` is None). ``audio`` is the aligned file, and ``peaks`` are the file's
    levels from 0 to 255; both are None if the aligned file is missing."""

    address: str
    file: Path | None = None
    audio: Path | None = None
    peaks: list[int] | None = None


@contextmanager
def site_audio(
    alignment: Alignment, path: Path, moved: Path | None, address: str | None, progress: Progress
) -> Iterator[SiteAudio]:
    """Context manager: yield the audio for the page of the alignment at ``path``. ``moved`` is the audio file if it was
    moved, ``address`` the audio's address on another host. Temporary files exist for the duration of the ``with``
    block. Raises SourceError or MediaError if the audio is missing or unreadable, but not if only ``address`` is given
    (without ``moved``)."""
    try:
        audio = find_audio(alignment, path, moved)
    except (SourceError, MediaError):
        if not address or moved:
            raise
        yield SiteAudio(address)
        return
    with scratch() as folder:
        prepared = ready(audio, path.parent) or prepare(audio, folder, progress)
        peaks = columns(read_peaks(prepared.peaks))
        if address:
            yield SiteAudio(address, None, audio, peaks)
        else:
            yield SiteAudio(f"sound{_extension(prepared.audio)}", prepared.audio, audio, peaks)


def _extension(path: Path) -> str:
    """Return ``.mp3`` for MP3 audio, otherwise ``.m4a``: servers derive the media type from the extension."""
    with closing(open_container(path)) as container:
        return ".mp3" if container.format.name == "mp3" else ".m4a"

"""What a published episode looks and sounds like: its cover, the cards that links unfold with, and its audio."""

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
class Look:
    """``cover`` is the episode's, None where it has none that can be used; ``cards`` are drawn as the show's audiograms
    are, with the episode's cover where none was chosen; ``left_out`` says what cannot be used, and why."""

    cover: Path | None
    cards: StyleChoices
    left_out: tuple[str, ...] = ()


def look_of(alignment: Alignment, path: Path) -> Look:
    """Return the look of the episode whose alignment lies at ``path``; what of it cannot be used hinders nothing."""
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
    return Look(cover, choices, tuple(dict.fromkeys([*left_out, *unusable])))


def cover_files(cover: Path) -> dict[str, bytes]:
    """Return a cover as published, large for links that unfold, small for the page, or raise PictureError."""
    sides = {"cover.jpg": _COVER_SIDE, "cover-small.jpg": _SMALL_SIDE}
    return {path: jpeg_of(cover, side, _QUALITY).content for path, side in sides.items()}


def cards_of(show: str | None) -> tuple[StyleChoices, tuple[str, ...]]:
    """Return how the cards of a show are drawn if no episode's cover is asked for, and what of it cannot be used."""
    choices = recall(show)
    try:
        if choices.cover not in (None, NONE):
            format_of(Path(choices.cover))
        check_style(Style(font=choices.font), CARD)
    except (PictureError, FontError) as error:
        return replace(choices, cover=None, font=None), (str(error),)
    return choices, ()


@dataclass(frozen=True, slots=True)
class SiteSound:
    """``address`` is where the page finds its audio; ``file`` what is to lie there, None where that is elsewhere.
    ``audio`` is what was aligned, ``peaks`` are from 0 to 255 over the whole; None where nobody has the audio at hand.
    """

    address: str
    file: Path | None = None
    audio: Path | None = None
    peaks: list[int] | None = None


@contextmanager
def site_sound(
    alignment: Alignment, path: Path, given: Path | None, address: str | None, progress: Progress
) -> Iterator[SiteSound]:
    """Give the audio of the alignment at ``path``, ``given`` where it has moved; at ``address`` where it is published
    already. Its file is there while the context lasts.

    Raises SourceError or MediaError if it is needed and not there, or cannot be read.
    """
    try:
        audio = find_audio(alignment, path, given)
    except (SourceError, MediaError):
        if not address or given:
            raise
        yield SiteSound(address)
        return
    with scratch() as folder:
        prepared = ready(audio, path.parent) or prepare(audio, folder, progress)
        peaks = columns(read_peaks(prepared.peaks))
        if address:
            yield SiteSound(address, None, audio, peaks)
        else:
            yield SiteSound(f"sound{_ending(prepared.sound)}", prepared.sound, audio, peaks)


def _ending(sound: Path) -> str:
    """Return the ending by which servers say what it is: of the two kinds that browsers jump in exactly."""
    with closing(open_container(sound)) as container:
        return ".mp3" if container.format.name == "mp3" else ".m4a"

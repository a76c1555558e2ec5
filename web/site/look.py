"""How a published episode looks: its cover, and the cards that links unfold with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from aligner.model import Alignment
from aligner.publishing.excerpt import coverless
from aligner.publishing.styles import NONE, StyleChoices, recall
from aligner.storage.audio_lookup import find_cover
from media.errors import FontError, PictureError
from media.pictures import format_of, jpeg_of
from media.video.backdrop import Style, check_style
from media.video.card import CARD

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
    """The look of the episode whose alignment lies at ``path``. What of it cannot be used hinders nothing."""
    cover, left_out = find_cover(alignment, path), [caution.message for caution in coverless(alignment, path)]
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
    """Return a cover as published: large for links that unfold, small for the page.

    Raises
    ------
    PictureError
        It is no picture that can be used.
    """
    sides = {"cover.jpg": _COVER_SIDE, "cover-small.jpg": _SMALL_SIDE}
    return {path: jpeg_of(cover, side, _QUALITY).content for path, side in sides.items()}


def cards_of(show: str | None) -> tuple[StyleChoices, tuple[str, ...]]:
    """How the cards of a show are drawn as far as no episode's cover is asked for, and what of it cannot be used."""
    choices, unusable = recall(show), list[str]()
    try:
        if choices.cover not in (None, NONE):
            format_of(Path(choices.cover))
    except PictureError as error:
        unusable.append(str(error))
        choices = replace(choices, cover=None)
    try:
        check_style(Style(font=choices.font), CARD)
    except FontError as error:
        unusable.append(str(error))
        choices = replace(choices, font=None)
    return choices, tuple(unusable)

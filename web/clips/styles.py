"""The style of an audiogram: the user's choices, completed by the choices for the show's last audiogram.

Pages get colours as ``#RRGGBB``. They get files by name, never by path on the server.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from aligner.publishing.excerpt import Source
from aligner.publishing.screens import AUTO, NONE, StyleChoices, recall, remembered_choices
from aligner.quotes.comparison import Caution
from aligner.storage.atomic import write_keeping
from media.safe_fs import read_regular
from media.video.colours import Colour
from media.video.drawing import SHAPES, ShapeName
from media.video.fonts import families, font_files
from web.errors import Conflict
from web.jobs.kinds import CoverChoice, as_text
from web.library import Episode
from web.library.incoming import Staged, cover_name

if TYPE_CHECKING:
    from aligner.publishing.screens import Look

_PICTURES = frozenset(get_args(CoverChoice)) - {AUTO, NONE}


def style_for(
    source: Source, shape: ShapeName, style: StyleChoices, text: str | None
) -> tuple[Look, tuple[Caution, ...]]:
    """Return the look of an audiogram (its shape, colours, font and cover), and cautions (warnings) about the look.

    ``text`` is the wording on the screens, None for the quoted words. Choices missing in ``style`` are taken from the
    show's last audiogram. Raises AlignerError if a colour taken from there is invalid; MediaError if the cover or the
    font cannot be used."""
    from aligner.publishing.screens import look_of
    from media.video.backdrop import check_style

    look, cautions = look_of(source, shape, _choices(source, style), as_text(text) if text else None)
    check_style(look.style, look.shape)
    return look, cautions


def style_facts(source: Source, look: Look, style: StyleChoices, text: str) -> dict[str, Any]:
    """Return the look of an audiogram as JSON for the page. ``look`` is what ``style_for`` made from ``style``.

    ``colour``, ``accent``, ``font`` and ``cover`` are None unless chosen. ``drawn`` has the background and accent
    colours after adjustment for contrast. ``fonts`` names the fonts that have all characters of ``text``.
    ``remembered`` is true if a choice was taken from the show's last audiogram, ``own_cover`` if the episode has a
    cover. The page sends ``choices`` back to get the same look. In ``choices``, a font chosen as a file is None, and so
    is a cover outside the episode's folder."""
    from media.video.backdrop import paint_backdrop
    from media.video.screens import Script

    episode, chosen = source.alignment.episode, _choices(source, style)
    drawn = paint_backdrop(Script((), 0.0, episode.show, episode.title), look.style, SHAPES["square"]).colours
    colours = {"colour": _hex(look.style.colour), "accent": _hex(look.style.accent)}
    picture = Path(chosen.cover) if chosen.cover not in (None, NONE) else None
    is_own = picture is None or (picture.name in _PICTURES and picture.parent == source.folder.absolute())
    cover = picture.name if picture else chosen.cover
    return {
        **colours,
        "font": chosen.font and Path(chosen.font).name,
        "cover": cover,
        "end_card": look.style.end_card,
        "drawn": [_hex(drawn.background), _hex(drawn.accent)],
        "fonts": fonts_for(text),
        "remembered": any(choice is not True for choice in remembered_choices(chosen, style).values()),
        "own_cover": source.cover is not None,
        "choices": {
            **{name: colour or AUTO for name, colour in colours.items()},
            "font": (chosen.font or AUTO) if chosen.font in (None, *families()) else None,
            "cover": (cover or AUTO) if is_own else None,
            "end_card": look.style.end_card,
        },
    }


def fonts_for(text: str) -> list[str]:
    """Return the names of fonts that have all characters of the text except emoji, for which there is another font."""
    from media.video.lettering import has_letters

    characters = "".join(dict.fromkeys(c for c in text if unicodedata.category(c)[0] in "LMNP"))
    return [name for name in families() if has_letters(font_files(name, ())[0], characters)]


def save_cover(episode: Episode, staged: Staged) -> str:
    """Copy an uploaded picture into the episode's folder for its audiograms; return the new file's name.

    Raises Conflict if no picture was uploaded, Unusable if the picture cannot be used, Busy if the server has too much
    work, OutputError if the folder cannot be written."""
    if staged.cover is None:
        raise Conflict("upload.missing.cover")
    path = episode.folder / f"audiogram {cover_name(staged.cover)}"
    write_keeping({path: read_regular(staged.cover)})
    return path.name


def _choices(source: Source, style: StyleChoices) -> StyleChoices:
    """Complete ``style`` with choices from the show's last audiogram; replace an uploaded cover's name by its path."""
    if style.cover in _PICTURES:
        style = replace(style, cover=str(source.folder / str(style.cover)))
    return recall(source.alignment.episode.show, style)


def _hex(colour: Colour | None) -> str | None:
    return "#{:02X}{:02X}{:02X}".format(*colour) if colour else None

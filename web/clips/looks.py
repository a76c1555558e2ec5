"""How an audiogram will look: what a page chose, for the rest what was remembered of the show, and what is made of it.

Conventions
-----------
A colour is told as ``#RRGGBB``, and a file by its name alone: where it lies on the server is no business of a page.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from aligner.publishing.excerpt import Source
from aligner.publishing.styles import AUTO, NONE, StyleChoices, recall, remembered_choices
from aligner.quotes import Caution
from aligner.storage.alignment_json import read_alignment
from aligner.storage.backups import write_keeping
from media.safe_fs import read_regular
from media.video.colours import Colour
from media.video.fonts import families, font_files
from media.video.shapes import SHAPES
from web.bounded import call
from web.clips.exports import CoverChoice, Export
from web.errors import Conflict
from web.jobs.kinds import as_text
from web.library import Episode
from web.library.incoming import Staged, cover_name

if TYPE_CHECKING:
    from aligner.publishing.showing import Look

_PICTURES = frozenset(get_args(CoverChoice)) - {AUTO, NONE}


@dataclass(frozen=True, slots=True)
class ShownLook:
    """What a page shows of a look.

    ``colour`` and ``accent`` are those that were chosen, None where they are ours to find, ``drawn`` what both are
    drawn as, so that text is read; ``font`` and ``cover`` are None where they are the usual ones, else names, a
    ``cover`` perhaps ``none``. ``fonts`` know all letters of the quote. ``remembered``: some of it is as in the show's
    last audiogram. ``own_cover``: the episode has one. ``choices`` ask for this look whatever is remembered by then;
    None is what no page can name, a file from elsewhere, which only memory has.
    """

    colour: str | None
    accent: str | None
    font: str | None
    cover: str | None
    end_card: bool
    drawn: tuple[str, str]
    fonts: tuple[str, ...]
    remembered: bool
    own_cover: bool
    choices: StyleChoices


def look_for(source: Source, export: Export) -> tuple[Look, tuple[Caution, ...]]:
    """The look of an audiogram as the command line would make it, and what could not be used for it.

    Raises
    ------
    AlignerError
        A colour that was remembered is none.
    MediaError
        The cover or the font cannot be used.
    """
    from media.video.backdrop import check_style

    look, cautions = _look(source, export)
    check_style(look.style, look.shape)
    return look, cautions


def check_looks(file: Path, exports: Iterable[Export]) -> None:
    """Make sure, before anything is done for them, that those of ``exports`` that are audiograms can look as they are
    to; ``file`` holds the alignment.

    Raises
    ------
    AlignerError, MediaError
        As ``look_for``.
    Unusable, Busy
        It cannot be found out within bounds, or not now.
    """
    looks = list({export.style: export for export in exports if export.shape}.values())
    if looks:
        call(_check_looks, file, looks)


def _check_looks(file: Path, looks: Iterable[Export]) -> None:
    source = Source(read_alignment(file), file, file)  # no sound is needed for it
    for export in looks:
        look_for(source, export)


def shown_look(source: Source, export: Export, text: str) -> ShownLook:
    """What a page shows of the look of an audiogram that says ``text``.

    Raises
    ------
    AlignerError, MediaError
        The look cannot be made.
    """
    from media.video.backdrop import paint_backdrop
    from media.video.screens import Script

    episode, chosen = source.alignment.episode, _choices(source, export.style)
    look, _ = _look(source, export)
    drawn = paint_backdrop(Script((), 0.0, episode.show, episode.title), look.style, SHAPES["square"]).colours
    given = look.style
    return ShownLook(
        colour=_hex(given.colour) if given.colour else None,
        accent=_hex(given.accent) if given.accent else None,
        font=chosen.font and Path(chosen.font).name,
        cover=chosen.cover and Path(chosen.cover).name,
        end_card=given.end_card,
        drawn=(_hex(drawn.background), _hex(drawn.accent)),
        fonts=fonts_for(export.text or text),
        remembered=any(choice is not True for choice in remembered_choices(chosen, export.style).values()),
        own_cover=source.cover is not None,
        choices=StyleChoices(
            colour=_hex(given.colour) if given.colour else AUTO,
            accent=_hex(given.accent) if given.accent else AUTO,
            font=chosen.font if chosen.font in families() else None if chosen.font else AUTO,
            cover=_cover_choice(source, chosen.cover),
            end_card=given.end_card,
        ),
    )


def fonts_for(text: str) -> tuple[str, ...]:
    """The fonts to choose from that know all letters and punctuation of the text; of emoji another font is used."""
    from media.video.lettering import has_letters

    letters = "".join(dict.fromkeys(c for c in text if unicodedata.category(c)[0] in "LMNP"))
    return tuple(name for name in families() if has_letters(font_files(name, ())[0], letters))


def take_picture(episode: Episode, staged: Staged) -> str:
    """Put the picture of an upload into the episode's folder, for its audiograms; returns its name there.

    Raises
    ------
    Conflict
        No picture was sent.
    Unusable, Busy
        It is none that can be used, or cannot be looked at now.
    OutputError
        The folder cannot be written.
    """
    if staged.cover is None:
        raise Conflict("upload.missing.cover")
    path = episode.folder / f"audiogram {cover_name(staged.cover)}"
    write_keeping({path: read_regular(staged.cover)})
    return path.name


def _look(source: Source, export: Export) -> tuple[Look, tuple[Caution, ...]]:
    from aligner.publishing.showing import look_of

    text = None if export.text is None else as_text(export.text)
    return look_of(source, export.shape or "portrait", _choices(source, export.style), text)


def _choices(source: Source, given: StyleChoices) -> StyleChoices:
    """All choices, with the path of a picture of the episode's."""
    if given.cover and given.cover in _PICTURES:
        given = replace(given, cover=str(source.folder / given.cover))
    return recall(source.alignment.episode.show, given)


def _cover_choice(source: Source, cover: str | None) -> str | None:
    """What a page calls a cover: a picture of the episode's by its name; None where it is from elsewhere."""
    if cover in (None, NONE):
        return cover or AUTO
    path = Path(cover)
    return path.name if path.name in _PICTURES and path.parent == source.folder.absolute() else None


def _hex(colour: Colour) -> str:
    return "#{:02X}{:02X}{:02X}".format(*colour)

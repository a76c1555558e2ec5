"""What an audiogram shows and how it looks, before it is made; and what of it cannot be shown as it is meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aligner.publishing.excerpt import Excerpt, Source, coverless
from aligner.publishing.screen_words import read_wording, reworded, shown_words
from aligner.publishing.styles import StyleChoices, style_of
from aligner.quotes import Caution
from media.video.screens import Script
from media.video.shapes import SHAPES, ShapeName

if TYPE_CHECKING:
    from media.video.backdrop import Style
    from media.video.shapes import Shape

_MOST_TOLD = 20  # characters
_CJK = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "KANGXI", "IDEOGRAPHIC")
# Those of the extra noto.
_NOTO = (
    *("ARABIC", "ARMENIAN", "BENGALI", "CYRILLIC", "DEVANAGARI", "ETHIOPIC", "GEORGIAN", "GREEK", "GUJARATI"),
    *("GURMUKHI", "HEBREW", "KANNADA", "KHMER", "LAO", "LATIN", "MALAYALAM", "MYANMAR", "ORIYA", "SINHALA", "TAMIL"),
    *("TELUGU", "THAI"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """How an audiogram is to look: ``text`` is a wording of the user's own, with line breaks."""

    shape: Shape
    style: Style
    text: str | None = None


def look_of(
    source: Source, shape: ShapeName, choices: StyleChoices, text: str | None = None
) -> tuple[Look, tuple[Caution, ...]]:
    """The look that ``choices`` make, and what could not be used for it.

    The episode's cover is taken if none is chosen; ``text`` is a wording, or the path of a file that holds one.

    Raises
    ------
    AlignerError
        A colour is not one, or the wording cannot be read.
    """
    style, cautions = style_of(choices), tuple[Caution, ...]()
    if choices.cover is None:
        style, cautions = replace(style, cover=source.cover), coverless(source.alignment, source.file)
    return Look(SHAPES[shape], style, None if text is None else read_wording(text)), cautions


def script_of(excerpt: Excerpt, look: Look) -> Script:
    """What the audiogram of the excerpt shows."""
    from media.video import end_card

    words, alignment = shown_words(excerpt.cut), excerpt.cut.alignment
    if look.text is not None:
        words = reworded(words, look.text, alignment.language)
    episode = alignment.episode
    script = Script(words, excerpt.sound.duration, episode.show, episode.title, alignment.language, episode.url)
    return replace(script, card=end_card.SECONDS if end_card.has_end_card(script, look.style) else 0.0)


def wording_of(excerpt: Excerpt, look: Look) -> str:
    """The text that the audiogram shows: a line for each of its lines, an empty line between screens.

    Edited, it is the ``text`` of another look.

    Raises
    ------
    MediaError
        The font cannot be used.
    """
    from media.video.screens import written
    from media.video.setting import set_quote

    script = script_of(excerpt, look)
    return written(script.words, set_quote(script, look.style, look.shape).screens)


def unshown_in(excerpt: Excerpt, look: Look) -> tuple[Caution, ...]:
    """What of the audiogram cannot be shown as it is meant.

    Raises
    ------
    MediaError
        The font cannot be used.
    """
    return tuple(showing_cautions(script_of(excerpt, look), look.style, look.shape))


def duration_of(excerpt: Excerpt, look: Look) -> float:
    """How long the audiogram is, in seconds: its sound, the frames that hold, the end card."""
    from media.video.render import seconds_of

    return seconds_of(script_of(excerpt, look))


def showing_cautions(script: Script, style: Style, shape: Shape) -> Iterator[Caution]:
    """The letters that no font has, the emoji that are not in colour, and letters that cannot be joined.

    Raises
    ------
    FontError
        The font of the quote cannot be used.
    """
    from media.video.setting import unshown

    found = unshown(script, style, shape)
    if found.missing:
        told = _listed(found.missing)
        yield Caution("no-glyph", f"no font here has {told}, left out of the picture; {_remedy(found.missing)}", told)
    if found.one_colour:
        told = _listed(found.one_colour)
        message = f"no font here has {told} in colour; a system's font has, such as Noto Color Emoji"
        yield Caution("plain-emoji", message, told)
    if found.unjoined:
        yield Caution(
            "unjoined", "letters are not joined and ordered as their script wants; that takes the library FriBiDi", ""
        )


def _listed(characters: tuple[str, ...]) -> str:
    return " ".join(characters[:_MOST_TOLD]) + " …" * (len(characters) > _MOST_TOLD)


def _remedy(characters: tuple[str, ...]) -> str:
    """Which font to install."""
    from media.video.fonts import has_extra

    names = [unicodedata.name(character[0], "") for character in characters]
    if any(name.startswith(_CJK) for name in names):
        return "install the font Noto Sans CJK"
    if any(name.startswith(_NOTO) for name in names) and not has_extra():
        return "pip install 'quotecast[noto]' brings one"
    return "install a font that has it, or name one with --font"

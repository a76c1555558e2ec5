"""How a show's audiograms look, remembered from one to the next in the user's configuration.

Conventions
-----------
A choice is text as the user wrote it: ``#B3401F``, a font's name, a picture's path; ``auto`` forgets it. A cover can be
``none``, so that the episode's own is not taken either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aligner.errors import AlignerError, OutputError
from aligner.storage.atomic import write_text
from aligner.storage.user_folders import config_folder
from media.video.backdrop import Style
from media.video.colours import Colour, read_colour

AUTO, NONE = "auto", "none"
CHOICES = ("colour", "accent", "font", "cover")


def chosen(show: str | None, given: Mapping[str, str | None]) -> dict[str, str]:
    """What is ``given``, and for the rest what was remembered of the show."""
    remembered = _read().get(show or "", {})
    choices = {name: given.get(name) or remembered.get(name) for name in CHOICES}
    return {name: choice for name, choice in choices.items() if isinstance(choice, str) and choice != AUTO}


def remember(show: str | None, choices: Mapping[str, str]) -> None:
    """Keep the choices for the show's next audiogram; a configuration that cannot be written forgets them."""
    if not show:
        return
    kept = dict(choices)
    if choices.get("cover", NONE) != NONE:
        kept["cover"] = str(Path(choices["cover"]).absolute())
    styles = _read()
    if styles.get(show, {}) == kept:
        return
    styles[show] = kept
    try:
        config_folder().mkdir(parents=True, exist_ok=True)
        write_text(_path(), json.dumps(styles, ensure_ascii=False, indent=1))
    except (OSError, OutputError):
        return


def style_of(choices: Mapping[str, str]) -> Style:
    """The style that the choices make.

    Raises
    ------
    AlignerError
        A colour is not one.
    """
    cover = choices.get("cover", NONE)
    return Style(
        colour=_colour(choices, "colour"),
        accent=_colour(choices, "accent"),
        font=choices.get("font"),
        cover=None if cover == NONE else Path(cover),
    )


def _colour(choices: Mapping[str, str], name: str) -> Colour | None:
    if name not in choices:
        return None
    colour = read_colour(choices[name])
    if colour is None:
        raise AlignerError(f"{choices[name][:40]}: is no colour; --{name} expects one such as #1F5F8B")
    return colour


def _path() -> Path:
    return config_folder() / "audiograms.json"


def _read() -> dict[str, dict[str, Any]]:
    """The styles by show; none where the file is missing or damaged."""
    try:
        styles = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(styles, dict):
        return {}
    return {show: style for show, style in styles.items() if isinstance(style, dict)}

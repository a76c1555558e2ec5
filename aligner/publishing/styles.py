"""How a show's audiograms look, remembered from one to the next in the user's configuration.

Conventions
-----------
A choice is text as the user wrote it: ``#B3401F``, a font's name, a picture's path; ``auto`` forgets it, None says
nothing. A cover can be ``none``, so that the episode's own is not taken either.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aligner.errors import AlignerError, OutputError
from aligner.storage.atomic import write_text
from aligner.storage.checked_json import decode
from aligner.storage.user_folders import config_folder
from media.video.backdrop import Style
from media.video.colours import Colour, read_colour

AUTO, NONE = "auto", "none"


@dataclass(frozen=True, slots=True)
class StyleChoices:
    """What someone chose of a style."""

    colour: str | None = None
    accent: str | None = None
    font: str | None = None
    cover: str | None = None


def recall(show: str | None, given: StyleChoices | None = None) -> StyleChoices:
    """What is ``given``, and for the rest what was remembered of the show."""
    remembered = _read().get(show or "", {})
    choices = {name: choice or remembered.get(name) for name, choice in asdict(given or StyleChoices()).items()}
    kept = {name: choice for name, choice in choices.items() if isinstance(choice, str) and choice != AUTO}
    return StyleChoices(**kept)


def remember(show: str | None, choices: StyleChoices) -> None:
    """Keep the choices for the show's next audiogram; a configuration that cannot be written forgets them."""
    if not show:
        return
    kept = {name: choice for name, choice in asdict(choices).items() if choice is not None}
    if choices.cover not in (None, NONE):
        kept["cover"] = str(Path(choices.cover).absolute())
    styles = _read()
    if styles.get(show, {}) == kept:
        return
    styles[show] = kept
    try:
        config_folder().mkdir(parents=True, exist_ok=True)
        write_text(_path(), json.dumps(styles, ensure_ascii=False, indent=1))
    except (OSError, OutputError):
        return


def style_of(choices: StyleChoices) -> Style:
    """The style that the choices make.

    Raises
    ------
    AlignerError
        A colour is not one.
    """
    return Style(
        colour=_colour("colour", choices.colour),
        accent=_colour("accent", choices.accent),
        font=choices.font,
        cover=None if choices.cover in (None, NONE) else Path(choices.cover),
    )


def _colour(name: str, choice: str | None) -> Colour | None:
    if choice is None:
        return None
    colour = read_colour(choice)
    if colour is None:
        raise AlignerError(
            "{choice}: is no colour; --{name} expects one such as #1F5F8B", choice=choice[:40], name=name
        )
    return colour


def _path() -> Path:
    return config_folder() / "audiograms.json"


def _read() -> dict[str, dict[str, Any]]:
    """The styles by show; none where the file is missing or damaged."""
    try:
        styles = decode(_path().read_bytes(), dict[str, Any])
    except (OSError, ValueError):
        return {}
    return {show: style for show, style in styles.items() if isinstance(style, dict)}

"""How a show's audiograms look, remembered from one to the next in the user's configuration.

Conventions
-----------
A choice is text as the user wrote it: ``#B3401F``, a font's name, a picture's path; ``auto`` forgets it, None says
nothing. A cover can be ``none``, so that the episode's own is not taken either. The end card is there or not.
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
from media.safe_fs import is_regular
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
    end_card: bool | None = None

    @property
    def made(self) -> dict[str, str | bool]:
        """The choices that were made, by name."""
        return {name: choice for name, choice in asdict(self).items() if choice is not None}


def recall(show: str | None, given: StyleChoices | None = None) -> StyleChoices:
    """What is ``given``, and for the rest what was remembered of the show, but for a picture that is gone since."""
    remembered = _read().get(show or "", {})
    if _is_gone(remembered.get("cover")):
        remembered = remembered | {"cover": None}
    kept: dict[str, Any] = {}
    for name, choice in asdict(given or StyleChoices()).items():
        choice = remembered.get(name) if choice in (None, "") else choice
        if isinstance(choice, bool if name == "end_card" else str) and choice != AUTO:
            kept[name] = choice
    return StyleChoices(**kept)


def remembered_choices(recalled: StyleChoices, given: StyleChoices) -> dict[str, str | bool]:
    """What ``recall`` has taken from memory beside what was ``given``, by name."""
    return {name: choice for name, choice in recalled.made.items() if getattr(given, name) is None}


def remember(show: str | None, choices: StyleChoices) -> None:
    """Keep the choices for the show's next audiogram; a configuration that cannot be written forgets them."""
    if not show:
        return
    kept = {name: choice for name, choice in choices.made.items() if choice is not True}  # an end card is usual
    if choices.cover not in (None, NONE):
        kept["cover"] = str(Path(choices.cover).absolute())
    styles = _read()
    if styles.get(show, {}) == kept:
        return
    styles[show] = kept
    try:
        config_folder().mkdir(parents=True, exist_ok=True)
        write_text(styles_file(), json.dumps(styles, ensure_ascii=False, indent=1))
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
        end_card=choices.end_card is not False,
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


def _is_gone(cover: object) -> bool:
    return isinstance(cover, str) and cover != NONE and not is_regular(Path(cover))


def styles_file() -> Path:
    """Where the styles of shows are kept."""
    return config_folder() / "audiograms.json"


def _read() -> dict[str, dict[str, Any]]:
    """The styles by show; none where the file is missing or damaged."""
    try:
        styles = decode(styles_file().read_bytes(), dict[str, Any])
    except (OSError, ValueError):
        return {}
    return {show: style for show, style in styles.items() if isinstance(style, dict)}

"""The app's own words: one catalogue per language, flat, by key; what the page says about itself, not the episodes.

A string may hold ``{names}``. The reader's choice decides, else what the browser asks for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

LANGUAGES = ("en", "fr")
THEMES = ("auto", "light", "dark")
_FOR_SCRIPTS = "js."  # keys that scripts in the page use


@cache
def catalogue(language: str) -> dict[str, str]:
    """All strings of a language by key."""
    text = resources.files("web.languages").joinpath(f"{language}.json").read_text(encoding="utf-8")
    strings: dict[str, str] = json.loads(text)
    return strings


class _Translate:
    """``t(key, name=value)``: the string in the language of the current request, which writes its numbers."""

    def __call__(self, key: str, **values: object) -> str:
        text = catalogue(current_language())[key]
        shown = {name: decimal(value) if isinstance(value, float) else value for name, value in values.items()}
        return text.format(**shown) if values else text

    def knows(self, key: str) -> bool:
        return key in catalogue(LANGUAGES[0])


t = _Translate()


def decimal(number: float) -> str:
    """A number as short as it can be, with the decimal mark of the reader's language."""
    return f"{number:g}".replace(".", "," if current_language() == "fr" else ".")


def current_language() -> str:
    """The language in which the current request is answered."""
    from flask import request

    chosen = request.cookies.get("quotecast-language")
    if chosen in LANGUAGES:
        return chosen
    return liked(request.accept_languages.values())


def liked(tags: Iterable[str]) -> str:
    """The first language that we speak, of ``tags`` in the order of a reader's liking.

    Examples
    --------
    French is asked for first, even where English is named after it:

    >>> liked(["fr-CH", "en"])
    'fr'
    """
    asked = (tag.partition("-")[0].lower() for tag in tags)
    return next((language for language in asked if language in LANGUAGES), LANGUAGES[0])


def current_theme() -> str:
    """``auto``, which leaves it to the system, ``light`` or ``dark``."""
    from flask import request

    chosen = request.cookies.get("quotecast-theme")
    return chosen if chosen in THEMES else THEMES[0]


def script_strings() -> dict[str, str]:
    """The strings that scripts use, by the key without its prefix."""
    strings = catalogue(current_language())
    return {key.removeprefix(_FOR_SCRIPTS): text for key, text in strings.items() if key.startswith(_FOR_SCRIPTS)}


def speak(app: Flask) -> None:
    """Give templates the strings, the language and the theme."""
    app.jinja_env.globals.update(
        t=t,
        current_language=current_language,
        current_theme=current_theme,
        script_strings=script_strings,
        languages=LANGUAGES,
    )

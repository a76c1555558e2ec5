"""Translate the app's interface into the reader's choice of language, by default the browser's preference.

- ``en.json``, ``fr.json``: the strings of the interface by key, with ``{names}`` for values.
- ``messages.fr.json``: messages of ``aligner`` and ``media`` (``media.errors.Message``) by their English template.
  Messages that are also written into files are in ``aligner.languages.sentences``.
- ``messages.en.json``: English messages that are worded differently in the app, which has no command-line options.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import PurePath
from string import Formatter
from typing import TYPE_CHECKING
from unicodedata import bidirectional

from aligner.languages.sentences import sentences
from aligner.typography import unbroken
from media.errors import Message

if TYPE_CHECKING:
    from flask import Flask

LANGUAGES = ("en", "fr")
THEMES = ("auto", "light", "dark")
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), " ")  # values must not break the line of a sentence
_GROUPABLE = re.compile(r"(\.\d+)?[dfg]")
_FRENCH_MARKS = str.maketrans({",": "\u202f", ".": ","})
_FOR_SCRIPTS = "js."  # prefix of keys for scripts


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return all strings of a language by key."""
    return _read(f"{language}.json")


@cache
def messages(language: str) -> Mapping[str, str]:
    """Return the translations of the messages of ``aligner`` and ``media``, by the messages' English templates."""
    english, another = LANGUAGES[:2]
    if language != english:
        return {**_read(f"messages.{language}.json"), **sentences(language)}
    templates = messages(another)  # each translation is complete
    return {template: template for template in templates} | _read(f"messages.{english}.json")


def _read(name: str) -> dict[str, str]:
    strings: dict[str, str] = json.loads(resources.files("web.languages").joinpath(name).read_text(encoding="utf-8"))
    return strings


class _Translate:
    """A callable, ``t(key, name=value)``, that returns a string in the request's language with the values inserted."""

    def __call__(self, key: str, **values: object) -> str:
        text = catalogue(current_language())[key]
        return _filled(text, {name: _for_sentence(value) for name, value in values.items()}) if values else text

    def knows(self, key: str) -> bool:
        return key in catalogue(LANGUAGES[0])


t = _Translate()


def _for_sentence(value: object) -> object:
    if isinstance(value, Message):
        return translated(value).translate(_CONTROLS)
    if isinstance(value, tuple):
        return ", ".join(str(_for_sentence(each)) for each in value)
    return _isolated(value.translate(_CONTROLS)) if isinstance(value, str) else value


def _isolated(text: str) -> str:
    """Return ``text``, enclosed in Unicode isolates if it is right-to-left, so that a sentence around it keeps its
    order."""
    return f"\u2068{text}\u2069" if any(bidirectional(character) in ("R", "AL") for character in text) else text


def translated(text: str) -> str:
    """Return a message in the language of the current request, or unchanged if there is no translation.

    A value named ``path`` is shortened to the file's name, since readers need not know the server's folders.
    """
    known = messages(current_language())
    if not isinstance(text, Message):
        return known.get(text, text)
    if text.template not in known:
        return str(text)
    try:
        return _filled(known[text.template], {name: _of_message(name, value) for name, value in text.values.items()})
    except (ArithmeticError, LookupError, TypeError, ValueError):  # a damaged file may contain other values
        return str(text)


def _of_message(name: str, value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Message):
        value = PurePath(value).name or value if name == "path" else translated(value)
    return _for_sentence(value)


def _filled(template: str, values: Mapping[str, object]) -> str:
    return unbroken(_Numbers().vformat(template, (), values), current_language())


class _Numbers(Formatter):
    """A formatter like ``str.format`` that writes numbers in the notation of the reader's language."""

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, int | float) and not format_spec:
            return decimal(value)
        if isinstance(value, int | float) and _GROUPABLE.fullmatch(format_spec):
            return localised(format(value, f",{format_spec}"))
        text: str = super().format_field(value, format_spec)
        return text


def decimal(number: float) -> str:
    """Return a number without trailing zeros in the reader's notation: ``1,234.5``, in French ``1 234,5``."""
    return localised(f"{number:,}" if isinstance(number, int) else f"{number:,.10g}")


def localised(number: str) -> str:
    """Convert a number from English notation to the notation of the reader's language."""
    return number.translate(_FRENCH_MARKS) if current_language() == "fr" else number


def current_language() -> str:
    """Return the language of the current request."""
    from flask import request

    return language_of(request.cookies, request.accept_languages.values())


def language_of(cookies: Mapping[str, str], tags: Iterable[str]) -> str:
    """Return the language in the cookie, else the first supported language among the browser's language ``tags``."""
    chosen = cookies.get("quotecast-language")
    return chosen if chosen in LANGUAGES else first_supported(tags)


def first_supported(tags: Iterable[str]) -> str:
    """Return the first supported language in a list of language tags; English if none is supported.

    Examples
    --------
    >>> first_supported(["de", "fr-CH", "en"])
    'fr'
    """
    languages = (tag.partition("-")[0].lower() for tag in tags)
    return next((language for language in languages if language in LANGUAGES), LANGUAGES[0])


def current_theme() -> str:
    """Return the reader's theme: ``auto`` (the system's theme), ``light`` or ``dark``."""
    from flask import request

    chosen = request.cookies.get("quotecast-theme")
    return chosen if chosen in THEMES else THEMES[0]


def script_strings() -> dict[str, str]:
    """Return the strings for scripts by key, without the prefix ``js.`` that the keys have in the catalogue."""
    strings = catalogue(current_language())
    return {key.removeprefix(_FOR_SCRIPTS): text for key, text in strings.items() if key.startswith(_FOR_SCRIPTS)}


def add_languages(app: Flask) -> None:
    """Make strings, language and theme available to templates."""
    app.jinja_env.globals.update(
        t=t,
        current_language=current_language,
        current_theme=current_theme,
        script_strings=script_strings,
        languages=LANGUAGES,
    )

"""The words of the app in the languages of its readers.

Conventions
-----------
- ``en.json``, ``fr.json``: what the page says about itself, not the episodes, flat, by key, with ``{names}`` in it.
- ``messages.fr.json``: what ``aligner`` and ``media`` say (see ``media.errors.Message``), by the English template, but
  for what files say of themselves too (``aligner.languages.sentences``);
  ``messages.en.json``: only what pages say in other words than the command line, whose options they do not have.
- The reader's choice decides, else what the browser asks for.
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
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)), " ")  # a sentence is on one line, whatever it quotes
_GROUPABLE = re.compile(r"(\.\d+)?[dfg]")
_FRENCH_MARKS = str.maketrans({",": "\u202f", ".": ","})
_FOR_SCRIPTS = "js."  # keys that scripts in the page use


@cache
def catalogue(language: str) -> dict[str, str]:
    """All strings of a language by key."""
    return _read(f"{language}.json")


@cache
def messages(language: str) -> Mapping[str, str]:
    """What pages say in a language for each sentence of the aligner, by its template."""
    english, another = LANGUAGES[:2]
    if language != english:
        return {**_read(f"messages.{language}.json"), **sentences(language)}
    templates = messages(another)  # every translation has them all
    return {template: template for template in templates} | _read(f"messages.{english}.json")


def _read(name: str) -> dict[str, str]:
    strings: dict[str, str] = json.loads(resources.files("web.languages").joinpath(name).read_text(encoding="utf-8"))
    return strings


class _Translate:
    """``t(key, name=value)``: the string in the language of the current request, which writes numbers its own way."""

    def __call__(self, key: str, **values: object) -> str:
        text = catalogue(current_language())[key]
        return _filled(text, {name: _shown(value) for name, value in values.items()}) if values else text

    def knows(self, key: str) -> bool:
        return key in catalogue(LANGUAGES[0])


t = _Translate()


def _shown(value: object) -> object:
    if isinstance(value, Message):
        return translated(value).translate(_CONTROLS)
    if isinstance(value, tuple):  # names, each of which runs its own way
        return ", ".join(str(_shown(each)) for each in value)
    return _isolated(value.translate(_CONTROLS)) if isinstance(value, str) else value


def _isolated(text: str) -> str:
    """A text as it is put into a sentence: where it is written leftwards it runs its own way, and the sentence as it
    would without (FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE), in names and titles as well."""
    return f"\u2068{text}\u2069" if any(bidirectional(character) in ("R", "AL") for character in text) else text


def translated(text: str) -> str:
    """What the aligner says, as pages say it in the language of the current request; what is unknown stays as it is.

    Of a ``{path}`` the name alone is told: where it lies on the server is no business of who reads the page.
    """
    known = messages(current_language())
    if not isinstance(text, Message):
        return known.get(text, text)
    if text.template not in known:
        return str(text)
    try:
        return _filled(known[text.template], {name: _told(name, value) for name, value in text.values.items()})
    except (ArithmeticError, LookupError, TypeError, ValueError):  # it was stored, and may not fit what is said today
        return str(text)


def _told(name: str, value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Message):
        value = PurePath(value).name or value if name == "path" else translated(value)
    return _shown(value)


def _filled(template: str, values: Mapping[str, object]) -> str:
    return unbroken(_Numbers().vformat(template, (), values), current_language())


class _Numbers(Formatter):
    """Formats as ``str.format`` does, but writes numbers as the reader's language does."""

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, int | float) and not format_spec:
            return decimal(value)
        if isinstance(value, int | float) and _GROUPABLE.fullmatch(format_spec):
            return marked(format(value, f",{format_spec}"))
        text: str = super().format_field(value, format_spec)
        return text


def decimal(number: float) -> str:
    """A number as short as it can be, with the marks of the reader's language: ``1,234.5``, in French ``1 234,5``."""
    return marked(f"{number:,}" if isinstance(number, int) else f"{number:,.10g}")


def marked(number: str) -> str:
    """A number that is written in English with the marks of the reader's language."""
    return number.translate(_FRENCH_MARKS) if current_language() == "fr" else number


def current_language() -> str:
    """The language in which the current request is answered."""
    from flask import request

    return language_of(request.cookies, request.accept_languages.values())


def language_of(cookies: Mapping[str, str], tags: Iterable[str]) -> str:
    """The language that a reader has chosen, else the one liked best of ``tags``."""
    chosen = cookies.get("quotecast-language")
    return chosen if chosen in LANGUAGES else liked(tags)


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


def add_languages(app: Flask) -> None:
    """Give templates the strings, the language and the theme."""
    app.jinja_env.globals.update(
        t=t,
        current_language=current_language,
        current_theme=current_theme,
        script_strings=script_strings,
        languages=LANGUAGES,
    )

"""Translate quotecast's own sentences in exported files into the language of the episode, if possible.

``sentences.fr.json`` maps each English template (see ``media.errors.Message``) to French; the app's pages use it too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

from media.errors import Message

_TRANSLATED = ("fr",)


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Return the translations of quotecast's sentences, by English template; empty if the language has none."""
    if language not in _TRANSLATED:
        return {}
    text = resources.files(__package__).joinpath(f"sentences.{language}.json").read_text(encoding="utf-8")
    translations: dict[str, str] = json.loads(text)
    return translations


def language_of_sentences(code: str) -> str:
    """Return the code of the episode's language if quotecast's sentences are translated into it, else of English."""
    base = code.replace("_", "-").split("-")[0].lower()
    return base if base in _TRANSLATED else "en"


def in_language(message: Message, code: str) -> str:
    """Return a message translated into the language of an episode, or in English if there is no translation."""
    template = sentences(language_of_sentences(code)).get(message.template)
    return template.format(**message.values) if template else str(message)

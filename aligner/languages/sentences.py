"""What files for readers and listeners say of themselves, in the episode's language where these sentences are known.

``sentences.fr.json`` has them by their English template (see ``media.errors.Message``); the app's pages say the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

from media.errors import Message

_ENGLISH = "en"
_TRANSLATED = ("fr",)


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Those of a language by their template; of others than French there are none."""
    if language not in _TRANSLATED:
        return {}
    text = resources.files(__package__).joinpath(f"sentences.{language}.json").read_text(encoding="utf-8")
    known: dict[str, str] = json.loads(text)
    return known


def language_of_sentences(code: str) -> str:
    """The language in which a file of an episode in that language speaks of itself."""
    base = code.replace("_", "-").split("-")[0].lower()
    return base if base in _TRANSLATED else _ENGLISH


def in_language(said: Message, code: str) -> str:
    """A sentence for an episode in that language."""
    template = sentences(language_of_sentences(code)).get(said.template)
    return template.format(**said.values) if template else str(said)

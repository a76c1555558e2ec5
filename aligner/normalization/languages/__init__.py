"""The languages whose ways of reading aloud are known; of others only what num2words says."""

from __future__ import annotations

from functools import lru_cache

from aligner.normalization.language import Language
from aligner.normalization.languages import de, en, es, fr, it, pt

_KNOWN: dict[str, Language] = {module.LANGUAGE.code: module.LANGUAGE for module in (de, en, es, fr, it, pt)}


@lru_cache(maxsize=256)
def language_of(code: str) -> Language:
    """The record of an ISO 639-1 code; an empty one if the language is not among those known."""
    return _KNOWN.get(code, Language(code))

"""The languages: one record each, in a file named by its code, with all that must be known to add another.

``record`` says what there is to know, and what recognisers call a language. A language without a record is still
matched, placed and captioned: numbers are read by num2words, and captions break at punctuation and pauses.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from aligner.languages import de, en, es, fr, it, nl, pt
from aligner.languages.record import (
    NAMED,
    Captioning,
    Labelling,
    Language,
    Posting,
    Reading,
    language_code,
    language_name,
    word_set,
)

__all__ = [
    "KNOWN",
    "NAMED",
    "Captioning",
    "Labelling",
    "Language",
    "Posting",
    "Reading",
    "language_code",
    "language_name",
    "language_of",
    "of_all",
    "word_set",
]

KNOWN = {language.code: language for language in (module.LANGUAGE for module in (fr, en, de, es, it, pt, nl))}
"""The records by code."""

# Of these only a few things are known.
_CAPTIONING = {
    "ca": Captioning(untranscribed="passatge no transcrit", advert="publicitat", jingle="sintonia"),
    "pl": Captioning(untranscribed="fragment bez transkrypcji", advert="reklama", jingle="dżingiel"),
    "sv": Captioning(untranscribed="ej transkriberat avsnitt", advert="reklam", jingle="jingel"),
    "ro": Captioning(untranscribed="pasaj netranscris", advert="reclamă", jingle="jingle"),
}
_POINT_IS_DECIMAL = ("ja", "zh", "ko", "th", "he")


def of_all(words: Callable[[Language], frozenset[str]], others: str = "") -> frozenset[str]:
    """The words of all known languages, casefolded, for where no language tells; ``others`` belong to none."""
    return frozenset(map(str.casefold, word_set(others).union(*map(words, KNOWN.values()))))


@lru_cache(maxsize=256)
def language_of(code: str) -> Language:
    """The record for a language code (``fr``, ``pt-BR``), one that says nothing where the language is not known."""
    base = code.replace("_", "-").split("-")[0].lower()
    known = KNOWN.get(base)
    if known is None:
        reading = Reading(numbers=base, point_is_decimal=base in _POINT_IS_DECIMAL)
        known = Language(base, _CAPTIONING.get(base, Captioning()), reading)
    return known

"""The languages: one record each, in a file named by its code, with all that must be known to add another.

``record`` says what there is to know; here is also what recognisers call a language. A language without a record is
still matched, placed and captioned: numbers are read by num2words, and captions break at punctuation and pauses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from aligner.languages import de, en, es, fr, it, nl, pt
from aligner.languages.record import Captioning, Cardinals, Language, Posting, Reading, word_set

__all__ = [
    "KNOWN",
    "NAMED",
    "Captioning",
    "Language",
    "Posting",
    "language_code",
    "language_name",
    "language_of",
    "of_all",
    "word_set",
]

# English name (Whisper) and ISO 639-2 and 639-3 codes of the languages most often recognised. What is not here keeps
# the code that the file gives.
_CODES = {
    name: code
    for code, names in {
        "ar": "arabic ara", "bg": "bulgarian bul", "ca": "catalan cat", "cs": "czech ces cze", "da": "danish dan",
        "de": "german deu ger", "el": "greek ell gre", "en": "english eng", "es": "spanish spa", "et": "estonian est",
        "eu": "basque eus baq", "fa": "persian fas per", "fi": "finnish fin", "fr": "french fra fre",
        "he": "hebrew heb", "hi": "hindi hin", "hr": "croatian hrv", "hu": "hungarian hun", "id": "indonesian ind",
        "it": "italian ita", "ja": "japanese jpn", "ko": "korean kor", "lt": "lithuanian lit", "lv": "latvian lav",
        "nl": "dutch nld dut", "no": "norwegian nor nob", "pl": "polish pol", "pt": "portuguese por",
        "ro": "romanian ron rum", "ru": "russian rus", "sk": "slovak slk slo", "sl": "slovenian slv",
        "sr": "serbian srp", "sv": "swedish swe", "th": "thai tha", "tr": "turkish tur", "uk": "ukrainian ukr",
        "vi": "vietnamese vie", "zh": "chinese zho chi cmn",
    }.items()
    for name in names.split()
}  # fmt: skip

NAMED = tuple(sorted(set(_CODES.values())))
"""The codes of the languages that have a name here."""

_NAMES = {code: name.capitalize() for name, code in reversed(_CODES.items()) if len(name) > 3}


def language_name(language: str | None) -> str | None:
    """The English name of a language; its code where that has no name here, None of what is no language."""
    code = language_code(language)
    return _NAMES.get(code, code) if code else None


def language_code(language: str | None) -> str | None:
    """``fr`` of ``fr``, ``fr-FR``, ``fr_CA``, ``French`` or ``fra``; None of what is no language."""
    plain = re.split("[-_]", (language or "").strip().lower())[0]
    code = _CODES.get(plain, plain)
    return code if re.fullmatch("[a-z]{2,3}", code) and code != "und" else None


KNOWN = {language.code: language for language in (module.LANGUAGE for module in (fr, en, de, es, it, pt, nl))}
"""The records by code."""

# Of these only a few things are known.
_CAPTIONING = {
    "ca": Captioning(untranscribed="passatge no transcrit", ad="publicitat", jingle="sintonia"),
    "pl": Captioning(untranscribed="fragment bez transkrypcji", ad="reklama", jingle="dżingiel"),
    "sv": Captioning(untranscribed="ej transkriberat avsnitt", ad="reklam", jingle="jingel"),
    "ro": Captioning(untranscribed="pasaj netranscris", ad="reclamă", jingle="jingle"),
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
        reading = Reading(Cardinals(base, point_is_decimal=base in _POINT_IS_DECIMAL))
        known = Language(base, _CAPTIONING.get(base, Captioning()), reading)
    return known

"""Look up the record, the code or the English name of a language.

To add a language, fill the fields of ``record.Language`` in a file named after its code. A language without a record is
still aligned and captioned: num2words reads the numbers, and captions break at punctuation and pauses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from aligner.languages import de, en, es, fr, it, nl, pt
from aligner.languages.record import Captioning, Cardinals, Language, Reading, word_set

# English names (as Whisper has them) and ISO 639-2 and 639-3 codes of common languages.
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
"""The codes of the languages whose English name is known."""

_NAMES = {code: name.capitalize() for name, code in reversed(_CODES.items()) if len(name) > 3}


def language_name(language: str | None) -> str | None:
    """Return the English name of a language, given its code or name. If the name is unknown, return the code; if the
    text is not a language, return None."""
    code = language_code(language)
    return _NAMES.get(code, code) if code else None


def language_code(language: str | None) -> str | None:
    """Return the code of a language, ``fr`` for ``fr-FR``, ``fr_CA``, ``French`` or ``fra``; None for other text."""
    plain = re.split("[-_]", (language or "").strip().lower())[0]
    code = _CODES.get(plain, plain)
    return code if re.fullmatch("[a-z]{2,3}", code) and code != "und" else None


KNOWN = {language.code: language for language in (module.LANGUAGE for module in (fr, en, de, es, it, pt, nl))}
"""The records by code."""

# Languages without a record for which captions have their own wording.
_CAPTIONING = {
    "ca": Captioning(untranscribed="passatge no transcrit", ad="publicitat", jingle="sintonia"),
    "pl": Captioning(untranscribed="fragment bez transkrypcji", ad="reklama", jingle="dżingiel"),
    "sv": Captioning(untranscribed="ej transkriberat avsnitt", ad="reklam", jingle="jingel"),
    "ro": Captioning(untranscribed="pasaj netranscris", ad="reclamă", jingle="jingle"),
}
_POINT_IS_DECIMAL = ("ja", "zh", "ko", "th", "he")


def of_all(words: Callable[[Language], frozenset[str]], others: str = "") -> frozenset[str]:
    """Return the words that ``words`` selects from each language's record, and those in ``others``; all casefolded."""
    return frozenset(map(str.casefold, word_set(others).union(*map(words, KNOWN.values()))))


@lru_cache(maxsize=256)
def language_of(code: str) -> Language:
    """Return the record for a code (``fr``, ``pt-BR``), or a record of default values if the language has none."""
    base = code.replace("_", "-").split("-")[0].lower()
    reading = Reading(Cardinals(base, point_is_decimal=base in _POINT_IS_DECIMAL))
    return KNOWN.get(base) or Language(base, _CAPTIONING.get(base, Captioning()), reading)

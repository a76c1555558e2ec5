"""From what recognisers call a language to its ISO 639-1 code."""

from __future__ import annotations

import re

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

"""Pronunciations of words missing from a dictionary: by espeak-ng, in the phones of the CMU and LIUM dictionaries.

The names of the English phones are those of ARPAbet, those of the French ones are the LIUM dictionary's. An IPA sign
that neither has is left out.
"""

import re
import shutil
import subprocess

_SAME = {sign: sign.upper() for sign in "bdfklmnpstvwz"}
_ENGLISH = _SAME | {
    **{"aɪ": "AY", "aʊ": "AW", "eɪ": "EY", "oʊ": "OW", "ɔɪ": "OY", "dʒ": "JH", "tʃ": "CH"},
    **{"ɑ": "AA", "a": "AA", "ɒ": "AA", "ɔ": "AO", "o": "AO", "æ": "AE", "ʌ": "AH", "ə": "AH", "ɐ": "AH"},
    **{"ɚ": "ER", "ɜ": "ER", "ɛ": "EH", "e": "EH", "ɪ": "IH", "ᵻ": "IH", "i": "IY", "ʊ": "UH", "u": "UW"},
    **{"ɡ": "G", "h": "HH", "j": "Y", "ŋ": "NG", "ɹ": "R", "r": "R", "ʃ": "SH", "ɾ": "T", "ʔ": "T", "x": "K"},
    **{"θ": "TH", "ð": "DH", "ʒ": "ZH"},
}
_FRENCH = {sign: 2 * sign for sign in "bdfklmnpstvwz"} | {
    **{"ɛ\u0303": "in", "ɑ\u0303": "an", "ɔ\u0303": "on", "œ\u0303": "un"},
    **{"a": "aa", "ɑ": "aa", "ɛ": "ai", "e": "ei", "i": "ii", "o": "au", "ɔ": "oo", "u": "ou", "y": "uu"},
    **{"ø": "eu", "œ": "oe", "ə": "ee", "ɡ": "gg", "ʒ": "jj", "ʃ": "ch", "ʁ": "rr", "ɹ": "rr", "r": "rr"},
    **{"ɲ": "gn", "ŋ": "nn", "j": "yy", "ɥ": "uy"},
}
_PHONES = {"en": _ENGLISH, "fr": _FRENCH}
_VOICES = {"en": "en-us", "fr": "fr"}


def pronounced(word: str, language: str) -> list[str]:
    """The phones of a word as espeak-ng says it; none where that is not installed or has nothing to say.

    Raises CalledProcessError if espeak-ng failed.
    """
    program = shutil.which("espeak-ng")
    if program is None:
        return []
    command = [program, "-q", "--ipa", "-v", _VOICES[language], "--", word]
    return phones(subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout, language)


def phones(ipa: str, language: str) -> list[str]:
    """The dictionary's phones for IPA, of which stress and length are left out; the longest signs first."""
    table = _PHONES[language]
    signs = "|".join(sorted(map(re.escape, table), key=len, reverse=True))
    return [table[sign] for sign in re.findall(signs, ipa)]

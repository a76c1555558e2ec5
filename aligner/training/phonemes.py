"""What the words sound like: espeak-ng reads them (a process of its own), and haste wears French down a little.

Conventions: one group of IPA letters per word; the letters of a group belong to its word.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Sequence
from functools import lru_cache

# espeak-ng's voices for a language, the first the most usual.
DIALECTS = {
    "fr": ("fr-fr", "fr-fr", "fr-fr", "fr-be"),
    "en": ("en-us", "en-us", "en-gb"),
    "es": ("es", "es-419"),
    "it": ("it",),
    "pt": ("pt-br", "pt-br", "pt"),
    "de": ("de",),
}

_SWITCH = re.compile(r"\([a-z-]+\)")  # espeak-ng's note that it reads a foreign word
_VOWELS = "aeiouyøœɐɑɒɔəɚɛɜɪʊʌæ"
_LIQUID_END = re.compile(r"(?<=[ptkbdɡfvs])[ʁl]$")
_LENGTH = "ː"


@lru_cache(maxsize=100_000)
def _read(text: str, dialect: str) -> str:
    command = ["espeak-ng", "-v", dialect, "-q", "--ipa", "--sep=", text]
    out = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    return " ".join(_SWITCH.sub("", out).replace("ʏ", "y").replace("-", "").split())


def phonemes(words: Sequence[str], dialect: str) -> list[str]:
    """The sounds of each word in its context (liaisons), or by itself where espeak-ng runs words together."""
    groups = _read(" ".join(words), dialect).split(" ")
    if len(groups) == len(words):
        return groups
    if len(words) > 3:  # most of the stretch may still be read in context
        half = len(words) // 2
        return phonemes(words[:half], dialect) + phonemes(words[half:], dialect)
    return [_read(word, dialect).replace(" ", "") for word in words]


def worn(groups: Sequence[str], rng: random.Random, haste: float) -> list[str]:
    """French as it is said in haste: silent e dropped, a final r or l after a consonant too. ``haste`` in [0, 1]."""
    result = []
    for group in groups:
        drop = rng.random() < haste
        worn_down = _LIQUID_END.sub("", group.removesuffix("ə") if len(group) > 2 else group) if drop else group
        if rng.random() < haste and len(worn_down) > 1:
            worn_down = worn_down.replace("ə", "", 1)
        result.append(worn_down if any(c.isalpha() for c in worn_down) else group)
    return result


def broken_off(group: str, share: float) -> str:
    """The first ``share`` of a word's sounds, one at least."""
    return group[: max(1, round(len(group) * share))]


def drawn_out(group: str, marks: int) -> str:
    """The last vowel made longer by length marks."""
    for k in range(len(group) - 1, -1, -1):
        if group[k] in _VOWELS:
            after = k + 1 + (group[k + 1 : k + 2] == "̃")
            return group[:after] + _LENGTH * marks + group[after:]
    return group

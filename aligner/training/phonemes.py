"""Convert words to phonemes with espeak-ng, and delete phonemes that are silent in fast French.

Conventions: a *group* is the phonemes of one word in IPA. A *dialect* is the name of an espeak-ng voice.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Sequence
from functools import lru_cache

# The espeak-ng voices of each language, most common first.
DIALECTS = {
    "fr": ("fr-fr", "fr-fr", "fr-fr", "fr-be"),
    "en": ("en-us", "en-us", "en-gb"),
    "es": ("es", "es-419"),
    "it": ("it",),
    "pt": ("pt-br", "pt-br", "pt"),
    "de": ("de",),
}

_SWITCH = re.compile(r"\([a-z-]+\)")  # how espeak-ng marks a foreign word
VOWELS = "aeiouyøœɐɑɒɔəɚɛɜɪʊʌæ"
_TO_LAST_VOWEL = re.compile(rf".*[{VOWELS}]\u0303?")  # with the tilde of a nasal vowel
_LIQUID_END = re.compile(r"(?<=[ptkbdɡfvs])[ʁl]$")
_LENGTH = "ː"


@lru_cache(maxsize=100_000)
def _read(text: str, dialect: str) -> str:
    command = ["espeak-ng", "-v", dialect, "-q", "--ipa", "--sep=", text]
    out = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    return " ".join(_SWITCH.sub("", out).replace("ʏ", "y").replace("-", "").split())


def phonemes(words: Sequence[str], dialect: str) -> list[str]:
    """Return the phonemes of each word, with liaisons. Words that espeak-ng would merge are converted separately."""
    groups = _read(" ".join(words), dialect).split(" ")
    if len(groups) == len(words):
        return groups
    if len(words) > 3:  # keep the context of most words
        half = len(words) // 2
        return phonemes(words[:half], dialect) + phonemes(words[half:], dialect)
    return [_read(word, dialect).replace(" ", "") for word in words]


def reduce_french(groups: Sequence[str], rng: random.Random, haste: float) -> list[str]:
    """Delete e and final r or l, as in fast French, from the phonemes of words, each with probability ``haste``."""
    result = []
    for group in groups:
        drop = rng.random() < haste
        reduced = _LIQUID_END.sub("", group.removesuffix("ə") if len(group) > 2 else group) if drop else group
        if rng.random() < haste and len(reduced) > 1:
            reduced = reduced.replace("ə", "", 1)
        result.append(reduced if any(c.isalpha() for c in reduced) else group)
    return result


def truncate(group: str, share: float) -> str:
    """Return the first phonemes of a word: a ``share`` (0 to 1) of all phonemes, but at least one."""
    return group[: max(1, round(len(group) * share))]


def lengthen(group: str, marks: int) -> str:
    """Add ``marks`` length marks to the last vowel of a word."""
    return _TO_LAST_VOWEL.sub(rf"\g<0>{_LENGTH * marks}", group, count=1)

"""Clusters: the characters that are drawn as one, and are never cut.

Grapheme clusters of Unicode's annex 29 as far as speech is written with them: a letter and its marks, a flag's two
letters, an emoji with its skin, its sex, its family.
"""

from __future__ import annotations

import re
from itertools import pairwise
from unicodedata import category, combining

_JOINER, _VIRAMA = "\u200d", 9
_FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")
_EXTENDING = re.compile("[\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_SIMPLE = re.compile("[\\0-\u02ff\u0370-\u0482\u2010-\u2027\u202f-\u205f\u20a0-\u20cf]*")
_TEXT_STYLE, _EMOJI_STYLE, _KEYCAP = "\ufe0e", "\ufe0f", "\u20e3"
# Emoji_Presentation of Unicode's TR 51 below U+1F000, and the planes of pictures beyond.
_PICTURE = re.compile(
    "[\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd"
    "\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755"
    "\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\U0001f000-\U0001faff]"
)


def clusters(text: str) -> list[str]:
    """``text`` cut into its clusters."""
    if _SIMPLE.fullmatch(text):
        return list(text)
    starts, flag_letters = [0], 0
    for at, (before, character) in enumerate(pairwise(text), 1):
        flag_letters = flag_letters + 1 if _FLAG_LETTER.match(before) else 0
        if not (_extends(before, character) or (flag_letters % 2 and _FLAG_LETTER.match(character))):
            starts.append(at)
    return [text[start:end] for start, end in pairwise([*starts, len(text)]) if text]


def is_emoji(cluster: str) -> bool:
    """Whether a cluster is meant as a picture in colour."""
    if _TEXT_STYLE in cluster:
        return False
    return _EMOJI_STYLE in cluster or _KEYCAP in cluster or _PICTURE.match(cluster) is not None


def _extends(before: str, character: str) -> bool:
    if _EXTENDING.match(character) or category(character)[0] == "M":
        return True
    if before == _JOINER:
        return _PICTURE.match(character) is not None or "\u2190" <= character <= "\u2bff"
    return combining(before) == _VIRAMA and category(character) == "Lo"

"""Characters on a line: how wide they are, and where one may break in scripts written without spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

# Thai to Myanmar, Khmer, kana, Han and their extensions; Hangul is left out, it has spaces.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)
# Characters that must not start a line (JIS X 4051), and Thai vowels and marks written after their consonant.
NO_START = frozenset(
    "、。，．・：；！？」』）】〕〉》”’ーゝゞ々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ…‥,.!?)]}»ะาำๆฯ"
)
# Characters that must not end one, and Thai vowels written before it.
NO_END = frozenset("「『（【〔〈《“‘([{«เแโใไ")
_UNSEEN = {"Mn", "Me", "Cf", "Cc"}


def width(text: str) -> int:
    """The characters of ``text`` as a reader sees them: combining marks count nothing, wide ones two.

    Wide are W and F of Unicode's TR 11.
    """
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    if character < "\u0300":
        return 1
    if unicodedata.category(character) in _UNSEEN:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def is_unspaced(text: str) -> bool:
    """Whether a run of text holds more than one character of a script without spaces."""
    return not text.isascii() and len(_UNSPACED.findall(text)) > 1


def has_unspaced(text: str) -> bool:
    """Whether a text holds a character of a script without spaces."""
    return not text.isascii() and _UNSPACED.search(text) is not None


def unspaced_apart(text: str, between: str = " ") -> str:
    """A text with spaces, or what is ``between``, around each character of a script without spaces."""
    return text if text.isascii() else _UNSPACED.sub(rf"{between}\g<0>{between}", text)


def pieces(text: str) -> list[str]:
    """Cut a run between the characters of a script without spaces; marks, Latin words and numbers stay whole."""
    starts = [0, *(at for at in range(1, len(text)) if not _belongs(text[at - 1], text[at]))]
    return [text[start:end] for start, end in pairwise([*starts, len(text)]) if text]


def _belongs(last: str, character: str) -> bool:
    """Whether a character stays in the piece that ends with the ``last`` one."""
    if unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf") or last == "\u200d":
        return True
    if character in NO_START or last in NO_END:
        return True
    return not _is_free(last) and not _is_free(character)


def _is_free(character: str) -> bool:
    """Whether a line may break on both sides of the character as far as its script goes."""
    return bool(_UNSPACED.match(character)) or character in NO_START or character in NO_END

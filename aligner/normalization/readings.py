"""All the ways in which a voice may read what is written.

Most tokens are plain words and have one; only those with digits, signs, capitals or inner dots, or that are known as
abbreviations, are looked into. What a token may be depends on its neighbours only as far as ``Beside`` says.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from aligner.normalization.combining import MOST
from aligner.normalization.languages import language_of
from aligner.normalization.letters import sounded
from aligner.normalization.standard import cut, groups, letters_of, read_out
from aligner.normalization.tokens import SIGNS, Beside, token_ways

_LONGEST = 120  # characters; nobody reads out a token that is longer in more than one way
_UPPER, _LOWER = "A-ZÀ-ÖØ-Þ", "a-zß-öø-ÿ"
_UNUSUAL = re.compile(
    rf"[\d/{re.escape(SIGNS)}]|\w[.:_]\w|[{_UPPER}]{{2}}|[{_LOWER}][{_UPPER}]|^\W*[^\W\d_]\W*$|[^\W\d_]\.-"
    r"|^\W*[IVX](?:ers?|re|ère|e|ème)\W*$"
)
_EDGES = "".join(map(chr, range(0x21, 0x30))) + ":;?!()[]{}«»“”„‘’…‹›¿¡—–"
_SENTENCE_END = re.compile(r"[.?!…:]\W*$")


def readings(tokens: Sequence[str], language: str) -> list[tuple[str, ...]]:
    """For each token the ways in which it may be read aloud, likeliest first, in letters of ``ALPHABET``.

    Never an empty tuple, ``("",)`` where there is nothing to say, at most ``MOST``. In plain letters the first is that
    of ``spell``, wherever that gives letters a-z only.

    Examples
    --------
    >>> readings(["en", "1990"], "fr")[1][:2]
    ('milleneufcentquatrevingtdix', 'dixneufcentquatrevingtdix')
    """
    ways = [
        _read(token, language, _beside(tokens, k)) if _is_unusual(token, language) else _plain_word(token, language)
        for k, token in enumerate(tokens)
    ]
    for start, stop in groups(tokens):
        whole = _read("".join(tokens[start:stop]), language, Beside())
        ways[start:stop] = _grouped(whole, ways[start:stop])
    return ways


def _grouped(whole: Sequence[str], groups_alone: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The readings of a number's groups: cut from those of the whole number, and then each group's own.

    Of two groups, the whole number's other readings can be cut too where they end in one of the last group.
    """
    cuts = [cut(whole[0], [alone[0] for alone in groups_alone])]
    for way in whole[1:] if len(groups_alone) == 2 else ():
        last = next((alone for alone in groups_alone[-1] if alone and way.endswith(alone)), None)
        if last is not None:
            cuts.append(cut(way, ["", last]))
    together = zip(zip(*cuts, strict=True), groups_alone, strict=True)
    return [tuple(dict.fromkeys((*pieces, *alone)))[:MOST] for pieces, alone in together]


@lru_cache(maxsize=65_536)
def _plain_word(token: str, language: str) -> tuple[str, ...]:
    return (sounded(read_out(token, language), language),)


@lru_cache(maxsize=65_536)
def _is_unusual(token: str, language: str) -> bool:
    """Whether a token may be read in more ways than it is written."""
    if len(token) > _LONGEST:
        return False
    if _UNUSUAL.search(token):
        return True
    known = language_of(language)
    core = token.strip(_EDGES)
    if core in known.units:
        return True
    small = core.casefold()
    keys = (small, f"{small}.", small.partition("-")[0])
    return any(key in known.abbreviations or key in known.before_number for key in keys)


def _beside(tokens: Sequence[str], k: int) -> Beside:
    before, after = tokens[k - 1] if k else "", tokens[k + 1] if k + 1 < len(tokens) else ""
    inside = bool(before) and not _SENTENCE_END.search(before[-8:])
    name = inside and len(before) > 1 and before[0].isupper()
    return Beside(before[-1:].isdigit(), after[:1].isdigit(), name, inside)


@lru_cache(maxsize=16_384)
def _read(token: str, language: str, beside: Beside) -> tuple[str, ...]:
    """The readings of a token that is no plain word."""
    standard = _plain_word(token, language)
    if len(token) > _LONGEST:
        return standard
    texts = token_ways(unicodedata.normalize("NFC", token), language_of(language), beside)
    said = [letters for text in texts if (letters := sounded(text, language))]
    matched = letters_of(token, language)
    if not said or not matched or (matched.isascii() and matched.isalpha()):
        said = [*standard, *said]
    return tuple(dict.fromkeys(said))[:MOST]

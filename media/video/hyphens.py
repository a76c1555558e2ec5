"""Where a word too long for a line is cut: at its joints, else as its language hyphenates, else between syllables.

The patterns are those of pyphen, which are LibreOffice's. Scripts that know no hyphen get none, and what is drawn as
one is never cut.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import Any
from unicodedata import name, normalize

from media.video.clusters import clusters
from media.video.lettering import most_that

Measure = Callable[[str], float]

_JOINT = re.compile(r"(?<=[-/–—_@.:·])(?=\w)")
_LETTERS = re.compile(r"[^\W\d_][^\W\d_\u00ad]*")
_LEAST_BEFORE, _LEAST_AFTER = 2, 3  # letters of a word on either side of a hyphen
_LONGEST = 200  # letters that anyone takes for a word
_HYPHENATED = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN")  # scripts
_VOWELS = frozenset("aeiouyıœæøαεηιουωаеёиоуыэюяіїєў")


def cut_to_fit(text: str, language: str, measure: Measure, width: float) -> Iterator[str]:
    """``text`` whole if it is no wider than ``width``, else in parts that are, with the hyphens that they end in.

    ``language`` is a code such as ``fr``. No more is measured than some times the text.
    """

    def fitting(begin: int, behind: str) -> int:
        return begin + most_that(
            len(text) - begin, lambda count: measure(text[begin : begin + count] + behind) <= width
        )

    begin, whole = 0, fitting(0, "")
    if whole == len(text):
        yield text
        return
    edges = [0, *accumulate(map(len, clusters(text)))]
    points = hyphenation_points(text, language)
    spaces = [at for at in edges if 0 < at < len(text) and text[at - 1].isspace()]
    syllables = sorted({*points, *_syllables(text)})
    while whole < len(text):
        hyphened = fitting(begin, "-")
        joints = [match.start() for match in _JOINT.finditer(text, begin + 1, whole + 1)]
        cut = joints[-1] if joints else 0
        cut = cut or _last(points, begin + 1, hyphened) or _last(syllables, begin + 1, hyphened)
        cut = (
            cut
            or _last(spaces, begin + 1, whole)
            or _last(edges, begin + 1, hyphened)
            or edges[bisect_right(edges, begin)]
        )
        yield text[begin:cut] + "-" * (not joints and _takes_hyphen(text, cut))
        begin, whole = cut, fitting(cut, "")
    if begin < len(text):
        yield text[begin:]


def hyphenation_points(text: str, language: str) -> list[int]:
    """Where the words of ``text`` may be cut with a hyphen; nowhere if nothing is known of the language."""
    patterns = _patterns(language)
    if patterns is None:
        return []
    words = (match for match in _LETTERS.finditer(text) if len(match.group()) <= _LONGEST)
    # Where spelling changes at the hyphen, another point is taken.
    return [match.start() + int(at) for match in words for at in patterns.positions(match.group()) if at.data is None]


@lru_cache(maxsize=8)
def _patterns(language: str) -> Any:
    import pyphen

    known = pyphen.language_fallback(language)
    return pyphen.Pyphen(lang=known, left=_LEAST_BEFORE, right=_LEAST_AFTER) if known else None


def _syllables(text: str) -> Iterator[int]:
    """Before each consonant that a vowel follows, if a vowel went before it in its word."""
    for match in _LETTERS.finditer(text):
        word = [normalize("NFD", letter)[0] for letter in match.group().lower()]
        heard = False
        for at, letter in enumerate(word[:-1]):
            opens = letter not in _VOWELS and word[at + 1] in _VOWELS
            if opens and heard and _LEAST_BEFORE <= at <= len(word) - _LEAST_AFTER:
                yield match.start() + at
            heard = heard or letter in _VOWELS


def _last(places: list[int], low: int, high: int) -> int:
    """The last of ``places`` from ``low`` to ``high``; 0 if there is none."""
    at = bisect_right(places, high) - 1
    return places[at] if at >= 0 and places[at] >= low else 0


def _takes_hyphen(text: str, cut: int) -> bool:
    """Whether a hyphen at the cut is what a reader of the script knows."""
    return all(side.isalpha() and name(side, "").startswith(_HYPHENATED) for side in text[cut - 1 : cut + 1])

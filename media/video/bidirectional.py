"""Order the characters of a line that mixes right-to-left and left-to-right scripts.

Implements Unicode's bidirectional algorithm (annex 9, UAX #9): rules HL1, W1 to W7, N0 to N2, I1 to I2 and L2. Each
line of a quote is treated as a paragraph. Embedding and isolating controls, which are rare in transcripts, count as
neutral characters.

Conventions
-----------
Even levels mean left to right, odd levels right to left. ``edge`` is the direction of the line: L or R.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, takewhile
from unicodedata import bidirectional

_LEFTWARDS = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_DIRECTING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MARKS = "\u200e\u200f\u061c"
_BRACKETS = {
    "(": ")",
    "[": "]",
    "{": "}",
    "⟨": "⟩",
    "⟦": "⟧",
    "「": "」",
    "『": "』",
    "【": "】",
    "〈": "〉",
    "《": "》",
}
_STRONG = {"L": "L", "R": "R", "AL": "R", "EN": "R", "AN": "R"}  # among neutrals, numbers count as right to left
_MOST_OPEN = 63  # brackets, as in the annex


def has_rtl(text: str) -> bool:
    """Return whether ``text`` may have characters that run right to left."""
    return not text.isascii() and _LEFTWARDS.search(text) is not None


def without_bidi_controls(text: str) -> str:
    """Return ``text`` without Unicode's direction controls, which could reverse other text on the same line."""
    return text if text.isascii() else _DIRECTING.sub("", text)


def base_level(text: str) -> int:
    """Return the base level (main direction) of ``text``: 1 if most letters run right to left, otherwise 0.
    Unlike UAX #9, this does not depend on the first letter only, because a text may start with a foreign name."""
    letters = (character for character in text if character not in _MARKS)
    kinds = Counter(map(bidirectional, letters)) if has_rtl(text) else Counter[str]()
    return int(kinds["R"] + kinds["AL"] > kinds["L"])


def levels_of(text: str, base: int) -> list[int]:
    """Return the bidirectional level of each character of the line ``text``; ``base`` is the base level of the line."""
    if not base and not has_rtl(text):
        return [0] * len(text)
    edge = "R" if base else "L"
    kinds = _weak([bidirectional(character) or "L" for character in text], edge)
    _brackets(text, kinds, edge)
    _neutral(kinds, edge)
    return [_level(kind, base) for kind in kinds]


def visual_order(levels: Sequence[int]) -> list[int]:
    """Return the indices of a line's characters in the order in which they are shown, from left to right (rule L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        at = 0
        for high, group in groupby([levels[position] >= level for position in order]):
            end = at + len(list(group))
            if high:
                order[at:end] = reversed(order[at:end])
            at = end
    return order


def _level(kind: str, base: int) -> int:
    if base:
        return base if kind == "R" else base + 1
    return {"L": 0, "R": 1}.get(kind, 2)


def _weak(kinds: list[str], edge: str) -> list[str]:
    """Apply rules W1 to W7 to ``kinds``, the bidirectional classes of a line's characters; return the new classes. For
    example, an accent gets the class of the letter before, and the point in ``1.5`` the class of the digits."""
    last, strong = edge, edge
    for at, kind in enumerate(kinds):
        if kind == "NSM":
            kind = kinds[at] = last
        last = kind
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[at] = "AN"
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    for at in range(1, len(kinds) - 1):
        before, after = kinds[at - 1], kinds[at + 1]
        if before == after and (
            (kinds[at] == "ES" and before == "EN") or (kinds[at] == "CS" and before in ("EN", "AN"))
        ):
            kinds[at] = before
    for start, end, kind in _groups(kinds):
        if kind == "ET" and "EN" in (kinds[start - 1] if start else "", kinds[end] if end < len(kinds) else ""):
            kinds[start:end] = ["EN"] * (end - start)
    strong = edge
    for at, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"
        elif kind not in ("EN", "AN"):
            kinds[at] = "ON"
    return kinds


def _brackets(text: str, kinds: list[str], edge: str) -> None:
    """Apply rule N0 to ``kinds`` in place: paired brackets get the direction of the text in or before the brackets."""
    for opening, closing in sorted(_pairs(text, kinds)):
        inside = {_STRONG[kind] for kind in kinds[opening + 1 : closing] if kind in _STRONG}
        if not inside:
            continue
        before = next((_STRONG[kind] for kind in reversed(kinds[:opening]) if kind in _STRONG), edge)
        for at in (opening, closing):
            marks = takewhile(lambda character: bidirectional(character) == "NSM", text[at + 1 :])
            end = at + 1 + len(list(marks))
            kinds[at:end] = [edge if edge in inside else before] * (end - at)


def _pairs(text: str, kinds: Sequence[str]) -> Iterator[tuple[int, int]]:
    open_ones: list[tuple[str, int]] = []
    for at, character in enumerate(text):
        if kinds[at] != "ON":
            continue
        if character in _BRACKETS:
            if len(open_ones) == _MOST_OPEN:
                return
            open_ones.append((_BRACKETS[character], at))
        else:
            index = next((index for index in reversed(range(len(open_ones))) if open_ones[index][0] == character), None)
            if index is not None:
                yield open_ones[index][1], at
                del open_ones[index:]


def _neutral(kinds: list[str], edge: str) -> None:
    """Apply rules N1 and N2 to ``kinds`` in place: neutral characters get the direction of the text before and after
    them if both directions are the same, otherwise the direction of the line (``edge``)."""
    for start, end, kind in _groups(kinds):
        if kind == "ON":
            before = _STRONG[kinds[start - 1]] if start else edge
            after = _STRONG[kinds[end]] if end < len(kinds) else edge
            kinds[start:end] = [before if before == after else edge] * (end - start)


def _groups(kinds: Sequence[str]) -> list[tuple[int, int, str]]:
    """Group neighbouring characters of equal class; return the half-open range and the class of each group."""
    found, at = [], 0
    for kind, group in groupby(list(kinds)):
        end = at + len(list(group))
        found.append((at, end, kind))
        at = end
    return found

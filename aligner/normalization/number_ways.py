"""The ways in which a voice may read a number: as a year, digit by digit, in pairs, with a dialect's words.

All functions give text in words, likeliest first, perhaps with repeats; nothing where they do not apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from aligner.normalization.language import Language, Swaps, ways_of
from aligner.normalization.numbers import in_words, read_number

MOST_DIGITS = 24  # the longest code that anyone reads out
_ROMAN = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def number_ways(digits: str, language: Language) -> list[str]:
    """The readings of a number of ASCII digits with its points and commas."""
    if sum(map(str.isdigit, digits)) > MOST_DIGITS:
        return [digits]
    return list(_number_ways(digits, language))


@lru_cache(maxsize=4096)
def words(number: int, code: str) -> str:
    """A whole number in the words of the language with this code."""
    return in_words(number, code)


def ordinal_ways(number: int, language: Language) -> list[str]:
    """The readings of an ordinal; none where the language's ordinals are not known."""
    ordinal = in_words(number, language.code, "ordinal")
    return [] if any(map(str.isdigit, ordinal)) else swapped(ordinal, language.ordinal_swaps)


def roman_value(text: str) -> int:
    """The value of a Roman numeral in capitals; 0 if it is none."""
    if not text or not _ROMAN.fullmatch(text):
        return 0
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def roman_ways(value: int, language: Language) -> list[str]:
    """The readings of a Roman numeral that stands alone, as a number and as an ordinal."""
    cardinal, ordinal = words(value, language.code), in_words(value, language.code, "ordinal")
    return [template.format(c=cardinal, o=ordinal) for template in language.roman]


def swapped(text: str, swaps: Swaps) -> list[str]:
    """``text`` and what each of the swaps makes of it."""
    return [text, *(new for pattern, put in swaps if (new := re.sub(pattern, put, text)) != text)]


def _number_ways(digits: str, language: Language) -> Iterator[str]:
    yield read_number(digits, language.code)
    if re.search(r"[.,]", digits):
        yield from _marked(digits, language)
        return
    number = int(digits)
    if len(digits) in (3, 4) and digits[0] != "0":
        yield from _by_hundreds(number, language)
    if digits[0] != "0":
        yield _dialect_words(number, language)
        yield from swapped(words(number, language.code), language.swaps)
    if len(digits) > 2:
        yield from _in_pieces(digits, language)


def _marked(digits: str, language: Language) -> Iterator[str]:
    """Decimals, versions and addresses: the parts between points and commas, with and without the mark's name."""
    parts = re.split(r"[.,]", digits)
    whole = [words(int(part), language.code) for part in parts]
    if len(parts) == 2 and parts[1] == "5" and language.half:
        yield language.half.format(w=whole[0])
    for mark in ways_of(language.decimal):
        if len(parts) == 2:
            singly = " ".join(words(int(digit), language.code) for digit in parts[1])
            yield f"{whole[0]} {mark} {singly}"
            if parts[1][0] != "0":
                yield f"{whole[0]} {mark} {whole[1]}"
        else:
            yield f" {mark} ".join(whole)
    yield " ".join(whole)


def _by_hundreds(number: int, language: Language) -> Iterator[str]:
    """1990 as nineteen ninety, dix-neuf cent quatre-vingt-dix or neunzehnhundertneunzig; 747 as seven forty-seven."""
    if number in language.by_hundreds:
        hundreds, rest = divmod(number, 100)
        names = {"c": words(hundreds, language.code), "year": in_words(number, language.code, "year")}
        for template in language.hundreds:
            yield template.format(r=words(rest, language.code) if rest else "", **names)
            yield template.format(r=_dialect_words(rest, language) if rest else "", **names)


def _dialect_words(number: int, language: Language) -> str:
    """A number in the words of the language's dialect, if it has one."""
    said = words(number, language.dialect or language.code)
    for pattern, put in language.dialect_swaps:
        said = re.sub(pattern, put, said)
    return said


def _in_pieces(digits: str, language: Language) -> Iterator[str]:
    """Codes and telephone numbers: in pairs where they come out even, and digit by digit."""
    pairs = re.findall("..", digits)
    if len(digits) % 2 == 0 and "00" not in pairs:
        yield " ".join(read_number(pair, language.code) for pair in pairs)
    singly = " ".join(words(int(digit), language.code) for digit in digits)
    yield from swapped(singly, language.digit_swaps)

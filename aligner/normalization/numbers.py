"""Numbers in words, by num2words, and digits with their decimal and thousands marks."""

from __future__ import annotations

import re

DIGITS = r"\d+(?:[.,]\d+)*"
_MAX_DIGITS = 15  # past that a run of digits is a code, read digit by digit
_LARGEST_ORDINAL = 10**6  # num2words recurses without end on some that are larger
_LARGEST = {"am": 10**6}  # nor does it come to an end on large numbers in Amharic
_POINT_IS_DECIMAL = {"en", "ja", "zh", "ko", "th", "he"}


def read_number(digits: str, language: str) -> str:
    """Digits with their decimal and thousands marks read aloud, or as they stand where that cannot be done."""
    if not digits.isascii() or sum(map(str.isdigit, digits)) > _MAX_DIGITS:
        return digits
    decimal = "." if language in _POINT_IS_DECIMAL else ","
    marks = set(re.findall(r"[.,]", digits))
    if len(marks) == 2:  # the later of two different marks is the decimal one, whatever the custom
        decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
    whole, _, fraction = digits.rpartition(decimal) if decimal in marks else (digits, "", "")
    groups = re.split(r"[.,]", whole)
    grouped = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if len(groups) == 2 and not grouped and not fraction:
        whole, fraction = groups  # a decimal point in a language of decimal commas
    elif len(groups) > 1 and not grouped:
        return " ".join(read_number(part, language) for part in re.findall(r"\d+", digits))
    else:
        whole = "".join(groups)
    if not fraction and len(whole) > 1 and whole[0] == "0":
        return " ".join(in_words(int(digit), language) for digit in whole)
    return in_words(float(f"{whole}.{fraction}") if fraction else int(whole), language)


def in_words(number: float, language: str, kind: str = "cardinal") -> str:
    """The number by num2words, as a "cardinal", an "ordinal" or a "year"; in digits where num2words has no words."""
    from num2words import CONVERTER_CLASSES, num2words

    largest = _LARGEST_ORDINAL if kind == "ordinal" else _LARGEST.get(language, 10**_MAX_DIGITS)
    if language not in CONVERTER_CLASSES or number >= largest:
        return str(number)
    try:
        return str(num2words(number, lang=language, to=kind))
    except (ArithmeticError, LookupError, NotImplementedError, RecursionError, TypeError, ValueError):
        return str(number)  # each is raised for some number in some language, where its tables end

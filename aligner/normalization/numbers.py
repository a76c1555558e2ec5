"""What is written in digits, in words: numbers by num2words, and the ways in which a voice may read them.

A number is read as a year, digit by digit, in pairs, with a dialect's words; digits may be a time of day or a date too.
The functions whose names end in ``ways`` give text in words, likeliest first, perhaps with repeats; nothing where they
do not apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from heapq import nsmallest
from itertools import product

from aligner.languages.record import Reading, Swaps, ways_of

DIGITS = r"\d+(?:[.,]\d+)*"
MOST = 6  # readings that are kept of one token
MOST_DIGITS = 24  # the longest code that anyone reads out
_MAX_DIGITS = 15  # past that a run of digits is a code, read digit by digit
_LARGEST_ORDINAL = 10**6  # num2words recurses without end on some that are larger
_LARGEST = {"am": 10**6}  # nor does it come to an end on large numbers in Amharic
_ROMAN = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_CLOCK = re.compile(r"(?P<h>\d{1,2})(?:(?P<mark>[hHuU:.])(?P<m>\d{2})[uU]?)?\s?(?P<half>[aApP]\.?[mM]\.?)?", re.ASCII)
_DATE = re.compile(r"(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?:(?P=mark)(?P<y>\d{4}|\d{2}))?", re.ASCII)
_ISO_DATE = re.compile(r"(?P<y>\d{4})-(?P<a>\d{2})-(?P<b>\d{2})", re.ASCII)
_OPTION = re.compile(r"\[([^\[\]]*)\]")


def read_number(digits: str, reading: Reading) -> str:
    """Digits with their decimal and thousands marks read aloud, or as they stand where that cannot be done."""
    if not digits.isascii() or sum(map(str.isdigit, digits)) > _MAX_DIGITS:
        return digits
    decimal = "." if reading.point_is_decimal else ","
    marks = set(re.findall(r"[.,]", digits))
    if len(marks) == 2:  # the later of two different marks is the decimal one, whatever the custom
        decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
    whole, _, fraction = digits.rpartition(decimal) if decimal in marks else (digits, "", "")
    groups = re.split(r"[.,]", whole)
    grouped = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if len(groups) == 2 and not grouped and not fraction:
        whole, fraction = groups  # a decimal point in a language of decimal commas
    elif len(groups) > 1 and not grouped:
        return " ".join(read_number(part, reading) for part in re.findall(r"\d+", digits))
    else:
        whole = "".join(groups)
    if not fraction and len(whole) > 1 and whole[0] == "0":
        return " ".join(in_words(int(digit), reading.numbers) for digit in whole)
    return in_words(float(f"{whole}.{fraction}") if fraction else int(whole), reading.numbers)


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


def number_ways(digits: str, reading: Reading) -> list[str]:
    """The readings of a number of ASCII digits with its points and commas."""
    if sum(map(str.isdigit, digits)) > MOST_DIGITS:
        return [digits]
    return list(_number_ways(digits, reading))


@lru_cache(maxsize=4096)
def words(number: int, code: str) -> str:
    """A whole number in the words of the language with this code."""
    return in_words(number, code)


def ordinal_ways(number: int, reading: Reading) -> list[str]:
    """The readings of an ordinal; none where the language's ordinals are not known."""
    ordinal = in_words(number, reading.numbers, "ordinal")
    return [] if any(map(str.isdigit, ordinal)) else swapped(ordinal, reading.ordinal_swaps)


def roman_value(text: str) -> int:
    """The value of a Roman numeral in capitals; 0 if it is none."""
    if not text or not _ROMAN.fullmatch(text):
        return 0
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def roman_ways(value: int, reading: Reading) -> list[str]:
    """The readings of a Roman numeral that stands alone, as a number and as an ordinal."""
    cardinal, ordinal = words(value, reading.numbers), in_words(value, reading.numbers, "ordinal")
    return [template.format(c=cardinal, o=ordinal) for template in reading.roman]


def swapped(text: str, swaps: Swaps) -> list[str]:
    """``text`` and what each of the swaps makes of it."""
    return [text, *(new for pattern, put in swaps if (new := re.sub(pattern, put, text)) != text)]


def all_swapped(text: str, swaps: Swaps) -> str:
    """``text`` after all of the swaps, one after the other."""
    for pattern, put in swaps:
        text = re.sub(pattern, put, text)
    return text


def _number_ways(digits: str, reading: Reading) -> Iterator[str]:
    yield read_number(digits, reading)
    if re.search(r"[.,]", digits):
        if re.fullmatch(r"[1-9],\d{3}" if reading.point_is_decimal else r"[1-9]\.\d{3}", digits):
            yield from _by_hundreds(int(re.sub(r"\D", "", digits)), reading)
        yield from _marked(digits, reading)
        return
    number = int(digits)
    if len(digits) in (3, 4) and digits[0] != "0":
        yield from _by_hundreds(number, reading)
    if digits[0] != "0":
        yield _dialect_words(number, reading)
        yield from swapped(words(number, reading.numbers), reading.swaps)
    if len(digits) > 2:
        yield from _in_pieces(digits, reading)


def _marked(digits: str, reading: Reading) -> Iterator[str]:
    """Decimals, versions and addresses: the parts between points and commas, with and without the mark's name."""
    parts = re.split(r"[.,]", digits)
    whole = [words(int(part), reading.numbers) for part in parts]
    if len(parts) == 2 and parts[1] == "5" and reading.half:
        yield reading.half.format(w=whole[0])
    for mark in ways_of(reading.decimal):
        if len(parts) == 2:
            singly = " ".join(words(int(digit), reading.numbers) for digit in parts[1])
            yield f"{whole[0]} {mark} {singly}"
            if parts[1][0] != "0":
                yield f"{whole[0]} {mark} {whole[1]}"
        else:
            yield f" {mark} ".join(whole)
    yield " ".join(whole)


def _by_hundreds(number: int, reading: Reading) -> Iterator[str]:
    """1990 as nineteen ninety, dix-neuf cent quatre-vingt-dix or neunzehnhundertneunzig; 747 as seven forty-seven."""
    if number in reading.by_hundreds:
        hundreds, rest = divmod(number, 100)
        names = {"c": words(hundreds, reading.numbers), "year": in_words(number, reading.numbers, "year")}
        for template in reading.hundreds:
            yield template.format(r=words(rest, reading.numbers) if rest else "", **names)
            yield template.format(r=_dialect_words(rest, reading) if rest else "", **names)


def _dialect_words(number: int, reading: Reading) -> str:
    """A number in the words of the language's dialect, if it has one."""
    return all_swapped(words(number, reading.dialect or reading.numbers), reading.dialect_swaps)


def _in_pieces(digits: str, reading: Reading) -> Iterator[str]:
    """Codes and telephone numbers: in pairs where they come out even, 020 as oh twenty, and digit by digit."""
    pairs = re.findall("..", digits)
    if len(digits) % 2 == 0 and "00" not in pairs:
        yield " ".join(read_number(pair, reading) for pair in pairs)
    if len(digits) == 3 and digits[0] == "0" != digits[1]:
        yield f"{words(0, reading.numbers)} {words(int(digits), reading.numbers)}"
    singly = " ".join(words(int(digit), reading.numbers) for digit in digits)
    yield from swapped(singly, reading.digit_swaps)


def clock_ways(text: str, reading: Reading) -> list[str]:
    """The readings of a time such as 18h30, 18:30, 9.15 or 6pm; none if it is no time."""
    found = _CLOCK.fullmatch(text)
    if not found or not reading.clock or int(found["h"]) > 24 or int(found["m"] or 0) > 59:
        return []
    mark, half = found["mark"], (found["half"] or "").lower().rstrip(".")
    if not half and (mark is None or mark not in reading.hour_marks):
        return []
    hour = int(found["h"])
    if half and not found["m"]:
        return combined([[words(hour, reading.numbers)], ways_of(reading.units.get(half, ""))])
    said = [
        *_at(hour, found["m"] or "00", reading),
        *(_at(hour - 12, found["m"] or "00", reading) if hour > 12 else []),
    ]
    return combined([said, ways_of(reading.units.get(half, ""))])


def _at(hour: int, minutes: str, reading: Reading) -> Iterator[str]:
    """The readings of one time; the noun that a template has in brackets is not said of noon and midnight."""
    either = reading.clock.get("0", reading.clock[""]) if minutes[0] == "0" else reading.clock[""]
    names = {"m": words(int(minutes), reading.numbers), "n": words(hour % 12 + 1, reading.numbers)}
    plain_hour = swapped(words(hour, reading.numbers), reading.before_feminine)[-1]
    for template in ways_of(reading.clock.get(minutes, either)):
        yield _OPTION.sub(r"\1", template).format(h=plain_hour, **names)
        if str(hour) in reading.hours:
            yield _OPTION.sub("", template).format(h=reading.hours[str(hour)], **names)


def date_ways(text: str, reading: Reading) -> list[str]:
    """The readings of a date such as 12/03/2024, 2024-03-12 or 1.5.; none if it cannot be one."""
    iso = _ISO_DATE.fullmatch(text)
    found = iso or _DATE.fullmatch(text)
    if not found or not reading.dates or (found["y"] is None and found["mark"] != "/"):
        return []  # 1.5 and 10-15 are more often other things
    orders = [(found["b"], found["a"])] if iso else [(found["a"], found["b"])]
    if reading.month_first and not iso:
        orders.insert(0, (found["b"], found["a"]))
    years = number_ways(found["y"], reading)[:3] if found["y"] else []
    days = [(int(day), int(month)) for day, month in orders if 1 <= int(day) <= 31 and 1 <= int(month) <= 12]
    said = [list(_on(day, month, years, reading)) for day, month in days]
    return [way for ways in zip(*said, strict=True) for way in ways] if said else []


def _on(day: int, month: int, years: list[str], reading: Reading) -> Iterator[str]:
    """The readings of one date; what a template has in brackets is said only where there is a year."""
    ordinal, code = ordinal_ways(day, reading)[0], reading.numbers
    names = {"o": ordinal, "month": reading.months[month - 1], "m": words(month, code)}
    names["p"] = ordinal_ways(month, reading)[0]
    spoken_days = [ordinal, words(day, code)] if day == 1 and reading.first_is_ordinal else [words(day, code)]
    likeliest_first = sorted(product(enumerate(reading.dates), enumerate(years or [""])), key=_ranks)
    for (_, template), (_, year) in likeliest_first:
        kept = _OPTION.sub(r"\1" if years else "", template)
        for spoken_day in spoken_days if "{d}" in kept else spoken_days[:1]:
            yield kept.format(d=spoken_day, y=year, **names)


def _ranks(pair: tuple[tuple[int, str], tuple[int, str]]) -> int:
    return pair[0][0] + pair[1][0]


def combined(parts: Iterable[Sequence[str]]) -> list[str]:
    """The likeliest readings of parts said one after the other, each with its own ways, likeliest first.

    A reading costs the sum of the ranks of its parts' ways. Costs only add up, so that keeping the ``MOST`` cheapest
    after each part loses none of the cheapest whole ones.
    """
    kept = [(0, "")]
    for ways in parts:
        distinct = list(dict.fromkeys(ways))[:MOST]
        longer = [(cost + rank, f"{text} {way}") for cost, text in kept for rank, way in enumerate(distinct)]
        kept = nsmallest(MOST, longer, key=lambda reading: reading[0])
    return [text.strip() for _, text in kept]

"""Numbers and other tokens that are no plain words (non-standard words), read in all their ways.

A number is read as a year, digit by digit, in pairs, with a dialect's words; digits may be a time of day or a date too.
Functions whose names end in ``ways`` return texts in words, likeliest first; none where they do not apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from itertools import product

from aligner.languages.record import Cardinals, Reading, Swaps, Table, ways_of
from aligner.normalization.letters import sounded, unaccented

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


def read_number(digits: str, numbers: Cardinals) -> str:
    """Digits with their decimal and thousands marks read aloud, or as they stand where that cannot be done."""
    if not digits.isascii() or sum(map(str.isdigit, digits)) > _MAX_DIGITS:
        return digits
    decimal = "." if numbers.point_is_decimal else ","
    marks = set(re.findall(r"[.,]", digits))
    if len(marks) == 2:  # the later of two different marks is the decimal one, whatever the custom
        decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
    whole, _, fraction = digits.rpartition(decimal) if decimal in marks else (digits, "", "")
    groups = re.split(r"[.,]", whole)
    grouped = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if len(groups) == 2 and not grouped and not fraction:
        whole, fraction = groups  # a decimal point in a language of decimal commas
    elif len(groups) > 1 and not grouped:
        return " ".join(read_number(part, numbers) for part in re.findall(r"\d+", digits))
    else:
        whole = "".join(groups)
    if not fraction and len(whole) > 1 and whole[0] == "0":
        return " ".join(in_words(int(digit), numbers.code) for digit in whole)
    return in_words(float(f"{whole}.{fraction}") if fraction else int(whole), numbers.code)


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


def number_ways(digits: str, numbers: Cardinals) -> list[str]:
    """The readings of a number of ASCII digits with its points and commas."""
    if sum(map(str.isdigit, digits)) > MOST_DIGITS:
        return [digits]
    return list(_number_ways(digits, numbers))


@lru_cache(maxsize=4096)
def words(number: int, code: str) -> str:
    """A whole number in the words of the language with this code."""
    return in_words(number, code)


def ordinal_ways(number: int, reading: Reading) -> list[str]:
    """The readings of an ordinal; none where the language's ordinals are not known."""
    ordinal = in_words(number, reading.cardinals.code, "ordinal")
    return [] if any(map(str.isdigit, ordinal)) else swapped(ordinal, reading.ordinals.swaps)


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
    cardinal, ordinal = words(value, reading.cardinals.code), in_words(value, reading.cardinals.code, "ordinal")
    return [template.format(c=cardinal, o=ordinal) for template in reading.ordinals.roman]


def swapped(text: str, swaps: Swaps) -> list[str]:
    """``text`` and what each of the swaps makes of it."""
    return [text, *(new for pattern, put in swaps if (new := re.sub(pattern, put, text)) != text)]


def all_swapped(text: str, swaps: Swaps) -> str:
    """``text`` after all of the swaps, one after the other."""
    for pattern, put in swaps:
        text = re.sub(pattern, put, text)
    return text


def _number_ways(digits: str, numbers: Cardinals) -> Iterator[str]:
    yield read_number(digits, numbers)
    if re.search(r"[.,]", digits):
        if re.fullmatch(r"[1-9],\d{3}" if numbers.point_is_decimal else r"[1-9]\.\d{3}", digits):
            yield from _by_hundreds(int(re.sub(r"\D", "", digits)), numbers)
        yield from _marked(digits, numbers)
        return
    number = int(digits)
    if len(digits) in (3, 4) and digits[0] != "0":
        yield from _by_hundreds(number, numbers)
    if digits[0] != "0":
        yield _dialect_words(number, numbers)
        yield from swapped(words(number, numbers.code), numbers.swaps)
    if len(digits) > 2:
        yield from _in_pieces(digits, numbers)


def _marked(digits: str, numbers: Cardinals) -> Iterator[str]:
    """Decimals, versions and addresses: the parts between points and commas, with and without the mark's name."""
    parts = re.split(r"[.,]", digits)
    whole = [words(int(part), numbers.code) for part in parts]
    if len(parts) == 2 and parts[1] == "5" and numbers.half:
        yield numbers.half.format(w=whole[0])
    for mark in ways_of(numbers.decimal):
        if len(parts) == 2:
            singly = " ".join(words(int(digit), numbers.code) for digit in parts[1])
            yield f"{whole[0]} {mark} {singly}"
            if parts[1][0] != "0":
                yield f"{whole[0]} {mark} {whole[1]}"
        else:
            yield f" {mark} ".join(whole)
    yield " ".join(whole)


def _by_hundreds(number: int, numbers: Cardinals) -> Iterator[str]:
    """1990 as nineteen ninety, dix-neuf cent quatre-vingt-dix or neunzehnhundertneunzig; 747 as seven forty-seven."""
    if number in numbers.by_hundreds:
        hundreds, rest = divmod(number, 100)
        names = {"c": words(hundreds, numbers.code), "year": in_words(number, numbers.code, "year")}
        for template in numbers.hundreds:
            yield template.format(r=words(rest, numbers.code) if rest else "", **names)
            yield template.format(r=_dialect_words(rest, numbers) if rest else "", **names)


def _dialect_words(number: int, numbers: Cardinals) -> str:
    """A number in the words of the language's dialect, if it has one."""
    return all_swapped(words(number, numbers.dialect or numbers.code), numbers.dialect_swaps)


def _in_pieces(digits: str, numbers: Cardinals) -> Iterator[str]:
    """Codes and telephone numbers: in pairs where they come out even, 020 as oh twenty, and digit by digit."""
    pairs = re.findall("..", digits)
    if len(digits) % 2 == 0 and "00" not in pairs:
        yield " ".join(read_number(pair, numbers) for pair in pairs)
    if len(digits) == 3 and digits[0] == "0" != digits[1]:
        yield f"{words(0, numbers.code)} {words(int(digits), numbers.code)}"
    singly = " ".join(words(int(digit), numbers.code) for digit in digits)
    yield from swapped(singly, numbers.digit_swaps)


def clock_ways(text: str, reading: Reading) -> list[str]:
    """The readings of a time such as 18h30, 18:30, 9.15 or 6pm; none if it is no time."""
    found = _CLOCK.fullmatch(text)
    if not found or not reading.calendar.clock or int(found["h"]) > 24 or int(found["m"] or 0) > 59:
        return []
    mark, half = found["mark"], (found["half"] or "").lower().rstrip(".")
    if not half and (mark is None or mark not in reading.calendar.hour_marks):
        return []
    hour = int(found["h"])
    if half and not found["m"]:
        return combined([[words(hour, reading.cardinals.code)], ways_of(reading.signs.units.get(half, ""))])
    said = [
        *_at(hour, found["m"] or "00", reading),
        *(_at(hour - 12, found["m"] or "00", reading) if hour > 12 else []),
    ]
    return combined([said, ways_of(reading.signs.units.get(half, ""))])


def _at(hour: int, minutes: str, reading: Reading) -> Iterator[str]:
    """The readings of one time; the noun that a template has in brackets is not said of noon and midnight."""
    clock, hours = reading.calendar.clock, reading.calendar.hours
    either = clock.get("0", clock[""]) if minutes[0] == "0" else clock[""]
    names = {"m": words(int(minutes), reading.cardinals.code), "n": words(hour % 12 + 1, reading.cardinals.code)}
    plain_hour = swapped(words(hour, reading.cardinals.code), reading.cardinals.before_feminine)[-1]
    for template in ways_of(clock.get(minutes, either)):
        yield _OPTION.sub(r"\1", template).format(h=plain_hour, **names)
        if str(hour) in hours:
            yield _OPTION.sub("", template).format(h=hours[str(hour)], **names)


def date_ways(text: str, reading: Reading) -> list[str]:
    """The readings of a date such as 12/03/2024, 2024-03-12 or 1.5.; none if it cannot be one."""
    iso = _ISO_DATE.fullmatch(text)
    found = iso or _DATE.fullmatch(text)
    if not found or not reading.calendar.dates or (found["y"] is None and found["mark"] != "/"):
        return []  # 1.5 and 10-15 are more often other things
    orders = [(found["b"], found["a"])] if iso else [(found["a"], found["b"])]
    if reading.calendar.month_first and not iso:
        orders.insert(0, (found["b"], found["a"]))
    years = number_ways(found["y"], reading.cardinals)[:3] if found["y"] else []
    days = [(int(day), int(month)) for day, month in orders if 1 <= int(day) <= 31 and 1 <= int(month) <= 12]
    said = [list(_on(day, month, years, reading)) for day, month in days]
    return [way for ways in zip(*said, strict=True) for way in ways] if said else []


def _on(day: int, month: int, years: list[str], reading: Reading) -> Iterator[str]:
    """The readings of one date; what a template has in brackets is said only where there is a year."""
    ordinal, code = ordinal_ways(day, reading)[0], reading.cardinals.code
    names = {"o": ordinal, "month": reading.calendar.months[month - 1], "m": words(month, code)}
    names["p"] = ordinal_ways(month, reading)[0]
    spoken_days = [ordinal, words(day, code)] if day == 1 and reading.calendar.first_is_ordinal else [words(day, code)]
    likeliest_first = sorted(product(enumerate(reading.calendar.dates), enumerate(years or [""])), key=_ranks)
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


SIGNS = "%‰€$£¥&+=@#°§~<>©№½⅓⅔¼¾²³ªº×"
_PIECE = re.compile(r"[0-9]+(?:[.,][0-9]+)*|[^\W\d_]+|.", re.DOTALL)
_CURRENCY_FIRST = re.compile(r"(R?\$|[€£¥])\s?([0-9]+(?:[.,][0-9]+)*)([a-zA-Z]*)")
_CENTS = re.compile(r"([0-9]+)[.,]([0-9]{2})([€$£])")
_ELISION = re.compile(r"([^\W\d_]{1,7})['’ʼ](?=[\w€$£#@])")
_BEFORE_NUMBER = re.compile(r"([^\W\d_]{1,5}[.°º]{0,2}|[№§#])(?=[0-9])")
_DOTTED = re.compile(r"(?:[^\W\d_]\.-?)+[^\W\d_]")
_ADDRESS = re.compile(r"(?:https?://)?((?:[\w-]+[.@])+[^\W\d_]{2,}(?:[/?].*)?)", re.IGNORECASE)
_FRACTION = re.compile(r"([1-9][0-9]?)/([1-9][0-9]?)")
_DECADE = re.compile(r"['’]?([0-9]{2,4})['’]?s")
_ROMAN_SUFFIXED = re.compile(r"([IVXLCDM]+)(?:ers?|re|ère|ème|i?èmes?|es?|nde?|[ºªᵉ]|th|st|nd|rd)")
MOST_LETTERS = 7  # more capitals than that are a word printed large
_VOWELS = re.compile(r"[aeiouyäöü]", re.IGNORECASE)
# A run of capitals, perhaps with a small plural s; a name's other parts, as in ChatGPT.
_PARTS = re.compile(r"[^\W\d_a-zà-öø-ÿ]{2,}s?(?![a-zà-öø-ÿ])|(?:(?![^\W\d_a-zà-öø-ÿ]{2,})[^\W\d_])+|[^\W\d_]+")
_SILENT_IN_WORDS = frozenset("-–:")  # read, if at all, between digits: as a range, a score
_SMALL_VOWELS = frozenset("aeiouàáéèêíóòôú")


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a token: whether a number does, before or after it, a name or any word of its sentence."""

    number_before: bool = False
    number_after: bool = False
    name_before: bool = False
    word_before: bool = False


def token_ways(token: str, reading: Reading, beside: Beside) -> list[str]:
    """The ways to read a token in composed Unicode that is no plain word, besides the one in matching."""
    core = _core(token)
    if not core:
        return []
    elided = _ELISION.match(core)
    if elided and reading.spelling.elides:
        return combined([[elided[1]], token_ways(core[elided.end() :], reading, beside)])
    core = _CURRENCY_FIRST.sub(r"\2\3\1", core)
    shaped = [*_abbreviation_ways(token, core, reading, beside), *_shape_ways(core, reading)]
    if _DOTTED.fullmatch(core):
        return [*shaped, *letter_ways(re.sub(r"\W", "", core), reading)]
    counted = [*_ordinal_ways(token, core, reading), *_decade_ways(core, reading)]
    if counted or (shaped and "." in core and core[0].isalpha()):
        return [*shaped, *counted]
    address = _ADDRESS.fullmatch(core)
    if address and not core.replace(".", "").isdigit():
        shaped += combined(_pieces(address[1], reading, beside, reading.signs.address))
    return [*shaped, *combined(_pieces(core, reading, beside, reading.signs.between))]


def _core(token: str) -> str:
    """The token without the punctuation around it; a minus before a number stays."""
    start, end = 0, len(token)
    while start < end and not (token[start].isalnum() or token[start] in SIGNS):
        if token[start] in "-−" and token[start + 1 : start + 2].isdigit():
            break
        start += 1
    while end > start and not (token[end - 1].isalnum() or token[end - 1] in SIGNS):
        end -= 1
    return token[start:end]


def _abbreviation_ways(token: str, core: str, reading: Reading, beside: Beside) -> Iterator[str]:
    """What an abbreviation stands for, alone, after a number or before one in the same token."""
    small = core.casefold().replace("’", "'")
    before, _, after = token.rpartition(core)
    written = (f"{small}." if after.startswith(".") else "", f"'{small}" if before[-1:] in ("'", "’") else "", small)
    tables = [reading.signs.abbreviations]
    if beside.number_after:
        tables.append(reading.signs.before_number)
    for table in tables:
        for key in written:
            yield from ways_of(table[key]) if key in table else ()
    if beside.number_before:
        yield from _unit_ways(core, reading)
    glued = _BEFORE_NUMBER.match(core)
    if glued:
        head = glued[1].casefold()
        signs = reading.signs
        entry = signs.before_number.get(head) or signs.abbreviations.get(head) or signs.lone.get(head)
        if entry:
            yield from combined([ways_of(entry), token_ways(core[glued.end() :], reading, Beside())])


def _unit_ways(text: str, reading: Reading) -> list[str]:
    entry = reading.signs.units.get(text) or (reading.signs.units.get(text.lower()) if len(text) > 1 else None)
    return ways_of(entry) if entry else []


def _shape_ways(core: str, reading: Reading) -> Iterator[str]:
    """The readings of a token that may be a fraction, a time, a date or money."""
    fractions = reading.signs.fractions
    yield from ways_of(fractions[core]) if core in fractions else _fraction_ways(core, reading)
    yield from clock_ways(core, reading)
    yield from date_ways(core, reading)
    money = _CENTS.fullmatch(core)
    if money:
        number, unit = number_ways(money[1], reading.cardinals), ways_of(reading.signs.units.get(money[3], ""))
        yield from combined([number, unit, number_ways(money[2], reading.cardinals)])


def _fraction_ways(core: str, reading: Reading) -> list[str]:
    """The reading of a fraction such as 7/10, its denominator an ordinal; none where the language has another way."""
    found = _FRACTION.fullmatch(core) if reading.ordinals.many else None
    if not found or not 4 < int(found[2]) <= 20 or int(found[1]) >= int(found[2]):
        return []
    part = ordinal_ways(int(found[2]), reading)[0]
    many = part if found[1] == "1" else swapped(part, reading.ordinals.many)[-1]
    return [f"{number_ways(found[1], reading.cardinals)[0]} {many}"]


def _ordinal_ways(token: str, core: str, reading: Reading) -> list[str]:
    """The readings of an ordinal in digits; one that ends in a full stop only where the token does."""
    forms = [(reading.ordinals.pattern, core), (reading.ordinals.more, core)]
    if f"{core}." in token:
        forms.append((reading.ordinals.more, f"{core}."))
    for pattern, text in forms:
        found = re.fullmatch(pattern, text, re.ASCII) if pattern else None
        if found:
            return ordinal_ways(int(next(filter(None, found.groups()))), reading)
    return []


def _decade_ways(core: str, reading: Reading) -> list[str]:
    """The readings of decades with an s, as English has them: 1990s and '90s."""
    found = _DECADE.fullmatch(core) if reading.ordinals.decades else None
    return (
        [all_swapped(way, reading.ordinals.decades) for way in number_ways(found[1], reading.cardinals)[:3]]
        if found
        else []
    )


def _pieces(text: str, reading: Reading, beside: Beside, between: Table) -> Iterator[list[str]]:
    """The ways to read each number, run of letters and sign of ``text``; ``between`` has the signs between them."""
    last, at = "", 0
    while found := _PIECE.match(text, at):
        piece, at, rest = found.group(), found.end(), text[found.end() :]
        ordinal = re.compile(reading.ordinals.pattern).match(text, found.start()) if reading.ordinals.pattern else None
        if last[-1:].isdigit() and (unit := _unit_ways(text[found.start() :], reading)):
            yield unit
            return
        if ordinal and ordinal[1].isascii():
            at = ordinal.end()
            yield ordinal_ways(int(ordinal[1]), reading) or [ordinal.group()]
        elif piece[0].isdigit() and piece.isascii():
            yield number_ways(piece, reading.cardinals)
        elif piece[0].isalpha():
            yield from _letter_run(piece, (last, rest), reading, beside, between)
        elif last[-1:].isalnum() and rest[:1].isalnum() and piece in between:
            silent = piece in _SILENT_IN_WORDS and not (last[-1].isdigit() and rest[0].isdigit())
            yield [""] if silent and between is not reading.signs.address else ways_of(between[piece])
        else:
            yield ways_of(reading.signs.lone.get(piece) or reading.signs.fractions.get(piece, ""))
        last = piece


def _letter_run(
    run: str, around: tuple[str, str], reading: Reading, beside: Beside, between: Table
) -> Iterator[list[str]]:
    """The ways to read each part of a run of letters between what is ``around`` it in its token."""
    before, after = around
    by_digit = before[-1:].isdigit() or after[:1].isdigit()
    if before[-1:].isdigit() and after[:1].isdigit() and run in between:
        yield ways_of(between[run])
    elif after[:1] == "-" and run.casefold() in reading.signs.abbreviations:
        names = named_ways(run, reading) if is_initialism(run) else []
        yield [*names, *ways_of(reading.signs.abbreviations[run.casefold()]), run]
    elif before[-1:] in ("'", "’"):
        yield [run]
    elif between is reading.signs.address and run in between:
        yield ways_of(between[run])
    elif between is reading.signs.address and (len(run) <= 2 or not has_vowel(run)):
        yield [run, *named_ways(run, reading)]
    elif before[-1:].isdigit() and (unit := _unit_ways(run, reading)):
        yield [*unit, *named_ways(run, reading), run]
    elif by_digit and len(run) <= 3:
        yield [*named_ways(run, reading), run]
    else:
        for part in parts_of(run):
            yield list(_part_ways(part, reading, beside))


def _part_ways(part: str, reading: Reading, beside: Beside) -> Iterator[str]:
    """A Roman numeral, an initialism, a lone letter or a word."""
    suffixed = _ROMAN_SUFFIXED.fullmatch(part)
    if suffixed and roman_value(suffixed[1]):
        yield from ordinal_ways(roman_value(suffixed[1]), reading)
        return
    value = roman_value(part)
    sure = value and not set(part) - set("IVX")  # CD, MC and the like are more often initials
    if sure and (len(part) > 1 or beside.name_before or (beside.word_before and reading.ordinals.roman_letters)):
        yield from roman_ways(value, reading)
    if is_initialism(part):
        yield from letter_ways(part, reading)
    elif _is_lone_letter(part, reading, beside):
        yield from named_ways(part, reading)
    if value and not sure and len(part) > 1:
        yield from roman_ways(value, reading)
    yield part


def _is_lone_letter(part: str, reading: Reading, beside: Beside) -> bool:
    """Whether one letter may be said by its name: not where it is a word, as Y at the start of a Spanish sentence."""
    if len(part) > 1 or part in _SMALL_VOWELS:
        return False
    return beside.word_before or part not in reading.spelling.words_of_one_letter


def parts_of(letters: str) -> list[str]:
    """A run of letters cut where capitals begin that may be said one by one."""
    return [letters] if is_initialism(letters) else _PARTS.findall(letters)


def is_initialism(letters: str) -> bool:
    """Whether these letters look as if they may be said one by one: IA, PIBs, ARNm, PhD, but not McNeil."""
    capitals = sum(map(str.isupper, letters))
    if not 2 <= capitals <= MOST_LETTERS:
        return False
    small = len(letters) - capitals
    return small == 0 or (small == 1 and letters[0].isupper()) or (len(letters) <= 4 and letters[-1].isupper())


def letter_ways(letters: str, reading: Reading) -> list[str]:
    """The readings of an initialism, likeliest first: by letter names, and as the word that it may also be."""
    plural = len(letters) > 2 and letters[:-1].isupper() and letters[-1] == "s"
    stem = letters[:-1] if plural else letters
    named = [said + tail for said in named_ways(stem, reading) for tail in (["s", ""] if plural else [""])]
    if len(stem) > 3 and has_vowel(stem):
        return [letters, *named]
    return [*named, letters]


def has_vowel(letters: str) -> bool:
    """Whether letters can be said as a word at all."""
    return bool(_VOWELS.search(letters))


def named_ways(letters: str, reading: Reading) -> list[str]:
    """The names of the letters, one reading an alphabet; none if one of them has no name there."""
    spelled = unaccented(sounded(letters, "")) if letters else ""
    return [" ".join(names[letter] for letter in spelled) for names in reading.spelling.letters if spelled]

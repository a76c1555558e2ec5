"""List the ways to read aloud numbers and other tokens that are not plain words (non-standard words).

A number may be read as a year, digit by digit, in pairs, or in dialect words; it may also be a time of day or a date.
Functions named ``…_ways`` return readings in words, likeliest first. For a text of another kind, they return no
readings: ``date_ways``, for example, for a text that is not a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nsmallest
from itertools import product

from aligner.languages.record import Cardinals, Reading, Replacements, Table, ways_of
from aligner.normalization.letters import sounded, unaccented

DIGITS = r"\d+(?:[.,]\d+)*"
MOST = 6  # readings of one token
_MOST_DIGITS = 24  # a longer code is not read aloud
_LONGEST_NUMBER = 15  # digits; a longer run is a code, read digit by digit
_LARGEST_ORDINAL = 10**6  # num2words never returns for some larger ones
_LARGEST = {"am": 10**6}  # nor does it for large numbers in Amharic
_ROMAN = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_CLOCK = re.compile(r"(?P<h>\d{1,2})(?:(?P<mark>[hHuU:.])(?P<m>\d{2})[uU]?)?\s?(?P<half>[aApP]\.?[mM]\.?)?", re.ASCII)
_DATE = re.compile(r"(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?:(?P=mark)(?P<y>\d{4}|\d{2}))?", re.ASCII)
_ISO_DATE = re.compile(r"(?P<y>\d{4})-(?P<a>\d{2})-(?P<b>\d{2})", re.ASCII)
_OPTION = re.compile(r"\[([^\[\]]*)\]")


def read_number(digits: str, numbers: Cardinals) -> str:
    """Return a number such as "1,234.5" in words. A number of more than 15 digits is returned unchanged."""
    if not digits.isascii() or sum(map(str.isdigit, digits)) > _LONGEST_NUMBER:
        return digits
    decimal = "." if numbers.point_is_decimal else ","
    marks = set(re.findall(r"[.,]", digits))
    if len(marks) == 2:  # the last of two different marks is the decimal mark in any language
        decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
    whole, _, fraction = digits.rpartition(decimal) if decimal in marks else (digits, "", "")
    groups = re.split(r"[.,]", whole)
    grouped = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if len(groups) == 2 and not grouped and not fraction:
        whole, fraction = groups  # a decimal point in a language with decimal commas
    elif len(groups) > 1 and not grouped:
        return " ".join(read_number(part, numbers) for part in re.findall(r"\d+", digits))
    else:
        whole = "".join(groups)
    if not fraction and len(whole) > 1 and whole[0] == "0":
        return " ".join(in_words(int(digit), numbers.code) for digit in whole)
    return in_words(float(f"{whole}.{fraction}") if fraction else int(whole), numbers.code)


def in_words(number: float, language: str, kind: str = "cardinal") -> str:
    """Return a number in words, or in digits if num2words fails. ``kind`` is "cardinal", "ordinal" or "year"."""
    from num2words import CONVERTER_CLASSES, num2words

    largest = _LARGEST_ORDINAL if kind == "ordinal" else _LARGEST.get(language, 10**_LONGEST_NUMBER)
    if language not in CONVERTER_CLASSES or number >= largest:
        return str(number)
    try:
        return str(num2words(number, lang=language, to=kind))
    except (ArithmeticError, LookupError, NotImplementedError, RecursionError, TypeError, ValueError):
        return str(number)  # num2words raises each of these for some number in some language


def number_ways(digits: str, numbers: Cardinals) -> list[str]:
    """Return the ways to read aloud a number written with ASCII digits, points and commas."""
    if sum(map(str.isdigit, digits)) > _MOST_DIGITS:
        return [digits]
    return list(_number_ways(digits, numbers))


@lru_cache(maxsize=4096)
def words(number: int, code: str) -> str:
    """Return an integer in words, as a cardinal number in the num2words language ``code``."""
    return in_words(number, code)


def ordinal_ways(number: int, reading: Reading) -> list[str]:
    """Return the ways to read ``number`` as an ordinal; none if num2words has no ordinals in the language."""
    ordinal = in_words(number, reading.cardinals.code, "ordinal")
    return [] if any(map(str.isdigit, ordinal)) else variants(ordinal, reading.ordinals.variants)


def roman_value(text: str) -> int:
    """Return the value of a Roman numeral in capitals, or 0 if the text is not a Roman numeral."""
    if not text or not _ROMAN.fullmatch(text):
        return 0
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def roman_ways(value: int, reading: Reading) -> list[str]:
    """Return the ways to read a Roman numeral of this value, as a cardinal and as an ordinal number."""
    cardinal, ordinal = words(value, reading.cardinals.code), in_words(value, reading.cardinals.code, "ordinal")
    return [template.format(c=cardinal, o=ordinal) for template in reading.ordinals.roman]


def variants(text: str, replacements: Replacements) -> list[str]:
    """Return the text and, for each replacement that changes the text, a variant with only this replacement applied."""
    return [text, *(new for pattern, by in replacements if (new := re.sub(pattern, by, text)) != text)]


def apply_replacements(text: str, replacements: Replacements) -> str:
    """Return the text with all replacements applied, in order."""
    for pattern, by in replacements:
        text = re.sub(pattern, by, text)
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
        yield from variants(words(number, numbers.code), numbers.variants)
    if len(digits) > 2:
        yield from _in_pieces(digits, numbers)


def _marked(digits: str, numbers: Cardinals) -> Iterator[str]:
    """Yield readings of a number with points or commas: 3.5 as three and a half, three point five, and three five."""
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
    """Yield readings by hundreds: 1990 as nineteen ninety or neunzehnhundertneunzig, 747 as seven forty-seven."""
    if number in numbers.by_hundreds:
        hundreds, rest = divmod(number, 100)
        names = {"c": words(hundreds, numbers.code), "year": in_words(number, numbers.code, "year")}
        for template in numbers.hundreds:
            yield template.format(r=words(rest, numbers.code) if rest else "", **names)
            yield template.format(r=_dialect_words(rest, numbers) if rest else "", **names)


def _dialect_words(number: int, numbers: Cardinals) -> str:
    return apply_replacements(words(number, numbers.dialect or numbers.code), numbers.dialect_fixes)


def _in_pieces(digits: str, numbers: Cardinals) -> Iterator[str]:
    """Yield readings as in codes: in pairs (2030: twenty thirty), with a zero (020: zero twenty), digit by digit."""
    pairs = re.findall("..", digits)
    if len(digits) % 2 == 0 and "00" not in pairs:
        yield " ".join(read_number(pair, numbers) for pair in pairs)
    if len(digits) == 3 and digits[0] == "0" != digits[1]:
        yield f"{words(0, numbers.code)} {words(int(digits), numbers.code)}"
    singly = " ".join(words(int(digit), numbers.code) for digit in digits)
    yield from variants(singly, numbers.digit_variants)


def clock_ways(text: str, reading: Reading) -> list[str]:
    """Return the ways to read aloud a time such as 18h30, 18:30, 9.15 or 6pm."""
    found = _CLOCK.fullmatch(text)
    if not found or not reading.calendar.clock or int(found["h"]) > 24 or int(found["m"] or 0) > 59:
        return []
    mark, half = found["mark"], (found["half"] or "").lower().rstrip(".")
    if not half and (mark is None or mark not in reading.calendar.hour_marks):
        return []
    hour = int(found["h"])
    if half and not found["m"]:
        return combined([[words(hour, reading.cardinals.code)], ways_of(reading.signs.units.get(half, ""))])
    hours = [hour, hour - 12] if hour > 12 else [hour]
    times = [way for each in hours for way in _read_time(each, found["m"] or "00", reading)]
    return combined([times, ways_of(reading.signs.units.get(half, ""))])


def _read_time(hour: int, minutes: str, reading: Reading) -> Iterator[str]:
    """Yield readings of a time, from the language's templates. The bracketed part of a template ("{h}[ o'clock]") is
    omitted if a name stands for the hour: "twelve o'clock", but "noon"."""
    clock, hours = reading.calendar.clock, reading.calendar.hours
    either = clock.get("0", clock["*"]) if minutes[0] == "0" else clock["*"]
    names = {"m": words(int(minutes), reading.cardinals.code), "n": words(hour % 12 + 1, reading.cardinals.code)}
    plain_hour = variants(words(hour, reading.cardinals.code), reading.cardinals.feminine)[-1]
    for template in ways_of(clock.get(minutes, either)):
        yield _OPTION.sub(r"\1", template).format(h=plain_hour, **names)
        if str(hour) in hours:
            yield _OPTION.sub("", template).format(h=hours[str(hour)], **names)


def date_ways(text: str, reading: Reading) -> list[str]:
    """Return the ways to read aloud a date such as 12/03/2024 or 2024-03-12."""
    iso = _ISO_DATE.fullmatch(text)
    found = iso or _DATE.fullmatch(text)
    if not found or not reading.calendar.dates or (found["y"] is None and found["mark"] != "/"):
        return []  # 1.5 and 10-15 are rarely dates
    orders = [(found["b"], found["a"])] if iso else [(found["a"], found["b"])]
    if reading.calendar.month_first and not iso:
        orders.insert(0, (found["b"], found["a"]))
    years = number_ways(found["y"], reading.cardinals)[:3] if found["y"] else []
    days = [(int(day), int(month)) for day, month in orders if 1 <= int(day) <= 31 and 1 <= int(month) <= 12]
    dates = [list(_read_date(day, month, years, reading)) for day, month in days]
    return [way for ways in zip(*dates, strict=True) for way in ways]


def _read_date(day: int, month: int, years: list[str], reading: Reading) -> Iterator[str]:
    """Yield readings of a date. ``years`` holds readings of the year; if there are none, the year is left out."""
    ordinal, code = ordinal_ways(day, reading)[0], reading.cardinals.code
    names = {"o": ordinal, "month": reading.calendar.months[month - 1], "m": words(month, code)}
    names["p"] = ordinal_ways(month, reading)[0]
    spoken_days = [ordinal, words(day, code)] if day == 1 and reading.calendar.first_is_ordinal else [words(day, code)]
    ranked = product(enumerate(reading.calendar.dates), enumerate(years or [""]))
    for (_, template), (_, year) in sorted(ranked, key=lambda pair: pair[0][0] + pair[1][0]):  # likeliest first
        template = _OPTION.sub(r"\1" if years else "", template)
        for spoken_day in spoken_days if "{d}" in template else spoken_days[:1]:
            yield template.format(d=spoken_day, y=year, **names)


def combined(parts: Iterable[Sequence[str]]) -> list[str]:
    """Combine the readings of consecutive parts into at most ``MOST`` readings of the whole, likeliest first.

    The cost of a reading is the sum of its parts' ranks, counted from 0 for the likeliest. A longer reading never costs
    less, so only the ``MOST`` cheapest need be kept after each part.
    """
    best = [(0, "")]
    for ways in parts:
        distinct = list(dict.fromkeys(ways))[:MOST]
        longer = [(cost + rank, f"{text} {way}") for cost, text in best for rank, way in enumerate(distinct)]
        best = nsmallest(MOST, longer, key=lambda reading: reading[0])
    return [text.strip() for _, text in best]


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
_MOST_INITIALS = 7  # a longer run of capitals is a word in capitals
_VOWELS = re.compile(r"[aeiouyäöü]", re.IGNORECASE)
# A run of capitals with or without a plural s, or another part of a name such as ChatGPT.
_PARTS = re.compile(r"[^\W\d_a-zà-öø-ÿ]{2,}s?(?![a-zà-öø-ÿ])|(?:(?![^\W\d_a-zà-öø-ÿ]{2,})[^\W\d_])+|[^\W\d_]+")
_SILENT_IN_WORDS = frozenset("-–:")  # read only between digits, as a range or a score
_SMALL_VOWELS = frozenset("aeiouàáéèêíóòôú")


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a token in its sentence: a number, a name or any word before the token, or a number after it."""

    number_before: bool = False
    number_after: bool = False
    name_before: bool = False
    word_before: bool = False


def token_ways(token: str, reading: Reading, context: Context) -> list[str]:
    """Return the ways to read aloud a token (in NFC) that is not a plain word. Punctuation alone has none."""
    core = _core(token)
    if not core:
        return []
    elided = _ELISION.match(core)
    if elided and reading.spelling.elides:
        return combined([[elided[1]], token_ways(core[elided.end() :], reading, context)])
    core = _CURRENCY_FIRST.sub(r"\2\3\1", core)
    shaped = [*_abbreviation_ways(token, core, reading, context), *_shape_ways(core, reading)]
    if _DOTTED.fullmatch(core):
        return [*shaped, *letter_ways(re.sub(r"\W", "", core), reading)]
    counted = [*_ordinal_ways(token, core, reading), *_decade_ways(core, reading)]
    if counted or (shaped and "." in core and core[0].isalpha()):
        return [*shaped, *counted]
    address = _ADDRESS.fullmatch(core)
    if address and not core.replace(".", "").isdigit():
        shaped += combined(_pieces(address[1], reading, context, reading.signs.address))
    return [*shaped, *combined(_pieces(core, reading, context, reading.signs.between))]


def _core(token: str) -> str:
    """Return the token without the punctuation around it, except a minus before a number."""
    start, end = 0, len(token)
    while start < end and not (token[start].isalnum() or token[start] in SIGNS):
        if token[start] in "-−" and token[start + 1 : start + 2].isdigit():
            break
        start += 1
    while end > start and not (token[end - 1].isalnum() or token[end - 1] in SIGNS):
        end -= 1
    return token[start:end]


def _abbreviation_ways(token: str, core: str, reading: Reading, context: Context) -> Iterator[str]:
    """Yield readings of ``core``, the token without punctuation, as a unit or as an abbreviation (Dr, or n° in n°5)."""
    small = core.casefold().replace("’", "'")
    before, _, after = token.rpartition(core)
    written = (f"{small}." if after.startswith(".") else "", f"'{small}" if before[-1:] in ("'", "’") else "", small)
    tables = [reading.signs.abbreviations]
    if context.number_after:
        tables.append(reading.signs.before_number)
    for table in tables:
        for key in written:
            yield from ways_of(table[key]) if key in table else ()
    if context.number_before:
        yield from _unit_ways(core, reading)
    glued = _BEFORE_NUMBER.match(core)
    if glued:
        head = glued[1].casefold()
        signs = reading.signs
        entry = signs.before_number.get(head) or signs.abbreviations.get(head) or signs.lone.get(head)
        if entry:
            yield from combined([ways_of(entry), token_ways(core[glued.end() :], reading, Context())])


def _unit_ways(text: str, reading: Reading) -> list[str]:
    entry = reading.signs.units.get(text) or (reading.signs.units.get(text.lower()) if len(text) > 1 else None)
    return ways_of(entry) if entry else []


def _shape_ways(core: str, reading: Reading) -> Iterator[str]:
    """Yield readings of ``core``, a token without outer punctuation, as a fraction, time, date or amount of money."""
    fractions = reading.signs.fractions
    yield from ways_of(fractions[core]) if core in fractions else _fraction_ways(core, reading)
    yield from clock_ways(core, reading)
    yield from date_ways(core, reading)
    money = _CENTS.fullmatch(core)
    if money:
        number, unit = number_ways(money[1], reading.cardinals), ways_of(reading.signs.units.get(money[3], ""))
        yield from combined([number, unit, number_ways(money[2], reading.cardinals)])


def _fraction_ways(core: str, reading: Reading) -> list[str]:
    found = _FRACTION.fullmatch(core) if reading.ordinals.plural else None
    if not found or not 4 < int(found[2]) <= 20 or int(found[1]) >= int(found[2]):
        return []
    part = ordinal_ways(int(found[2]), reading)[0]
    denominator = part if found[1] == "1" else variants(part, reading.ordinals.plural)[-1]
    return [f"{number_ways(found[1], reading.cardinals)[0]} {denominator}"]


def _ordinal_ways(token: str, core: str, reading: Reading) -> list[str]:
    """Return readings of an ordinal in digits, such as 3rd, or none. ``core`` is the token without its punctuation."""
    forms = [(reading.ordinals.pattern, core), (reading.ordinals.ambiguous, core)]
    if f"{core}." in token:
        forms.append((reading.ordinals.ambiguous, f"{core}."))
    for pattern, text in forms:
        found = re.fullmatch(pattern, text, re.ASCII) if pattern else None
        if found:
            return ordinal_ways(int(next(filter(None, found.groups()))), reading)
    return []


def _decade_ways(core: str, reading: Reading) -> list[str]:
    found = _DECADE.fullmatch(core) if reading.ordinals.decades else None
    numbers = number_ways(found[1], reading.cardinals)[:3] if found else []
    return [apply_replacements(number, reading.ordinals.decades) for number in numbers]


def _pieces(text: str, reading: Reading, context: Context, between: Table) -> Iterator[list[str]]:
    """Split a text into numbers, series of letters, and signs; yield the readings of each. ``between`` maps a sign or
    letter to the words for it between two numbers or words, as x in 3x4."""
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
            yield from _letter_run(piece, (last, rest), reading, context, between)
        elif last[-1:].isalnum() and rest[:1].isalnum() and piece in between:
            silent = piece in _SILENT_IN_WORDS and not (last[-1].isdigit() and rest[0].isdigit())
            yield [""] if silent and between is not reading.signs.address else ways_of(between[piece])
        else:
            yield ways_of(reading.signs.lone.get(piece) or reading.signs.fractions.get(piece, ""))
        last = piece


def _letter_run(
    run: str, around: tuple[str, str], reading: Reading, context: Context, between: Table
) -> Iterator[list[str]]:
    """Split ``run``, a series of letters, into parts; yield the readings of each. ``around`` has the text before and
    after ``run``; ``between`` has the words for letters that stand between two numbers, as x in 3x4."""
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
            yield list(_part_ways(part, reading, context))


def _part_ways(part: str, reading: Reading, context: Context) -> Iterator[str]:
    """Yield readings of ``part`` as a Roman numeral, an initialism, a lone letter or a word."""
    suffixed = _ROMAN_SUFFIXED.fullmatch(part)
    if suffixed and roman_value(suffixed[1]):
        yield from ordinal_ways(roman_value(suffixed[1]), reading)
        return
    value = roman_value(part)
    sure = value and not set(part) - set("IVX")  # CD or MC is more often an initialism
    if sure and (len(part) > 1 or context.name_before or (context.word_before and reading.ordinals.roman_letters)):
        yield from roman_ways(value, reading)
    if is_initialism(part):
        yield from letter_ways(part, reading)
    elif _is_lone_letter(part, reading, context):
        yield from named_ways(part, reading)
    if value and not sure and len(part) > 1:
        yield from roman_ways(value, reading)
    yield part


def _is_lone_letter(part: str, reading: Reading, context: Context) -> bool:
    """Return whether ``part`` is a letter that may be read by its name ("plan B"), not a word such as Spanish Y."""
    if len(part) > 1 or part in _SMALL_VOWELS:
        return False
    return context.word_before or part not in reading.spelling.words_of_one_letter


def parts_of(letters: str) -> list[str]:
    """Split a series of letters around capitals that may be read one by one: ChatGPT becomes Chat and GPT."""
    return [letters] if is_initialism(letters) else _PARTS.findall(letters)


def is_initialism(letters: str) -> bool:
    """Return whether letters may be read one by one: true for IA, PIBs, ARNm and PhD, but not McNeil."""
    capitals = sum(map(str.isupper, letters))
    if not 2 <= capitals <= _MOST_INITIALS:
        return False
    small = len(letters) - capitals
    return small == 0 or (small == 1 and letters[0].isupper()) or (len(letters) <= 4 and letters[-1].isupper())


def letter_ways(letters: str, reading: Reading) -> list[str]:
    """Return the ways to read an initialism aloud: letter by letter, and as a word."""
    plural = len(letters) > 2 and letters[:-1].isupper() and letters[-1] == "s"
    stem = letters[:-1] if plural else letters
    named = [names + tail for names in named_ways(stem, reading) for tail in (["s", ""] if plural else [""])]
    if len(stem) > 3 and has_vowel(stem):
        return [letters, *named]
    return [*named, letters]


def has_vowel(letters: str) -> bool:
    """Return whether letters contain a vowel, so that they can be read as a word."""
    return bool(_VOWELS.search(letters))


def named_ways(letters: str, reading: Reading) -> list[str]:
    """Return the ways to read letters by their names, one for each set of letter names that the language has."""
    spelled = unaccented(sounded(letters, "")) if letters else ""
    return [" ".join(names[letter] for letter in spelled) for names in reading.spelling.letters if spelled]

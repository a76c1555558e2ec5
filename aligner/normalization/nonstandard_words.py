"""A token that is no plain word, which the field calls a non-standard word: taken apart into numbers, runs of letters
and signs, and read in all its ways.

Functions give text in words, likeliest first, perhaps with repeats; an empty list where they do not apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aligner.languages.record import Reading, Table, ways_of
from aligner.normalization.letters import sounded, unaccented
from aligner.normalization.numbers import (
    all_swapped,
    clock_ways,
    combined,
    date_ways,
    number_ways,
    ordinal_ways,
    roman_value,
    roman_ways,
    swapped,
)

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
    if elided and reading.elides:
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
        shaped += combined(_pieces(address[1], reading, beside, reading.address))
    return [*shaped, *combined(_pieces(core, reading, beside, reading.between))]


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
    tables = [reading.abbreviations]
    if beside.number_after:
        tables.append(reading.before_number)
    for table in tables:
        for key in written:
            yield from ways_of(table[key]) if key in table else ()
    if beside.number_before:
        yield from _unit_ways(core, reading)
    glued = _BEFORE_NUMBER.match(core)
    if glued:
        head = glued[1].casefold()
        entry = reading.before_number.get(head) or reading.abbreviations.get(head) or reading.lone.get(head)
        if entry:
            yield from combined([ways_of(entry), token_ways(core[glued.end() :], reading, Beside())])


def _unit_ways(text: str, reading: Reading) -> list[str]:
    entry = reading.units.get(text) or (reading.units.get(text.lower()) if len(text) > 1 else None)
    return ways_of(entry) if entry else []


def _shape_ways(core: str, reading: Reading) -> Iterator[str]:
    """The readings of a token that may be a fraction, a time, a date or money."""
    yield from ways_of(reading.fractions[core]) if core in reading.fractions else _fraction_ways(core, reading)
    yield from clock_ways(core, reading)
    yield from date_ways(core, reading)
    money = _CENTS.fullmatch(core)
    if money:
        number, unit = number_ways(money[1], reading), ways_of(reading.units.get(money[3], ""))
        yield from combined([number, unit, number_ways(money[2], reading)])


def _fraction_ways(core: str, reading: Reading) -> list[str]:
    """The reading of a fraction such as 7/10, its denominator an ordinal; none where the language has another way."""
    found = _FRACTION.fullmatch(core) if reading.many_ordinals else None
    if not found or not 4 < int(found[2]) <= 20 or int(found[1]) >= int(found[2]):
        return []
    part = ordinal_ways(int(found[2]), reading)[0]
    many = part if found[1] == "1" else swapped(part, reading.many_ordinals)[-1]
    return [f"{number_ways(found[1], reading)[0]} {many}"]


def _ordinal_ways(token: str, core: str, reading: Reading) -> list[str]:
    """The readings of an ordinal in digits; one that ends in a full stop only where the token does."""
    forms = [(reading.ordinal, core), (reading.more_ordinals, core)]
    if f"{core}." in token:
        forms.append((reading.more_ordinals, f"{core}."))
    for pattern, text in forms:
        found = re.fullmatch(pattern, text, re.ASCII) if pattern else None
        if found:
            return ordinal_ways(int(next(filter(None, found.groups()))), reading)
    return []


def _decade_ways(core: str, reading: Reading) -> list[str]:
    """The readings of decades with an s, as English has them: 1990s and '90s."""
    found = _DECADE.fullmatch(core) if reading.decades else None
    return [all_swapped(way, reading.decades) for way in number_ways(found[1], reading)[:3]] if found else []


def _pieces(text: str, reading: Reading, beside: Beside, between: Table) -> Iterator[list[str]]:
    """The ways to read each number, run of letters and sign of ``text``; ``between`` has the signs between them."""
    last, at = "", 0
    while found := _PIECE.match(text, at):
        piece, at, rest = found.group(), found.end(), text[found.end() :]
        ordinal = re.compile(reading.ordinal).match(text, found.start()) if reading.ordinal else None
        if last[-1:].isdigit() and (unit := _unit_ways(text[found.start() :], reading)):
            yield unit
            return
        if ordinal and ordinal[1].isascii():
            at = ordinal.end()
            yield ordinal_ways(int(ordinal[1]), reading) or [ordinal.group()]
        elif piece[0].isdigit() and piece.isascii():
            yield number_ways(piece, reading)
        elif piece[0].isalpha():
            yield from _letter_run(piece, (last, rest), reading, beside, between)
        elif last[-1:].isalnum() and rest[:1].isalnum() and piece in between:
            silent = piece in _SILENT_IN_WORDS and not (last[-1].isdigit() and rest[0].isdigit())
            yield [""] if silent and between is not reading.address else ways_of(between[piece])
        else:
            yield ways_of(reading.lone.get(piece) or reading.fractions.get(piece, ""))
        last = piece


def _letter_run(
    run: str, around: tuple[str, str], reading: Reading, beside: Beside, between: Table
) -> Iterator[list[str]]:
    """The ways to read each part of a run of letters between what is ``around`` it in its token."""
    before, after = around
    by_digit = before[-1:].isdigit() or after[:1].isdigit()
    if before[-1:].isdigit() and after[:1].isdigit() and run in between:
        yield ways_of(between[run])
    elif after[:1] == "-" and run.casefold() in reading.abbreviations:
        names = named_ways(run, reading) if is_initialism(run) else []
        yield [*names, *ways_of(reading.abbreviations[run.casefold()]), run]
    elif before[-1:] in ("'", "’"):
        yield [run]
    elif between is reading.address and run in between:
        yield ways_of(between[run])
    elif between is reading.address and (len(run) <= 2 or not has_vowel(run)):
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
    if sure and (len(part) > 1 or beside.name_before or (beside.word_before and reading.roman_letters)):
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
    return beside.word_before or part not in reading.words_of_one_letter


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
    return [" ".join(names[letter] for letter in spelled) for names in reading.letters if spelled]

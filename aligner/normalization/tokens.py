"""A token that is no plain word, taken apart into numbers, runs of letters and signs, and read in all its ways.

Functions give text in words, likeliest first, perhaps with repeats; an empty list where they do not apply.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aligner.normalization.calendar import clock_ways, date_ways
from aligner.normalization.combining import combined
from aligner.normalization.initialisms import has_vowel, is_initialism, letter_ways, named_ways, parts_of
from aligner.normalization.language import Language, Table, ways_of
from aligner.normalization.number_ways import number_ways, ordinal_ways, roman_value, roman_ways, swapped

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
_SILENT_IN_WORDS = frozenset("-–:")  # read, if at all, between digits: as a range, a score
_SMALL_VOWELS = frozenset("aeiouàáéèêíóòôú")


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a token: whether a number does, before or after it, a name or any word of its sentence."""

    number_before: bool = False
    number_after: bool = False
    name_before: bool = False
    word_before: bool = False


def token_ways(token: str, language: Language, beside: Beside) -> list[str]:
    """The ways to read a token in composed Unicode that is no plain word, besides the one in matching."""
    core = _core(token)
    if not core:
        return []
    elided = _ELISION.match(core)
    if elided and language.code != "en":
        return combined([[elided[1]], token_ways(core[elided.end() :], language, beside)])
    core = _CURRENCY_FIRST.sub(r"\2\3\1", core)
    shaped = [*_abbreviation_ways(token, core, language, beside), *_shape_ways(core, language)]
    if _DOTTED.fullmatch(core):
        return [*shaped, *letter_ways(re.sub(r"\W", "", core), language)]
    counted = [*_ordinal_ways(token, core, language), *_decade_ways(core, language)]
    if counted or (shaped and "." in core and core[0].isalpha()):
        return [*shaped, *counted]
    address = _ADDRESS.fullmatch(core)
    if address and not core.replace(".", "").isdigit():
        shaped += combined(_pieces(address[1], language, beside, language.address))
    return [*shaped, *combined(_pieces(core, language, beside, language.between))]


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


def _abbreviation_ways(token: str, core: str, language: Language, beside: Beside) -> Iterator[str]:
    """What an abbreviation stands for, alone, after a number or before one in the same token."""
    small = core.casefold()
    dotted = f"{small}." if token.rpartition(core)[2].startswith(".") else small
    tables = [language.abbreviations]
    if beside.number_after:
        tables.append(language.before_number)
    for table in tables:
        for key in dict.fromkeys((dotted, small)):
            yield from ways_of(table[key]) if key in table else ()
    if beside.number_before:
        yield from _unit_ways(core, language)
    glued = _BEFORE_NUMBER.match(core)
    if glued:
        head = glued[1].casefold()
        entry = language.before_number.get(head) or language.abbreviations.get(head) or language.lone.get(head)
        if entry:
            yield from combined([ways_of(entry), token_ways(core[glued.end() :], language, Beside())])


def _unit_ways(text: str, language: Language) -> list[str]:
    entry = language.units.get(text) or (language.units.get(text.lower()) if len(text) > 1 else None)
    return ways_of(entry) if entry else []


def _shape_ways(core: str, language: Language) -> Iterator[str]:
    """The readings of a token that may be a fraction, a time, a date or money."""
    yield from ways_of(language.fractions[core]) if core in language.fractions else _fraction_ways(core, language)
    yield from clock_ways(core, language)
    yield from date_ways(core, language)
    money = _CENTS.fullmatch(core)
    if money:
        number, unit = number_ways(money[1], language), ways_of(language.units.get(money[3], ""))
        yield from combined([number, unit, number_ways(money[2], language)])


def _fraction_ways(core: str, language: Language) -> list[str]:
    """The reading of a fraction such as 7/10, its denominator an ordinal; none where the language has another way."""
    found = _FRACTION.fullmatch(core) if language.many_ordinals else None
    if not found or not 4 < int(found[2]) <= 20 or int(found[1]) >= int(found[2]):
        return []
    part = ordinal_ways(int(found[2]), language)[0]
    many = part if found[1] == "1" else swapped(part, language.many_ordinals)[-1]
    return [f"{number_ways(found[1], language)[0]} {many}"]


def _ordinal_ways(token: str, core: str, language: Language) -> list[str]:
    """The readings of an ordinal in digits; one that ends in a full stop only where the token does."""
    forms = [(language.ordinal, core), (language.more_ordinals, core)]
    if f"{core}." in token:
        forms.append((language.more_ordinals, f"{core}."))
    for pattern, text in forms:
        found = re.fullmatch(pattern, text, re.ASCII) if pattern else None
        if found:
            return ordinal_ways(int(next(filter(None, found.groups()))), language)
    return []


def _decade_ways(core: str, language: Language) -> list[str]:
    """The readings of English decades, 1990s and '90s."""
    found = _DECADE.fullmatch(core) if language.code == "en" else None
    return [re.sub(r"y$", "ie", way) + "s" for way in number_ways(found[1], language)[:3]] if found else []


def _pieces(text: str, language: Language, beside: Beside, between: Table) -> Iterator[list[str]]:
    """The ways to read each number, run of letters and sign of ``text``; ``between`` has the signs between them."""
    last, at = "", 0
    while found := _PIECE.match(text, at):
        piece, at, rest = found.group(), found.end(), text[found.end() :]
        ordinal = re.compile(language.ordinal).match(text, found.start()) if language.ordinal else None
        if last[-1:].isdigit() and (unit := _unit_ways(text[found.start() :], language)):
            yield unit
            return
        if ordinal and ordinal[1].isascii():
            at = ordinal.end()
            yield ordinal_ways(int(ordinal[1]), language) or [ordinal.group()]
        elif piece[0].isdigit() and piece.isascii():
            yield number_ways(piece, language)
        elif piece[0].isalpha():
            yield from _letter_run(piece, (last, rest), language, beside, between)
        elif last[-1:].isalnum() and rest[:1].isalnum() and piece in between:
            silent = piece in _SILENT_IN_WORDS and not (last[-1].isdigit() and rest[0].isdigit())
            yield [""] if silent and between is not language.address else ways_of(between[piece])
        else:
            yield ways_of(language.lone.get(piece) or language.fractions.get(piece, ""))
        last = piece


def _letter_run(
    run: str, around: tuple[str, str], language: Language, beside: Beside, between: Table
) -> Iterator[list[str]]:
    """The ways to read each part of a run of letters between what is ``around`` it in its token."""
    before, after = around
    by_digit = before[-1:].isdigit() or after[:1].isdigit()
    if before[-1:].isdigit() and after[:1].isdigit() and run in between:
        yield ways_of(between[run])
    elif after[:1] == "-" and run.casefold() in language.abbreviations:
        yield [*ways_of(language.abbreviations[run.casefold()]), run]
    elif before[-1:] in ("'", "’"):
        yield [run]
    elif between is language.address and run in between:
        yield ways_of(between[run])
    elif between is language.address and (len(run) <= 2 or not has_vowel(run)):
        yield [run, *named_ways(run, language)]
    elif before[-1:].isdigit() and (unit := _unit_ways(run, language)):
        yield [*unit, *named_ways(run, language), run]
    elif by_digit and len(run) <= 3:
        yield [*named_ways(run, language), run]
    else:
        for part in parts_of(run):
            yield list(_part_ways(part, language, beside))


def _part_ways(part: str, language: Language, beside: Beside) -> Iterator[str]:
    """A Roman numeral, an initialism, a lone letter or a word."""
    suffixed = _ROMAN_SUFFIXED.fullmatch(part)
    if suffixed and roman_value(suffixed[1]):
        yield from ordinal_ways(roman_value(suffixed[1]), language)
        return
    value = roman_value(part)
    sure = value and not set(part) - set("IVX")  # CD, MC and the like are more often initials
    if sure and (len(part) > 1 or beside.name_before or (beside.word_before and language.code != "en")):
        yield from roman_ways(value, language)
    if is_initialism(part):
        yield from letter_ways(part, language)
    elif _is_lone_letter(part, language, beside):
        yield from named_ways(part, language)
    if value and not sure and len(part) > 1:
        yield from roman_ways(value, language)
    yield part


def _is_lone_letter(part: str, language: Language, beside: Beside) -> bool:
    """Whether one letter may be said by its name: not where it is a word, as Y at the start of a Spanish sentence."""
    if len(part) > 1 or part in _SMALL_VOWELS:
        return False
    return beside.word_before or part not in language.words_of_one_letter

"""What is known about reading a language aloud: one record a language, filled in ``aligner.normalization.languages``.

Conventions
-----------
- In a table's values ``|`` parts the ways to read one thing, likeliest first.
- ``Swaps`` are (pattern, replacement) pairs that turn one way of saying a number into another; each is tried alone.
- Templates name their parts: a clock's hour ``{h}``, next hour ``{n}`` and minutes ``{m}``; a date's day ``{d}``,
  ordinal day ``{o}``, month ``{m}``, ordinal month ``{p}``, month's name ``{month}`` and year ``{y}``; a number's
  hundreds ``{c}``, the rest ``{r}`` and its reading by num2words as a ``{year}``. What stands in brackets
  is not always said: the hours' noun not after noon and midnight, the year not in a date without one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase

Swaps = tuple[tuple[str, str], ...]
Table = Mapping[str, str]


def letter_names(names: str) -> dict[str, str]:
    """The names of the letters a to z, given in that order; ``_`` stands for a space in a name."""
    return {letter: name.replace("_", " ") for letter, name in zip(ascii_lowercase, names.split(), strict=True)}


@dataclass(frozen=True, slots=True)
class Language:
    """How a language is read aloud; the defaults say nothing, so that only num2words is left."""

    code: str
    # for matching, where there is one reading
    signs: Table = field(default_factory=dict)
    degrees: str = ""
    ordinal: str = ""  # pattern of an ordinal in digits, its number the first group
    # numbers
    decimal: str = ""  # names of the decimal mark
    half: str = ""  # template for a number ({w}) and a half
    hundreds: tuple[str, ...] = ()  # templates for a number read by its hundreds, as years are
    by_hundreds: range = range(0)  # numbers that may be so read
    dialect: str = ""  # another code of num2words whose numbers may be said
    dialect_swaps: Swaps = ()  # all made, to mend what num2words says for the dialect
    swaps: Swaps = ()
    digit_swaps: Swaps = ()  # of a number that is read digit by digit
    before_feminine: Swaps = ()  # of a number before a feminine noun, such as hours in most languages
    more_ordinals: str = ""  # as ``ordinal``, but so written also for other things
    ordinal_swaps: Swaps = ()
    many_ordinals: Swaps = ()  # plural of an ordinal, where it names the parts of a fraction
    roman: tuple[str, ...] = ("{c}", "{o}")  # a Roman numeral's cardinal {c} and ordinal {o}
    fractions: Table = field(default_factory=dict)
    # clock and calendar
    hours: Table = field(default_factory=dict)  # hours with names of their own
    clock: Table = field(default_factory=dict)  # templates by minutes, "" for all minutes
    point_in_times: bool = False
    months: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    month_first: bool = False  # dates may begin with the month
    # signs and abbreviations
    lone: Table = field(default_factory=dict)  # signs before, after or without a word
    between: Table = field(default_factory=dict)  # signs between two parts of a token
    address: Table = field(default_factory=dict)  # signs within web and mail addresses
    units: Table = field(default_factory=dict)  # after a number
    abbreviations: Table = field(default_factory=dict)  # small letters, without the last full stop if they do without
    before_number: Table = field(default_factory=dict)  # abbreviations only before a number
    # letters said one by one
    letters: tuple[Table, ...] = ()
    words_of_one_letter: str = ""  # capitals that begin a sentence as words


def ways_of(entry: str) -> list[str]:
    """The ways of reading that a table's entry gives."""
    return entry.split("|")

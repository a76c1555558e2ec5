"""Define the data that quotecast needs about a language: a ``Language`` record, in a file named after its code.

Conventions
-----------
- Word lists and tables are written as text, which ``Language.with_lists`` parses.
- Words are in lower case, elided ones without their apostrophe (``l``, ``qu``).
- A ``|`` in a table separates the ways to read an entry, likeliest first.
- With the default values, captions break only at punctuation and pauses, and num2words reads the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from string import ascii_lowercase
from typing import Any

Replacements = tuple[tuple[str, str], ...]
Table = Mapping[str, str]


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


def word_list(text: str) -> tuple[str, ...]:
    """Return the words of a text in order."""
    return tuple(text.split())


def table(text: str) -> dict[str, str]:
    """Parse a table: entries end at ``;``, and the first space of an entry separates its key from its value.

    Examples
    --------
    >>> table("km kilomètres|kilomètre; m/s mètres par seconde")
    {'km': 'kilomètres|kilomètre', 'm/s': 'mètres par seconde'}
    """
    return dict(" ".join(entry.split()).split(" ", 1) for entry in text.split(";"))


def letter_names(names: str) -> dict[str, str]:
    """Map the letters a to z to ``names``, which are in the same order; ``_`` stands for a space in a name."""
    return {letter: name.replace("_", " ") for letter, name in zip(ascii_lowercase, names.split(), strict=True)}


@dataclass(frozen=True, slots=True)
class LineBreaks:
    """The words that decide where a line may end.

    Conventions
    -----------
    - A line should not end with a ``clinging`` word (article, preposition, subject pronoun). But such a word may end a
      line before a new clause if it is also ``stressed`` (``avec nous | et``). A line should preferably not end with a
      ``leaning`` word (auxiliary, adjective that precedes its noun).
    - A ``clause`` word (conjunction, relative pronoun) starts a line well, a ``phrase`` word (preposition) fairly
      well. A ``relative`` word after a preposition starts no clause (``in which``, ``on that path``).
    - A line should not start with a ``separable`` verb particle at the end of a clause (``op``: ``hij belt haar op``),
      or with an ``of`` word after one of the ``amounts`` (``one of those``, ``un million d’euros``).
    - No line ends inside one of the ``locutions``, set phrases of common words (``as well as``).
    """

    clinging: frozenset[str] = frozenset()
    stressed: frozenset[str] = frozenset()
    leaning: frozenset[str] = frozenset()
    clause: frozenset[str] = frozenset()
    phrase: frozenset[str] = frozenset()
    separable: frozenset[str] = frozenset()
    relative: frozenset[str] = frozenset()
    amounts: frozenset[str] = frozenset()
    of: frozenset[str] = frozenset()
    locutions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NumeralWords:
    """The words in which numbers are written out; no line ends inside a number.

    A word of ``tens`` or ``multipliers`` (hundred and above) may precede any numeral, with or without a ``joint`` word
    between the two (``two hundred and five``). Any numeral may precede a multiplier. ``counted`` words, such as units,
    stay on the line of their number.
    """

    numerals: frozenset[str] = frozenset()
    tens: frozenset[str] = frozenset()
    multipliers: frozenset[str] = frozenset()
    joint: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Endings:
    """Endings of words that should stay on the same line as the next or the previous word.

    ``possessive`` endings have a straight apostrophe (``this week's guest``). A word with an ``adjective`` ending, even
    with an added ``s``, stays with the noun: the previous word if ``adjectives_follow``, else the next word. A word
    with the ``adverb`` ending stays with the next word.
    """

    possessive: tuple[str, ...] = ()
    adverb: str = ""
    adjective: tuple[str, ...] = ()
    adjectives_follow: bool = False


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """The words that decide whether a full stop ends a sentence; a comment in the code explains each list."""

    short_forms: frozenset[str] = frozenset()  # abbreviations, whose full stop ends no sentence
    own_short_forms: frozenset[str] = frozenset()  # abbreviations that are ordinary words in other languages
    openers: frozenset[str] = frozenset()  # words that start sentences; a number before them is no ordinal
    titles: frozenset[str] = frozenset()  # titles before names, without their full stop


@dataclass(frozen=True, slots=True)
class Captioning:
    """The rules for line breaks in captions, and the texts that captions add; comments explain the fields."""

    breaks: LineBreaks = LineBreaks()
    numerals: NumeralWords = NumeralWords()
    endings: Endings = Endings()
    sentences: SentenceWords = SentenceWords()
    ordinal_stop: bool = False  # whether a number with a full stop may be an ordinal, as in "3. Oktober"
    capitals_are_names: bool = True  # false where every noun has a capital
    untranscribed: str = "untranscribed passage"
    ad: str = "ad"
    jingle: str = "jingle"
    unreliable: str = "these captions may not match the audio"  # warns that few words matched
    name_mark: str = ":"  # separates a speaker's name from the words
    dash: str = "-"
    narrow_before: str = ""  # marks before which a space in the text becomes a narrow no-break space
    quotes: tuple[str, ...] = ("«»", "“”", "„“")  # pairs of quotation marks


@dataclass(frozen=True, slots=True)
class Cardinals:
    """The rules for reading cardinal numbers; comments in the code explain the fields."""

    code: str = ""  # the code of the language in num2words
    decimal: str = ""  # the names of the decimal mark
    point_is_decimal: bool = False  # if so, the comma groups thousands
    half: str = ""  # the template of a number {w} and a half
    hundreds: tuple[str, ...] = ()  # the templates of a number read by its hundreds, like a year
    by_hundreds: range = range(0)  # the numbers that may be read so
    dialect: str = ""  # the num2words code of a dialect whose numbers may be read too
    dialect_fixes: Replacements = ()  # all of them apply; they correct what num2words returns for the dialect
    variants: Replacements = ()
    digit_variants: Replacements = ()  # of a number read digit by digit
    feminine: Replacements = ()  # of a number before a feminine noun, such as the word for hours


@dataclass(frozen=True, slots=True)
class Ordinals:
    """The rules for writing and reading ordinals, decades and Roman numerals; comments explain the fields."""

    pattern: str = ""  # matches an ordinal in digits; group 1 is the number
    ambiguous: str = ""  # like ``pattern``, for spellings that may also mean something else
    variants: Replacements = ()
    plural: Replacements = ()  # of an ordinal that is the denominator of a fraction
    decades: Replacements = ()  # all of them apply; they turn a number into the name of a decade (1990s)
    roman: tuple[str, ...] = ("{c}", "{o}")  # templates with a Roman numeral's cardinal {c} and ordinal {o}
    roman_letters: bool = True  # whether a lone I, V or X may be a numeral after any word, not only after a name


@dataclass(frozen=True, slots=True)
class Calendar:
    """The rules for writing and reading times of day and dates; comments in the code explain the fields."""

    hours: Table = field(default_factory=dict)  # hours that have a name, such as noon
    clock: Table = field(default_factory=dict)  # templates by minutes; "0" for minutes below ten, "*" for all others
    hour_marks: str = "hH:"  # separate hours from minutes
    months: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    month_first: bool = False  # whether dates may begin with the month
    first_is_ordinal: bool = True  # whether the first of a month may be an ordinal in a template with a cardinal


@dataclass(frozen=True, slots=True)
class Signs:
    """Tables of words for signs, units, abbreviations and fractions; comments in the code explain the fields."""

    lone: Table = field(default_factory=dict)  # signs before, after or without a word
    between: Table = field(default_factory=dict)  # signs between two parts of a token
    address: Table = field(default_factory=dict)  # signs in web and mail addresses
    units: Table = field(default_factory=dict)  # units after a number
    abbreviations: Table = field(default_factory=dict)  # in lower case; without a full stop if that is optional
    before_number: Table = field(default_factory=dict)  # abbreviations only before a number
    fractions: Table = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spelling:
    """The names and the pronunciation of letters; a comment in the code explains each field."""

    letters: tuple[Table, ...] = ()  # the names of the letters, an alphabet each
    words_of_one_letter: str = ""  # capitals that are words at the start of a sentence
    same_phone: Table = field(default_factory=dict)  # letters pronounced like another letter
    elides: bool = True  # whether the part before an apostrophe may be a word of its own


@dataclass(frozen=True, slots=True)
class Reading:
    """The rules for reading a language aloud.

    Conventions
    -----------
    - ``Replacements`` are (pattern, replacement) pairs. Each pair, applied alone, gives another way to read a text,
      unless a comment says that all of them apply in turn.
    - Templates contain fields. A clock: hour ``{h}``, next hour ``{n}`` and minutes ``{m}``. A date: day ``{d}``,
      ordinal day ``{o}``, month ``{m}``, ordinal month ``{p}``, name of the month ``{month}`` and year ``{y}``. A
      number: hundreds ``{c}``, rest ``{r}``, and the whole number read like a year, ``{year}``.
    - Text in brackets is optional: it is omitted from a clock if the hour has a name, from a date if there is no year.
    """

    cardinals: Cardinals = Cardinals()
    ordinals: Ordinals = Ordinals()
    calendar: Calendar = Calendar()
    signs: Signs = Signs()
    spelling: Spelling = Spelling()
    currency_first: bool = False  # whether a currency sign and a space precede the number


@dataclass(frozen=True, slots=True)
class Labelling:
    """Words that help to classify the lines of a transcript, besides the shape and position of a line.

    ``aligner.transcript.vocabulary`` merges each list across languages, since a transcript is read before its language
    is known. So this record has a field for each list and is not split into smaller records.
    """

    stage: frozenset[str] = frozenset()  # sounds and gestures that transcribers note in brackets
    stage_companions: frozenset[str] = frozenset()  # words beside them: who laughs, where, how
    articles: frozenset[str] = frozenset()
    particles: frozenset[str] = frozenset()  # short words inside names and labels
    sentence_words: frozenset[str] = frozenset()  # pronouns, verbs, conjunctions: never part of a name
    prepositions: frozenset[str] = frozenset()  # may also occur in the description of a person
    first_person: frozenset[str] = frozenset()
    before_times: frozenset[str] = frozenset()  # words before a time of day
    after_times: frozenset[str] = frozenset()  # words after a time of day
    roles: frozenset[str] = frozenset()  # labels of a speaker without a name
    several_voices: frozenset[str] = frozenset()  # labels of more than one speaker
    qualifiers: frozenset[str] = frozenset()  # written after a speaker's name, such as "off"
    before_colon: frozenset[str] = frozenset()  # words that start a sentence before a colon
    chapters: frozenset[str] = frozenset()
    metadata: frozenset[str] = frozenset()  # labels of lines about the episode
    participants: frozenset[str] = frozenset()  # labels of lines that list the participants
    credits: frozenset[str] = frozenset()  # words that start a line of credits, besides roles
    transcript_titles: frozenset[str] = frozenset()  # headings above the speech
    end_matter: frozenset[str] = frozenset()  # headings after the last spoken line


@dataclass(frozen=True, slots=True)
class Posting:
    """The texts of a post about a clip, such as the source and the quotation marks; comments explain the fields."""

    marks: tuple[str, str] = ("“", "”")  # quotation marks
    inner_marks: tuple[str, str] = ("‘", "’")  # quotation marks inside a quotation
    alt: str = "{length} – {speaker}: {quote}"  # describes the clip to people who cannot hear it
    seconds: tuple[str, str] | None = None  # singular and plural; without them a length is written like a clock
    source: str = "{episode}, {at}"


@dataclass(frozen=True, slots=True)
class Language:
    """All data about one language; ``code`` is its ISO 639-1 code."""

    code: str  # ISO 639-1
    captioning: Captioning = Captioning()
    reading: Reading = Reading()
    labelling: Labelling = Labelling()
    posting: Posting = Posting()
    hesitations: frozenset[str] = word_set("ah eh oh euh hm hmm mmh")  # ignored when texts are compared
    negations: frozenset[str] = frozenset()  # without those that are optional in speech, such as "ne" in "n’est pas"
    large_numbers: frozenset[str] = frozenset()  # names of numbers from a thousand on

    def with_lists(self, text: str) -> Language:
        """Return this language with fields filled from a text of lists and tables, each written as ``field: content``.

        Continuation lines are indented. Spaces separate words; ``;`` separates phrases and the entries of a table.

        Raises
        ------
        ValueError
            A name in the text is not the name of a field.
        """
        lists = dict(entry.split(": ", 1) for entry in re.split(r"\n(?! )", text.strip()))
        filled: Language = _filled(self, lists)
        if lists:
            raise ValueError(f"language {self.code}: no field is called {', '.join(lists)}")
        return filled


def _filled(record: Any, lists: dict[str, str]) -> Any:
    values: dict[str, Any] = {}
    for each in fields(record):
        value = getattr(record, each.name)
        if is_dataclass(value):
            values[each.name] = _filled(value, lists)
        elif each.name in lists:
            values[each.name] = _parsed(lists.pop(each.name), type(value))
    return replace(record, **values)


def _parsed(text: str, kind: type) -> Any:
    if kind is frozenset:
        return frozenset(" ".join(phrase.split()) for phrase in text.split(";")) if ";" in text else word_set(text)
    return word_list(text) if kind is tuple else table(text)


def ways_of(entry: str) -> list[str]:
    """Split a table entry at each ``|`` into the ways to read it, likeliest first."""
    return entry.split("|")

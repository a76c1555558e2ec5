"""What must be known of a language: one record, filled in a file of its own.

Conventions
-----------
- Words are lower case and written as texts that ``word_sets`` and ``tables`` take apart: one list after the other.
- In a table's values ``|`` parts the ways to read one thing, likeliest first.
- The defaults say nothing: captions break at punctuation and pauses only, and num2words reads the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase

Swaps = tuple[tuple[str, str], ...]
Table = Mapping[str, str]


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as text."""
    return frozenset(text.split())


def word_list(text: str) -> tuple[str, ...]:
    """The words of a list written as text, in its order."""
    return tuple(text.split())


def table(text: str) -> dict[str, str]:
    """A table written as text, ``;`` between entries and the first space between what is written and how it is read.

    Examples
    --------
    >>> table("km kilomètres|kilomètre; m/s mètres par seconde")
    {'km': 'kilomètres|kilomètre', 'm/s': 'mètres par seconde'}
    """
    return dict(" ".join(entry.split()).split(" ", 1) for entry in text.split(";"))


def _named_texts(text: str) -> dict[str, str]:
    """Return each list of a text by its name: ``name: list``, its further lines indented."""
    return dict(entry.split(": ", 1) for entry in re.split(r"\n(?! )", text.strip()))


def word_sets(text: str) -> dict[str, frozenset[str]]:
    """Return the named lists of words of a text, as ``name: words``; ``;`` parts phrases, which are of several words.

    Examples
    --------
    >>> sorted(word_sets("of: de du des")["of"])
    ['de', 'des', 'du']
    """
    return {
        name: frozenset(" ".join(phrase.split()) for phrase in words.split(";")) if ";" in words else word_set(words)
        for name, words in _named_texts(text).items()
    }


def tables(text: str) -> dict[str, dict[str, str]]:
    """Return the named tables of a text, as ``name: table``."""
    return {name: table(entries) for name, entries in _named_texts(text).items()}


def letter_names(names: str) -> dict[str, str]:
    """The names of the letters a to z, given in that order; ``_`` stands for a space in a name."""
    return {letter: name.replace("_", " ") for letter, name in zip(ascii_lowercase, names.split(), strict=True)}


@dataclass(frozen=True, slots=True)
class LineBreaks:
    """The words that say where a line may end.

    Conventions
    -----------
    - An elided word is without its apostrophe (``l``, ``qu``).
    - ``clinging`` words (articles, prepositions, subject pronouns) never end a line by choice; those of them that are
      ``stressed`` may before a new clause (``avec nous | et``). ``leaning`` words (auxiliaries, adjectives that
      precede) rather not. A line may well start with one of ``clause``, less well with one of ``phrase``
      (prepositions).
    - A ``separable`` part of a verb ends its clause, and does not begin a line there (``hij belt haar | op.``).
    - A ``relative`` word opens no clause right after a preposition (``in which``, ``on that path``). A word of
      ``amounts`` rather keeps its ``of`` (``one of those``, ``un million d’euros``).
    - No line ends within one of ``locutions``, set phrases in which every word is common (``as well as``).
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
    """The words of a number, within which no line ends: after ``tens`` and ``multipliers`` (hundred and more), with a
    ``joint`` or without, any of the ``numerals`` may follow (``two hundred and five``), before ``multipliers`` any may
    go. ``counted`` words, units written out and the like, stay with their number."""

    numerals: frozenset[str] = frozenset()
    tens: frozenset[str] = frozenset()
    multipliers: frozenset[str] = frozenset()
    joint: frozenset[str] = frozenset()
    counted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Endings:
    """How words end that go with the one beside them.

    A word with a ``possessive`` ending, with a straight apostrophe, that does not lean has what it owns after it
    (``this week's guest``). Words with one of the ``adjective`` endings are taken for adjectives, an ``s`` after them
    left out, where a noun may stand beside them: before them where ``adjectives_follow``, else after. An ``adverb``
    goes before what it qualifies.
    """

    possessive: tuple[str, ...] = ()
    adverb: str = ""
    adjective: tuple[str, ...] = ()
    adjectives_follow: bool = False


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """The words that say whether a full stop ends a sentence.

    It does not after ``short_forms``, abbreviations, before a capital; ``own_short_forms`` are letters that are a word
    in other languages. ``openers`` begin sentences, beside articles and the like, so that the number before them is no
    ordinal. ``titles`` stand before names, without their full stop.
    """

    short_forms: frozenset[str] = frozenset()
    own_short_forms: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Captioning:
    """Where captions break, and what they say themselves."""

    breaks: LineBreaks = LineBreaks()
    numerals: NumeralWords = NumeralWords()
    endings: Endings = Endings()
    sentences: SentenceWords = SentenceWords()
    ordinal_stop: bool = False  # a full stop after a number may make it an ordinal, "3. Oktober"
    capitals_are_names: bool = True  # not where every noun has a capital: two in a row are no name
    untranscribed: str = "untranscribed passage"  # marks speech that is missing from the transcript
    ad: str = "ad"  # marks one, and the sound that belongs to the show
    jingle: str = "jingle"
    unreliable: str = "these captions may not match the sound"  # warns of a poor match
    name_mark: str = ":"  # between a speaker's name and the words
    dash: str = "-"
    narrow_before: str = ""  # marks with a narrow no-break space before them, where the text has a space there
    quotes: tuple[str, ...] = ("«»", "“”", "„“")  # quotation marks in pairs


@dataclass(frozen=True, slots=True)
class Cardinals:
    """The ways to say a number: by the words of num2words, turned by ``Swaps`` into others."""

    code: str = ""  # by which num2words knows the language
    decimal: str = ""  # names of the decimal mark
    point_is_decimal: bool = False  # and the comma groups thousands
    half: str = ""  # template for a number ({w}) and a half
    hundreds: tuple[str, ...] = ()  # templates for a number read by its hundreds, as years are
    by_hundreds: range = range(0)  # numbers that may be so read
    dialect: str = ""  # another code of num2words whose numbers may be said
    dialect_swaps: Swaps = ()  # all made, to mend what num2words says for the dialect
    swaps: Swaps = ()
    digit_swaps: Swaps = ()  # of a number that is read digit by digit
    before_feminine: Swaps = ()  # of a number before a feminine noun, such as hours in most languages


@dataclass(frozen=True, slots=True)
class Ordinals:
    """How ordinals, decades and Roman numerals are written and said."""

    pattern: str = ""  # of an ordinal in digits, its number the first group
    more: str = ""  # as ``pattern``, but so written also for other things
    swaps: Swaps = ()
    many: Swaps = ()  # plural of an ordinal, where it names the parts of a fraction
    decades: Swaps = ()  # all made, to turn a number into the name of the decade that is written with an s
    roman: tuple[str, ...] = ("{c}", "{o}")  # a Roman numeral's cardinal {c} and ordinal {o}
    roman_letters: bool = True  # I, V or X alone may be a numeral after any word, else after names only


@dataclass(frozen=True, slots=True)
class Calendar:
    """How times of day and dates are written and said."""

    hours: Table = field(default_factory=dict)  # hours with names of their own
    clock: Table = field(default_factory=dict)  # templates by minutes, "" for all minutes
    hour_marks: str = "hH:"  # between hours and minutes
    months: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    month_first: bool = False  # dates may begin with the month
    first_is_ordinal: bool = True  # the first of a month, even where a template has a cardinal


@dataclass(frozen=True, slots=True)
class Signs:
    """What signs, abbreviations and fractions are read as."""

    lone: Table = field(default_factory=dict)  # signs before, after or without a word
    between: Table = field(default_factory=dict)  # signs between two parts of a token
    address: Table = field(default_factory=dict)  # signs within web and mail addresses
    units: Table = field(default_factory=dict)  # after a number
    abbreviations: Table = field(default_factory=dict)  # small letters, without the last full stop if they do without
    before_number: Table = field(default_factory=dict)  # abbreviations only before a number
    fractions: Table = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How letters are named and heard."""

    letters: tuple[Table, ...] = ()  # their names, where they are said one by one
    words_of_one_letter: str = ""  # capitals that begin a sentence as words
    same_sound: Table = field(default_factory=dict)  # letters that are heard as another
    elides: bool = True  # what stands before an apostrophe may be a word of its own


@dataclass(frozen=True, slots=True)
class Reading:
    """How a language is read aloud.

    Conventions
    -----------
    - ``Swaps`` are (pattern, replacement) pairs that turn one way of saying a number into another; each is tried
      alone, unless it says that all are made.
    - Templates name their parts: a clock's hour ``{h}``, next hour ``{n}`` and minutes ``{m}``; a date's day ``{d}``,
      ordinal day ``{o}``, month ``{m}``, ordinal month ``{p}``, month's name ``{month}`` and year ``{y}``; a number's
      hundreds ``{c}``, the rest ``{r}`` and its reading by num2words as a ``{year}``. What stands in brackets is not
      always said: the hours' noun not after noon and midnight, the year not in a date without one.
    """

    cardinals: Cardinals = Cardinals()
    ordinals: Ordinals = Ordinals()
    calendar: Calendar = Calendar()
    signs: Signs = Signs()
    spelling: Spelling = Spelling()
    currency_first: bool = False  # a sign of money stands before its number, a space between them


@dataclass(frozen=True, slots=True)
class Labelling:
    """Words that help to tell what a line of a transcript is. They are evidence beside its shape and place, so few do.

    A transcript's language is not known before it is read: ``aligner.transcript.vocabulary`` joins those of all, each
    list by itself. So the record has a field for each of its lists, and no more parts.
    """

    stage: frozenset[str] = frozenset()  # sounds and gestures that transcribers note in brackets
    stage_companions: frozenset[str] = frozenset()  # what may stand beside them: who laughs, where, how
    articles: frozenset[str] = frozenset()
    particles: frozenset[str] = frozenset()  # small words inside names and labels
    clause: frozenset[str] = frozenset()  # words of sentences, hence never of names: pronouns, verbs, conjunctions
    prepositions: frozenset[str] = frozenset()  # words of sentences that may also stand in what a person is
    first_person: frozenset[str] = frozenset()
    before_times: frozenset[str] = frozenset()  # words that a time of day is said after,
    after_times: frozenset[str] = frozenset()  # ... and before
    roles: frozenset[str] = frozenset()  # what a voice is called when it has no name
    several_voices: frozenset[str] = frozenset()  # voices of more than one person
    qualifiers: frozenset[str] = frozenset()  # how a speaker is heard, written after the name
    openers: frozenset[str] = frozenset()  # words that open a sentence before a colon
    chapters: frozenset[str] = frozenset()
    metadata: frozenset[str] = frozenset()  # names of lines that tell of the episode
    cast: frozenset[str] = frozenset()  # ... and of those that name who takes part
    credits: frozenset[str] = frozenset()  # what a line of credits opens with beside a role
    transcript_titles: frozenset[str] = frozenset()  # headings that the talk starts after
    end_matter: frozenset[str] = frozenset()  # headings after which nothing is spoken any more


@dataclass(frozen=True, slots=True)
class Posting:
    """The words of a post about a clip: none, where the language has no record."""

    marks: tuple[str, str] = ("“", "”")  # quotation marks
    inner_marks: tuple[str, str] = ("‘", "’")  # those of a quotation within a quotation
    alt: str = "{length} – {speaker}: {quote}"  # describes the clip to who cannot hear it
    seconds: tuple[str, str] | None = None  # for one and many; without them a length is told as a clock shows it
    source: str = "{episode}, {at}"


@dataclass(frozen=True, slots=True)
class Language:
    """All that is known of one language.

    ``hesitations`` do not count where a text is compared with what is heard. Of ``negations`` only those count that
    turn the sense: "ne" as in "n’est" comes and goes with the register.
    """

    code: str  # ISO 639-1
    captioning: Captioning = Captioning()
    reading: Reading = Reading()
    labelling: Labelling = Labelling()
    posting: Posting = Posting()
    hesitations: frozenset[str] = word_set("ah eh oh uh um euh hm hmm mm mmh")
    negations: frozenset[str] = frozenset()
    large_numbers: frozenset[str] = frozenset()  # their names, from a thousand on


def ways_of(entry: str) -> list[str]:
    """The ways of reading that a table's entry gives."""
    return entry.split("|")

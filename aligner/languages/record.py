"""What must be known of a language: one record, filled in a file of its own; and ISO 639-1 codes.

Conventions
-----------
- Words are lower case and written as text that ``word_set`` takes apart.
- In a table's values ``|`` parts the ways to read one thing, likeliest first.
- The defaults say nothing: captions break at punctuation and pauses only, and num2words reads the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase

# English name (Whisper) and ISO 639-2 and 639-3 codes of the languages most often recognised. What is not here keeps
# the code that the file gives.
_CODES = {
    name: code
    for code, names in {
        "ar": "arabic ara", "bg": "bulgarian bul", "ca": "catalan cat", "cs": "czech ces cze", "da": "danish dan",
        "de": "german deu ger", "el": "greek ell gre", "en": "english eng", "es": "spanish spa", "et": "estonian est",
        "eu": "basque eus baq", "fa": "persian fas per", "fi": "finnish fin", "fr": "french fra fre",
        "he": "hebrew heb", "hi": "hindi hin", "hr": "croatian hrv", "hu": "hungarian hun", "id": "indonesian ind",
        "it": "italian ita", "ja": "japanese jpn", "ko": "korean kor", "lt": "lithuanian lit", "lv": "latvian lav",
        "nl": "dutch nld dut", "no": "norwegian nor nob", "pl": "polish pol", "pt": "portuguese por",
        "ro": "romanian ron rum", "ru": "russian rus", "sk": "slovak slk slo", "sl": "slovenian slv",
        "sr": "serbian srp", "sv": "swedish swe", "th": "thai tha", "tr": "turkish tur", "uk": "ukrainian ukr",
        "vi": "vietnamese vie", "zh": "chinese zho chi cmn",
    }.items()
    for name in names.split()
}  # fmt: skip

NAMED = tuple(sorted(set(_CODES.values())))
"""The codes of the languages that have a name here."""


_NAMES = {code: name.capitalize() for name, code in reversed(_CODES.items()) if len(name) > 3}


def language_name(language: str | None) -> str | None:
    """The English name of a language; its code where that has no name here, None of what is no language."""
    code = language_code(language)
    return _NAMES.get(code, code) if code else None


def language_code(language: str | None) -> str | None:
    """``fr`` of ``fr``, ``fr-FR``, ``fr_CA``, ``French`` or ``fra``; None of what is no language."""
    plain = re.split("[-_]", (language or "").strip().lower())[0]
    code = _CODES.get(plain, plain)
    return code if re.fullmatch("[a-z]{2,3}", code) and code != "und" else None


Swaps = tuple[tuple[str, str], ...]
Table = Mapping[str, str]


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as text."""
    return frozenset(text.split())


def word_list(text: str) -> tuple[str, ...]:
    """The words of a list written as text, in its order."""
    return tuple(text.split())


def phrase_set(text: str) -> frozenset[str]:
    """The phrases of a list written as text, ``;`` between them."""
    return frozenset(phrase.strip() for phrase in text.split(";"))


def table(text: str) -> dict[str, str]:
    """A table written as text, ``;`` between entries and the first space between what is written and how it is read.

    Examples
    --------
    >>> table("km kilomètres|kilomètre; m/s mètres par seconde")
    {'km': 'kilomètres|kilomètre', 'm/s': 'mètres par seconde'}
    """
    return dict(entry.strip().split(" ", 1) for entry in text.split(";"))


def letter_names(names: str) -> dict[str, str]:
    """The names of the letters a to z, given in that order; ``_`` stands for a space in a name."""
    return {letter: name.replace("_", " ") for letter, name in zip(ascii_lowercase, names.split(), strict=True)}


@dataclass(frozen=True, slots=True)
class Captioning:
    """Where captions break, and what they say themselves.

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
    - No line ends within one of ``locutions``, set phrases in which every word is common (``as well as``), nor within a
      number in words: after ``tens`` and ``multipliers`` (hundred and more), with ``numeral_and`` or without, any of
      the ``numerals`` may follow (``two hundred and five``), before ``multipliers`` any may go.
    - A word with one of ``possessive_endings`` that does not lean has what it owns after it (``this week's guest``).
    - Words with one of ``adjective_endings`` are taken for adjectives, an ``s`` after them left out, where a noun may
      stand beside them: before them where ``adjectives_follow``, else after.
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
    numerals: frozenset[str] = frozenset()  # but for the two below
    tens: frozenset[str] = frozenset()
    multipliers: frozenset[str] = frozenset()
    numeral_and: str = ""
    possessive_endings: tuple[str, ...] = ()  # with a straight apostrophe
    adverb_ending: str = ""  # of adverbs that go before what they qualify
    adjective_endings: tuple[str, ...] = ()
    adjectives_follow: bool = False
    untranscribed: str = "untranscribed passage"  # marks speech that the transcript lacks
    advert: str = "advert"  # marks one, and the sound that belongs to the show
    jingle: str = "jingle"
    unreliable: str = "these captions may not match the sound"  # warns of a poor match
    name_mark: str = ":"  # between a speaker's name and the words
    dash: str = "-"
    narrow_before: str = ""  # marks with a narrow no-break space before them, where the text has a space there
    quotes: tuple[str, ...] = ("«»", "“”", "„“")  # quotation marks in pairs
    short_forms: frozenset[str] = frozenset()  # abbreviations whose full stop ends no sentence before a capital
    own_short_forms: frozenset[str] = frozenset()  # as those, but of letters that are a word in other languages
    ordinal_stop: bool = False  # a full stop after a number may make it an ordinal, "3. Oktober"
    openers: frozenset[str] = (
        frozenset()
    )  # begin sentences, beside articles and the like; no ordinal stands before them
    titles: frozenset[str] = frozenset()  # before names, without their full stop
    counted: frozenset[str] = frozenset()  # units written out and the like, which stay with their number
    capitals_are_names: bool = True  # not where every noun has a capital: two in a row are no name


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

    numbers: str = ""  # the code by which num2words knows the language
    # for matching, where there is one reading
    signs: Table = field(default_factory=dict)
    degrees: str = ""
    ordinal: str = ""  # pattern of an ordinal in digits, its number the first group
    # numbers
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
    more_ordinals: str = ""  # as ``ordinal``, but so written also for other things
    ordinal_swaps: Swaps = ()
    many_ordinals: Swaps = ()  # plural of an ordinal, where it names the parts of a fraction
    decades: Swaps = ()  # all made, to turn a number into the name of the decade that is written with an s
    roman: tuple[str, ...] = ("{c}", "{o}")  # a Roman numeral's cardinal {c} and ordinal {o}
    roman_letters: bool = True  # I, V or X alone may be a numeral after any word, else after names only
    fractions: Table = field(default_factory=dict)
    # clock and calendar
    hours: Table = field(default_factory=dict)  # hours with names of their own
    clock: Table = field(default_factory=dict)  # templates by minutes, "" for all minutes
    hour_marks: str = "hH:"  # between hours and minutes
    months: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    month_first: bool = False  # dates may begin with the month
    first_is_ordinal: bool = True  # the first of a month, even where a template has a cardinal
    currency_first: bool = False  # a sign of money stands before its number, a space between them
    # signs and abbreviations
    lone: Table = field(default_factory=dict)  # signs before, after or without a word
    between: Table = field(default_factory=dict)  # signs between two parts of a token
    address: Table = field(default_factory=dict)  # signs within web and mail addresses
    units: Table = field(default_factory=dict)  # after a number
    abbreviations: Table = field(default_factory=dict)  # small letters, without the last full stop if they do without
    before_number: Table = field(default_factory=dict)  # abbreviations only before a number
    # letters
    letters: tuple[Table, ...] = ()  # their names, where they are said one by one
    words_of_one_letter: str = ""  # capitals that begin a sentence as words
    same_sound: Table = field(default_factory=dict)  # letters that are heard as another
    elides: bool = True  # what stands before an apostrophe may be a word of its own


@dataclass(frozen=True, slots=True)
class Labelling:
    """Words that help to tell what a line of a transcript is. They are evidence beside its shape and place, so few do.

    A transcript's language is not known before it is read: ``aligner.transcript.vocabulary`` joins those of all.
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

"""Extract season, episode number, dates and words from file names and episode titles."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from zlib import crc32

from aligner.languages import KNOWN
from aligner.normalization import fold
from web.archive.records import Clues, NameFacts

_LONGEST = 500  # characters of a name or title; the rest is ignored
_DISTINCTIVE_CHARACTERS, _MOST_DISTINCTIVE = 4, 4000
_YEARS = range(1950, 2100)  # numbers that may be years
_WORD_WITHIN = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_EPISODE = (
    r"(?:episodes?|epis|ep|folge|episodio|capitulo|cap|programa|puntata|aflevering|afl|numero|num|nummer|nr|no|n"
    r"|odcinek|odc|epizoda|dil|bolum|avsnitt|afsnit|jakso|resz|lecture|lesson|session|week|vorlesung|seance"
    r"|выпуск|эпизод|серия|випуск|епізод|επεισοδιο|الحلقة|حلقة|פרק)"
)
_BOTH = re.compile(r"(?<![a-z0-9])[st] ?(\d{1,2}) ?(?:e|ep|x) ?(\d{1,4})(?!\d)|(?<![a-z0-9])(\d{1,2})x(\d{2,3})(?!\w)")
_SEASON = re.compile(r"(?<![a-z])(?:season|saison|staffel|temporada|stagione|seizoen) ?(\d{1,2})(?!\d)")
_NUMBER = re.compile(rf"(?:(?<!\w)(?:{_EPISODE}|e) ?|# ?|(?:第|{fold('제')}) ?)0*(\d{{1,5}})(?![a-z0-9])")
_SPELLED = re.compile(rf"(?<![a-z]){_EPISODE} ([a-z]{{2,20}}(?: [a-z]{{2,12}})?)|([a-z]{{3,24}}) {_EPISODE}(?![a-z])")
_ENUMERATED = re.compile(r"\s*\d{1,4}\s?[.:)–—|-]\s")  # as in "39. Marches"
_BARE = re.compile(r"^(?:[a-z]{2,5})?0*(\d{1,5})(?![a-z0-9])|(?<![a-z0-9])(?:[a-z]{2,5})?0*(\d{1,5})$")
_DATES = [
    re.compile(r"(?<!\d)(?P<year>\d{4}) ?(?P<month>\d\d) ?(?P<day>\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d\d?) (?P<month>\d\d?) (?P<year>\d{4})(?!\d)"),
    re.compile(
        r"(?<!\d)(?P<day>\d\d?)(?:st|nd|rd|th|er)? (?:de |of )?(?P<month>[a-z]{3,10}) (?:de )?(?P<year>\d{4})(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<month>[a-z]{3,10}) (?P<day>\d\d?)(?:st|nd|rd|th)? (?P<year>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>\d\d) ?(?P<month>\d\d) ?(?P<day>\d\d)(?!\d)"),
]
_MONTHS = (
    "jan ene gen", "feb fev", "mar mae mrt maa", "apr avr abr", "mai may mag mei", "jun juin giu",
    "jul juil lug", "aug aou ago", "sep set", "oct okt ott out", "nov", "dec dez dic",
)  # fmt: skip
"""The first letters of each month's folded name in the supported languages."""


def clues_of(names: Iterable[str], titles: Iterable[str], **known: object) -> Clues:
    """Extract clues from the names and titles of one file. ``known`` are values for the other fields of ``Clues``."""
    names, titles = tuple(names), tuple(titles)
    facts = [NameFacts(), *map(facts_in, names), *(facts_in(title, is_title=True) for title in titles)]
    sets = zip(*((each.numbers, each.bare, each.dates, each.words) for each in facts), strict=True)
    return Clues(names, titles, NameFacts(*(frozenset().union(*each) for each in sets)), **known)  # type: ignore[arg-type]


def facts_in(name: str, is_title: bool = False) -> NameFacts:
    """Extract the facts from a name or title. In a title, a number without a word such as "episode" counts only if the
    title starts with a number and punctuation, as in ``39. Marches``."""
    dates, text = _dates_in(folded(name))
    numbers, season, text = _numbers_in(text)
    rest = " ".join(_NUMBER.sub(" ", text).split())
    bare = set[int]()
    if not numbers and (not is_title or _ENUMERATED.match(name)):
        bare = {n for each in _BARE.finditer(rest) if (n := int(each[1] or each[2])) not in _YEARS}
    words = frozenset(word for word in rest.split() if len(word) > 1 and not (word.isdecimal() and int(word) in bare))
    if season is not None and bare:  # in "Saison 2 - 05" the bare number is the episode's
        numbers, bare = {(season, number) for number in bare}, set()
    return NameFacts(frozenset(numbers), frozenset(bare), frozenset(dates), words)


@lru_cache(maxsize=100_000)  # each name is compared with many others
def folded(name: str) -> str:
    """Return the words of a name, separated by spaces, in lower case, without accents or punctuation except ``#``."""
    text = unicodedata.normalize("NFC", name[:_LONGEST])
    text = _WORD_WITHIN.sub(" ", text.replace("№", "#").replace("n°", "#").replace("N°", "#"))
    return " #".join(" ".join(fold(part, " ").split()) for part in text.split("#")).strip()


def distinctive_words(text: str) -> frozenset[int]:
    """Return hashes of the longest words in a text. Words of fewer than four characters are left out."""
    distinctive = {word for word in fold(text, " ").split() if len(word) >= _DISTINCTIVE_CHARACTERS}
    longest = sorted(distinctive, key=lambda word: (-len(word), word))[:_MOST_DISTINCTIVE]
    return frozenset(crc32(word.encode()) for word in longest)


def _numbers_in(text: str) -> tuple[set[tuple[int | None, int]], int | None, str]:
    """Return the episode numbers in a name as pairs (season, number), the season of the name, and the name without
    both. An unknown season is None. ``text`` is the name as returned by ``folded``."""
    if found := _BOTH.search(text):
        season, number = (int(digits) for digits in found.groups() if digits)
        return {(season, number)}, season, text.replace(found[0], " ")
    stated = int(found[1]) if (found := _SEASON.search(text)) else None
    text = _SEASON.sub(" ", text)
    numbers = {int(each[1]) for each in _NUMBER.finditer(text)} or _spelled_numbers(text)
    return {(stated, number) for number in numbers}, stated, text


def _dates_in(text: str) -> tuple[set[str], str]:
    """Return the dates in a name as ISO 8601, and the name without the dates. An ambiguous date, such as 03-04-2021,
    gives two dates. ``text`` is the name as returned by ``folded``."""
    found = set[str]()
    for match in (match for pattern in _DATES for match in pattern.finditer(text)):
        year, month, day = match["year"], match["month"], match["day"]
        swapped = (day, month, year) if len(year) == 2 else (year, day, month)
        is_certain = len(year) == 4 and match[0].startswith(year)
        readings = {(year, month, day), (year, month, day) if is_certain else swapped}
        if days := {each for reading in readings if (each := _day(*reading))}:
            found |= days
            text = text.replace(match[0], " ")
    return found, " ".join(text.split())


def _day(year: str, month: str, day: str) -> str | None:
    number = next((k for k, begins in enumerate(_MONTHS, 1) if month.startswith(tuple(begins.split()))), 0)
    try:
        found = date(int(year) + (2000 if len(year) == 2 else 0), number or int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if found.year in _YEARS else None


def _spelled_numbers(text: str) -> set[int]:
    phrases = [each[1] or each[2] for each in _SPELLED.finditer(text)]
    return {_number_words().get(each) or _number_words().get(each.split()[0], 0) for each in phrases} - {0}


@cache
def _number_words() -> dict[str, int]:
    """Map the cardinal and ordinal number words of the supported languages to the numbers 1 to 99."""
    from num2words import num2words

    spelled = ((code, kind, number) for code in KNOWN for kind in ("cardinal", "ordinal") for number in range(1, 100))
    return {folded(num2words(number, lang=code, to=kind)): number for code, kind, number in spelled}

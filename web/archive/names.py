"""What names of files and titles of episodes say: season and number, dates, and the words that are left.

A number is an episode's if something marks it as one (``E12``, ``S02E03``, ``#12``, ``Folge 12``, ``douzième
épisode``). Any other number at the beginning or the end of a name, unless it is a year, is ``bare``.
"""

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

_LONGEST = 500  # characters that are read of a name or title
_TELLING_LETTERS, _MOST_TELLING = 4, 4000
_YEARS = range(1950, 2100)  # numbers that may be years
_WORD_WITHIN = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_EPISODE = (
    r"(?:episodes?|epis|ep|folge|episodio|capitulo|cap|programa|puntata|aflevering|afl|numero|num|nummer|nr|no|n"
    r"|odcinek|odc|epizoda|dil|bolum|avsnitt|afsnit|jakso|resz|lecture|lesson|session|week|vorlesung|seance"
    r"|выпуск|эпизод|серия|випуск|епізод|επεισοδιο|الحلقة|حلقة|פרק)"
)
_ORDINAL = f"(?:第|{fold('제')})"  # marks a number as an episode's in Chinese, Japanese and Korean
_BOTH = re.compile(r"(?<![a-z0-9])[st] ?(\d{1,2}) ?(?:e|ep|x) ?(\d{1,4})(?!\d)|(?<![a-z0-9])(\d{1,2})x(\d{2,3})(?!\w)")
_SEASON = re.compile(r"(?<![a-z])(?:season|saison|staffel|temporada|stagione|seizoen) ?(\d{1,2})(?!\d)")
_NUMBER = re.compile(rf"(?:(?<!\w)(?:{_EPISODE}|e) ?|# ?|{_ORDINAL} ?)0*(\d{{1,5}})(?![a-z0-9])")
_WORDED = re.compile(rf"(?<![a-z]){_EPISODE} ([a-z]{{2,20}}(?: [a-z]{{2,12}})?)|([a-z]{{3,24}}) {_EPISODE}(?![a-z])")
_COUNTED = re.compile(r"\s*\d{1,4}\s?[.:)–—|-]\s")  # a title that begins with a number in a list
_BARE = re.compile(r"^(?:[a-z]{2,5})?0*(\d{1,5})(?![a-z0-9])|(?<![a-z0-9])(?:[a-z]{2,5})?0*(\d{1,5})$")
_MONTH_NAME = r"(?P<month>[a-z]{3,10})"
_DATES = [
    re.compile(rf"(?<!\d){each}(?!\d)")
    for each in (
        r"(?P<year>\d{4}) ?(?P<month>\d\d?) ?(?P<day>\d\d?)",
        r"(?P<day>\d\d?) (?P<month>\d\d?) (?P<year>\d{4})",
        rf"(?P<day>\d\d?)(?:st|nd|rd|th|er)? (?:de |of )?{_MONTH_NAME} (?:de )?(?P<year>\d{{4}})",
        rf"{_MONTH_NAME} (?P<day>\d\d?)(?:st|nd|rd|th)? (?P<year>\d{{4}})",
        r"(?P<year>\d\d) ?(?P<month>\d\d) ?(?P<day>\d\d)",
    )
]
_MONTHS = (
    "jan ene gen", "feb fev", "mar mae mrt maa", "apr avr abr", "mai may mag mei", "jun juin giu",
    "jul juil lug", "aug aou ago", "sep set", "oct okt ott out", "nov", "dec dez dic",
)  # fmt: skip
"""How the folded names of the months begin in the supported languages."""


def clues_of(names: Iterable[str], titles: Iterable[str], **known: object) -> Clues:
    """Return the clues of something with these names and titles; ``known`` are other fields of ``Clues``."""
    names, titles = tuple(names), tuple(titles)
    facts = [*map(facts_in, names), *(facts_in(title, is_title=True) for title in titles)]
    joined = NameFacts(
        frozenset().union(*(each.numbers for each in facts)),
        frozenset().union(*(each.bare for each in facts)),
        frozenset().union(*(each.dates for each in facts)),
        frozenset().union(*(each.words for each in facts)),
    )
    return Clues(names, titles, joined, **known)  # type: ignore[arg-type]


def facts_in(name: str, is_title: bool = False) -> NameFacts:
    """Return what a name says. A title begins with a bare number only before a stop or a dash: not ``39 marches``.

    Examples
    --------
    >>> facts_in("S02E03 La roue").numbers, facts_in("012-la-roue").bare, facts_in("roue_2024-03-05").dates
    (frozenset({(2, 3)}), frozenset({12}), frozenset({'2024-03-05'}))
    """
    dates, text = _dates_in(folded(name))
    numbers, season, text = _numbers_in(text)
    left = " ".join(_NUMBER.sub(" ", text).split())
    bare = set[int]()
    if not numbers and (not is_title or _COUNTED.match(name)):
        bare = {n for each in _BARE.finditer(left) if (n := int(each[1] or each[2])) not in _YEARS}
    words = frozenset(word for word in left.split() if len(word) > 1 and not (word.isdecimal() and int(word) in bare))
    if season is not None and bare:  # "Saison 2 - 05": beside a season it is an episode's
        numbers, bare = {(season, number) for number in bare}, set()
    return NameFacts(frozenset(numbers), frozenset(bare), frozenset(dates), words)


@lru_cache(maxsize=100_000)  # each name is compared with many others
def folded(name: str) -> str:
    """Return a name in small letters without accents, its words separated by single spaces; ``#`` stays."""
    text = unicodedata.normalize("NFC", name[:_LONGEST])
    text = _WORD_WITHIN.sub(" ", text.replace("№", "#").replace("n°", "#").replace("N°", "#"))
    return " #".join(" ".join(fold(part, " ").split()) for part in text.split("#")).strip()


def telling_words(text: str) -> frozenset[int]:
    """Return the hashes of a text's words of four letters and more; of a text with too many, the longest."""
    telling = {word for word in fold(text, " ").split() if len(word) >= _TELLING_LETTERS}
    longest = sorted(telling, key=lambda word: (-len(word), word))[:_MOST_TELLING]
    return frozenset(crc32(word.encode()) for word in longest)


def _numbers_in(text: str) -> tuple[set[tuple[int | None, int]], int | None, str]:
    """Return the marked numbers of a folded name with their seasons, the season, and the name without it."""
    if found := _BOTH.search(text):
        season, number = map(int, (found[1], found[2]) if found[1] else (found[3], found[4]))
        return {(season, number)}, season, f"{text[: found.start()]} {text[found.end() :]}"
    in_season = _SEASON.search(text)
    known = int(in_season[1]) if in_season else None
    text = _SEASON.sub(" ", text, count=1)
    numbers = {int(each[1]) for each in _NUMBER.finditer(text)} or _worded(text)
    return {(known, number) for number in numbers}, known, text


def _dates_in(text: str) -> tuple[set[str], str]:
    """Return the dates of a folded name, in both readings if day and month or year may be swapped, and what is left."""
    found = set[str]()
    for pattern in _DATES:
        for match in pattern.finditer(text):
            year, month, day = match["year"], match["month"], match["day"]
            is_year_first = match.start("year") == match.start()
            readings = {(year, month, day)}
            if len(year) == 2:
                readings.add((day, month, year))
            elif month.isdecimal() and not is_year_first:
                readings.add((year, day, month))
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


def _worded(text: str) -> set[int]:
    """Return the numbers in words beside a word for an episode."""
    phrases = [each[1] or each[2] for each in _WORDED.finditer(text)]
    known = _number_words() if phrases else {}
    found = (known.get(phrase) or known.get(phrase.split()[0]) for phrase in phrases)
    return {number for number in found if number}


@cache
def _number_words() -> dict[str, int]:
    """Return the numbers to 99 by their cardinals and ordinals in the supported languages, folded."""
    from num2words import num2words

    words: dict[str, int] = {}
    for code in KNOWN:
        for number in range(1, 100):
            for kind in ("cardinal", "ordinal"):
                words.setdefault(folded(num2words(number, lang=code, to=kind)), number)
    return words

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
_WORD = re.compile(r"\w+")

_EPISODE = (
    r"(?:episodes?|epis|ep|folge|episodio|capitulo|cap|programa|puntata|aflevering|afl|numero|num|nummer|nr|no|n"
    r"|odcinek|odc|epizoda|dil|bolum|avsnitt|afsnit|jakso|resz|lecture|lesson|session|week|vorlesung|seance"
    r"|выпуск|эпизод|серия|випуск|епізод|επεισοδιο|الحلقة|حلقة|פרק)"
)
_ORDINAL = f"(?:第|{fold('제')})"  # marks a number as an episode's in Chinese, Japanese and Korean
_SEASON = r"(?:season|saison|staffel|temporada|stagione|seizoen)"
_BOTH = re.compile(r"(?<![a-z0-9])[st] ?(\d{1,2}) ?(?:e|ep|x) ?(\d{1,4})(?!\d)|(?<![a-z0-9])(\d{1,2})x(\d{2,3})(?!\w)")
_IN_SEASON = re.compile(rf"(?<![a-z]){_SEASON} ?(\d{{1,2}})(?!\d)")
_NUMBER = re.compile(rf"(?:(?<!\w)(?:{_EPISODE}|e) ?|# ?|{_ORDINAL} ?)0*(\d{{1,5}})(?![a-z0-9])")
_WORDED = re.compile(rf"(?<![a-z]){_EPISODE} ([a-z]{{2,20}}(?: [a-z]{{2,12}})?)|([a-z]{{3,24}}) {_EPISODE}(?![a-z])")
_BARE = re.compile(r"^0*(\d{1,5})(?![a-z0-9])|(?<![a-z0-9])0*(\d{1,5})$")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})(?: ?)(\d{2})(?: ?)(\d{2})(?!\d)|(?<!\d)(\d{4}) (\d{1,2}) (\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2}) (\d{1,2}) (\d{4})(?!\d)")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d{2}) ?(\d{2}) ?(\d{2})(?!\d)")
_DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er)? (?:de |of )?([a-z]{3,10}) (?:de )?(\d{4})(?!\d)")
_MONTH_DAY = re.compile(r"(?<![a-z])([a-z]{3,10}) (\d{1,2})(?:st|nd|rd|th)? (\d{4})(?!\d)")
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
    """Return what a name says. In a title, a number that nothing marks as an episode's is a word.

    Examples
    --------
    >>> facts_in("S02E03 La roue").numbers, facts_in("012-la-roue").bare, facts_in("roue_2024-03-05").dates
    (frozenset({(2, 3)}), frozenset({12}), frozenset({'2024-03-05'}))
    """
    dates, text = _dates_in(folded(name))
    numbers, season, text = _numbers_in(text)
    left = " ".join(_NUMBER.sub(" ", text).split())
    bare = set[int]()
    if not numbers and not is_title:
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
    text = "".join(c if c.isalnum() or c == "#" else " " for c in text)
    parts = text.replace("#", " # ").split()
    return " ".join("#" if part == "#" else fold(part) or part.casefold() for part in parts).replace("# ", "#")


def words_of(text: str) -> frozenset[str]:
    """Return the folded words of a name or title, without those of one or two letters."""
    return frozenset(word for word in folded(text).split() if len(word) > 2)


def telling_words(text: str) -> frozenset[int]:
    """Return the hashes of a text's words of four letters and more; of a text with too many, the longest."""
    words = {fold(word) for word in {*_WORD.findall(text.casefold())}}
    telling = sorted((word for word in words if len(word) >= _TELLING_LETTERS), key=lambda word: (-len(word), word))
    return frozenset(map(hashed, telling[:_MOST_TELLING]))


def hashed(word: str) -> int:
    """Return the hash of a folded word, as ``Clues.said`` has it."""
    return crc32(word.encode())


def _numbers_in(text: str) -> tuple[set[tuple[int | None, int]], int | None, str]:
    """Return the marked numbers of a folded name with their seasons, the season, and the name without it."""
    if found := _BOTH.search(text):
        season, number = map(int, (found[1], found[2]) if found[1] else (found[3], found[4]))
        return {(season, number)}, season, f"{text[: found.start()]} {text[found.end() :]}"
    in_season = _IN_SEASON.search(text)
    known = int(in_season[1]) if in_season else None
    if in_season:
        text = f"{text[: in_season.start()]} {text[in_season.end() :]}"
    numbers = {int(each[1]) for each in _NUMBER.finditer(text)} or _worded(text)
    return {(known, number) for number in numbers}, known, text


def _dates_in(text: str) -> tuple[set[str], str]:
    """Return the dates of a folded name and what is left of it; both readings if day and month may be swapped."""
    found = set[str]()

    def note(*days: tuple[str, str, str]) -> str:
        known = {day for year, month, each in days if (day := _day(int(year), int(month), int(each)))}
        found.update(known)
        return " " if known else ""

    for pattern, read in (
        (_YEAR_FIRST, lambda m: note((m[1], m[2], m[3]) if m[1] else (m[4], m[5], m[6]))),
        (_YEAR_LAST, lambda m: note((m[3], m[2], m[1]), (m[3], m[1], m[2]))),
        (_DAY_MONTH, lambda m: note((m[3], _month(m[2]), m[1]))),
        (_MONTH_DAY, lambda m: note((m[3], _month(m[1]), m[2]))),
        (_SHORT_YEAR, lambda m: note((f"20{m[1]}", m[2], m[3]), (f"20{m[3]}", m[2], m[1]))),
    ):
        text = pattern.sub(lambda match, read=read: read(match) or match[0], text)  # type: ignore[misc]
    return found, " ".join(text.split())


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if year in _YEARS else None
    except ValueError:
        return None


def _month(word: str) -> str:
    """Return the number of a month by its folded name, 0 if it is none."""
    return next((str(k) for k, begins in enumerate(_MONTHS, 1) if word.startswith(tuple(begins.split()))), "0")


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

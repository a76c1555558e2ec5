"""What names of files and titles of episodes tell: season and number, dates, and the words that are left.

A number is *told* where something says that it is one (``E12``, ``S02E03``, ``#12``, ``Folge 12``, ``douzième
épisode``), and *bare* where it only stands there: at the beginning or the end, and no year.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from zlib import crc32

from aligner.languages import KNOWN
from aligner.normalization import fold

_LONGEST = 500  # characters that are read of a name or title
_WORD_WITHIN = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_LEAST_YEAR, _LAST_YEAR = 1950, 2100  # of what is taken for one

_EPISODE = (
    r"(?:episodes?|epis|ep|folge|episodio|capitulo|cap|programa|puntata|aflevering|afl|numero|num|nummer|nr|no|n"
    r"|odcinek|odc|epizoda|dil|bolum|avsnitt|afsnit|jakso|resz"
    r"|выпуск|эпизод|серия|випуск|епізод|επεισοδιο|الحلقة|حلقة|פרק)"
)
_ORDINAL = f"(?:第|{fold('제')})"  # what makes of a number that of an episode in Chinese, Japanese and Korean
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
"""How the names of months begin in the languages that are known, folded."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a name tells: ``numbers`` as (season, number), None an unknown season; ``bare`` numbers; ``dates`` that may
    be meant, as ISO 8601 writes them; and its ``words``, folded."""

    numbers: frozenset[tuple[int | None, int]] = frozenset()
    bare: frozenset[int] = frozenset()
    dates: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()

    def joined(self, other: Told) -> Told:
        """What both tell."""
        return Told(
            self.numbers | other.numbers, self.bare | other.bare, self.dates | other.dates, self.words | other.words
        )

    def over(self, other: Told) -> Told:
        """What both tell; numbers and dates are the other's only where this one tells none."""
        joined = self.joined(other)
        numbers = self.numbers or other.numbers
        return replace(joined, numbers=numbers, dates=self.dates or other.dates)


def told_by(name: str, is_title: bool = False) -> Told:
    """What a name tells; in a title, no number that only stands there is an episode's.

    Examples
    --------
    >>> told_by("S02E03 La roue").numbers, told_by("012-la-roue").bare, told_by("roue_2024-03-05").dates
    (frozenset({(2, 3)}), frozenset({12}), frozenset({'2024-03-05'}))
    """
    text = folded(name)
    dates, text = dates_in(text)
    numbers: set[tuple[int | None, int]] = set()
    if found := _BOTH.search(text):
        season, number = (found[1], found[2]) if found[1] else (found[3], found[4])
        numbers.add((int(season), int(number)))
        text = f"{text[: found.start()]} {text[found.end() :]}"
    season_told = _IN_SEASON.search(text)
    season_number = int(season_told[1]) if season_told else None
    if season_told:
        text = f"{text[: season_told.start()]} {text[season_told.end() :]}"
    if not numbers:
        numbers |= {(season_number, int(each[1])) for each in _NUMBER.finditer(text)}
    if not numbers:
        numbers |= {(season_number, number) for number in _worded(text)}
    left = " ".join(_NUMBER.sub(" ", text).split())
    bare = set[int]()
    if not numbers and not is_title:
        bare = {n for each in _BARE.finditer(left) if not _is_year(n := int(each[1] or each[2]))}
    words = frozenset(word for word in left.split() if len(word) > 1 and not (word.isdecimal() and int(word) in bare))
    return Told(frozenset(numbers), frozenset(bare), frozenset(dates), words)


@lru_cache(maxsize=100_000)  # names and titles, each of which every other is held to
def folded(name: str) -> str:
    """A name in small letters without accents, its words apart by single spaces; ``#`` stays."""
    text = unicodedata.normalize("NFC", name[:_LONGEST])
    text = _WORD_WITHIN.sub(" ", text.replace("№", "#").replace("n°", "#").replace("N°", "#"))
    text = "".join(c if c.isalnum() or c == "#" else " " for c in text)
    parts = text.replace("#", " # ").split()
    return " ".join("#" if part == "#" else fold(part) or part.casefold() for part in parts).replace("# ", "#")


def words_of(text: str) -> frozenset[str]:
    """The words of a text, folded, without those of a letter or two."""
    return frozenset(word for word in folded(text).split() if len(word) > 2)


def hashed(word: str) -> int:
    """A folded word as it is kept of what is said."""
    return crc32(word.encode())


def dates_in(text: str) -> tuple[set[str], str]:
    """The dates of a folded name, and what is left of it. Where day and month cannot be told apart, both are meant."""
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
        return date(year, month, day).isoformat() if _is_year(year) else None
    except ValueError:
        return None


def _month(word: str) -> str:
    """The number of a month by its name, 0 where the word is none."""
    return next((str(k) for k, begun in enumerate(_MONTHS, 1) if word.startswith(tuple(begun.split()))), "0")


def _is_year(number: int) -> bool:
    return _LEAST_YEAR <= number < _LAST_YEAR


def _worded(text: str) -> set[int]:
    """Numbers in words that stand beside the word for an episode."""
    found = set[int]()
    for each in _WORDED.finditer(text):
        said = each[1] or each[2]
        known = _number_words()
        for words in (said, said.split()[0]):
            if words in known:
                found.add(known[words])
                break
    return found


@cache
def _number_words() -> dict[str, int]:
    """The numbers to 99, by how the languages that are known count and order them, folded."""
    from num2words import num2words

    words: dict[str, int] = {}
    for code in KNOWN:
        for number in range(1, 100):
            for kind in ("cardinal", "ordinal"):
                words.setdefault(folded(num2words(number, lang=code, to=kind)), number)
    return words

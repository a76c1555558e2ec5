"""What a person would call an episode by the name of its file: without the technical words at its end, and without the
date that the episode has anyway."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from aligner.languages import word_set
from aligner.storage.file_names import printable
from web.archive.pairing.items import Sound, Text
from web.archive.pairing.names import dates_in, folded, told_by

_BITS_AND_RATES = (
    r"(?:16|24|32) ?bits?|(?:44[.,]?1|44|48|88|96|192)k(?:hz)?|(?:44100|48000|96000)(?:hz)?"
    r"|(?:64|128|160|256|320)k(?:bps)?"
)
_TECHNICAL = re.compile(
    rf"(?:^|[\W_])(?:{_BITS_AND_RATES}|v\d{{1,2}}|wav|mp3|m4a|flac|aiff?|masters?|mastered|edit(?:ed)?|mixdown)[\W_]*$",
    re.IGNORECASE,
)
_PERHAPS = re.compile(r"(?:^|[\W_])(?P<word>final|mix)[\W_]*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 6  # of a date: "24 de junho de 2024" has five
_LEADS_TO_DATE = word_set("a am de del den der di do du el from i la le le of on since the van vom von zum")
_EMPTY = re.compile(r"[(\[{][\W_]*[)\]}]")
_AT_ENDS = " \t-–—,;:_|+.~"
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})(?!\d)")


def titles_by_file(sound: Sound) -> tuple[str, ...]:
    """What an episode may be called as its file is, or as its folder where the file's name tells nothing, as both where
    another is called so: the plainest first, the whole name last. An item is called by its own name, without the ending
    of a file."""
    if not sound.file:
        file = sound.entry.sound_name if sound.entry and not sound.entry.title else None
        return (sound.name.replace(file, Path(file).stem, 1) if file else sound.name,)
    name = next(iter(sound.clues.names), printable(sound.file.path.parent.name))
    if sound.label:
        name = sound.label.removesuffix(sound.file.path.suffix).replace("/", " ")
    return titles_by_name(name, date_of(sound))


def date_of(sound: Sound, text: Text | None = None) -> str | None:
    """The date of an episode: as feed or tag tell it, else the name of the sound, else that of its transcript."""
    names = (*sound.clues.names, *sound.clues.titles, *(text.clues.names if text else ()))
    return sound.clues.date or next(filter(None, map(date_by_name, names)), None)


def titles_by_name(name: str, date: str | None) -> tuple[str, ...]:
    """The titles that a file's name tells, the plainest first, the whole name last; a ``date`` that the episode has is
    in the plainest no more."""
    plain = _without_technical(unicodedata.normalize("NFC", name))
    dated = _without_date(plain) if date in told_by(plain).dates else plain
    return tuple(dict.fromkeys((*(spelt(each) for each in (dated, plain) if any(map(str.isalnum, each))), spelt(name))))


def spelt(name: str) -> str:
    """A file's name in words."""
    return " ".join(name.replace("_", " ").split())


def date_by_name(name: str) -> str | None:
    """The date that a file's name tells; between dots the day stands first, else of two the earlier is taken."""
    dates = told_by(name).dates
    for day, month, year in _DAY_FIRST.findall(name):
        date = f"{year if len(year) == 4 else f'20{year}'}-{int(month):02}-{int(day):02}"
        if date in dates:
            return date
    return min(dates, default=None)


def _without_technical(name: str) -> str:
    """A name without the technical words at its end. Those that end titles too are left where nothing tells that they
    are none: no other beside them, no capitals, nothing but spaces before them."""
    left, is_technical = name, False
    while True:
        if found := _TECHNICAL.search(left):
            is_technical = True
        elif not (found := _PERHAPS.search(left)) or not (is_technical or _is_apart(left, found)):
            return left
        rest = _tidied(left[: found.start()])
        if not any(map(str.isalnum, rest)):
            return left
        left = rest


def _is_apart(name: str, found: re.Match[str]) -> bool:
    """Whether a word at the end of a name does not belong to what is before it."""
    before, word = name[: found.start()], found["word"]
    between = name[found.start() : found.start("word")]
    is_loud = word.isupper() and not before.isupper()
    return is_loud or between != " " or len(_WORD.findall(before)) < 2


def _without_date(name: str) -> str:
    """A name without its date, but for one that is part of what is said: *Bilan du 24 juin 2024*."""
    start, end = _place_of_date(name)
    before = name[:start].replace("_", " ").split()
    if start == end or (before and folded(before[-1]) in _LEADS_TO_DATE):
        return name
    return _tidied(f"{name[:start]} {name[end:]}")


def _place_of_date(name: str) -> tuple[int, int]:
    """Where in a name its first date begins and ends."""
    words = [*_WORD.finditer(name)]
    for number, first in enumerate(words):
        for last in reversed(words[number : number + _MOST_WORDS]):
            found, left = dates_in(folded(name[first.start() : last.end()]))
            if found and not left:
                return first.start(), last.end()
    return 0, 0


def _tidied(name: str) -> str:
    return _EMPTY.sub(" ", name).strip(_AT_ENDS).rstrip("([{" + _AT_ENDS)

"""Times of day and dates in digits, as they are read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from aligner.normalization.combining import combined
from aligner.normalization.language import Language, ways_of
from aligner.normalization.number_ways import number_ways, ordinal_ways, swapped, words

_CLOCK = re.compile(r"(?P<h>\d{1,2})(?:(?P<mark>[hH:.])(?P<m>\d{2}))?\s?(?P<half>[aApP]\.?[mM]\.?)?", re.ASCII)
_DATE = re.compile(r"(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?:(?P=mark)(?P<y>\d{4}|\d{2}))?", re.ASCII)
_ISO_DATE = re.compile(r"(?P<y>\d{4})-(?P<a>\d{2})-(?P<b>\d{2})", re.ASCII)
_OPTION = re.compile(r"\[(.*?)\]")


def clock_ways(text: str, language: Language) -> list[str]:
    """The readings of a time such as 18h30, 18:30, 9.15 or 6pm; none if it is no time."""
    found = _CLOCK.fullmatch(text)
    if not found or not language.clock or int(found["h"]) > 24 or int(found["m"] or 0) > 59:
        return []
    mark, half = found["mark"], (found["half"] or "").lower().rstrip(".")
    if not half and (mark is None or (mark == "." and not language.point_in_times)):
        return []
    hour = int(found["h"])
    if half and not found["m"]:
        return combined([[words(hour, language.code)], ways_of(language.units.get(half, ""))])
    said = [
        *_at(hour, found["m"] or "00", language),
        *(_at(hour - 12, found["m"] or "00", language) if hour > 12 else []),
    ]
    return combined([said, ways_of(language.units.get(half, ""))])


def _at(hour: int, minutes: str, language: Language) -> Iterator[str]:
    """The readings of one time; the noun that a template has in brackets is not said of noon and midnight."""
    either = language.clock.get("0", language.clock[""]) if minutes[0] == "0" else language.clock[""]
    names = {"m": words(int(minutes), language.code), "n": words(hour % 12 + 1, language.code)}
    plain_hour = swapped(words(hour, language.code), language.before_feminine)[-1]
    for template in ways_of(language.clock.get(minutes, either)):
        yield _OPTION.sub(r"\1", template).format(h=plain_hour, **names)
        if str(hour) in language.hours:
            yield _OPTION.sub("", template).format(h=language.hours[str(hour)], **names)


def date_ways(text: str, language: Language) -> list[str]:
    """The readings of a date such as 12/03/2024, 2024-03-12 or 1.5.; none if it cannot be one."""
    iso = _ISO_DATE.fullmatch(text)
    found = iso or _DATE.fullmatch(text)
    if not found or not language.dates or (found["y"] is None and found["mark"] != "/"):
        return []  # 1.5 and 10-15 are more often other things
    orders = [(found["b"], found["a"])] if iso else [(found["a"], found["b"])]
    if language.month_first and not iso:
        orders.insert(0, (found["b"], found["a"]))
    years = number_ways(found["y"], language)[:3] if found["y"] else []
    days = [(int(day), int(month)) for day, month in orders if 1 <= int(day) <= 31 and 1 <= int(month) <= 12]
    said = [list(_on(day, month, years, language)) for day, month in days]
    return [way for ways in zip(*said, strict=True) for way in ways] if said else []


def _on(day: int, month: int, years: list[str], language: Language) -> Iterator[str]:
    """The readings of one date; what a template has in brackets is said only where there is a year."""
    ordinal, code = ordinal_ways(day, language)[0], language.code
    names = {"o": ordinal, "month": language.months[month - 1], "m": words(month, code)}
    names["p"] = ordinal_ways(month, language)[0]
    spoken_days = [ordinal, words(day, code)] if day == 1 and code != "en" else [words(day, code)]
    likeliest_first = sorted(product(enumerate(language.dates), enumerate(years or [""])), key=_ranks)
    for (_, template), (_, year) in likeliest_first:
        kept = _OPTION.sub(r"\1" if years else "", template)
        for spoken_day in spoken_days if "{d}" in kept else spoken_days[:1]:
            yield kept.format(d=spoken_day, y=year, **names)


def _ranks(pair: tuple[tuple[int, str], tuple[int, str]]) -> int:
    return pair[0][0] + pair[1][0]

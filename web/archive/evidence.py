"""What speaks for and against a sound and a text being one episode, in natural logarithms of odds.

Conventions
-----------
- What two have in common counts by how rare it is among all that are to be paired: with a hundred episodes of one show
  its name says nothing, a number that one has alone says log 100.
- Names lie now and then: a file is called as another one, a feed counts otherwise. What all names together say is
  bounded by ``NAMES_LIE``, so that what the files hold, their length and words, can speak against it.
- The sound itself, where it was listened to, is not bounded by anything.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from rapidfuzz import fuzz

from web.archive.items import Sound, Text
from web.archive.names import Told, folded

NAMES_LIE = 0.02  # of pairs of names that are of one episode; with these few, most of what they say is left
_AGREE = 0.95  # of episodes whose number or date both sides tell, those of which they tell the same
_BARE_AGREE = 0.8  # the same of numbers that only stand in a name
_DAYS_NEAR, _NEAR_AGREE = 7, 0.5  # a transcript may be dated by when it was written
_WORD_WEIGHT, _MOST_WORDS = 0.7, 9.0  # words of one title come together
_NO_WORD = -1.0  # of titles that have none in common: they may be in two languages
_LIKE = 88  # of 100, as rapidfuzz has it: titles that are spelt alike
_SAID_WEIGHT, _MOST_SAID, _LEAST_SAID = 0.4, 6.0, -2.0
_ALONE, _DECLARED, _SAME_NAME = 5.0, 9.0, 0.97
_OTHER_LANGUAGE = -3.0

WORDS_A_MINUTE, _SPREAD = 150.0, 0.35  # of edited transcripts, and in natural logarithms, where nothing else is known
_ODD, _ODD_SPREAD = 0.05, 1.2  # of episodes of which the text is a part, or the sound half music


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a pair, or against it where its ``odds`` are negative, in words."""

    odds: float
    words: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How many words a minute texts have to their sounds, and the spread of its logarithm."""

    words_a_minute: float = WORDS_A_MINUTE
    spread: float = _SPREAD


class Evidence:
    """Of all sounds and texts that are to be paired, what speaks for each pair."""

    def __init__(self, sounds: Sequence[Sound], texts: Sequence[Text]) -> None:
        self.sounds, self.texts, self.pace = sounds, texts, Pace()
        both: list[Sound | Text] = [*sounds, *texts]
        self._count = max(2, len(sounds), len(texts))
        self._words = _shares(each.clues.told.words for each in both)
        self._numbers = _shares({n for _, n in each.clues.told.numbers} | each.clues.told.bare for each in both)
        self._dates = _shares(each.clues.told.dates | _known(each.clues.date) for each in both)
        self._said = _shares(text.clues.said for text in texts)
        self._several = len({text.clues.language for text in texts if text.clues.language}) > 1
        self._lengths = [math.log(x.clues.length) for x in both if x.clues.length]

    def reasons(self, sound: Sound, text: Text) -> list[Reason]:
        """What speaks for the pair and against it, but for the sound itself."""
        named = [
            reason
            for tell in (self._by_number, self._by_date, self._by_name, self._by_title, _by_folder)
            if (reason := tell(sound, text))
        ]
        most = math.log(self._count / NAMES_LIE)
        named = _bounded(named, math.log(NAMES_LIE), most)
        held = [
            reason
            for tell in (self._by_length, self._by_words, self._by_language, _by_feed)
            if (reason := tell(sound, text))
        ]
        return [*named, *held]

    def with_pace(self, pairs: Iterable[tuple[Sound, Text]]) -> None:
        """Take the pace from pairs that are mostly right."""
        paces = [
            math.log(60 * text.clues.length / sound.clues.length)
            for sound, text in pairs
            if sound.clues.length and text.clues.length
        ]
        if len(paces) >= 5:
            middle = float(np.median(paces))
            spread = 1.48 * float(np.median(np.abs(np.array(paces) - middle)))
            self.pace = Pace(math.exp(middle), min(_SPREAD, max(0.08, spread)))

    def _by_number(self, sound: Sound, text: Text) -> Reason | None:
        mine, other = sound.clues.told, text.clues.told
        if mine.numbers and other.numbers:
            same = [
                (season or season_there, number)
                for season, number in sorted(mine.numbers, key=str)
                for season_there, there in other.numbers
                if number == there and (season is None or season_there is None or season == season_there)
            ]
            told = _AGREE
        else:
            numbers, others = _all_numbers(mine), _all_numbers(other)
            if not numbers or not others:
                return None
            same, told = [(None, number) for number in sorted(numbers & others)], _BARE_AGREE
        if same:
            season, number = same[0]
            told_as = f"season {season}, number {number}" if season else f"number {number}"
            return Reason(math.log(told / self._numbers(number)), told_as)
        shown = f"{_shown_number(mine)} and {_shown_number(other)}"
        return Reason(math.log(1 - told), f"numbers differ, {shown}")

    def _by_date(self, sound: Sound, text: Text) -> Reason | None:
        mine = sound.clues.told.dates | _known(sound.clues.date)
        other = text.clues.told.dates | _known(text.clues.date)
        if not mine or not other:
            return None
        if same := sorted(mine & other):
            return Reason(math.log(_AGREE / self._dates(same[0])), f"date {same[0]}")
        days = min(abs((date.fromisoformat(a) - date.fromisoformat(b)).days) for a in mine for b in other)
        if days <= _DAYS_NEAR:
            return Reason(0.5, f"dates {days} days apart")
        return Reason(math.log(1 - _AGREE), f"dates differ, {min(mine)} and {min(other)}")

    def _by_name(self, sound: Sound, text: Text) -> Reason | None:
        names = {folded(name) for name in sound.clues.names} & {folded(name) for name in text.clues.names}
        if not names:
            return None
        return Reason(math.log(_SAME_NAME * self._count), "the same name")

    def _by_title(self, sound: Sound, text: Text) -> Reason | None:
        """Words of names and titles that both have, by how rare they are; and where none is, titles spelt alike."""
        mine, other = sound.clues.told.words, text.clues.told.words
        telling = [word for word in mine & other if self._words(word) < 0.5]
        if telling:
            odds = _WORD_WEIGHT * sum(math.log(1 / self._words(word)) for word in telling)
            shown = " ".join(sorted(telling, key=self._words)[:4])
            return Reason(min(odds, _MOST_WORDS), f"title: {shown}")
        rare = [[word for word in words if self._words(word) < 0.5] for words in (mine, other)]
        if not all(rare):
            return None
        alike = fuzz.token_sort_ratio(*(" ".join(sorted(words)) for words in rare))
        if alike >= _LIKE:
            return Reason(math.log(self._count) * 0.7, "titles spelt alike")
        return Reason(_NO_WORD, "no word of the titles in common")

    def _by_length(self, sound: Sound, text: Text) -> Reason | None:
        seconds, words = sound.clues.length, text.clues.length
        if not seconds or not words:
            return None
        off = math.log(60 * words / seconds / self.pace.words_a_minute)
        true = (1 - _ODD) * _normal(off, self.pace.spread) + _ODD * _normal(off, _ODD_SPREAD)
        by_chance = _normal(off, math.hypot(self.pace.spread, 0.05 + _spread_of(self._lengths)))
        fast = 60 * words / seconds
        odds = min(math.log(true / max(by_chance, 1e-9)), 2.0)
        told = (
            f"length fits, {fast:.0f} words a minute" if odds > 0 else f"length does not fit, {fast:.0f} words a minute"
        )
        return Reason(max(odds, -4.0), told)

    def _by_words(self, sound: Sound, text: Text) -> Reason | None:
        """Words of the feed's description, and of titles, that the text says: names, above all."""
        if not sound.clues.said or not text.clues.said:
            return None
        mine, other = np.array(sound.clues.said), np.array(text.clues.said)
        known = [int(each) for each in mine if 0 < self._said(int(each)) < 0.5]
        if len(known) < 3:
            return None
        weights = [math.log(1 / self._said(each)) for each in known]
        there = np.isin(known, other)
        expected = sum(w * math.exp(-w) for w in weights)
        odds = _SAID_WEIGHT * (sum(w for w, is_there in zip(weights, there, strict=True) if is_there) - expected)
        odds = min(max(odds - 0.5, _LEAST_SAID), _MOST_SAID)
        told = f"{int(there.sum())} of {len(known)} telling words of its description are said"
        return Reason(odds, told) if odds else None

    def _by_language(self, sound: Sound, text: Text) -> Reason | None:
        mine, other = sound.clues.language, text.clues.language
        if not mine or not other or not self._several:
            return None
        return (
            Reason(0.5, f"language {mine}")
            if mine == other
            else Reason(_OTHER_LANGUAGE, f"languages differ, {mine} and {other}")
        )


def _by_folder(sound: Sound, text: Text) -> Reason | None:
    if sound.alone and text.alone and sound.folder == text.folder:
        return Reason(_ALONE, "alone together in their folder")
    return None


def _by_feed(sound: Sound, text: Text) -> Reason | None:
    if text.of is not None and text.of == sound.key:
        return Reason(_DECLARED, "declared by the feed")
    if sound.entry and text.file:
        names = {folded(link.url.rpartition("/")[2].rpartition(".")[0]) for link in sound.entry.transcripts}
        if folded(text.file.path.stem) in names - {"", "transcript"}:
            return Reason(_DECLARED, "named as the feed declares it")
    return None


def _bounded(reasons: list[Reason], least: float, most: float) -> list[Reason]:
    """The same, with a reason's odds changed so that all together are within the bounds."""
    total = sum(reason.odds for reason in reasons)
    if least <= total <= most or not reasons:
        return reasons
    factor = (least if total < least else most) / total
    return [Reason(reason.odds * factor, reason.words) for reason in reasons]


def _shares(all_of: Iterable[Iterable[object]]) -> Callable[[object], float]:
    """The share of those that have something of all that have anything; what none has is as rare as can be."""
    count, number = Counter[object](), 0
    for each in all_of:
        known = set(each)
        count.update(known)
        number += 1 if known else 0

    def share(of: object) -> float:
        # Both sides of a pair have it: what one pair alone has is told as one of as many as there are pairs.
        return min(1.0, max(count[of] / 2, 1.0) / max(1.0, number / 2)) if count[of] else 0.0

    return share


def _known(day: str | None) -> frozenset[str]:
    return frozenset([day]) if day else frozenset()


def _all_numbers(told: Told) -> frozenset[int]:
    return frozenset(number for _, number in told.numbers) | told.bare


def _shown_number(told: Told) -> str:
    return ", ".join(map(str, sorted(_all_numbers(told))[:3]))


def _spread_of(values: Sequence[float]) -> float:
    return float(np.std(values)) if len(values) > 1 else 0.0


def _normal(off: float, spread: float) -> float:
    return math.exp(-0.5 * (off / spread) ** 2) / spread

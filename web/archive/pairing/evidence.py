"""What speaks for and against a sound and a text being one episode, in natural logarithms of odds.

Conventions
-----------
- What two have in common counts by how rare it is among all that the archive knows (``rarity``): with a hundred
  episodes of one show its name says nothing, a number that one sound and one text alone have says nearly all.
- How far numbers, dates, lengths and places are to be believed is learnt from the pairs that are likeliest at first.
- Names lie now and then: a file is called as another one, a feed counts otherwise. So all that names say is bounded by
  ``NAMES_LIE``, and what the files hold, their length and words, can speak against it. Where a sound is named as one
  text, that speaks against the others already: that these are named otherwise adds next to nothing.
- The sound itself, where it was listened to, is not bounded by anything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz

from media.errors import Message
from web.archive.pairing.items import Clues, Sound, Text
from web.archive.pairing.names import Told, folded, hashed
from web.archive.pairing.places import Places
from web.archive.pairing.rarity import (
    DATES,
    NAMES,
    NUMBERS,
    SPELT,
    VALUES,
    Rarity,
    all_numbers,
    called,
    dates_of,
    names_of,
    spelt_calls,
    spelt_names,
)

NAMES_LIE = 0.02  # of episodes, those that are named as another one
_UNLIKE = -0.7  # all that other names say where a sound is named as another text
NAMED = 2.0  # from these odds on it is

_PLACES = "places"
_AGREE, _AGREE_OF = 4.0, 4.5  # so many agree of so many, before anything is known of these
_DAYS_NEAR, _NEAR = 7, 0.5  # a transcript may be dated by when it was written; what that says
_WORD_WEIGHT, _MOST_WORDS = 0.7, 9.0  # words of one title come together
_NO_WORD = -1.0  # of titles that have none in common: they may be in two languages
_LIKE, _ALIKE_WEIGHT = 88, 0.7  # of 100, as rapidfuzz has it: titles that are spelt alike
_SAID_WEIGHT, _MOST_SAID, _LEAST_SAID, _FEW = 0.4, 6.0, -2.0, 3
_TOLD_BEFORE = 0.5  # of what a word says that titles have in common
_TELLING = 0.5  # of items, the share from which on it says nothing that a word is theirs
_ALONE, _DECLARED = 5.0, 9.0
_LANGUAGE, _OTHER_LANGUAGE = 0.5, -3.0

WORDS_A_MINUTE, _SPREAD = 150.0, 0.35  # of edited transcripts, and in natural logarithms, where nothing else is known
_CLOSEST = 0.08  # spread of a pace that is learnt
_ODD, _ODD_SPREAD = 0.05, 1.2  # of episodes of which the text is a part, or the sound half music
_FITS, _MISFITS = 2.0, -4.0
_LEARNT = 5  # pairs


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a pair, or against it where its ``odds`` are negative, in words."""

    odds: float
    words: Message


@dataclass(frozen=True, slots=True)
class Pace:
    """How many words a minute texts have to their sounds, and the spread of its logarithm."""

    words_a_minute: float = WORDS_A_MINUTE
    spread: float = _SPREAD


class Evidence:
    """Of all sounds and texts that are to be paired, what speaks for each pair, where the clues of episodes that were
    made ``before`` are these."""

    def __init__(self, sounds: Sequence[Sound], texts: Sequence[Text], before: Sequence[Clues] = ()) -> None:
        self.sounds, self.texts, self.before, self.pace = sounds, texts, before, Pace()
        self._rates = dict.fromkeys((*VALUES, _PLACES), _AGREE / _AGREE_OF)
        of_sounds, of_texts = [each.clues for each in sounds], [each.clues for each in texts]
        self._rarity = Rarity(of_sounds, of_texts, before)
        self._several = len({text.clues.language for text in texts if text.clues.language}) > 1
        self._spread = _spread_of([math.log(x.length) for x in (*of_sounds, *of_texts) if x.length])
        self._places = Places(sounds, texts)
        self._telling = lru_cache(1)(self._telling_words)  # pairs come sound by sound

    def named(self, sound: Sound, text: Text) -> list[Reason]:
        """What names and titles say of the pair."""
        tells = (self._by_number, self._by_date, self._by_name, self._by_title)
        return [reason for tell in tells if (reason := tell(sound, text))]

    def held(self, sound: Sound, text: Text) -> list[Reason]:
        """What all else says of it, but for the sound itself."""
        tells = (self._by_length, self._by_words, self._by_language, _by_folder, _by_feed)
        return [*(reason for tell in tells if (reason := tell(sound, text))), *self._by_place(sound, text)]

    def bounded(self, sound: Sound, reasons: list[Reason], named_elsewhere: bool) -> list[Reason]:
        """What names say of a sound and a text, within what may be believed of them."""
        total = sum(reason.odds for reason in reasons)
        near = self._places.texts_near(sound) or self._rarity.count
        least, most = _UNLIKE if named_elsewhere else math.log(NAMES_LIE), math.log(max(2, near) / NAMES_LIE)
        if least <= total <= most or not total:
            return reasons
        factor = (least if total < least else most) / total
        return [Reason(reason.odds * factor, reason.words) for reason in reasons]

    def learn(self, pairs: Iterable[tuple[Sound, Text]]) -> None:
        """Take from pairs that are mostly right how far numbers, dates, lengths and places are to be believed."""
        pairs = [*pairs]
        for kind, (mine_of, other_of) in VALUES.items():
            told = [(mine, other) for a, b in pairs if (mine := mine_of(a.clues)) and (other := other_of(b.clues))]
            agreed = sum(1 for mine, other in told if mine & other)
            self._rates[kind] = (agreed + _AGREE) / (len(told) + _AGREE_OF)
        told_near = [told.near for a, b in pairs for told in self._places.told(a, b)]
        self._rates[_PLACES] = (sum(told_near) + _AGREE) / (len(told_near) + _AGREE_OF)
        paces = [math.log(60 * b.clues.length / a.clues.length) for a, b in pairs if a.clues.length and b.clues.length]
        if len(paces) >= _LEARNT:
            middle = float(np.median(paces))
            spread = 1.48 * float(np.median(np.abs(np.array(paces) - middle)))  # of a normal distribution
            self.pace = Pace(math.exp(middle), min(_SPREAD, max(_CLOSEST, spread)))

    def _agreeing(self, kind: str, value: object) -> float:
        """The odds that two have a number, date or name in common: by how many others have it, and how often those of
        one episode agree."""
        rate = self._rates[kind]
        return math.log(rate / self._rarity.by_chance(kind, value, rate))

    def _by_number(self, sound: Sound, text: Text) -> Reason | None:
        mine, other = sound.clues.told, text.clues.told
        numbers, others = all_numbers(mine), all_numbers(other)
        if not numbers or not others:
            return None
        seasons = {season for season, _ in mine.numbers} | {season for season, _ in other.numbers}
        for number in sorted(numbers & others):
            ours = {season for season, each in mine.numbers if each == number and season is not None}
            theirs = {season for season, each in other.numbers if each == number and season is not None}
            if not ours or not theirs or ours & theirs:
                told = Message("number {number}", number=number)
                if ours & theirs and len(seasons) > 1:
                    told = Message("season {season}, number {number}", season=min(ours & theirs), number=number)
                return Reason(self._agreeing(NUMBERS, number), told)
        told = Message("numbers differ, {mine} and {other}", mine=_shown_number(mine), other=_shown_number(other))
        return Reason(math.log(1 - self._rates[NUMBERS]), told)

    def _by_date(self, sound: Sound, text: Text) -> Reason | None:
        mine, other = dates_of(sound.clues), dates_of(text.clues)
        if not mine or not other:
            return None
        if same := sorted(mine & other):
            return Reason(self._agreeing(DATES, same[0]), Message("date {date}", date=same[0]))
        days = min(abs((date.fromisoformat(a) - date.fromisoformat(b)).days) for a in mine for b in other)
        if days <= _DAYS_NEAR:
            return Reason(_NEAR, Message("dates {days} days apart", days=days))
        told = Message("dates differ, {mine} and {other}", mine=min(mine), other=min(other))
        return Reason(math.log(1 - self._rates[DATES]), told)

    def _by_name(self, sound: Sound, text: Text) -> Reason | None:
        """Names that are the same, whatever their case and accents; but where one is spelt as another's, only that."""
        names = sorted(called(sound.clues) & names_of(text.clues))
        if not names:
            return None
        odds, told = self._agreeing(NAMES, names[0]), Message("the same name")
        mine, other = spelt_calls(sound.clues), spelt_names(text.clues)
        if spelt := sorted(mine & other):
            return Reason(max(odds, self._agreeing(SPELT, spelt[0])), told)
        return None if self._rarity.is_known(SPELT, (other, mine)) else Reason(odds, told)

    def _by_place(self, sound: Sound, text: Text) -> list[Reason]:
        """What it says where they lie, as far as it is learnt that those of one episode lie near each other."""
        rate, reasons = self._rates[_PLACES], list[Reason]()
        for told in self._places.told(sound, text):
            words = Message("both in {folder}", folder=told.folder)
            if told.alike:
                words = Message("both in folders called {folder}", folder=told.folder)
            odds = math.log(rate / told.share)
            if not told.near:
                odds, words = math.log((1 - rate) / (1 - told.share)), Message("in other folders")
            if (odds > 0) == told.near:
                reasons.append(Reason(odds, words))
        return reasons

    def _by_title(self, sound: Sound, text: Text) -> Reason | None:
        """Words of names and titles that both have, but for the show's name, by how rare they are; and where none is,
        titles spelt alike."""
        mine, other = sound.clues.told.words - _words_of(sound.clues.show), text.clues.told.words
        telling = sorted(word for word in mine & other if self._rarity.word(word) < _TELLING)
        if telling:
            odds = _WORD_WEIGHT * sum(math.log(1 / self._rarity.word(word)) for word in telling)
            shown = _as_spelt(sorted(telling, key=self._rarity.word)[:4], sound.clues)
            return Reason(min(odds, _MOST_WORDS), Message("title: {words}", words=" ".join(shown)))
        rare = [[word for word in words if self._rarity.word(word) < _TELLING] for words in (mine, other)]
        if not all(rare):
            return None
        alike = fuzz.token_sort_ratio(*(" ".join(sorted(words)) for words in rare))
        if alike >= _LIKE:
            return Reason(math.log(self._rarity.count) * _ALIKE_WEIGHT, Message("titles spelt alike"))
        return Reason(_NO_WORD, Message("no word of the titles in common"))

    def _by_length(self, sound: Sound, text: Text) -> Reason | None:
        seconds, words = sound.clues.length, text.clues.length
        if not seconds or not words:
            return None
        off = math.log(60 * words / seconds / self.pace.words_a_minute)
        true = (1 - _ODD) * _normal(off, self.pace.spread) + _ODD * _normal(off, _ODD_SPREAD)
        by_chance = _normal(off, math.hypot(self.pace.spread, _CLOSEST + self._spread))
        fast = 60 * words / seconds
        odds = min(math.log(true / max(by_chance, 1e-9)), _FITS)
        told = Message("length does not fit, {pace:.0f} words a minute", pace=fast)
        if odds > 0:
            told = Message("length fits, {pace:.0f} words a minute", pace=fast)
        return Reason(max(odds, _MISFITS), told)

    def _by_words(self, sound: Sound, text: Text) -> Reason | None:
        """Words of the feed's description, and of titles, that the text says: names, above all. Half as much where its
        own title has them too, which tells that already."""
        if not sound.clues.said or not text.clues.said:
            return None
        known = self._telling(sound.clues.said)
        if len(known) < _FEW:
            return None
        said = _all_of(text.clues.said)
        both = {hashed(word) for word in sound.clues.told.words & text.clues.told.words}
        odds = 0.0
        for word, rare in known.items():
            weight = _TOLD_BEFORE * rare if word in both else rare
            odds += _SAID_WEIGHT * weight * ((word in said) - math.exp(-rare))
        odds = min(max(odds - 0.5, _LEAST_SAID), _MOST_SAID)
        told = Message(
            "{said} of {known} telling words of its title and description are said",
            said=sum(1 for word in known if word in said), known=len(known),
        )  # fmt: skip
        return Reason(odds, told) if odds else None

    def _telling_words(self, said: tuple[int, ...]) -> dict[int, float]:
        """Those of a sound's words that texts say and not all do, and how much each tells."""
        shares = {word: self._rarity.said(word) for word in said}
        return {word: math.log(1 / share) for word, share in shares.items() if 0 < share < _TELLING}

    def _by_language(self, sound: Sound, text: Text) -> Reason | None:
        mine, other = sound.clues.language, text.clues.language
        if not mine or not other or not self._several:
            return None
        if mine == other:
            return Reason(_LANGUAGE, Message("language {language}", language=mine))
        return Reason(_OTHER_LANGUAGE, Message("languages differ, {mine} and {other}", mine=mine, other=other))


def _by_folder(sound: Sound, text: Text) -> Reason | None:
    if sound.alone and text.alone and sound.folder == text.folder:
        return Reason(_ALONE, Message("alone together in their folder"))
    return None


def _by_feed(sound: Sound, text: Text) -> Reason | None:
    if text.of is not None and text.of == sound.key:
        return Reason(_DECLARED, Message("declared by the feed"))
    if sound.entry and text.file:
        names = {folded(link.url.rpartition("/")[2].rpartition(".")[0]) for link in sound.entry.transcripts}
        if folded(text.file.path.stem) in names - {"", "transcript"}:
            return Reason(_DECLARED, Message("named as the feed declares it"))
    return None


@lru_cache(maxsize=10_000)  # texts, each of which is asked by every sound
def _all_of(said: tuple[int, ...]) -> frozenset[int]:
    return frozenset(said)


@lru_cache(maxsize=100)
def _words_of(show: str | None) -> frozenset[str]:
    return frozenset(folded(show or "").split())


def _as_spelt(words: Iterable[str], clues: Clues) -> list[str]:
    """Words in the order in which titles, or else names, have them."""
    spelt = [word for name in (*clues.titles, *clues.names) for word in folded(name).split()]
    return sorted(words, key=lambda word: spelt.index(word) if word in spelt else len(spelt))


def _shown_number(told: Told) -> str:
    return ", ".join(map(str, sorted(all_numbers(told))[:3]))


def _spread_of(values: Sequence[float]) -> float:
    return float(np.std(values)) if len(values) > 1 else 0.0


def _normal(off: float, spread: float) -> float:
    return math.exp(-0.5 * (off / spread) ** 2) / spread

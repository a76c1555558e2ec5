"""What speaks for and against an audio file and a transcript being one episode, as natural logarithms of odds.

- What two have in common counts by how rare it is among all that the archive knows: with a hundred episodes of one show
  its name says nothing; a number that only one audio file and one transcript have says nearly all.
- How far numbers, dates, folders and lengths are to be believed is learnt from the pairs that are likeliest at first.
- Sources may be wrong: what names say is bounded by the share of names that lie (``pairing``), while lengths, the words
  of a transcript and what is recognised in the audio are not.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from media.errors import Message
from web.archive.names import folded, hashed
from web.archive.records import Audio, Clues, NameFacts, Reason, Text

_NUMBERS, _DATES, _NAMES, _FOLDERS = "numbers", "dates", "names", "folders"
_AGREE, _AGREE_OF = 4.0, 4.5  # so many pairs of so many agree, before anything is known of these
_PARTLY = 0.5  # of what differing numbers say, if others are the same
_DAYS_NEAR, _NEAR = 7, 0.5  # a transcript may have the date on which it was written
_TELLING = 0.5  # a word that more than this share of all names has says nothing
_WORD_WEIGHT, _MOST_WORDS, _NO_WORD = 0.7, 9.0, -1.0  # words of a title come together; titles may be translated
_ALIKE, _ALIKE_WEIGHT = 88, 0.7  # of 100, by rapidfuzz
_LEAST_LETTERS = 12  # of a title that is looked for in the first lines
_SAID_WEIGHT, _MOST_SAID, _LEAST_SAID, _FEW = 0.4, 6.0, -2.0, 3
_ALSO_IN_TITLE = 0.5  # of what a word says that the titles have in common
_ALONE, _DECLARED = 5.0, 9.0
_LANGUAGE, _OTHER_LANGUAGE = 0.5, -3.0

_PACE, _SPREAD = 150.0, 0.35  # words a minute of edited transcripts, and the spread of their logarithm
_CLOSEST = 0.08  # spread of a pace that is learnt
_ODD, _ODD_SPREAD = 0.05, 1.2  # episodes whose transcript is a part, or whose audio is half music
_STRAY = 0.3  # wrong pairs in which one has any length: notes, trailers, other shows
_SLOWEST, _FASTEST = 15.0, 400.0  # words a minute that are possible
_FITS, _MISFITS, _IMPOSSIBLE = 2.0, -4.0, -8.0
_AGAINST = -1.0  # from these odds on a length or language contradicts a pair
_LEARNT = 5  # pairs
_SHOWN = 4  # words or numbers in a reason
_NOTHING = 0.1  # odds of a length that say nothing

_ALL_PAIRS = 250_000  # up to so many, each pair is examined; beyond, those that have something rare in common
_RARE = 30  # items that have a word or number in common

_Keys = frozenset[tuple[str, str]]
_Words = frozenset[Any]
_Side = list[frozenset[object]]


class Evidence:
    """What speaks for each pair of ``audio`` and ``texts``, given by their indices.

    ``known`` are clues of episodes that the library has already, ``declared`` the keys of pairs that a feed declares.
    """

    def __init__(
        self, audio: Sequence[Audio], texts: Sequence[Text], known: Sequence[Clues] = (), declared: _Keys = frozenset()
    ) -> None:
        self.audio, self.texts, self._declared = audio, texts, declared
        self._count = max(2, len(known) + max(len(audio), len(texts)))
        self._rates = dict.fromkeys((_NUMBERS, _DATES, _NAMES, _FOLDERS), _AGREE / _AGREE_OF)
        of_audio, of_texts = [each.clues for each in audio], [each.clues for each in texts]
        self._pace, self._as_long = (_PACE, _SPREAD), _shares_as_long(of_texts, _SPREAD)
        self._values: dict[str, tuple[_Side, _Side]] = {
            _NUMBERS: ([*map(_numbers, of_audio)], [*map(_numbers, of_texts)]),
            _DATES: ([*map(_dates, of_audio)], [*map(_dates, of_texts)]),
            _NAMES: ([*map(_called, of_audio)], [*map(names_of, of_texts)]),
            _FOLDERS: _shared_folders(audio, texts),
        }
        self._counts = {kind: (_count(mine), _count(theirs)) for kind, (mine, theirs) in self._values.items()}
        for kind, values_of in {_NUMBERS: _numbers, _DATES: _dates, _NAMES: _called}.items():
            more = _count(map(values_of, known))
            for counts in self._counts[kind]:
                counts.update({value: more[value] for value in counts})
        known_words = [each.facts.words for each in known]
        self._share = _shares([each.facts.words for each in (*of_audio, *of_texts)], [*known_words, *known_words])
        self._share_said = _shares([each.said for each in of_texts], [each.said for each in known], sides=1)
        self._words = ([self._rare(each) for each in of_audio], [self._rare(each) for each in of_texts])
        self._joined = [[" ".join(sorted(words)) for words in side] for side in self._words]
        self._openings = [folded(" ".join(each.opening)) for each in texts]
        self._telling = [self._telling_words(each.said) for each in of_audio]
        self._expected = [sum(rarity * math.exp(-rarity) for rarity in each.values()) for each in self._telling]
        self._all_telling = frozenset(word for each in self._telling for word in each)
        self._several = len({each.language for each in of_texts} - {None}) > 1

    def candidates(self) -> Sequence[tuple[int, int]]:
        """Return the pairs to examine: all, or of a large number those that have something rare in common."""
        if len(self.audio) * len(self.texts) <= _ALL_PAIRS:
            return [*product(range(len(self.audio)), range(len(self.texts)))]
        with_mark = defaultdict[object, list[int]](list)
        for j in range(len(self.texts)):
            for mark in self._marks(1, j):
                with_mark[mark].append(j)
        marks = ((i, mark) for i in range(len(self.audio)) for mark in self._marks(0, i))
        return sorted({(i, j) for i, mark in marks if len(found := with_mark.get(mark, ())) <= _RARE for j in found})

    def named(self, i: int, j: int) -> list[Reason]:
        """Return what names and titles say of a pair."""
        rules = (self._by_number, self._by_date, self._by_name, self._by_title)
        return [reason for rule in rules if (reason := rule(i, j))]

    def other(self, i: int, j: int) -> list[Reason]:
        """Return what everything else says of it."""
        rules = (self._by_length, self._by_words, self._by_language, self._by_folder, self._by_feed)
        return [reason for rule in rules if (reason := rule(i, j))]

    def contradicts(self, i: int, j: int) -> bool:
        """Whether length or language speak against a pair; if the feed declares it, only an impossible length does."""
        least = _IMPOSSIBLE if self._by_feed(i, j) else _AGAINST
        return any(each and each.odds <= least for each in (self._by_length(i, j), self._by_language(i, j)))

    def learn(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Learn from pairs that are mostly right how far to believe numbers, dates, folders and lengths."""
        import numpy as np

        pairs, paces = [*pairs], list[float]()
        for kind in (_NUMBERS, _DATES, _FOLDERS):  # names that differ say nothing
            mine, theirs = self._values[kind]
            both = [mine[i] & theirs[j] for i, j in pairs if mine[i] and theirs[j]]
            self._rates[kind] = (sum(map(bool, both)) + _AGREE) / (len(both) + _AGREE_OF)
        for i, j in pairs:
            if pace := self._words_a_minute(i, j):
                paces.append(math.log(pace))
        if len(paces) >= _LEARNT:
            middle = float(np.median(paces))
            spread = 1.48 * float(np.median(np.abs(np.array(paces) - middle)))  # of a normal distribution
            self._pace = math.exp(middle), min(_SPREAD, max(_CLOSEST, spread))
            self._as_long = _shares_as_long([each.clues for each in self.texts], self._pace[1])

    def _agreeing(self, kind: str, values: Iterable[object]) -> tuple[float, object]:
        """Return the odds of the rarest of these values that two have in common, by how many others have it and how
        often those of one episode agree, and the value itself."""
        rate, (of_audio, of_texts) = self._rates[kind], self._counts[kind]
        count = max(len(self.audio), len(self.texts)) if kind == _FOLDERS else self._count

        def by_chance(value: object) -> float:
            mine, theirs = of_audio[value], of_texts[value]
            return (mine * theirs - min(mine, theirs)) / count**2 + (1 - rate) / count

        rarest = min(values, key=lambda value: (by_chance(value), str(value)))
        return math.log(rate / by_chance(rarest)), rarest

    def _by_number(self, i: int, j: int) -> Reason | None:
        mine, theirs = self.audio[i].clues.facts, self.texts[j].clues.facts
        numbers, others = self._values[_NUMBERS][0][i], self._values[_NUMBERS][1][j]
        if not numbers or not others:
            return None
        same = [number for number in numbers & others if _is_season_alike(number, mine, theirs)]
        if not same:
            words = Message("numbers differ, {mine} and {other}", mine=_listed(numbers), other=_listed(others))
            return Reason(math.log(1 - self._rates[_NUMBERS]), words)
        odds, number = self._agreeing(_NUMBERS, same)
        if len(same) < min(len(numbers), len(others)):
            odds += _PARTLY * math.log(1 - self._rates[_NUMBERS])
        if season := next((season for season, each in mine.numbers & theirs.numbers if season and each == number), 0):
            return Reason(odds, Message("season {season}, number {number}", season=season, number=number))
        return Reason(odds, Message("number {number}", number=number))

    def _by_date(self, i: int, j: int) -> Reason | None:
        mine, theirs = self._values[_DATES][0][i], self._values[_DATES][1][j]
        if not mine or not theirs:
            return None
        if same := mine & theirs:
            odds, day = self._agreeing(_DATES, same)
            return Reason(odds, Message("date {date}", date=day))
        days_of = [[date.fromisoformat(str(day)) for day in each] for each in (mine, theirs)]
        days = min(abs((one - other).days) for one, other in product(*days_of))
        if days <= _DAYS_NEAR:
            return Reason(_NEAR, Message("dates {days} days apart", days=days))
        words = Message("dates differ, {mine} and {other}", mine=_listed(mine), other=_listed(theirs))
        return Reason(math.log(1 - self._rates[_DATES]), words)

    def _by_name(self, i: int, j: int) -> Reason | None:
        same = self._values[_NAMES][0][i] & self._values[_NAMES][1][j]
        return Reason(self._agreeing(_NAMES, same)[0], Message("the same name")) if same else None

    def _by_title(self, i: int, j: int) -> Reason | None:
        """By the words that names and titles share, or else titles spelt alike, or a title in the first lines."""
        from rapidfuzz import fuzz

        mine, theirs = self._words[0][i], self._words[1][j]
        if both := mine & theirs:
            odds = _WORD_WEIGHT * sum(math.log(1 / self._share(word)) for word in both)
            spelt = " ".join(map(folded, (*self.audio[i].clues.titles, *self.audio[i].clues.names))).split()
            shown = [word for word in dict.fromkeys(spelt) if word in both][:_SHOWN]
            return Reason(min(odds, _MOST_WORDS), Message("the same title: {words}", words=" ".join(shown)))
        odds = math.log(self._count) * _ALIKE_WEIGHT
        if mine and theirs and fuzz.token_sort_ratio(self._joined[0][i], self._joined[1][j]) >= _ALIKE:
            return Reason(odds, Message("titles spelt alike"))
        titles = [each for each in map(folded, self.audio[i].clues.titles) if len(each) >= _LEAST_LETTERS]
        if mine and any(title in self._openings[j] for title in titles):
            return Reason(odds, Message("the title is in the first lines"))
        return Reason(_NO_WORD, Message("no word of the titles in common")) if mine and theirs else None

    def _by_length(self, i: int, j: int) -> Reason | None:
        pace = self._words_a_minute(i, j)
        if not pace:
            return None
        usual, spread = self._pace
        off = math.log(pace / usual)
        true = (1 - _ODD) * _normal(off, spread) + _ODD * _normal(off, _ODD_SPREAD)
        by_chance = (1 - _STRAY) * self._as_long[j] / spread + _STRAY * _normal(off, _ODD_SPREAD)
        odds = max(min(math.log(true / by_chance), _FITS), _MISFITS)
        if abs(odds) < _NOTHING:
            return None
        if odds > 0:
            return Reason(odds, Message("the transcript's length fits: {pace:.0f} words a minute", pace=pace))
        odds = odds if _SLOWEST <= pace <= _FASTEST else _IMPOSSIBLE
        return Reason(odds, Message("the transcript's length does not fit: {pace:.0f} words a minute", pace=pace))

    def _by_words(self, i: int, j: int) -> Reason | None:
        """By the words of titles and the feed's description that the transcript says; half as much if its own title
        has them too."""
        telling, expected, said = self._telling[i], self._expected[i], self.texts[j].clues.said
        if len(telling) < _FEW or not said:
            return None
        both = said.intersection(telling)  # looks up each of the few words, not each of the many
        odds = sum(map(telling.__getitem__, both)) - expected
        for word in map(hashed, self._words[0][i] & self._words[1][j]):
            if rarity := telling.get(word):
                odds -= _ALSO_IN_TITLE * rarity * ((word in both) - math.exp(-rarity))
        words = Message(
            "the transcript says {said} of {known} rare words of its title and description",
            said=len(both), known=len(telling),
        )  # fmt: skip
        return Reason(min(max(_SAID_WEIGHT * odds - 0.5, _LEAST_SAID), _MOST_SAID), words)

    def _by_language(self, i: int, j: int) -> Reason | None:
        mine, other = self.audio[i].clues.language, self.texts[j].clues.language
        if not mine or not other or not self._several:
            return None
        if mine == other:
            return Reason(_LANGUAGE, Message("language {language}", language=mine))
        return Reason(_OTHER_LANGUAGE, Message("languages differ, {mine} and {other}", mine=mine, other=other))

    def _by_folder(self, i: int, j: int) -> Reason | None:
        audio, text = self.audio[i], self.texts[j]
        if audio.alone_in and audio.alone_in == text.alone_in:
            return Reason(_ALONE, Message("alone together in their folder"))
        mine, theirs = self._values[_FOLDERS][0][i], self._values[_FOLDERS][1][j]
        if not mine or not theirs:
            return None
        if both := mine & theirs:
            odds, folder = self._agreeing(_FOLDERS, both)
            return Reason(odds, Message("both in {folder}", folder=Path(str(folder)).name))
        return Reason(math.log(1 - self._rates[_FOLDERS]), Message("in other folders"))

    def _by_feed(self, i: int, j: int) -> Reason | None:
        is_declared = (self.audio[i].key, self.texts[j].key) in self._declared
        return Reason(_DECLARED, Message("declared by the feed")) if is_declared else None

    def _words_a_minute(self, i: int, j: int) -> float | None:
        seconds, words = self.audio[i].clues.length, self.texts[j].clues.length
        return 60 * words / seconds if seconds and words else None

    def _rare(self, clues: Clues) -> frozenset[str]:
        """Return the words of names and titles that tell one episode from others: not the show's name."""
        own = clues.facts.words - _words_of_show(clues.show)
        return frozenset(word for word in own if self._share(word) < _TELLING)

    def _telling_words(self, said: Iterable[int]) -> dict[int, float]:
        """Return the words said about an audio file that some transcripts say, but not most, and how rare they are."""
        shares = {word: self._share_said(word) for word in said}
        return {word: math.log(1 / share) for word, share in shares.items() if 0 < share < _TELLING}

    def _marks(self, side: int, k: int) -> Iterator[object]:
        """Return what two of one episode may have in common."""
        for kind, sides in self._values.items():
            yield from ((kind, value) for value in sides[side][k])
        yield from self._words[side][k]
        yield from product(self._values[_NUMBERS][side][k], self._words[side][k])  # of one show
        yield ("key", self.texts[k].declared_for if side else self.audio[k].key)
        yield ("alone", (self.texts[k] if side else self.audio[k]).alone_in or (side, k))
        yield from self.texts[k].clues.said & self._all_telling if side else self._telling[k]


def _numbers(clues: Clues) -> frozenset[object]:
    return frozenset(clues.facts.all_numbers)


def _dates(clues: Clues) -> frozenset[object]:
    return clues.facts.dates | ({clues.date} if clues.date else frozenset())


def names_of(clues: Clues) -> frozenset[object]:
    """Return the folded names of a file and its own folder."""
    return frozenset(name for each in clues.names if (name := folded(each)))


def _called(clues: Clues) -> frozenset[object]:
    """Return what the transcript of an audio file may be called: as the file, or as its title."""
    return names_of(clues) | {name for each in clues.titles if (name := folded(each))}


def _shared_folders(audio: Sequence[Audio], texts: Sequence[Text]) -> tuple[_Side, _Side]:
    """Return the folders in which each lies, however deep, that hold both audio and transcripts, but not all."""
    mine, theirs = ([{*each.file.path.parents} if each.file else set() for each in side] for side in (audio, texts))
    total, (of_audio, of_texts) = len(audio) + len(texts), (_count(mine), _count(theirs))
    shared = {path for path in of_audio.keys() & of_texts.keys() if of_audio[path] + of_texts[path] < total}
    return [frozenset(each & shared) for each in mine], [frozenset(each & shared) for each in theirs]


def _count(values: Iterable[Iterable[object]]) -> Counter[object]:
    return Counter(value for each in values for value in each)


def _shares(new: Sequence[_Words], known: Sequence[_Words], sides: int = 2) -> Callable[[object], float]:
    """Return the function that gives the share of all that have a word, 0 if none has."""
    counts = _count(new)
    asked = frozenset(counts)
    counts.update(word for each in known for word in each & asked)
    number = sum(1 for each in (*new, *known) if each)
    # If both sides of a pair are counted, a word of one pair alone is as rare as one of so many pairs.
    shares = {word: min(1.0, max(count / sides, 1.0) / max(1.0, number / sides)) for word, count in counts.items()}
    return lambda word: shares.get(word, 0.0)


def _is_season_alike(number: object, mine: NameFacts, theirs: NameFacts) -> bool:
    ours, others = ({season for season, each in facts.numbers if each == number} for facts in (mine, theirs))
    return not ours - {None} or not others - {None} or bool(ours & others - {None})


@lru_cache(maxsize=100)
def _words_of_show(show: str | None) -> frozenset[str]:
    return frozenset(folded(show or "").split())


def _listed(values: Iterable[object]) -> str:
    return ", ".join(sorted(map(str, values))[:_SHOWN])


def _shares_as_long(clues: Sequence[Clues], spread: float) -> list[float]:
    """Return for each the share of all that are as long, to within this spread of the logarithm."""
    import numpy as np

    logs = np.log([each.length or math.nan for each in clues])
    return [float(np.nanmean(np.exp(-0.5 * ((logs - log) / spread) ** 2))) if log == log else 1.0 for log in logs]


def _normal(off: float, spread: float) -> float:
    return math.exp(-0.5 * (off / spread) ** 2) / spread

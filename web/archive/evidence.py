"""What speaks for and against an audio file and a transcript being one episode, as natural logarithms of odds.

- What two have in common counts by how rare it is among all that the archive knows: with a hundred episodes of one show
  its name says nothing; a number that only one audio file and one transcript have says nearly all.
- How far to believe numbers, dates and lengths is learnt from the pairs that are likeliest at first.
- Names may be wrong: ``pairing`` limits what they say by the share of names that are, but not what lengths, the words
  of a transcript and the letters recognised in the audio say.
"""

from __future__ import annotations

import math
import os.path
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from media.errors import Message
from web.archive.names import folded, hashed
from web.archive.records import Audio, Clues, NameFacts, Reason, Text

_AGREE, _AGREE_OF = 4.0, 4.5  # so many pairs of so many agree, before anything is learnt
_TELLING = 0.5  # a word that more than this share of all names has says nothing
_WORD_WEIGHT, _MOST_WORDS, _NO_WORD = 0.7, 9.0, -1.0  # words of a title come together; titles may be translated
_ALIKE = 88  # of 100, by rapidfuzz
_SAID_WEIGHT, _MOST_SAID, _LEAST_SAID, _FEW_SAID = 0.4, 6.0, -2.0, 3
_ALSO_IN_TITLE = 0.5  # of what a word says that the titles have in common
_ALONE, _SAME_FOLDER, _LANGUAGE = 5.0, 3.0, 0.5  # the language is that of a whole feed
_PACE, _SPREAD = 150.0, 0.35  # words a minute of edited transcripts, and the spread of their logarithm
_LEAST_SPREAD, _LEARNT = 0.08, 5  # of a pace that is learnt, from so many pairs
_ODD, _ODD_SPREAD = 0.05, 1.2  # episodes whose transcript is a part, or whose audio is half music
_STRAY = 0.3  # wrong pairs in which one has any length: notes, trailers, other shows
_SLOWEST, _FASTEST = 15.0, 400.0  # words a minute that are possible
_FITS, _MISFITS, _IMPOSSIBLE = 2.0, -4.0, -8.0
_LITTLE = 0.1  # odds of a length that say nothing
_SHOWN = 4  # words or numbers in a reason


class Evidence:
    """What speaks for each pair of ``audio`` and ``texts``, given by their indices; ``known`` are clues of episodes
    that the library has already."""

    def __init__(self, audio: Sequence[Audio], texts: Sequence[Text], known: Sequence[Clues] = ()) -> None:
        self.audio, self.texts = audio, texts
        self._count = max(2, len(known) + max(len(audio), len(texts)))
        self._numbers = _Trait(_numbers, audio, texts, known)
        self._dates = _Trait(_dates, audio, texts, known)
        self._names = _Trait(_called, audio, texts, known)
        self._pace, self._spread, self._as_long = _PACE, _SPREAD, _shares_as_long(texts, _SPREAD)
        counts = Counter(word for each in (*audio, *texts) for word in each.clues.facts.words)
        counts.update(word for each in (*known, *known) for word in each.facts.words)
        self._share = {word: max(1.0, count / 2) / self._count for word, count in counts.items()}
        self._words = [self._telling_names(each.clues) for each in audio], [self._telling_names(t.clues) for t in texts]
        self._joined = [[" ".join(sorted(words)) for words in side] for side in self._words]
        said = Counter(word for each in texts for word in each.clues.said)
        self._said = {word: math.log(len(texts) / n) for word, n in said.items() if n < _TELLING * len(texts)}
        self._folders = _folders(audio, texts)

    def named(self, i: int, j: int) -> list[Reason]:
        """Return what names and titles say of a pair."""
        rules = (self._by_number, self._by_date, self._by_name, self._by_title)
        return [reason for rule in rules if (reason := rule(i, j))]

    def other(self, i: int, j: int) -> list[Reason]:
        """Return what everything else says of it."""
        rules = (self.by_length, self._by_words, self._by_language, self._by_folder)
        return [reason for rule in rules if (reason := rule(i, j))]

    def learn(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Learn from pairs that are mostly right how often their numbers and dates agree, and how fast they speak."""
        import numpy as np

        for trait in (self._numbers, self._dates):
            trait.learn(pairs)
        paces = [math.log(pace) for i, j in pairs if (pace := self._words_a_minute(i, j))]
        if len(paces) >= _LEARNT:
            middle = float(np.median(paces))
            spread = 1.48 * float(np.median(np.abs(np.array(paces) - middle)))  # of a normal distribution
            self._pace, self._spread = math.exp(middle), min(_SPREAD, max(_LEAST_SPREAD, spread))
            self._as_long = _shares_as_long(self.texts, self._spread)

    def by_length(self, i: int, j: int) -> Reason | None:
        pace = self._words_a_minute(i, j)
        if not pace:
            return None
        off = math.log(pace / self._pace)
        true = (1 - _ODD) * _normal(off, self._spread) + _ODD * _normal(off, _ODD_SPREAD)
        by_chance = (1 - _STRAY) * self._as_long[j] / self._spread + _STRAY * _normal(off, _ODD_SPREAD)
        odds = max(min(math.log(true / by_chance), _FITS), _MISFITS)
        if abs(odds) < _LITTLE:
            return None
        if odds > 0:
            return Reason(odds, Message("the transcript's length fits: {pace:.0f} words a minute", pace=pace))
        odds = odds if _SLOWEST <= pace <= _FASTEST else _IMPOSSIBLE
        return Reason(odds, Message("the transcript's length does not fit: {pace:.0f} words a minute", pace=pace))

    def _by_number(self, i: int, j: int) -> Reason | None:
        mine, theirs = self._numbers.of_audio[i], self._numbers.of_texts[j]
        if not mine or not theirs:
            return None
        facts = self.audio[i].clues.facts, self.texts[j].clues.facts
        if same := [number for number in mine & theirs if _are_seasons_alike(number, *facts)]:
            odds, number = self._numbers.odds(same, self._count)
            return Reason(odds, Message("number {number}", number=number))
        words = Message("numbers differ, {mine} and {other}", mine=_listed(mine), other=_listed(theirs))
        return Reason(self._numbers.odds_against, words)

    def _by_date(self, i: int, j: int) -> Reason | None:
        mine, theirs = self._dates.of_audio[i], self._dates.of_texts[j]
        if not mine or not theirs:
            return None
        if same := mine & theirs:
            odds, day = self._dates.odds(same, self._count)
            return Reason(odds, Message("date {date}", date=day))
        words = Message("dates differ, {mine} and {other}", mine=_listed(mine), other=_listed(theirs))
        return Reason(self._dates.odds_against, words)

    def _by_name(self, i: int, j: int) -> Reason | None:
        same = self._names.of_audio[i] & self._names.of_texts[j]
        return Reason(self._names.odds(same, self._count)[0], Message("the same name")) if same else None

    def _by_title(self, i: int, j: int) -> Reason | None:
        """By the words that names and titles share, or else titles spelt alike."""
        from rapidfuzz import fuzz

        mine, theirs = self._words[0][i], self._words[1][j]
        if not mine or not theirs:
            return None
        if both := mine & theirs:
            odds = -_WORD_WEIGHT * sum(math.log(self._share[word]) for word in both)
            spelt = " ".join(map(folded, (*self.audio[i].clues.titles, *self.audio[i].clues.names))).split()
            shown = [word for word in dict.fromkeys(spelt) if word in both][:_SHOWN]
            return Reason(min(odds, _MOST_WORDS), Message("the same title: {words}", words=" ".join(shown)))
        if fuzz.ratio(self._joined[0][i], self._joined[1][j], score_cutoff=_ALIKE):
            return Reason(_WORD_WEIGHT * math.log(self._count), Message("titles spelt alike"))
        return Reason(_NO_WORD, Message("no word of the titles in common"))

    def _by_words(self, i: int, j: int) -> Reason | None:
        """By the words of titles and the feed's description that the transcript says; half as much if its own title
        has them too."""
        telling = {word: self._said[word] for word in self.audio[i].clues.said if word in self._said}
        said = self.texts[j].clues.said
        if len(telling) < _FEW_SAID or not said:
            return None
        in_title = {*map(hashed, self._words[0][i] & self._words[1][j])}
        odds = 0.0
        for word, rarity in telling.items():
            weight = _ALSO_IN_TITLE if word in in_title else 1.0
            odds += weight * rarity * ((word in said) - math.exp(-rarity))
        words = Message(
            "the transcript says {said} of {known} rare words of its title and description",
            said=len(telling.keys() & said), known=len(telling),
        )  # fmt: skip
        return Reason(min(max(_SAID_WEIGHT * odds - 0.5, _LEAST_SAID), _MOST_SAID), words)

    def _by_language(self, i: int, j: int) -> Reason | None:
        mine, other = self.audio[i].clues.language, self.texts[j].clues.language
        if not mine or not other:
            return None
        if mine == other:
            return Reason(_LANGUAGE, Message("language {language}", language=mine))
        return Reason(-_LANGUAGE, Message("languages differ, {mine} and {other}", mine=mine, other=other))

    def _by_folder(self, i: int, j: int) -> Reason | None:
        alone_in = self.audio[i].alone_in
        if alone_in and alone_in == self.texts[j].alone_in:
            return Reason(_ALONE, Message("alone together in their folder"))
        mine, other = self._folders[0][i], self._folders[1][j]
        if not mine or not other:
            return None
        if mine == other:
            return Reason(_SAME_FOLDER, Message("both in {folder}", folder=mine))
        return Reason(-_SAME_FOLDER, Message("in other folders"))

    def _words_a_minute(self, i: int, j: int) -> float | None:
        seconds, words = self.audio[i].clues.length, self.texts[j].clues.length
        return 60 * words / seconds if seconds and words else None

    def _telling_names(self, clues: Clues) -> frozenset[str]:
        """Return the words of names and titles that tell one episode from others: not the show's name."""
        own = clues.facts.words.difference(folded(clues.show or "").split())
        return frozenset(word for word in own if self._share[word] < _TELLING)


class _Trait:
    """Something that audio and transcripts may have in common, such as numbers, and how many have each."""

    def __init__(
        self,
        values_of: Callable[[Clues], frozenset[object]],
        audio: Sequence[Audio],
        texts: Sequence[Text],
        known: Sequence[Clues],
    ) -> None:
        self.of_audio, self.of_texts = [values_of(each.clues) for each in audio], [values_of(t.clues) for t in texts]
        more = Counter(value for each in known for value in values_of(each))
        self._counts = [more + Counter(v for each in side for v in each) for side in (self.of_audio, self.of_texts)]
        self._rate = _AGREE / _AGREE_OF  # how often two of one episode agree

    def learn(self, pairs: Iterable[tuple[int, int]]) -> None:
        both = [self.of_audio[i] & self.of_texts[j] for i, j in pairs if self.of_audio[i] and self.of_texts[j]]
        self._rate = (sum(map(bool, both)) + _AGREE) / (len(both) + _AGREE_OF)

    @property
    def odds_against(self) -> float:
        """What it says if two have it, but not in common."""
        return math.log(1 - self._rate)

    def odds(self, same: Iterable[object], count: int) -> tuple[float, object]:
        """Return what the rarest of these values says that two of so many have in common, and the value."""

        def by_chance(value: object) -> float:
            mine, theirs = (each[value] for each in self._counts)
            return (mine * theirs - min(mine, theirs)) / count**2 + (1 - self._rate) / count

        rarest = min(same, key=lambda value: (by_chance(value), str(value)))
        return math.log(self._rate / by_chance(rarest)), rarest


def _numbers(clues: Clues) -> frozenset[object]:
    return frozenset(clues.facts.all_numbers)


def _dates(clues: Clues) -> frozenset[object]:
    return clues.facts.dates | ({clues.date} if clues.date else frozenset())


def _called(clues: Clues) -> frozenset[object]:
    """Return what an episode is called: a transcript may have the name of the audio file, or its title."""
    return frozenset(name for each in (*clues.names, *clues.titles) if (name := folded(each)))


def _folders(audio: Sequence[Audio], texts: Sequence[Text]) -> tuple[list[str], list[str]]:
    """Return the folder, right below the one that holds all files, in which each lies; empty if it does not hold both
    audio and transcripts."""
    paths = [[str(each.file.path.parent) if each.file else "" for each in side] for side in (audio, texts)]
    every = [path for side in paths for path in side if path]
    above = len(os.path.commonpath(every)) if every else 0
    names = [[path[above:].strip(os.sep).partition(os.sep)[0] for path in side] for side in paths]
    shared = {*names[0]} & {*names[1]}
    return [n if n in shared else "" for n in names[0]], [n if n in shared else "" for n in names[1]]


def _are_seasons_alike(number: object, *facts: NameFacts) -> bool:
    mine, theirs = ({season for season, each in of.numbers if each == number and season} for of in facts)
    return not mine or not theirs or bool(mine & theirs)


def _listed(values: Iterable[object]) -> str:
    return ", ".join(sorted(map(str, values))[:_SHOWN])


def _shares_as_long(texts: Sequence[Text], spread: float) -> list[float]:
    """Return for each the share of all that are as long, to within this spread of the logarithm."""
    import numpy as np

    logs = np.log([each.clues.length or math.nan for each in texts])
    return [float(np.nanmean(np.exp(-0.5 * ((logs - log) / spread) ** 2))) if log == log else 1.0 for log in logs]


def _normal(off: float, spread: float) -> float:
    return math.exp(-0.5 * (off / spread) ** 2) / spread

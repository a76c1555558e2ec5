"""What speaks for and against an audio file and a transcript being one episode, as natural logarithms of odds.

What two have in common counts by how rare it is among all that the archive knows: with a hundred episodes of one show
its name says nothing; a number that only one audio file and one transcript have says nearly all.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set

from media.errors import Message
from web.archive.names import folded
from web.archive.records import Audio, Clues, NameFacts, Reason, Text

_AGREE = 0.95  # share of episodes whose audio and transcript have a number or date in common, if both have any
_TELLING = 0.5  # a word that more than this share of all names has says nothing
_WORD_WEIGHT, _MOST_WORDS = 0.7, 9.0  # words of a title come together
_ALIKE = 88  # of 100, by rapidfuzz
_SAID_WEIGHT, _MOST_SAID, _LEAST_SAID, _FEW_SAID = 0.4, 6.0, -2.0, 3
_ALONE, _SAME_FOLDER = 5.0, 3.0
_PACE, _SPREAD = 150.0, 0.35  # words a minute of edited transcripts, and the spread of their logarithm
_LEAST_SPREAD, _LEARNT = 0.08, 5  # of a pace that is learnt, from so many pairs
_ODD, _ODD_SPREAD = 0.05, 1.2  # episodes whose transcript is a part, or whose audio is half music
_STRAY = 0.3  # wrong pairs in which one has any length: notes, trailers, other shows
_SLOWEST, _FASTEST = 15.0, 400.0  # words a minute that are possible
_FITS, _MISFITS, _IMPOSSIBLE = 2.0, -4.0, -8.0
_SHOWN = 4  # words or numbers in a reason


class Evidence:
    """What speaks for each pair of ``audio`` and ``texts``, given by their indices; ``known`` are clues of episodes
    that the library has already."""

    def __init__(self, audio: Sequence[Audio], texts: Sequence[Text], known: Sequence[Clues] = ()) -> None:
        self.audio, self.texts = audio, texts
        self._count = max(2, len(known) + max(len(audio), len(texts)))
        sides = [each.clues for each in audio], [each.clues for each in texts], known
        self._numbers = _Trait(lambda clues: clues.facts.all_numbers, sides, self._count)
        self._dates = _Trait(lambda clues: clues.facts.dates | {clues.date} - {None}, sides, self._count)
        self._names = _Trait(lambda clues: {*map(folded, (*clues.names, *clues.titles))} - {""}, sides, self._count)
        counts = Counter(word for side in (*sides, known) for each in side for word in each.facts.words)
        self._share = {word: max(1.0, count / 2) / self._count for word, count in counts.items()}
        self._words = [[self._telling(each) for each in side] for side in sides[:2]]
        said = Counter(word for each in sides[1] for word in each.said)
        rare = {word: math.log(len(texts) / count) for word, count in said.items() if count < _TELLING * len(texts)}
        self._said = [{word: rare[word] for word in each.said if word in rare} for each in sides[0]]
        self._said_by_chance = [sum(odds * math.exp(-odds) for odds in each.values()) for each in self._said]
        self._has_folders = len({each.file.path.parent for side in (audio, texts) for each in side if each.file}) > 1
        self.learn_pace([])

    def reasons(self, i: int, j: int) -> tuple[list[Reason], list[Reason]]:
        """Return what names and titles say of a pair, and what everything else says of it."""
        by_trait = [self._by_trait(trait, i, j) for trait in (self._numbers, self._dates)]
        named = *by_trait, self._by_name(i, j), self._by_title(i, j)
        other = self._by_length(i, j), self._by_words(i, j), self._by_folder(i, j)
        return [each for each in named if each], [each for each in other if each]

    def learn_pace(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Learn from pairs that are mostly right how many words a minute are usual; a few teach nothing."""
        import numpy as np

        paces = [math.log(pace) for i, j in pairs if (pace := self._words_a_minute(i, j))]
        self._pace, self._spread = _PACE, _SPREAD
        if len(paces) >= _LEARNT:
            middle = float(np.median(paces))
            spread = 1.48 * float(np.median(np.abs(np.array(paces) - middle)))  # of a normal distribution
            self._pace, self._spread = math.exp(middle), min(_SPREAD, max(_LEAST_SPREAD, spread))
        logs = np.log([each.clues.length or math.nan for each in self.texts])
        alike = np.exp(-0.5 * ((logs[:, None] - logs) / self._spread) ** 2)
        self._as_long = np.nansum(alike, axis=1) / max(1, len(logs))  # the share of all texts

    def _by_length(self, i: int, j: int) -> Reason | None:
        if not (pace := self._words_a_minute(i, j)):
            return None
        off = math.log(pace / self._pace)
        true = (1 - _ODD) * _normal(off, self._spread) + _ODD * _normal(off, _ODD_SPREAD)
        by_chance = (1 - _STRAY) * self._as_long[j] / self._spread + _STRAY * _normal(off, _ODD_SPREAD)
        odds = max(min(math.log(true / by_chance), _FITS), _MISFITS)
        if odds > 0:
            return Reason(odds, Message("the transcript's length fits: {pace:.0f} words a minute", pace=pace))
        odds = odds if _SLOWEST <= pace <= _FASTEST else _IMPOSSIBLE
        return Reason(odds, Message("the transcript's length does not fit: {pace:.0f} words a minute", pace=pace))

    def _by_trait(self, trait: _Trait, i: int, j: int) -> Reason | None:
        """Judge a pair by its numbers, or by its dates."""
        mine, theirs = trait.of_audio[i], trait.of_texts[j]
        if not mine or not theirs:
            return None
        facts = self.audio[i].clues.facts, self.texts[j].clues.facts
        if same := [value for value in mine & theirs if _are_seasons_alike(value, *facts)]:
            odds, value = trait.rarest(same)
            if trait is self._dates:
                return Reason(odds, Message("date {date}", date=value))
            return Reason(odds, Message("number {number}", number=value))
        one, other = (", ".join(sorted(map(str, values))[:_SHOWN]) for values in (mine, theirs))
        return Reason(math.log(1 - _AGREE), Message("one says {mine}, the other {other}", mine=one, other=other))

    def _by_name(self, i: int, j: int) -> Reason | None:
        same = self._names.of_audio[i] & self._names.of_texts[j]
        return Reason(self._names.rarest(same)[0], Message("the same name")) if same else None

    def _by_title(self, i: int, j: int) -> Reason | None:
        """Judge a pair by the words that names and titles share, or else by titles spelt alike."""
        from rapidfuzz import fuzz

        mine, theirs = self._words[0][i], self._words[1][j]
        if both := mine.keys() & theirs.keys():
            odds = -_WORD_WEIGHT * sum(math.log(self._share[word]) for word in both)
            shown = " ".join([word for word in mine if word in both][:_SHOWN])
            return Reason(min(odds, _MOST_WORDS), Message("the same title: {words}", words=shown))
        if mine and theirs and fuzz.ratio("".join(mine), "".join(theirs), score_cutoff=_ALIKE):
            return Reason(_WORD_WEIGHT * math.log(self._count), Message("titles spelt alike"))
        return None

    def _by_words(self, i: int, j: int) -> Reason | None:
        """Judge a pair by the words of titles and the feed's description that the transcript says."""
        telling, said = self._said[i], self.texts[j].clues.said
        if len(telling) < _FEW_SAID or not said:
            return None
        both = said.intersection(telling)
        odds = sum(telling[word] for word in both) - self._said_by_chance[i]
        words = Message(
            "the transcript says {said} of {known} rare words of its title and description",
            said=len(both), known=len(telling),
        )  # fmt: skip
        return Reason(min(max(_SAID_WEIGHT * odds - 0.5, _LEAST_SAID), _MOST_SAID), words)

    def _by_folder(self, i: int, j: int) -> Reason | None:
        audio, text = self.audio[i], self.texts[j]
        if audio.alone_in and audio.alone_in == text.alone_in:
            return Reason(_ALONE, Message("alone together in their folder"))
        if self._has_folders and audio.file and text.file and audio.file.path.parent == text.file.path.parent:
            return Reason(_SAME_FOLDER, Message("both in {folder}", folder=text.file.path.parent.name))
        return None

    def _words_a_minute(self, i: int, j: int) -> float | None:
        seconds, words = self.audio[i].clues.length, self.texts[j].clues.length
        return 60 * words / seconds if seconds and words else None

    def _telling(self, clues: Clues) -> dict[str, None]:
        """Return the words of names and titles, in their order, that tell one episode from others: not the show's."""
        words = " ".join(map(folded, (*clues.titles, *clues.names))).split()
        own = clues.facts.words.difference(folded(clues.show or "").split())
        return {word: None for word in words if word in own and self._share[word] < _TELLING}


class _Trait:
    """What each has of something that audio and transcripts may have in common, such as numbers, and for each value
    the odds of two that have it in common."""

    def __init__(self, values_of: Callable[[Clues], Set[object]], sides: Sequence[Sequence[Clues]], count: int) -> None:
        self.of_audio, self.of_texts, known = ([values_of(each) for each in side] for side in sides)
        audio, texts = (Counter(v for each in (*side, *known) for v in each) for side in (self.of_audio, self.of_texts))
        self._odds = dict[object, float]()
        for value in audio.keys() & texts.keys():
            strangers = audio[value] * texts[value] - min(audio[value], texts[value])
            self._odds[value] = math.log(_AGREE / (strangers / count**2 + (1 - _AGREE) / count))

    def rarest(self, values: Iterable[object]) -> tuple[float, object]:
        """Return the odds of the value of these that says most, and the value."""
        return max(((self._odds[value], value) for value in values), key=lambda each: (each[0], str(each[1])))


def _are_seasons_alike(number: object, *facts: NameFacts) -> bool:
    mine, theirs = ({season for season, each in of.numbers if each == number and season} for of in facts)
    return not mine or not theirs or bool(mine & theirs)


def _normal(off: float, spread: float) -> float:
    return math.exp(-0.5 * (off / spread) ** 2) / spread

"""Weigh the evidence that audio and a transcript belong to the same episode, as log-odds (natural logarithms).

A property that both share (such as an episode number) counts more the rarer it is in the archive. If all names contain
the show's name, the show's name has no weight. A number that only one recording and one transcript have is nearly
decisive.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set

from media.errors import Message
from web.archive.names import folded
from web.archive.records import Audio, Clues, NameFacts, Reason, Text

_AGREE = 0.95  # share of episodes whose audio and transcript share a number or date, if both have one
_COMMON = 0.5  # a word in more than this share of all names is ignored
_WORD_WEIGHT, _MOST_WORDS = 0.7, 9.0  # the words of a title are not independent
_SIMILAR = 88  # of 100, by rapidfuzz
_KEYWORD_WEIGHT, _MOST_KEYWORDS, _LEAST_KEYWORDS, _FEW_KEYWORDS = 0.4, 6.0, -2.0, 3
_ALONE, _SAME_FOLDER = 5.0, 3.0
_PACE, _SPREAD = 150.0, 0.35  # words per minute of edited transcripts, and the spread of the logarithm
_LEAST_SPREAD, _ENOUGH_PAIRS = 0.08, 5  # for a pace that is estimated from pairs
_ODD, _ODD_SPREAD = 0.05, 1.2  # share of episodes with a partial transcript, or audio that is half music
_STRAY = 0.3  # share of wrong pairs in which one side has any length: notes, trailers, other shows
_SLOWEST, _FASTEST = 15.0, 400.0  # possible words per minute
_FITS, _MISFITS, _IMPOSSIBLE = 2.0, -4.0, -8.0
_SHOWN = 4  # words or numbers in a reason


class Evidence:
    """The evidence for and against each possible pair of audio and transcript, ``audio[i]`` and ``texts[j]``. The
    parameter ``known`` holds the clues (``records.Clues``) of the library's episodes. A number or name that one of
    these episodes has too is less rare, so it counts less."""

    def __init__(self, audio: Sequence[Audio], texts: Sequence[Text], known: Sequence[Clues] = ()) -> None:
        self.audio, self.texts = audio, texts
        self._count = max(2, len(known) + max(len(audio), len(texts)))
        sides = [each.clues for each in audio], [each.clues for each in texts], known
        self._numbers = _Trait(lambda clues: clues.facts.all_numbers, sides, self._count)
        self._dates = _Trait(lambda clues: clues.facts.dates | {clues.date} - {None}, sides, self._count)
        self._names = _Trait(lambda clues: {*map(folded, (*clues.names, *clues.titles))} - {""}, sides, self._count)
        counts = Counter(word for side in (*sides, known) for each in side for word in each.facts.words)
        self._share = {word: max(1.0, count / 2) / self._count for word, count in counts.items()}
        self._words = [[self._distinctive(each) for each in side] for side in sides[:2]]
        keywords = Counter(word for each in sides[1] for word in each.keywords)
        rare = {word: math.log(len(texts) / count) for word, count in keywords.items() if count < _COMMON * len(texts)}
        self._keywords = [{word: rare[word] for word in each.keywords if word in rare} for each in sides[0]]
        self._expected = [sum(odds * math.exp(-odds) for odds in each.values()) for each in self._keywords]
        self._has_folders = len({each.file.path.parent for side in (audio, texts) for each in side if each.file}) > 1
        self.learn_pace([])

    def reasons(self, i: int, j: int) -> tuple[list[Reason], list[Reason]]:
        """Return the evidence about the pair ``audio[i]`` and ``texts[j]`` as two lists. The first list is the evidence
        from names, titles, numbers and dates, the second is all other evidence."""
        by_trait = [self._by_trait(trait, i, j) for trait in (self._numbers, self._dates)]
        named = *by_trait, self._by_name(i, j), self._by_title(i, j)
        other = self._by_length(i, j), self._by_keywords(i, j), self._by_folder(i, j)
        return [each for each in named if each], [each for each in other if each]

    def learn_pace(self, pairs: Sequence[tuple[int, int]]) -> None:
        """Estimate the usual number of words per minute from pairs (i, j) of ``audio[i]`` and ``texts[j]``, most of
        which must be correct. If there are too few pairs, use a default."""
        import numpy as np

        paces = [math.log(pace) for i, j in pairs if (pace := self._words_per_minute(i, j))]
        self._pace, self._spread = _PACE, _SPREAD
        if len(paces) >= _ENOUGH_PAIRS:
            median = float(np.median(paces))
            spread = 1.48 * float(np.median(np.abs(np.array(paces) - median)))  # of a normal distribution
            self._pace, self._spread = math.exp(median), min(_SPREAD, max(_LEAST_SPREAD, spread))
        logs = np.log([each.clues.length or math.nan for each in self.texts])
        similar = np.exp(-0.5 * ((logs[:, None] - logs) / self._spread) ** 2)
        self._similar_length = np.nansum(similar, axis=1) / max(1, len(logs))  # share of all texts

    def _by_length(self, i: int, j: int) -> Reason | None:
        if not (pace := self._words_per_minute(i, j)):
            return None
        off = math.log(pace / self._pace)
        if_right = (1 - _ODD) * _normal(off, self._spread) + _ODD * _normal(off, _ODD_SPREAD)
        if_wrong = (1 - _STRAY) * self._similar_length[j] / self._spread + _STRAY * _normal(off, _ODD_SPREAD)
        odds = max(min(math.log(if_right / if_wrong), _FITS), _MISFITS)
        if odds > 0:
            return Reason(odds, Message("the transcript's length fits: {pace:.0f} words a minute", pace=pace))
        odds = odds if _SLOWEST <= pace <= _FASTEST else _IMPOSSIBLE
        return Reason(odds, Message("the transcript's length does not fit: {pace:.0f} words a minute", pace=pace))

    def _by_trait(self, trait: _Trait, i: int, j: int) -> Reason | None:
        mine, theirs = trait.of_audio[i], trait.of_texts[j]
        if not mine or not theirs:
            return None
        facts = self.audio[i].clues.facts, self.texts[j].clues.facts
        if same := [value for value in mine & theirs if _have_same_season(value, *facts)]:
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
        """Return the evidence from words that both titles share or, if there are none, from a similar spelling."""
        from rapidfuzz import fuzz

        mine, theirs = self._words[0][i], self._words[1][j]
        if both := mine.keys() & theirs.keys():
            odds = -_WORD_WEIGHT * sum(math.log(self._share[word]) for word in both)
            shown = " ".join([word for word in mine if word in both][:_SHOWN])
            return Reason(min(odds, _MOST_WORDS), Message("the same title: {words}", words=shown))
        if mine and theirs and fuzz.ratio("".join(mine), "".join(theirs), score_cutoff=_SIMILAR):
            return Reason(_WORD_WEIGHT * math.log(self._count), Message("titles spelt alike"))
        return None

    def _by_keywords(self, i: int, j: int) -> Reason | None:
        """Return the evidence from rare words of the audio's title and description that the transcript contains."""
        rare, spoken = self._keywords[i], self.texts[j].clues.keywords
        if len(rare) < _FEW_KEYWORDS or not spoken:
            return None
        both = spoken.intersection(rare)
        odds = sum(rare[word] for word in both) - self._expected[i]
        words = Message(
            "the transcript says {said} of {known} rare words of its title and description",
            said=len(both), known=len(rare),
        )  # fmt: skip
        return Reason(min(max(_KEYWORD_WEIGHT * odds - 0.5, _LEAST_KEYWORDS), _MOST_KEYWORDS), words)

    def _by_folder(self, i: int, j: int) -> Reason | None:
        audio, text = self.audio[i], self.texts[j]
        if audio.own_folder and audio.own_folder == text.own_folder:
            return Reason(_ALONE, Message("alone together in their folder"))
        if self._has_folders and audio.file and text.file and audio.file.path.parent == text.file.path.parent:
            return Reason(_SAME_FOLDER, Message("both in {folder}", folder=text.file.path.parent.name))
        return None

    def _words_per_minute(self, i: int, j: int) -> float | None:
        seconds, words = self.audio[i].clues.length, self.texts[j].clues.length
        return 60 * words / seconds if seconds and words else None

    def _distinctive(self, clues: Clues) -> dict[str, None]:
        words = " ".join(map(folded, (*clues.titles, *clues.names))).split()
        own = clues.facts.words.difference(folded(clues.show or "").split())
        return {word: None for word in words if word in own and self._share[word] < _COMMON}


class _Trait:
    """A property of files, such as the episode number. An instance stores each file's values of the property and, for
    each value, the log-odds that an audio file and a transcript with this value are a pair."""

    def __init__(self, values_of: Callable[[Clues], Set[object]], sides: Sequence[Sequence[Clues]], count: int) -> None:
        self.of_audio, self.of_texts, known = ([values_of(each) for each in side] for side in sides)
        audio, texts = (Counter(v for each in (*side, *known) for v in each) for side in (self.of_audio, self.of_texts))
        self._odds = dict[object, float]()
        for value in audio.keys() & texts.keys():
            wrong_pairs = audio[value] * texts[value] - min(audio[value], texts[value])
            self._odds[value] = math.log(_AGREE / (wrong_pairs / count**2 + (1 - _AGREE) / count))

    def rarest(self, values: Iterable[object]) -> tuple[float, object]:
        """Return the log-odds that an audio file and a transcript which share ``values`` are a pair, judged by the
        rarest of these values, and that rarest value."""
        return max(((self._odds[value], value) for value in values), key=lambda each: (each[0], str(each[1])))


def _have_same_season(number: object, *facts: NameFacts) -> bool:
    """Return False if an audio file and a transcript state different seasons for episode ``number``, otherwise True."""
    mine, theirs = ({season for season, each in of.numbers if each == number and season} for of in facts)
    return not mine or not theirs or bool(mine & theirs)


def _normal(off: float, spread: float) -> float:
    return math.exp(-0.5 * (off / spread) ** 2) / spread

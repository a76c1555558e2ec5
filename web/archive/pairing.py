"""Which transcript belongs to which audio file: the likeliest assignment by all evidence, and how sure each pair is.

The confidence of a pair is the share of its odds among all that its audio, or its transcript, could be instead (another
partner, or none), whichever is less. A transcript that fits two episodes equally well is half sure of each.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from web.archive.evidence import Evidence, names_of
from web.archive.records import Audio, Candidate, Clues, Pair, Pairing, Reason, Text

SURE = 0.9
"""From this confidence on a pair is taken without asking; ``python -m tests.bench.pairing`` measures it."""

NAMES_LIE = 0.02  # share of episodes that are named as another one, before any was listened to
_LIES_WEIGHT = 2.0  # audio files that are listened to before what was found weighs as much as that

_NO_PARTNER = 0.1  # share of audio files, and of transcripts, whose partner is not there
_FEWEST = 10  # with fewer than so many, that nothing else is left to pair with says little
_NAMED = 2.0  # from these odds on an audio file is named as a transcript
_RECOGNISED = 6.0  # from these odds on a transcript is recognised in what was listened to
_UNLIKE = -0.7  # the most that other names say against a pair, if either is named as something else
_HINT = 1.0  # odds above which something speaks for a pair: more than a language or a usual length
_LIKELY = 0.5  # from this confidence on a pair is learnt from
_LEAST = 0.05  # the confidence of what is shown as a pair or candidate
_HIGHEST, _CONTRADICTED = 0.999, 0.85  # the most that a pair is sure, and one that length or language contradicts
_MOST_ODDS = 50.0  # to which odds are cut, so that they can be added

_T = TypeVar("_T", Audio, Text)
_Index = tuple[int, int]

Listen = Callable[[Audio, Sequence[Text]], Mapping[str, Reason] | None]
"""Given an audio file and transcripts, what its speech says of each of these, by key; None if it cannot be heard."""


def pair(
    audio: Sequence[Audio], texts: Sequence[Text], known: Sequence[Clues] = (), listen: Listen | None = None
) -> Pairing:
    """Pair audio with transcripts. ``known`` are clues of episodes of the library: they only make what names have in
    common rarer or less rare. ``listen`` is called for audio that is in doubt or left over while transcripts are."""
    named = [{name for each in side for name in names_of(each.clues)} for side in (texts, audio)]
    declared = _declared(texts)
    audio = _once(audio, lambda each: each.key, named[0])
    texts = _once(texts, _identity, named[1])
    evidence = Evidence(audio, texts, known, declared)
    first = _Odds(evidence)
    evidence.learn(index for index, confidence in first.assigned().items() if confidence >= _LIKELY)
    odds = _Odds(evidence)
    found = _with_listening(odds, listen) if listen else odds.assigned()
    pairs = sorted(_pairs(odds, found), key=lambda each: -each.confidence)
    taken = {each.audio.key for each in pairs}, {each.best.text.key for each in pairs}
    return Pairing(
        tuple(pairs),
        tuple(each for each in audio if each.key not in taken[0]),
        tuple(each for each in texts if each.key not in taken[1]),
    )


class _Odds:
    """The odds of all pairs that may be, by their indices, and what was recognised of them."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence, self.heard = evidence, dict[_Index, Reason]()
        self.audio, self.texts = evidence.audio, evidence.texts
        self._size = max(1, len(self.audio), len(self.texts))
        self.alone = _NO_PARTNER * max(1.0, _FEWEST / self._size)
        self._named, self._other, self._hinted = dict[_Index, float](), dict[_Index, float](), set[_Index]()
        for index in evidence.candidates():
            named, other = ([reason.odds for reason in side(*index)] for side in (evidence.named, evidence.other))
            self._named[index], self._other[index] = sum(named), sum(other)
            if sum(odds for odds in (*named, *other) if odds > 0) > _HINT:
                self._hinted.add(index)
        self._best = defaultdict[int, float](float), defaultdict[int, float](float)
        self._meant = dict[int, int]()
        for (i, j), value in self._named.items():
            if value > max(_NAMED, self._best[0][i]):
                self._meant[i] = j
            self._best[0][i], self._best[1][j] = max(self._best[0][i], value), max(self._best[1][j], value)
        self.weigh()

    def weigh(self) -> None:
        """Add up the odds of each pair, with what was recognised so far."""
        prior, lies = math.log((1 - _NO_PARTNER) / self._size), self._lies()
        share = [lies[_group(each)] for each in self.audio]
        self.of = {(i, j): prior + self._believed(i, j, share[i]) + self._other[i, j] for i, j in self._named}
        for index, reason in self.heard.items():
            self.of[index] = self.of.get(index, prior + _UNLIKE) + reason.odds
        self._of_audio, self._of_text = defaultdict[int, float](float), defaultdict[int, float](float)
        for (i, j), value in self.of.items():
            self._of_audio[i] += math.exp(min(value, _MOST_ODDS))
            self._of_text[j] += math.exp(min(value, _MOST_ODDS))

    def confidence(self, i: int, j: int) -> float:
        """Return how sure a pair is."""
        own = math.exp(min(self.of[i, j], _MOST_ODDS))
        share = min(own / (self._of_audio[i] + self.alone), own / (self._of_text[j] + self.alone), _HIGHEST)
        if share > _CONTRADICTED and not self.is_recognised(i, j) and self.evidence.contradicts(i, j):
            return _CONTRADICTED
        return share

    def assigned(self) -> dict[_Index, float]:
        """Return the likeliest assignment, in which each may stay alone and each pair has something that speaks for it,
        and the confidence of its pairs."""
        hinted = {index: value for index, value in self.of.items() if self._is_hinted(*index)}
        return {(i, j): self.confidence(i, j) for i, j in _chosen(hinted, math.log(_NO_PARTNER))}

    def is_likely(self, i: int, j: int) -> bool:
        """Whether a pair is to be shown: something speaks for it, and it is not out of the question."""
        return self._is_hinted(i, j) and self.confidence(i, j) >= _LEAST

    def _is_hinted(self, i: int, j: int) -> bool:
        return (i, j) in self._hinted or self.is_recognised(i, j)

    def is_recognised(self, i: int, j: int) -> bool:
        return (i, j) in self.heard and self.heard[i, j].odds >= _RECOGNISED

    def reasons(self, i: int, j: int) -> tuple[Reason, ...]:
        """Return all that speaks for and against a pair, the strongest first."""
        heard = [self.heard[i, j]] if (i, j) in self.heard else []
        found = [*self.evidence.named(i, j), *self.evidence.other(i, j), *heard]
        return tuple(sorted(found, key=lambda reason: -abs(reason.odds)))

    def _believed(self, i: int, j: int, lies: float) -> float:
        """Return what names say of a pair, as far as names are to be believed if this share of them lies.

        All that is said of one audio file, or transcript, sinks together: which of its names fits best still counts.
        """
        value, best, best_of_text = self._named[i, j], self._best[0][i], self._best[1][j]
        is_named_elsewhere = max(best, best_of_text) >= _NAMED and value < max(best, best_of_text)
        least = _UNLIKE if is_named_elsewhere else math.log(lies)
        return max(least, value - max(0.0, max(best, best_of_text) - math.log(self._size / lies)))

    def _lies(self) -> Mapping[object, float]:
        """Return the share of names that lie in each folder or feed, by what was listened to of it."""
        heard, lies = Counter[object](), Counter[object]()
        for i, j in self._meant.items():
            if reason := self.heard.get((i, j)):
                heard[_group(self.audio[i])] += 1
                lies[_group(self.audio[i])] += reason.odds < 0
        shares = defaultdict[object, float](lambda: NAMES_LIE)
        for group, count in heard.items():
            shares[group] = max(NAMES_LIE, (lies[group] + _LIES_WEIGHT * NAMES_LIE) / (count + _LIES_WEIGHT))
        return shares


def _with_listening(odds: _Odds, listen: Listen) -> dict[_Index, float]:
    """Listen to audio that is in doubt or left over while transcripts are, assign again, and repeat until no other is:
    a name that turns out to lie puts others of its folder or feed in doubt."""
    heard = set[int]()
    while True:
        found = odds.assigned()
        sure = {i: j for (i, j), confidence in found.items() if confidence >= SURE}
        free = set(range(len(odds.texts))) - {*sure.values()}
        likely = {i for i, j in odds.of if i not in sure and j in free and odds.is_likely(i, j)}
        # Nothing is downloaded from a feed only because a transcript is left over.
        others = [i for i, each in enumerate(odds.audio) if i not in sure and i not in likely and each.file]
        doubtful = [i for i in (*sorted(likely), *others) if i not in heard]
        if not doubtful or not free:
            return found
        for i in doubtful:
            if not free and i not in likely:
                break
            heard.add(i)
            recognised = _hear(odds, i, free, listen)
            # It may be the audio of a transcript that another one is named as.
            free -= recognised or _hear(odds, i, {*range(len(odds.texts))} - free, listen)
        odds.weigh()


def _hear(odds: _Odds, i: int, among: set[int], listen: Listen) -> set[int]:
    """Note what an audio file says of each of these transcripts; return those that are recognised in it."""
    reasons = listen(odds.audio[i], [odds.texts[j] for j in sorted(among)]) if among else None
    odds.heard |= {(i, j): reasons[odds.texts[j].key] for j in among if reasons and odds.texts[j].key in reasons}
    return {j for j in among if odds.is_recognised(i, j)}


def _chosen(odds: Mapping[_Index, float], alone: float) -> Iterator[_Index]:
    """Return the pairs whose odds make the largest sum, each component of what may go together by itself."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    worth = {index: value - alone for index, value in odds.items() if value > alone}
    if not worth:
        return
    rows, columns = (sorted({index[side] for index in worth}) for side in (0, 1))
    row_at, column_at = {i: k for k, i in enumerate(rows)}, {j: k for k, j in enumerate(columns, len(rows))}
    edges = [row_at[i] for i, _ in worth], [column_at[j] for _, j in worth]
    size = len(rows) + len(columns)
    _, labels = connected_components(coo_array((np.ones(len(worth)), edges), shape=(size, size)), directed=False)
    members = defaultdict[int, list[_Index]](list)
    for i, j in worth:
        members[int(labels[row_at[i]])].append((i, j))
    for group in members.values():
        at_row, at_column = ({k: n for n, k in enumerate(sorted({each[side] for each in group}))} for side in (0, 1))
        gain = np.zeros((len(at_row), len(at_column)))
        for i, j in group:
            gain[at_row[i], at_column[j]] = worth[i, j]
        in_rows, in_columns = [*at_row], [*at_column]
        for row, column in zip(*linear_sum_assignment(gain, maximize=True), strict=True):
            if gain[row, column] > 0:
                yield in_rows[row], in_columns[column]


def _pairs(odds: _Odds, found: Mapping[_Index, float]) -> Iterator[Pair]:
    candidates = defaultdict[int, list[int]](list)
    for i, j in odds.of:
        candidates[i].append(j)
    for (i, j), confidence in found.items():
        if confidence >= _LEAST:
            others = [_candidate(odds, i, k) for k in candidates[i] if k != j and odds.is_likely(i, k)]
            others.sort(key=lambda each: -each.confidence)
            yield Pair(odds.audio[i], _candidate(odds, i, j), tuple(others))


def _candidate(odds: _Odds, i: int, j: int) -> Candidate:
    return Candidate(odds.texts[j], odds.confidence(i, j), odds.reasons(i, j))


def _declared(texts: Sequence[Text]) -> frozenset[tuple[str, str]]:
    """Return the keys of audio and transcript that feeds declare, for all transcripts of the same wording."""
    declared = defaultdict[str, set[str]](set)
    for text in texts:
        if text.declared_for:
            declared[_identity(text)].add(text.declared_for)
    return frozenset((key, text.key) for text in texts for key in declared[_identity(text)])


def _identity(text: Text) -> str:
    return text.wording or text.key


def _once(items: Sequence[_T], identity: Callable[[_T], str], names: set[object]) -> list[_T]:
    """Return each item once: of those that are the same, one that is alone with its partner, else one that has a name
    of the other side, a number or a date, else the one with the shortest name (``E12 (copy)`` says nothing more)."""

    def rank(item: _T) -> tuple[bool, bool, bool, int]:
        clues, facts = item.clues, item.clues.facts
        says_nothing = not (facts.numbers or facts.bare or facts.dates)
        return not item.alone_in, names.isdisjoint(names_of(clues)), says_nothing, len("".join(clues.names))

    groups: dict[str, list[_T]] = {}
    for item in items:
        groups.setdefault(identity(item), []).append(item)
    return [min(group, key=rank) for group in groups.values()]


def _group(audio: Audio) -> object:
    """Return what audio has in common whose names lie together: its folder, or its feed."""
    return audio.file.path.parent if audio.file else audio.item.feed if audio.item else None

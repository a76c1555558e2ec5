"""Which transcript belongs to which audio file: the likeliest assignment by all evidence, and how sure each pair is.

The confidence of a pair is the share of its odds among all that its audio, or its transcript, could be instead (another
partner, or none), whichever is less. A transcript that fits two episodes equally well is half sure of each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from web.archive.evidence import Evidence
from web.archive.records import Audio, Candidate, Clues, Pair, Pairing, Reason, Text

SURE = 0.9
"""From this confidence on a pair is taken without asking; ``python -m tests.bench.pairing`` measures it."""

_NAMES_LIE, _LIES_WEIGHT = 0.02, 2.0  # share of names that lie, before any is checked, which weighs as so many checked
_NO_PARTNER = 0.1  # share of audio files, and of transcripts, whose partner is not there
_FEWEST = 10  # with fewer than so many, that nothing else is left to pair with says little
_RECOGNISED = 6.0  # from these odds on a transcript is recognised in what was listened to
_HINT = 1.0  # odds above which something speaks for a pair, or against it: more than a usual length
_LEAST = 0.05  # the confidence of what is shown as a pair or candidate
_HIGHEST, _CONTRADICTED = 0.999, 0.85  # the most that a pair is sure, and one that its length or words contradict

_Index = tuple[int, int]

Listen = Callable[[Audio, Sequence[Text]], Mapping[str, Reason] | None]
"""Given an audio file and transcripts, what its speech says of each, by key; None if its audio cannot be used."""


def pair(
    audio: Sequence[Audio], texts: Sequence[Text], known: Sequence[Clues] = (), listen: Listen | None = None
) -> Pairing:
    """Pair audio with transcripts. ``known`` are clues of episodes of the library: they only make what names have in
    common rarer or less rare. ``listen`` is called for audio that is in doubt or left over while transcripts are."""
    evidence = Evidence(audio, texts, known)
    evidence.learn_pace(_Odds(evidence).assigned())
    odds = _Odds(evidence)
    if listen:
        _listen_to_doubtful(odds, listen)
    pairs = sorted(odds.pairs(), key=lambda each: -each.confidence)
    paired = {key for each in pairs for key in (each.audio.key, each.best.text.key)}
    return Pairing(
        tuple(pairs),
        tuple(each for each in audio if each.key not in paired),
        tuple(each for each in texts if each.key not in paired),
    )


class _Odds:
    """The odds of all pairs, by the indices of audio and transcript, and what was ``compared`` of them."""

    def __init__(self, evidence: Evidence) -> None:
        import numpy as np

        self.evidence, self.compared = evidence, dict[_Index, Reason]()
        self.audio, self.texts = evidence.audio, evidence.texts
        shape = len(self.audio), len(self.texts)
        self._named, self._other, self._for, self._most = np.zeros((4, *shape))
        for index in np.ndindex(*shape):
            named, other = ([reason.odds for reason in side] for side in evidence.reasons(*index))
            self._named[index], self._other[index] = sum(named), sum(other)
            self._for[index] = sum(odds for odds in (*named, *other) if odds > 0)
            self._most[index] = _CONTRADICTED if min(other, default=0.0) <= -_HINT else _HIGHEST
        self.weigh()

    def weigh(self) -> None:
        """Add up the odds of each pair, with what was compared so far, and find out how sure it is.

        What names say is limited by the share of them that lie. All that they say of an audio file, or of a transcript,
        is lowered by as much: which of them fits best still counts.
        """
        import numpy as np

        size, lies = max(1, *self._named.shape), self._lies()
        best = np.maximum(self._named.max(1, keepdims=True, initial=0), self._named.max(0, keepdims=True, initial=0))
        believed = self._named - np.maximum(0.0, best - math.log(size / lies))
        self.of = math.log((1 - _NO_PARTNER) / size) + np.maximum(math.log(lies), believed) + self._other
        for index, reason in self.compared.items():
            self.of[index] += reason.odds
            if self.is_recognised(*index):
                self._for[index], self._most[index] = reason.odds, _HIGHEST
        own = np.exp(self.of)
        every = np.maximum(own.sum(1, keepdims=True), own.sum(0, keepdims=True))
        self.confidence = np.minimum(own / (every + _NO_PARTNER * max(1.0, _FEWEST / size)), self._most)

    def assigned(self) -> list[_Index]:
        """Return the likeliest assignment, in which each may stay alone and something speaks for each pair."""
        import numpy as np
        from scipy.optimize import linear_sum_assignment

        worth = np.where(self._for > _HINT, np.maximum(self.of - math.log(_NO_PARTNER), 0.0), 0.0)
        chosen = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
        return [(int(i), int(j)) for i, j in chosen if worth[i, j] > 0]

    def pairs(self) -> Iterator[Pair]:
        """List the pairs of the assignment that are not out of the question, with other candidates."""
        is_likely = (self._for > _HINT) & (self.confidence >= _LEAST)
        for i, j in self.assigned():
            if is_likely[i, j]:
                others = [self._candidate(i, int(k)) for k in is_likely[i].nonzero()[0] if k != j]
                yield Pair(self.audio[i], self._candidate(i, j), tuple(sorted(others, key=lambda o: -o.confidence)))

    def is_recognised(self, i: int, j: int) -> bool:
        return (i, j) in self.compared and self.compared[i, j].odds >= _RECOGNISED

    def _lies(self) -> float:
        """Return the share of names that lie, by those of the audio in which a transcript was recognised."""
        best = self._named.max(1, initial=0)
        lies = [self._named[i, j] < best[i] for i, j in self.compared if best[i] > _HINT and self.is_recognised(i, j)]
        return max(_NAMES_LIE, float(sum(lies) + _LIES_WEIGHT * _NAMES_LIE) / (len(lies) + _LIES_WEIGHT))

    def _candidate(self, i: int, j: int) -> Candidate:
        named, other = self.evidence.reasons(i, j)
        compared = [self.compared[i, j]] if (i, j) in self.compared else []
        reasons = sorted([*named, *other, *compared], key=lambda reason: -abs(reason.odds))
        return Candidate(self.texts[j], float(self.confidence[i, j]), tuple(reasons))


def _listen_to_doubtful(odds: _Odds, listen: Listen) -> None:
    """Listen to audio that is in doubt or left over while transcripts are, the likeliest first, and repeat until no
    other is: a name that turns out to lie puts others in doubt."""
    compared = set[int]()
    while True:
        sure = {i: j for i, j in odds.assigned() if odds.confidence[i, j] >= SURE}
        free = set(range(len(odds.texts))) - {*sure.values()}
        doubtful = set(range(len(odds.audio))) - {*sure} - compared
        if not doubtful or not free:
            return
        for i in sorted(doubtful, key=lambda i: -odds.of[i, [*free]].max()):
            if free:
                compared.add(i)
                free -= _compare(odds, i, free, listen)
        odds.weigh()


def _compare(odds: _Odds, i: int, free: set[int], listen: Listen) -> set[int]:
    """Note what an audio file says of the transcripts; return those that are recognised in it."""
    # If it is none of those that are left, it may be one that another audio file is named as.
    for among in (free, {*range(len(odds.texts))} - free):
        if (reasons := listen(odds.audio[i], [odds.texts[j] for j in sorted(among)])) is None:
            break
        odds.compared |= {(i, j): reasons[odds.texts[j].key] for j in among if odds.texts[j].key in reasons}
        if recognised := {j for j in among if odds.is_recognised(i, j)}:
            return recognised
    return set()

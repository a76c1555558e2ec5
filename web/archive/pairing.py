"""Which transcript belongs to which audio file: the likeliest assignment by all evidence, and how sure each pair is.

The confidence of a pair is the share of its odds among all that its audio, or its transcript, could be instead (another
partner, or none), whichever is less. A transcript that fits two episodes equally well is half sure of each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from web.archive.evidence import Evidence
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
_HIGHEST, _MISFIT = 0.999, 0.85  # the most that a pair is sure, and one whose length does not fit
_AGAINST = -1.0  # from these odds on a length does not fit
_MOST_ODDS = 50.0  # to which odds are cut, so that they can be added

_Index = tuple[int, int]

Listen = Callable[[Audio, Sequence[Text]], Mapping[str, Reason] | None]
"""Given an audio file and transcripts, what its speech says of each of these, by key; None if it cannot be heard."""


def pair(
    audio: Sequence[Audio], texts: Sequence[Text], known: Sequence[Clues] = (), listen: Listen | None = None
) -> Pairing:
    """Pair audio with transcripts. ``known`` are clues of episodes of the library: they only make what names have in
    common rarer or less rare. ``listen`` is called for audio that is in doubt or left over while transcripts are."""
    evidence = Evidence(audio, texts, known)
    evidence.learn_pace([index for index, confidence in _Odds(evidence).assigned().items() if confidence >= _LIKELY])
    odds = _Odds(evidence)
    if listen:
        _listen_to_doubtful(odds, listen)
    pairs = sorted(odds.pairs(), key=lambda each: -each.confidence)
    paired, used = {each.audio.key for each in pairs}, {each.best.text.key for each in pairs}
    return Pairing(
        tuple(pairs),
        tuple(each for each in audio if each.key not in paired),
        tuple(each for each in texts if each.key not in used),
    )


class _Odds:
    """The odds of all pairs, by their indices, and what was recognised of them."""

    def __init__(self, evidence: Evidence) -> None:
        import numpy as np

        self.evidence, self.heard = evidence, dict[_Index, Reason]()
        self.audio, self.texts = evidence.audio, evidence.texts
        shape = len(self.audio), len(self.texts)
        self._named, self._other, self._for = np.zeros(shape), np.zeros(shape), np.zeros(shape)
        for index in np.ndindex(*shape):
            named, other = ([reason.odds for reason in side(*index)] for side in (evidence.named, evidence.other))
            self._named[index], self._other[index] = sum(named), sum(other)
            self._for[index] = sum(odds for odds in (*named, *other) if odds > 0)
        self.weigh()

    def weigh(self) -> None:
        """Add up the odds of each pair, with what was recognised so far, and find out how sure it is."""
        import numpy as np

        size = max(1, *self._named.shape)
        self.of = math.log((1 - _NO_PARTNER) / size) + self._believed(size) + self._other
        for index, reason in self.heard.items():
            self.of[index] += reason.odds
            if self.is_recognised(*index):
                self._for[index] = reason.odds
        own = np.exp(np.minimum(self.of, _MOST_ODDS))
        all_odds = np.maximum(own.sum(axis=1, keepdims=True), own.sum(axis=0, keepdims=True))
        alone = _NO_PARTNER * max(1.0, _FEWEST / size)
        self._confidence = np.minimum(own / (all_odds + alone), _HIGHEST)

    def confidence(self, i: int, j: int) -> float:
        """Return how sure a pair is."""
        length = self.evidence.by_length(i, j)
        is_misfit = length and length.odds <= _AGAINST and not self.is_recognised(i, j)
        return min(float(self._confidence[i, j]), _MISFIT if is_misfit else 1.0)

    def assigned(self) -> dict[_Index, float]:
        """Return the likeliest assignment, in which each may stay alone and each pair has something that speaks for it,
        and the confidence of its pairs."""
        import numpy as np
        from scipy.optimize import linear_sum_assignment

        worth = np.where(self._for > _HINT, np.maximum(self.of - math.log(_NO_PARTNER), 0.0), 0.0)
        chosen = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
        return {(int(i), int(j)): self.confidence(i, j) for i, j in chosen if worth[i, j] > 0}

    def pairs(self) -> Iterator[Pair]:
        """List the pairs of the assignment that are not out of the question, with other candidates."""
        for (i, j), confidence in self.assigned().items():
            if confidence >= _LEAST:
                others = [self._candidate(i, k) for k in range(len(self.texts)) if k != j and self._is_likely(i, k)]
                yield Pair(
                    self.audio[i], self._candidate(i, j), tuple(sorted(others, key=lambda each: -each.confidence))
                )

    def is_recognised(self, i: int, j: int) -> bool:
        return (i, j) in self.heard and self.heard[i, j].odds >= _RECOGNISED

    def _is_likely(self, i: int, j: int) -> bool:
        return self._for[i, j] > _HINT and self._confidence[i, j] >= _LEAST

    def _candidate(self, i: int, j: int) -> Candidate:
        heard = [self.heard[i, j]] if (i, j) in self.heard else []
        reasons = [*self.evidence.named(i, j), *self.evidence.other(i, j), *heard]
        reasons.sort(key=lambda reason: -abs(reason.odds))
        return Candidate(self.texts[j], self.confidence(i, j), tuple(reasons))

    def _believed(self, size: int) -> Any:
        """Return what names say of each pair, as far as names are to be believed.

        All that is said of one audio file, or transcript, sinks together: which of its names fits best still counts.
        """
        import numpy as np

        lies = self._lies()
        best = np.maximum(
            self._named.max(axis=1, keepdims=True, initial=0.0), self._named.max(axis=0, keepdims=True, initial=0.0)
        )
        least = np.where((best >= _NAMED) & (self._named < best), _UNLIKE, math.log(lies))
        return np.maximum(least, self._named - np.maximum(0.0, best - math.log(size / lies)))

    def _lies(self) -> float:
        """Return the share of names that lie, by what was listened to."""
        best = self._named.max(axis=1, keepdims=False, initial=0.0)
        heard = [r.odds < 0 for (i, j), r in self.heard.items() if self._named[i, j] == best[i] > _NAMED]
        return max(NAMES_LIE, (sum(heard) + _LIES_WEIGHT * NAMES_LIE) / (len(heard) + _LIES_WEIGHT))


def _listen_to_doubtful(odds: _Odds, listen: Listen) -> None:
    """Listen to audio that is in doubt or left over while transcripts are, the likeliest first, and repeat until no
    other is: a name that turns out to lie puts others in doubt."""
    heard = set[int]()
    while True:
        sure = {i: j for (i, j), confidence in odds.assigned().items() if confidence >= SURE}
        free = set(range(len(odds.texts))) - {*sure.values()}
        doubtful = [i for i in range(len(odds.audio)) if i not in sure and i not in heard]
        if not doubtful or not free:
            return
        among = sorted(free)
        for i in sorted(doubtful, key=lambda i: -odds.of[i, among].max()):
            if not free:
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

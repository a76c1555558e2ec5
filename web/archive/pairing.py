"""Pair audio with transcripts: compute the likeliest assignment, and the confidence in each pair.

The confidence is the pair's odds divided by the sum of the odds of all alternatives for the audio: this transcript,
another transcript, or none. The same is computed for the transcript, and the lower value is used. If a transcript fits
two episodes equally well, the confidence is 0.5 for each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from web.archive.evidence import Evidence
from web.archive.records import Audio, Candidate, Clues, Pair, Pairing, Reason, Text

SURE = 0.9
"""The confidence from which a pair is accepted without asking; ``python -m tests.bench.pairing`` measures it."""

_WRONG_NAMES, _WRONG_NAMES_WEIGHT = 0.02, 2.0  # prior share of misleading names, and its weight in checked names
_NO_PARTNER = 0.1  # share of audio, and of transcripts, without a partner
_FEWEST = 10  # with fewer files the absence of another partner says little
_MATCHED = 6.0  # the odds from which the speech counts as that of a transcript
_HINT = 1.0  # the odds from which evidence supports or contradicts a pair: more than a usual length gives
_LEAST = 0.05  # confidence of a pair or candidate that is shown
_HIGHEST, _CONTRADICTED = 0.999, 0.85  # highest confidence, and of a pair that its length or words contradict

_Index = tuple[int, int]

MatchSpeech = Callable[[Audio, Sequence[Text]], Mapping[str, Reason] | None]
"""Compares the speech in audio with transcripts; returns evidence by the key of the text, None without usable audio."""


def pair(
    audio: Sequence[Audio], texts: Sequence[Text], known: Sequence[Clues] = (), match: MatchSpeech | None = None
) -> Pairing:
    """Return the likeliest pairs of audio and transcripts, and the files that remain unpaired. ``known`` are the clues
    (``records.Clues``) of the library's episodes, which help to judge how rare a name is. ``match`` compares the speech
    in audio with transcripts; it is called for audio whose best pair has a confidence below ``SURE``."""
    evidence = Evidence(audio, texts, known)
    evidence.learn_pace(_Odds(evidence).assigned())
    odds = _Odds(evidence)
    if match:
        _match_doubtful(odds, match)
    pairs = sorted(odds.pairs(), key=lambda each: -each.confidence)
    paired = {key for each in pairs for key in (each.audio.key, each.best.text.key)}
    return Pairing(
        tuple(pairs),
        tuple(each for each in audio if each.key not in paired),
        tuple(each for each in texts if each.key not in paired),
    )


class _Odds:
    """The log-odds (``of``) and the ``confidence`` that ``audio[i]`` and ``texts[j]`` are a pair, for each (i, j).
    ``compared`` maps (i, j) to the evidence from speech, for pairs whose speech was compared."""

    def __init__(self, evidence: Evidence) -> None:
        import numpy as np

        self.evidence, self.compared = evidence, dict[_Index, Reason]()
        self.audio, self.texts = evidence.audio, evidence.texts
        shape = len(self.audio), len(self.texts)
        self._named, self._other, self._support, self._most = np.zeros((4, *shape))
        for index in np.ndindex(*shape):
            named, other = ([reason.odds for reason in side] for side in evidence.reasons(*index))
            self._named[index], self._other[index] = sum(named), sum(other)
            self._support[index] = sum(odds for odds in (*named, *other) if odds > 0)
            self._most[index] = _CONTRADICTED if min(other, default=0.0) <= -_HINT else _HIGHEST
        self.weigh()

    def weigh(self) -> None:
        """Compute the total log-odds and the confidence of each pair. Names can mislead, so the log-odds from names are
        limited: the more names are found to mislead, the lower the limit. All log-odds from the names of one file are
        lowered by the same amount, so that the file's candidates stay in the same order."""
        import numpy as np

        size, wrong = max(1, *self._named.shape), self._share_of_wrong_names()
        best = np.maximum(self._named.max(1, keepdims=True, initial=0), self._named.max(0, keepdims=True, initial=0))
        limited = self._named - np.maximum(0.0, best - math.log(size / wrong))
        self.of = math.log((1 - _NO_PARTNER) / size) + np.maximum(math.log(wrong), limited) + self._other
        for index, reason in self.compared.items():
            self.of[index] += reason.odds
            if self.is_matched(*index):
                self._support[index], self._most[index] = reason.odds, _HIGHEST
        own = np.exp(self.of)
        total = np.maximum(own.sum(1, keepdims=True), own.sum(0, keepdims=True))
        self.confidence = np.minimum(own / (total + _NO_PARTNER * max(1.0, _FEWEST / size)), self._most)

    def assigned(self) -> list[_Index]:
        """Return the likeliest assignment as index pairs (i, j). Files without evidence for any pair are left out."""
        import numpy as np
        from scipy.optimize import linear_sum_assignment

        gain = np.where(self._support > _HINT, np.maximum(self.of - math.log(_NO_PARTNER), 0.0), 0.0)
        chosen = zip(*linear_sum_assignment(gain, maximize=True), strict=True)
        return [(int(i), int(j)) for i, j in chosen if gain[i, j] > 0]

    def pairs(self) -> Iterator[Pair]:
        """Yield the assigned pairs with a confidence of at least ``_LEAST``, each with the other likely transcripts."""
        is_likely = (self._support > _HINT) & (self.confidence >= _LEAST)
        for i, j in self.assigned():
            if is_likely[i, j]:
                others = [self._candidate(i, int(k)) for k in is_likely[i].nonzero()[0] if k != j]
                yield Pair(self.audio[i], self._candidate(i, j), tuple(sorted(others, key=lambda o: -o.confidence)))

    def is_matched(self, i: int, j: int) -> bool:
        return (i, j) in self.compared and self.compared[i, j].odds >= _MATCHED

    def _share_of_wrong_names(self) -> float:
        best = self._named.max(1, initial=0)
        wrong = [self._named[i, j] < best[i] for i, j in self.compared if best[i] > _HINT and self.is_matched(i, j)]
        count = float(sum(wrong) + _WRONG_NAMES_WEIGHT * _WRONG_NAMES)
        return max(_WRONG_NAMES, count / (len(wrong) + _WRONG_NAMES_WEIGHT))

    def _candidate(self, i: int, j: int) -> Candidate:
        named, other = self.evidence.reasons(i, j)
        compared = [self.compared[i, j]] if (i, j) in self.compared else []
        reasons = sorted([*named, *other, *compared], key=lambda reason: -abs(reason.odds))
        return Candidate(self.texts[j], float(self.confidence[i, j]), tuple(reasons))


def _match_doubtful(odds: _Odds, match: MatchSpeech) -> None:
    """Compare the speech with transcripts for all audio whose best pair has a confidence below ``SURE``, the likeliest
    pairs first, and update ``odds``. If the speech shows that a name is misleading, the confidence of other pairs may
    fall below ``SURE``; then their audio is compared too."""
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
                free -= _compare(odds, i, free, match)
        odds.weigh()


def _compare(odds: _Odds, i: int, free: set[int], match: MatchSpeech) -> set[int]:
    """Compare the speech in audio ``i`` with transcripts, and add the evidence to ``odds``. Return the indices of the
    texts that match. ``free`` are the indices of texts not yet paired with high confidence. If none of them matches,
    compare the other texts too."""
    # If no free text matches, the right one may be paired with other audio by a misleading name.
    for candidates in (free, {*range(len(odds.texts))} - free):
        if (reasons := match(odds.audio[i], [odds.texts[j] for j in sorted(candidates)])) is None:
            break
        odds.compared |= {(i, j): reasons[odds.texts[j].key] for j in candidates if odds.texts[j].key in reasons}
        if matched := {j for j in candidates if odds.is_matched(i, j)}:
            return matched
    return set()

"""Orphans: the word or two of a sentence or clause that a line leaves at its end, while the rest goes on elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from aligner.typography.breaks import COMMA, HEAD_WORDS, SENTENCE, last_breaks
from aligner.typography.characters import width
from aligner.typography.tokens import DASHES, Token

# A word or two after a comma, cut off from what follows; worse after a full stop, as the head of a sentence.
ORPHAN = 10.0
ORPHAN_WIDTH = 10
HEAD = 120.0
# The same with a line or a cue for itself; two of one word each ("So, Desmond,") are whole.
HEAD_ALONE = 8.0
HEADS_ALONE = 2.0
_STRONG = ":;" + DASHES


class Orphans:
    """What a reader minds of them, in the unit of ``breaks``, wherever a line of ``tokens`` may end.

    ``costs`` are those of a break before each token, as ``break_costs`` gives them. Positions index the tokens; a line
    that ends at one ends before it. ``last_sentence`` is, for each position, the last before it that begins a sentence.
    """

    def __init__(self, tokens: Sequence[Token], costs: Sequence[float]) -> None:
        self._costs = costs
        self._last_rest = last_breaks(costs, COMMA)
        self.last_sentence = last_breaks(costs, SENTENCE)
        befores = [width(token.before) for token in tokens]
        read = list(accumulate((b + width(token.text) for b, token in zip(befores, tokens, strict=True)), initial=0))
        since = [read[end] - read[rest] - befores[rest] for end, rest in enumerate(self._last_rest[: len(tokens)])]
        self._behind = [self._left_behind(end, since[end]) for end in range(len(tokens))]
        self._alone = [self._head_alone(end, tokens[end - 1].text[-1]) for end in range(len(tokens))]

    def cost(self, start: int, end: int) -> float:
        """What a line from ``start`` to ``end`` costs for what it leaves at its end."""
        if self.last_sentence[end] == start:
            return self._alone[end]
        return 0.0 if self._last_rest[end] == start else self._behind[end]

    def behind(self, end: int) -> float:
        """What is left at ``end`` costs where something else goes before it on its line."""
        return self._behind[end]

    def wholes(self, end: int) -> tuple[int, int]:
        """Where a line must begin so that it ends at ``end`` and leaves nothing behind something else."""
        return self.last_sentence[end], self._last_rest[end]

    def _left_behind(self, end: int, since_rest: int) -> float:
        rest, sentence = self._last_rest[end], self.last_sentence[end]
        if self._costs[end] <= SENTENCE:
            return 0.0
        if end - sentence <= HEAD_WORDS:
            return HEAD
        if self._costs[end] <= (COMMA if self._costs[rest] > SENTENCE else SENTENCE):
            return 0.0
        return ORPHAN * (since_rest < ORPHAN_WIDTH)

    def _head_alone(self, end: int, last: str) -> float:
        """What the words cost that begin a sentence and end before a position, where they are all of their line."""
        first = self.last_sentence[end]
        if self._costs[end] <= SENTENCE or end - first > HEAD_WORDS or last in _STRONG:
            return 0.0
        return HEADS_ALONE if first < self._last_rest[end] else HEAD_ALONE

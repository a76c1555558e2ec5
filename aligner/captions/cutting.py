"""The cheapest way to cut a passage into cues, found by dynamic programming.

A cut into cues costs the sum of its cues' costs, and a cue's cost depends on its own tokens and on when the next cue
starts, which is when the voice of its first token does. So ``best[j] = min over i of best[i] + cost(i, j)`` is exact,
and a cue holds so few tokens that the search is linear in the text.
"""

from __future__ import annotations

from typing import NamedTuple

from aligner.captions.costs import CueCosts
from aligner.captions.cue import CueKind, Line
from aligner.captions.layout import Layout, Leads, Typesetter
from aligner.captions.passages import Passage
from aligner.captions.rules import CaptionRules
from aligner.captions.timing import Draft

# No word of the cue has a time.
VOICELESS = 400.0
# A cue starts a little before or after its voice.
SHIFT = 1.0
_UNREACHED = float("inf")


class CutCue(NamedTuple):
    """A cue as cut: its lines, and what its timing needs to know."""

    lines: tuple[Line, ...]
    draft: Draft


class _Step(NamedTuple):
    """The last cue of a cut: where it starts and in which state, how it is set."""

    start: int
    state: int
    layout: Layout


_NO_STEP = _Step(0, 0, Layout(0.0, 0, 0, ("", "")))


class _Search:
    """The cheapest cuts found so far, by where they end and in which state, and the last step of each.

    ``worst[end]`` is the cost of the dearest of them that end there: what costs as much is of no use.
    """

    def __init__(self, size: int, states: int) -> None:
        self.costs = [[_UNREACHED] * states for _ in range(size)] + [[_UNREACHED]]
        self.steps: list[list[_Step]] = [[_NO_STEP] * len(costs) for costs in self.costs]
        self.worst = [_UNREACHED] * (size + 1)
        self.costs[0][:2] = [0.0, SHIFT][:states]

    def keep(self, end: int, state: int, cost: float, step: _Step) -> None:
        """Keep a cut that is cheaper than the one known."""
        self.costs[end][state] = cost
        self.steps[end][state] = step
        self.worst[end] = max(self.costs[end])


class Cutter:
    """Cuts one passage into cues; ``following`` is when whatever comes after it starts.

    A state of the search is how far from its voice the cue that starts at a position starts: cues may lend each other
    ``rules.lend`` seconds. State 0 is no shift, the only one at the end of the passage.
    """

    def __init__(self, passage: Passage, typesetter: Typesetter, following: float, rules: CaptionRules) -> None:
        self._passage = passage
        self._typesetter = typesetter
        self._rules = rules
        self._costs = CueCosts(passage, typesetter, rules)
        self._size = len(passage.tokens)
        self._shifts = (0.0, -rules.lend, rules.lend) if rules.lend else (0.0,)
        # When the voice of a cue starting at each position starts: with its first timed token.
        self._voice = [*passage.starts, following]
        self._next_voiced = [self._size] * (self._size + 1)
        for position in range(self._size - 1, -1, -1):
            timed = passage.kind is not CueKind.SPEECH or passage.tokens[position].timed
            self._next_voiced[position] = position if timed else self._next_voiced[position + 1]
            if self._next_voiced[position] < self._size:
                self._voice[position] = passage.starts[self._next_voiced[position]]
        self._changes, self._furthest = self._bounds()
        self._cuts: dict[Leads, list[CutCue]] = {}

    def cut(self, leads: Leads) -> list[CutCue]:
        """The cheapest cut: its cues cover all tokens in order. Found once for the same leads."""
        if leads not in self._cuts:
            self._cuts[leads] = self._followed_back(self._searched(leads))
        return self._cuts[leads]

    def _bounds(self) -> tuple[list[int], list[int]]:
        """For a cue starting at each position, where the second voice would start and the furthest place to end.

        A cue holds two voices at most, and no more text and time than its rules allow, but one token always.
        """
        changes, furthest = [], []
        upcoming = [*sorted(self._passage.changes), self._size, self._size]
        end = 0
        for start in range(self._size):
            while upcoming[0] <= start:
                del upcoming[0]
            end = max(end, start + 1)
            while end < self._size and not self._is_too_big(start, end + 1):
                end += 1
            changes.append(upcoming[0])
            furthest.append(min(end, upcoming[1]))
        return changes, furthest

    def _is_too_big(self, start: int, end: int) -> bool:
        rules = self._rules
        if self._typesetter.width(start, end) > rules.max_lines * rules.max_line:
            return True
        return self._passage.ends[end - 1] - self._voice[start] > rules.max_duration

    def _searched(self, leads: Leads) -> _Search:
        search = _Search(self._size, len(self._shifts))
        least, worst, layouts = self._costs.least, search.worst, self._typesetter.layouts
        for start in range(self._size):
            lowest = min(search.costs[start])
            for end in range(start + 1, self._furthest[start] + 1):
                if lowest + least[end] < worst[end]:
                    for layout in layouts(start, end, self._changes[start], leads):
                        self._try(start, end, layout, search)
        return search

    def _try(self, start: int, end: int, layout: Layout, search: _Search) -> None:
        """Keep the cuts that have this cue as their last where they are the cheapest."""
        befores, worst = search.costs[start], search.worst[end]
        lowest, cost = min(befores), self._costs.reading(start, end, layout)
        if lowest + cost >= worst:
            return
        if self._next_voiced[start] >= end:
            if befores[0] + cost + VOICELESS < search.costs[end][0]:
                search.keep(end, 0, befores[0] + cost + VOICELESS, _Step(start, 0, layout))
            return
        pace, lend, chars = self._costs.pace, self._rules.lend, layout.chars
        first, last, voice_end = self._voice[start], self._voice[end], self._passage.ends[end - 1]
        if pace(first + lend, voice_end, chars, last - lend) == 0:
            step = _Step(start, befores.index(lowest), layout)
            for after, known in enumerate(search.costs[end]):
                if lowest + cost + SHIFT * (after > 0) < known:
                    search.keep(end, after, lowest + cost + SHIFT * (after > 0), step)
        elif lowest + cost + pace(first - lend, voice_end, chars, last + lend) < worst:
            self._try_shifts(start, end, layout, cost, search)

    def _try_shifts(self, start: int, end: int, layout: Layout, cost: float, search: _Search) -> None:
        """Keep the cuts with this cue as their last where a shift at its start, its end or both makes them cheapest."""
        pace, chars, voice_end = self._costs.pace, layout.chars, self._passage.ends[end - 1]
        ways = [
            (before, so_far + cost, self._voice[start] + self._shifts[before])
            for before, so_far in enumerate(search.costs[start])
        ]
        for after, known in enumerate(search.costs[end]):
            penalty, following = SHIFT * (after > 0), self._voice[end] + self._shifts[after]
            cheapest, chosen = known, 0
            for before, so_far, first in ways:
                if so_far + penalty < cheapest:
                    total = so_far + pace(first, voice_end, chars, following) + penalty
                    if total < cheapest:
                        cheapest, chosen = total, before
            if cheapest < known:
                search.keep(end, after, cheapest, _Step(start, chosen, layout))

    def _followed_back(self, search: _Search) -> list[CutCue]:
        cues = []
        end, state = self._size, 0
        while end:
            step = search.steps[end][state]
            lines = self._typesetter.lines(step.start, end, step.layout)
            cues.append(CutCue(lines, self._draft(step, end)))
            end, state = step.start, step.state
        return cues[::-1]

    def _draft(self, step: _Step, end: int) -> Draft:
        voiced = self._next_voiced[step.start] < end
        shifted = self._voice[step.start] + self._shifts[step.state]
        start = shifted if voiced else self._passage.starts[step.start]
        return Draft(max(0.0, start), self._passage.ends[end - 1], step.layout.chars, voiced)

"""The cheapest way to cut a passage into cues, found by dynamic programming.

A cut into cues costs the sum of its cues' costs, and a cue's cost depends on its own tokens and on when the next cue
starts, which is when the voice of its first token does. So ``best[j] = min over i of best[i] + cost(i, j)`` is exact,
and a cue holds so few tokens that the search is linear in the text.

Conventions
-----------
- A cue costs for what it holds, for where it ends and for its time on screen, in the unit of ``typography.breaks``: a
  break between two words that say nothing for or against it costs 12.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from msgspec import msgpack

from aligner import typography
from aligner.captions.layout import CueDraft, Layout, Leads, Typesetter, on_screen_until
from aligner.captions.passages import Passage
from aligner.captions.rules import CaptionRules, CueKind, CueLine
from aligner.content_cache import ContentCache, code_of, content_key
from aligner.typography.breaks import BRACKET, SENTENCE

_TEXT = ("utf-8", "surrogatepass")  # a transcript in JSON may have halves of surrogate pairs


class Step(NamedTuple):
    """A cue of a cut: where it starts and in which state, how it is set."""

    start: int
    state: int
    layout: Layout


class KnownCuts:
    """The cuts of one passage, by their leads; what else decides them is as a ``Cutter`` or ``Typesetter`` has it."""

    def __init__(
        self, passage: Passage, following: float, rules: CaptionRules, dash: str, cache: ContentCache | None
    ) -> None:
        self._passage, self._beside = passage, (following, rules, dash)
        self._cache = cache

    def cut(self, leads: Leads, search: Callable[[], Sequence[Step]]) -> Sequence[Step]:
        """The cues of the cut with these leads in order; searched for where it is not known."""
        if self._cache is None:
            return search()
        key = content_key(self._digest, _packed("\n".join(leads.texts)), sorted(leads.optional))
        kept = self._cache.get(key)
        if kept is not None:
            return _unpacked_steps(kept)
        steps = search()
        self._cache.put(key, _packed_steps(steps))
        return steps

    @cached_property
    def _digest(self) -> bytes:
        """A hash of all that decides how the passage is cut, but its leads."""
        passage = self._passage
        first = passage.tokens[0].paragraph
        return content_key(
            code_of(str(Path(__file__).parent), *typography.__path__),
            passage.kind,
            _packed("\n".join(f"{token.before}\t{token.text}" for token in passage.tokens)),
            [(token.paragraph - first, token.timed) for token in passage.tokens],
            (passage.starts, passage.ends, passage.breaks),
            (sorted(passage.changes), sorted(passage.unsure)),
            self._beside,
        )


def _packed(text: str) -> bytes:
    return text.encode(*_TEXT)


def _packed_steps(steps: Sequence[Step]) -> bytes:
    return msgpack.encode([(start, state, *layout[:3], *map(_packed, layout.leads)) for start, state, layout in steps])


def _unpacked_steps(kept: bytes) -> list[Step]:
    steps = msgpack.decode(kept, type=list[tuple[int, int, float, int, int, bytes, bytes]])
    return [
        Step(start, state, Layout(cost, chars, split, (upper.decode(*_TEXT), lower.decode(*_TEXT))))
        for start, state, cost, chars, split, upper, lower in steps
    ]


# Every cue costs something: fewer, fuller cues where all else is equal.
CUE = 2.0
# Faster than can be read: a step, because readers are lost there, and more for each character per second beyond.
TOO_FAST = 270.0
FASTER = 2.0
# A cue shorter than the norm, per second too short; one that is within it but hasty, per second squared: of 0.85 s it
# costs about as much as a break before a clause or phrase, of 1.1 s hardly more than to have one cue lend it some time.
TOO_SHORT = 300.0
SHORTER = 100.0
HASTY = 30.0
HASTY_BELOW = 1.3
TOO_LONG = 300.0
# The head of a sentence at the end of a cue that also ends another.
STRADDLES = 8.0
# A sentence that is shown before the silence that it comes after: readers are told what nobody has said, which is worse
# than what is too fast for them.
EARLY = 400.0
EARLY_PAUSE = 0.3
# A cue that runs on into the next paragraph.
NEW_PARAGRAPH = 8.0
# The same where it may be someone else's, each on its own line: less than a flash of a cue, more than one too fast.
NEW_VOICE = 285.0
# Two speakers share a cue where what one says is short; else each alone reads better.
DIALOGUE = 12.0
EXCHANGE = 0.0
# The upper line should start a sentence and the lower one end it, at a comma if need be: what is cut in mid-clause and
# shared with another voice is harder to follow than what is too fast, and only a flash of a cue is worse.
DIALOGUE_AT_COMMA = 60.0
DIALOGUE_CUT = 290.0
LEAST_DURATION = 0.001
ROUNDING = 1e-6
# No word of the cue has a time.
VOICELESS = 400.0
# A cue starts a little before or after its voice.
SHIFT = 1.0
_UNREACHED = float("inf")


class CutCue(NamedTuple):
    """A cue as cut: its lines, and what its timing needs to know."""

    lines: tuple[CueLine, ...]
    draft: CueDraft


_NO_STEP = Step(0, 0, Layout(0.0, 0, 0, ("", "")))


class _Search:
    """The cheapest cuts found so far, by where they end and in which state, and the last step of each.

    ``worst[end]`` is the cost of the dearest of them that end there: what costs as much is of no use.
    """

    def __init__(self, size: int, states: int) -> None:
        self.costs = [[_UNREACHED] * states for _ in range(size)] + [[_UNREACHED]]
        self.steps: list[list[Step]] = [[_NO_STEP] * len(costs) for costs in self.costs]
        self.worst = [_UNREACHED] * (size + 1)
        self.costs[0][:2] = [0.0, SHIFT][:states]

    def keep(self, end: int, state: int, cost: float, step: Step) -> None:
        """Keep a cut that is cheaper than the one known."""
        self.costs[end][state] = cost
        self.steps[end][state] = step
        self.worst[end] = max(self.costs[end])


class Cutter:
    """Cuts one passage into cues; ``following`` is when whatever comes after it starts; ``known`` has cuts of earlier
    texts.

    A state of the search is how far from its voice the cue that starts at a position starts: cues may lend each other
    ``rules.lend`` seconds. State 0 is no shift, the only one at the end of the passage.
    """

    def __init__(
        self,
        passage: Passage,
        typesetter: Typesetter,
        following: float,
        rules: CaptionRules,
        known: ContentCache | None = None,
    ) -> None:
        self._known = KnownCuts(passage, following, rules, typesetter.dash, known)
        self._passage = passage
        self._typesetter = typesetter
        self._rules = rules
        self._costs = _Costs(passage, typesetter, rules)
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
            steps = self._known.cut(leads, lambda: _followed_back(self._searched(leads), self._size))
            ends = [*(step.start for step in steps[1:]), self._size]
            self._cuts[leads] = [self._cue(step, end) for step, end in zip(steps, ends, strict=True)]
        return self._cuts[leads]

    def _bounds(self) -> tuple[list[int], list[int]]:
        """For a cue starting at each position, where the second voice would start and the furthest place to end.

        A cue holds two voices at most, and no more text and time than its rules allow, but one token always.
        """
        changes, furthest = [], []
        upcoming = deque([*sorted(self._passage.changes), self._size, self._size])
        end = 0
        for start in range(self._size):
            while upcoming[0] <= start:
                upcoming.popleft()
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
        return self._passage.ends[end - 1] - self._voice[start] > rules.max_duration + ROUNDING

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
                search.keep(end, 0, befores[0] + cost + VOICELESS, Step(start, 0, layout))
            return
        pace, lend, chars = self._costs.pace, self._rules.lend, layout.chars
        first, last, voice_end = self._voice[start], self._voice[end], self._passage.ends[end - 1]
        if pace(first + lend, voice_end, chars, last - lend) == 0:
            step = Step(start, befores.index(lowest), layout)
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
                search.keep(end, after, cheapest, Step(start, chosen, layout))

    def _cue(self, step: Step, end: int) -> CutCue:
        voiced = self._next_voiced[step.start] < end
        shifted = self._voice[step.start] + self._shifts[step.state]
        start = shifted if voiced else self._passage.starts[step.start]
        draft = CueDraft(max(0.0, start), self._passage.ends[end - 1], step.layout.chars, voiced)
        return CutCue(self._typesetter.lines(step.start, end, step.layout), draft)


def _followed_back(search: _Search, end: int) -> list[Step]:
    """The steps of the cheapest cut that ends there without a shift, in order."""
    steps, state = [], 0
    while end:
        steps.append(search.steps[end][state])
        end, state = steps[-1].start, steps[-1].state
    return steps[::-1]


class _Costs:
    """The costs of one passage's cues. ``least[end]`` is the least that a cue which ends there can cost."""

    def __init__(self, passage: Passage, typesetter: Typesetter, rules: CaptionRules) -> None:
        self._passage = passage
        self._typesetter = typesetter
        self._rules = rules
        self._breaks = [*typesetter.costs, SENTENCE]
        # What it costs to show, of the sentences that start before each position, those after a silence before it.
        pauses = map(float.__sub__, passage.starts[1:], passage.ends)
        pairs = zip(self._breaks[1:], pauses, strict=False)
        early = (EARLY * (cost <= SENTENCE and pause > EARLY_PAUSE) for cost, pause in pairs)
        self._early = [0.0, 0.0, *accumulate(early)]
        self.least = [CUE + cost for cost in self._breaks]

    def reading(self, start: int, end: int, layout: Layout) -> float:
        """What the cue costs for its lines and for where it ends."""
        cost = CUE + layout.cost + self._sharing(start, end, layout.split)
        cost += self._early[end] - self._early[start + 1]
        if self._breaks[end] > SENTENCE:
            orphans = self._typesetter.orphans
            cost += self._breaks[end] + STRADDLES * (orphans.last_sentence[end] > start) + orphans.cost(start, end)
        return cost

    def _sharing(self, start: int, end: int, split: int) -> float:
        """What the cue costs for holding more than one paragraph, or more than one voice."""
        tokens, breaks = self._passage.tokens, self._breaks
        if tokens[start].paragraph == tokens[end - 1].paragraph:
            return 0.0
        if not start < split < end or split not in self._passage.changes:
            return NEW_PARAGRAPH
        cut = DIALOGUE_CUT * (breaks[start] > SENTENCE)
        if breaks[end] > SENTENCE:
            cut += DIALOGUE_AT_COMMA if breaks[end] <= BRACKET else DIALOGUE_CUT
        if split in self._passage.unsure:
            return max(NEW_VOICE, cut)
        starts, ends = self._passage.starts, self._passage.ends
        short = min(ends[split - 1] - starts[start], ends[end - 1] - starts[split]) < HASTY_BELOW
        return (EXCHANGE if short else DIALOGUE) + cut

    def pace(self, start: float, voice_end: float, chars: int, following: float) -> float:
        """What the cue costs for its time on screen."""
        rules = self._rules
        duration = on_screen_until(start, voice_end, chars, following, rules) - start
        if duration < LEAST_DURATION:
            duration = LEAST_DURATION
        cost = 0.0
        if duration * rules.max_speed < chars - ROUNDING:
            cost += TOO_FAST + FASTER * min(20.0, chars / duration - rules.max_speed)
        if duration < rules.min_duration - ROUNDING:
            cost += TOO_SHORT + SHORTER * (rules.min_duration - duration)
        elif duration < HASTY_BELOW:
            cost += HASTY * (HASTY_BELOW - duration) ** 2
        elif duration > rules.max_duration + ROUNDING:
            cost += TOO_LONG
        return cost

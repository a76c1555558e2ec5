"""From an alignment to cues: the cheapest way to cut each passage, found by dynamic programming.

A cut into cues costs the sum of its cues' costs, and a cue's cost depends on its own tokens and on when the next cue
starts, which is when the voice of its first token does. So ``best[j] = min over i of best[i] + cost(i, j)`` is exact,
and a cue holds so few tokens that the search is linear in the text.

Conventions
-----------
- Costs are in the unit of ``breaks``: a break between two words that say nothing for or against it costs 12.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from aligner.captions.breaks import BRACKET, SENTENCE, last_breaks
from aligner.captions.cue import Cue, CueKind
from aligner.captions.languages import language_of
from aligner.captions.layout import Layout, Typesetter
from aligner.captions.names import label, short_names
from aligner.captions.passages import Passage, read_passages
from aligner.captions.rules import CaptionRules
from aligner.captions.timing import Draft, on_screen_until, settle
from aligner.model import Alignment

# Every cue costs something: fewer, fuller cues where all else is equal.
CUE = 2.0
# Faster than can be read: a step, because readers are lost there, and more for each character per second beyond.
TOO_FAST = 270.0
FASTER = 2.0
# A cue shorter than the norm, per second too short; one that is within it but hasty.
TOO_SHORT = 300.0
SHORTER = 100.0
HASTY = 6.0
HASTY_BELOW = 1.3
TOO_LONG = 300.0
# The head of a sentence at the end of a cue that also ends another.
STRADDLES = 4.0
# A cue that runs on into the next paragraph.
NEW_PARAGRAPH = 8.0
# The same where it may be someone else's, each on its own line: less than a flash of a cue, more than one too fast.
NEW_VOICE = 285.0
# Two speakers share a cue where their words are short; each alone reads better.
DIALOGUE = 12.0
# The upper line should start a sentence and the lower one end it, at a comma if need be: what is cut in mid-clause and
# shared with another voice is harder to follow than what is too fast, and only a flash of a cue is worse.
DIALOGUE_AT_COMMA = 60.0
DIALOGUE_CUT = 290.0
# No word of the cue has a time.
VOICELESS = 400.0
# A cue starts a little before or after its voice.
SHIFT = 1.0
ROUNDING = 1e-6
_UNREACHED = float("inf")


def build_cues(alignment: Alignment, rules: CaptionRules | None = None, words: range | None = None) -> list[Cue]:
    """The cues of an episode, or of the part of it that ``words`` covers (a range of indices of its words).

    Cues of a part keep the episode's times; ``shifted`` moves them.
    """
    rules = rules or CaptionRules()
    passages = read_passages(alignment, rules, words)
    language = language_of(alignment.language)
    speakers = dict.fromkeys(token.speaker for passage in passages for token in passage.tokens if token.speaker)
    labels = {
        speaker: (label(speaker, alignment.language, rules.max_line), label(short, alignment.language, rules.max_line))
        for speaker, short in short_names(speakers).items()
    }
    drafts: list[Draft] = []
    cues = []
    sound_end = max([alignment.audio.duration] + [passage.ends[-1] for passage in passages[-1:]])
    for number, passage in enumerate(passages):
        following = passages[number + 1].starts[0] if number + 1 < len(passages) else sound_end + rules.min_gap
        cutter = Cutter(passage, Typesetter(passage, language, labels, rules), following, rules)
        for cue in cutter.cut():
            drafts.append(cutter.draft(cue))
            cues.append((passage.kind, cutter.typesetter.lines(cue.start, cue.end, cue.layout)))
    times = settle(drafts, sound_end, rules)
    return [Cue(start, end, lines, kind) for (start, end), (kind, lines) in zip(times, cues, strict=True)]


class CutCue(NamedTuple):
    """A cue as cut: its tokens, how they are set, how far from its voice it starts."""

    start: int
    end: int
    layout: Layout
    shift: float


class Cutter:
    """Cuts one passage into cues; ``following`` is when whatever comes after it starts.

    A state of the search is a position and how far from its voice the cue that starts there starts: cues may lend each
    other ``rules.lend`` seconds. ``_shifts[0]`` is no shift.
    """

    def __init__(self, passage: Passage, typesetter: Typesetter, following: float, rules: CaptionRules) -> None:
        self.typesetter = typesetter
        self._passage = passage
        self._rules = rules
        self._size = len(passage.tokens)
        self._shifts = (0.0, -rules.lend, rules.lend) if rules.lend else (0.0,)
        self._changes = [*sorted(passage.changes), self._size, self._size]
        # When the voice of a cue starting at each position starts: with its first timed token.
        self._voice = [*passage.starts, following]
        self._next_voiced = [self._size] * (self._size + 1)
        self._last_sentence = last_breaks(typesetter.costs, SENTENCE)
        for position in range(self._size - 1, -1, -1):
            timed = passage.kind is not CueKind.SPEECH or passage.tokens[position].timed
            self._next_voiced[position] = position if timed else self._next_voiced[position + 1]
            if self._next_voiced[position] < self._size:
                self._voice[position] = passage.starts[self._next_voiced[position]]

    def cut(self) -> list[CutCue]:
        """The cheapest cut: its cues cover all tokens in order."""
        states = range(len(self._shifts))
        best = [[_UNREACHED for _ in states] for _ in range(self._size + 1)]
        best[0][:2] = [0.0, SHIFT][: len(states)]
        chosen: dict[tuple[int, int], tuple[int, int, Layout]] = {}
        next_change = 0
        for start in range(self._size):
            while self._changes[next_change] <= start:
                next_change += 1
            change, stop = self._changes[next_change : next_change + 2]
            for end in range(start + 1, stop + 1):
                if end > start + 1 and self._is_too_big(start, end):
                    break
                for layout in self.typesetter.layouts(start, end, change):
                    for state, before, cost in self._steps(start, end, layout, best[start], max(best[end])):
                        if cost < best[end][state]:
                            best[end][state] = cost
                            chosen[end, state] = start, before, layout
        return self._followed_back(chosen)

    def _followed_back(self, chosen: dict[tuple[int, int], tuple[int, int, Layout]]) -> list[CutCue]:
        cues = []
        end, state = self._size, 0
        while end:
            start, state, layout = chosen[end, state]
            cues.append(CutCue(start, end, layout, self._shifts[state]))
            end = start
        return cues[::-1]

    def draft(self, cue: CutCue) -> Draft:
        """What the timing of a cue needs to know of it."""
        voiced = self._next_voiced[cue.start] < cue.end
        voice_start = self._voice[cue.start] + cue.shift if voiced else self._passage.starts[cue.start]
        return Draft(max(0.0, voice_start), self._passage.ends[cue.end - 1], cue.layout.chars, voiced)

    def _is_too_big(self, start: int, end: int) -> bool:
        rules = self._rules
        if self.typesetter.width(start, end) > rules.max_lines * rules.max_line:
            return True
        return self._passage.ends[end - 1] - self._voice[start] > rules.max_duration

    def _steps(
        self, start: int, end: int, layout: Layout, costs: list[float], worst: float
    ) -> Iterator[tuple[int, int, float]]:
        """The states after a cue that may cost less than ``worst``: ``(state after, state before, cost so far)``."""
        cost = self._reading_cost(start, end, layout)
        lowest = min(costs)
        if lowest + cost >= worst:
            return
        if self._next_voiced[start] >= end:
            yield 0, 0, costs[0] + cost + VOICELESS
            return
        afters = range(1 if end == self._size else len(costs))
        first, last = self._voice[start], self._voice[end]
        lend, voice_end, chars = self._rules.lend, self._passage.ends[end - 1], layout.chars
        if self._pace_cost(first + lend, voice_end, chars, last - lend) == 0:
            before = costs.index(lowest)
            for after in afters:
                yield after, before, lowest + cost + SHIFT * (after > 0)
            return
        if lowest + cost + self._pace_cost(first - lend, voice_end, chars, last + lend) >= worst:
            return
        for before, cost_before in enumerate(costs):
            for after in afters:
                pace = self._pace_cost(first + self._shifts[before], voice_end, chars, last + self._shifts[after])
                yield after, before, cost_before + cost + pace + SHIFT * (after > 0)

    def _reading_cost(self, start: int, end: int, layout: Layout) -> float:
        """What the cue costs for its lines and for where it ends."""
        cost = CUE + layout.cost + self._sharing_cost(start, end, layout.split)
        break_cost = self.typesetter.costs[end] if end < self._size else SENTENCE
        if break_cost > SENTENCE:
            straddles = self._last_sentence[end] > start
            cost += break_cost + STRADDLES * straddles + self.typesetter.orphan_cost(start, end)
        return cost

    def _sharing_cost(self, start: int, end: int, split: int) -> float:
        """What the cue costs for holding more than one paragraph, or more than one voice."""
        tokens, costs = self._passage.tokens, self.typesetter.costs
        if tokens[start].paragraph == tokens[end - 1].paragraph:
            return 0.0
        if not start < split < end or split not in self._passage.changes:
            return NEW_PARAGRAPH
        cut = DIALOGUE_CUT * (costs[start] > SENTENCE)
        if end < self._size and costs[end] > SENTENCE:
            cut += DIALOGUE_AT_COMMA if costs[end] <= BRACKET else DIALOGUE_CUT
        return max(NEW_VOICE, cut) if split in self._passage.unsure else DIALOGUE + cut

    def _pace_cost(self, start: float, voice_end: float, chars: int, following: float) -> float:
        """What the cue costs for its time on screen."""
        rules = self._rules
        duration = max(0.001, on_screen_until(start, voice_end, chars, following, rules) - start)
        cost = 0.0
        if duration * rules.max_speed < chars - ROUNDING:
            cost += TOO_FAST + FASTER * min(20.0, chars / duration - rules.max_speed)
        if duration < rules.min_duration - ROUNDING:
            cost += TOO_SHORT + SHORTER * (rules.min_duration - duration)
        elif duration < HASTY_BELOW:
            cost += HASTY * (HASTY_BELOW - duration)
        elif duration > rules.max_duration + ROUNDING:
            cost += TOO_LONG
        return cost

"""What a cue costs: for what it holds, for where it ends, for its time on screen.

Conventions
-----------
- Costs are in the unit of ``breaks``: a break between two words that say nothing for or against it costs 12.
"""

from __future__ import annotations

from aligner.captions.breaks import BRACKET, SENTENCE, last_breaks
from aligner.captions.layout import Layout, Typesetter
from aligner.captions.passages import Passage
from aligner.captions.rules import CaptionRules
from aligner.captions.timing import on_screen_until

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
LEAST_DURATION = 0.001
ROUNDING = 1e-6


class CueCosts:
    """The costs of one passage's cues. ``least[end]`` is the least that a cue which ends there can cost."""

    def __init__(self, passage: Passage, typesetter: Typesetter, rules: CaptionRules) -> None:
        self._passage = passage
        self._typesetter = typesetter
        self._rules = rules
        self._breaks = [*typesetter.costs, SENTENCE]
        self._last_sentence = last_breaks(typesetter.costs, SENTENCE)
        self.least = [CUE + cost for cost in self._breaks]

    def reading(self, start: int, end: int, layout: Layout) -> float:
        """What the cue costs for its lines and for where it ends."""
        cost = CUE + layout.cost + self._sharing(start, end, layout.split)
        if self._breaks[end] > SENTENCE:
            straddles = self._last_sentence[end] > start
            cost += self._breaks[end] + STRADDLES * straddles + self._typesetter.orphan_cost(start, end)
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
        return max(NEW_VOICE, cut) if split in self._passage.unsure else DIALOGUE + cut

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
            cost += HASTY * (HASTY_BELOW - duration)
        elif duration > rules.max_duration + ROUNDING:
            cost += TOO_LONG
        return cost

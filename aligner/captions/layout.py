"""Setting a run of tokens on the lines of one cue: where the line breaks, where names and dashes go.

Conventions
-----------
- Positions index the passage's tokens, ranges are half-open; lengths are characters as ``width`` counts them.
- Costs are in the unit of ``typography.breaks``. A cue of two lines counts one character for its line break.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from itertools import accumulate
from typing import NamedTuple

from aligner.captions.cue import CueLine, CueWord
from aligner.captions.passages import Passage
from aligner.captions.rules import CaptionRules
from aligner.captions.speakers import SpeakerNames
from aligner.languages import Captioning
from aligner.typography.breaks import COMMA, SENTENCE, break_costs, last_breaks
from aligner.typography.characters import width
from aligner.typography.tokens import DASHES, Token

# A break between lines disturbs less than one between cues.
LINE_BREAK = 0.55
# Per character that one line is longer than the other; once more where it is the upper one.
UNBALANCE = 0.08
TOP_HEAVY = 0.05
# A word or two after a comma or a full stop, cut off from what follows. "So, Desmond," is none: nothing is cut.
ORPHAN = 10.0
ORPHAN_WIDTH = 10
NAME_ALONE = 2.0
# A word longer than a line.
OVERFLOW = 300.0


class Layout(NamedTuple):
    """A way to set a cue: its cost, its characters, where its second line starts (at its end where it has one)."""

    cost: float
    chars: int
    split: int
    leads: tuple[str, str]


Leads = tuple[str, ...]
"""What a cue or a speaker's line that starts at each position adds: a name, the transcript's own dash, or nothing."""


class Typesetter:
    """Sets ranges of one passage's tokens."""

    def __init__(self, passage: Passage, language: Captioning, rules: CaptionRules) -> None:
        pauses = [0.0] + [start - end for start, end in zip(passage.starts[1:], passage.ends[:-1], strict=True)]
        self.costs = break_costs(passage.tokens, pauses, language)
        self._last_rest = last_breaks(self.costs, COMMA)
        self._passage = passage
        self._rules = rules
        self._dash = language.dash
        self._before = [width(token.before) for token in passage.tokens]
        widths = (before + width(token.text) for before, token in zip(self._before, passage.tokens, strict=True))
        self._read = list(accumulate(widths, initial=0))
        # Whether what a line ends with after its last rest is a word or two of a new clause.
        self._orphans = [ORPHAN * self._leaves_orphan(end) for end in range(len(passage.tokens))]
        self._shown = tuple(map(_shown_word, passage.tokens))

    def width(self, start: int, end: int) -> int:
        """The length of the tokens set on one line."""
        return self._read[end] - self._read[start] - self._before[start]

    def orphan_cost(self, start: int, end: int) -> float:
        """What a line from ``start`` to ``end`` costs for a word or two of a new clause left at its end."""
        return 0.0 if self._last_rest[end] == start else self._orphans[end]

    def _leaves_orphan(self, end: int) -> bool:
        rest = self._last_rest[end]
        if self.costs[end] <= (COMMA if self.costs[rest] > SENTENCE else SENTENCE):
            return False
        return self.width(rest, end) < ORPHAN_WIDTH

    def leads(self, names: SpeakerNames, labels: Mapping[str, tuple[str, str]]) -> Leads:
        """What captions add where, speakers named as ``names`` says; ``labels`` holds their full and short labels.

        A name is full where its speaker is first heard, then short, so that nobody seems to be two people.
        """
        return tuple(self._lead(position, names, labels) for position in range(len(self._passage.tokens)))

    def layouts(self, start: int, end: int, change: int, leads: Leads) -> list[Layout]:
        """The ways to set a cue; ``change`` is where the second speaker starts, ``end`` or more where none does."""
        if change >= end:
            return self._one_speaker(start, end, leads)
        return self._two_speakers(start, change, end, leads)

    def lines(self, start: int, end: int, layout: Layout) -> tuple[CueLine, ...]:
        """The lines of the layout chosen."""
        parts = [(start, layout.split, layout.leads[0]), (layout.split, end, layout.leads[1])]
        return tuple(
            CueLine(self._speaker(first), lead, self._shown[first:last])
            for first, last, lead in parts
            if first < last or lead
        )

    def _speaker(self, position: int) -> str | None:
        return self._passage.tokens[position].speaker

    def _lead(self, position: int, names: SpeakerNames, labels: Mapping[str, tuple[str, str]]) -> str:
        passage = self._passage
        token = passage.tokens[position]
        told = names is SpeakerNames.ALWAYS or (names is SpeakerNames.CHANGE and position in passage.named)
        if told and token.speaker and token.speaker in labels:
            full, short = labels[token.speaker]
            return full if position in passage.introduced else short
        opens = token.opens and position in passage.changes and token.text[0] not in DASHES
        return self._dash if opens else ""

    def _one_speaker(self, start: int, end: int, leads: Leads) -> list[Layout]:
        room, two_lines = self._rules.max_line, self._rules.max_lines > 1
        lead = leads[start]
        led = width(lead) + 1 if lead else 0
        text = self.width(start, end)
        if led + text <= room:
            return [Layout(0.0, led + text, end, (lead, ""))]
        found = []
        if two_lines:
            if led and text <= room:
                found.append(Layout(NAME_ALONE, led + text, start, (lead, "")))
            split, cost = self._best_split(start, end, led)
            if split:
                chars = led + self.width(start, split) + 1 + self.width(split, end)
                found.append(Layout(cost, chars, split, (lead, "")))
        if end == start + 1:
            found.append(Layout(OVERFLOW, led + text, start if led and two_lines else end, (lead, "")))
        return found

    def _best_split(self, start: int, end: int, led: int) -> tuple[int, float]:
        """The best place for a line break and its cost; 0 where the text does not fit on two lines."""
        read, before, room = self._read, self._before, self._rules.max_line
        first = max(start + 1, bisect_left(read, read[end] - room - 2, start, end))
        last = min(end - 1, bisect_right(read, read[start] + before[start] + room - led) - 1)
        best, best_cost = 0, float("inf")
        for split in range(first, last + 1):
            cost = LINE_BREAK * (self.costs[split] + self.orphan_cost(start, split))
            lower = read[end] - read[split] - before[split]
            if cost >= best_cost or lower > room:
                continue
            uneven = led + read[split] - read[start] - before[start] - lower
            cost += UNBALANCE * abs(uneven) + TOP_HEAVY * max(0, uneven)
            if cost < best_cost:
                best, best_cost = split, cost
        return best, best_cost

    def _two_speakers(self, start: int, change: int, end: int, leads: Leads) -> list[Layout]:
        room = self._rules.max_line
        upper, lower = leads[start], leads[change]
        if change not in self._passage.unsure:
            upper, lower = self._dashed(start, upper), self._dashed(change, lower)
        top = width(upper) + bool(upper) + self.width(start, change)
        bottom = width(lower) + bool(lower) + self.width(change, end)
        if self._rules.max_lines == 1 or top > room or bottom > room:
            return []
        return [Layout(0.0, top + 1 + bottom, change, (upper, lower))]

    def _dashed(self, position: int, lead: str) -> str:
        """The lead of a dialogue line: a dash unless the transcript has one there, then the name."""
        if lead == self._dash or self._passage.tokens[position].text[0] in DASHES:
            return lead
        return f"{self._dash} {lead}" if lead else self._dash


def _shown_word(token: Token) -> CueWord:
    return CueWord(token.text, token.before, None if token.word is None else token.span, token.word)

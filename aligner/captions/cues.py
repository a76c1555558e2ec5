"""From an alignment to cues: the cheapest way to cut each passage, found by dynamic programming.

A cut into cues costs the sum of its cues' costs, and a cue's cost depends on its own tokens and on when the next cue
starts, which is when the voice of its first token does. So ``best[j] = min over i of best[i] + cost(i, j)`` is exact,
and a cue holds so few tokens that the search is linear in the text.

Conventions
-----------
- Costs are in the unit of ``breaks``: a break between two words that say nothing for or against it costs 12.
"""

from __future__ import annotations

from aligner.captions.breaks import SENTENCE
from aligner.captions.cue import Cue, CueKind
from aligner.captions.languages import language_of
from aligner.captions.layout import Layout, Typesetter
from aligner.captions.names import label, short_names
from aligner.captions.passages import Passage, read_passages
from aligner.captions.rules import CaptionRules
from aligner.captions.timing import Draft, on_screen_until, settle
from aligner.model import Alignment

# Every cue costs something: fewer, fuller cues where all else is equal.
CUE = 5.0
# Faster than can be read: a step, because readers are lost there, and more for each character per second beyond.
TOO_FAST = 40.0
FASTER = 5.0
# A cue shorter than the norm, per second too short; one that is within it but hasty.
TOO_SHORT = 40.0
SHORTER = 100.0
HASTY = 6.0
HASTY_BELOW = 1.3
TOO_LONG = 200.0
# The head of a sentence at the end of a cue that also ends another.
STRADDLES = 4.0
# No word of the cue has a time.
VOICELESS = 150.0


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
        for start, end, layout in cutter.cut():
            drafts.append(cutter.draft(start, end, layout.chars))
            cues.append((passage.kind, cutter.typesetter.lines(start, end, layout)))
    times = settle(drafts, sound_end, rules)
    return [Cue(start, end, lines, kind) for (start, end), (kind, lines) in zip(times, cues, strict=True)]


class Cutter:
    """Cuts one passage into cues; ``following`` is when whatever comes after it starts."""

    def __init__(self, passage: Passage, typesetter: Typesetter, following: float, rules: CaptionRules) -> None:
        self.typesetter = typesetter
        self._passage = passage
        self._rules = rules
        self._size = len(passage.tokens)
        self._changes = [*sorted(passage.changes), self._size, self._size]
        # When the voice of a cue starting at each position starts: with its first timed token.
        self._voice = [*passage.starts, following]
        self._next_voiced = [self._size] * (self._size + 1)
        self._last_sentence = [0] * (self._size + 1)
        for position in range(self._size - 1, -1, -1):
            timed = passage.kind is not CueKind.SPEECH or passage.tokens[position].timed
            self._next_voiced[position] = position if timed else self._next_voiced[position + 1]
            if self._next_voiced[position] < self._size:
                self._voice[position] = passage.starts[self._next_voiced[position]]
        for position in range(1, self._size + 1):
            starts_sentence = typesetter.costs[position - 1] == SENTENCE
            self._last_sentence[position] = position - 1 if starts_sentence else self._last_sentence[position - 1]

    def cut(self) -> list[tuple[int, int, Layout]]:
        """The cheapest cut: ``(start, end, layout)`` of each cue, covering all tokens in order."""
        best = [float("inf")] * (self._size + 1)
        best[0] = 0.0
        chosen: list[tuple[int, int, Layout] | None] = [None] * (self._size + 1)
        next_change = 0
        for start in range(self._size):
            while self._changes[next_change] <= start:
                next_change += 1
            change, stop = self._changes[next_change : next_change + 2]
            for end in range(start + 1, stop + 1):
                if end > start + 1 and self._is_too_big(start, end):
                    break
                for layout in self.typesetter.layouts(start, end, change):
                    cost = best[start] + self._cost(start, end, layout)
                    if cost < best[end]:
                        best[end] = cost
                        chosen[end] = start, end, layout
        return self._followed_back(chosen)

    def _followed_back(self, chosen: list[tuple[int, int, Layout] | None]) -> list[tuple[int, int, Layout]]:
        cues = []
        cue = chosen[self._size]
        while cue is not None:
            cues.append(cue)
            cue = chosen[cue[0]]
        return cues[::-1]

    def draft(self, start: int, end: int, chars: int) -> Draft:
        """What the timing of a cue needs to know of it."""
        voiced = self._next_voiced[start] < end
        voice_start = self._voice[start] if voiced else self._passage.starts[start]
        return Draft(voice_start, self._passage.ends[end - 1], chars, voiced)

    def _is_too_big(self, start: int, end: int) -> bool:
        rules = self._rules
        if self.typesetter.width(start, end) > rules.max_lines * rules.max_line:
            return True
        return self._passage.ends[end - 1] - self._voice[start] > rules.max_duration

    def _cost(self, start: int, end: int, layout: Layout) -> float:
        rules = self._rules
        cost = CUE + layout.cost
        if end < self._size:
            break_cost = self.typesetter.costs[end]
            cost += break_cost
            if break_cost > SENTENCE and self._last_sentence[end] > start:
                cost += STRADDLES
        if self._next_voiced[start] >= end:
            return cost + VOICELESS
        voice = self._voice[start]
        until = on_screen_until(voice, self._passage.ends[end - 1], layout.chars, self._voice[end], rules)
        duration = max(0.001, until - voice)
        speed = layout.chars / duration
        if speed > rules.max_speed:
            cost += TOO_FAST + FASTER * min(20.0, speed - rules.max_speed)
        if duration < rules.min_duration:
            cost += TOO_SHORT + SHORTER * (rules.min_duration - duration)
        elif duration < HASTY_BELOW:
            cost += HASTY * (HASTY_BELOW - duration)
        elif duration > rules.max_duration:
            cost += TOO_LONG
        return cost

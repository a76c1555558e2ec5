"""Which norms a cue misses, so that a run can say how its captions read.

Conventions
-----------
- Times are compared on the millisecond grid that files are written on; the speed counts every character shown, a line
  break as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aligner.captions.cue import Cue, CueKind
from aligner.captions.rules import CaptionRules
from aligner.captions.width import width
from aligner.durations import to_milliseconds


class Norm(StrEnum):
    """What is asked of a cue."""

    LINE_LENGTH = "line length"
    LINE_COUNT = "line count"
    SHORT = "too short"
    LONG = "too long"
    GAP = "gap before the next"
    START = "start against the voice"
    SPEED = "reading speed"


@dataclass(frozen=True, slots=True)
class CueReport:
    """The norms each cue misses; ``missed`` is as long as the cues judged."""

    missed: tuple[frozenset[Norm], ...]

    @property
    def counts(self) -> dict[Norm, int]:
        """How many cues miss each norm."""
        found = Counter(norm for missed in self.missed for norm in missed)
        return {norm: found[norm] for norm in Norm}

    @property
    def within(self) -> float:
        """The share of cues inside every norm but reading speed; 1 where there are no cues."""
        return self._share(lambda missed: not missed - {Norm.SPEED})

    @property
    def readable(self) -> float:
        """The share of cues inside the reading speed; 1 where there are no cues."""
        return self._share(lambda missed: Norm.SPEED not in missed)

    def _share(self, passes: Callable[[frozenset[Norm]], bool]) -> float:
        return sum(map(passes, self.missed)) / len(self.missed) if self.missed else 1.0


def judge_cues(cues: Sequence[Cue], rules: CaptionRules | None = None) -> CueReport:
    """Judge cues by the rules; the voice of a cue is that of its words."""
    rules = rules or CaptionRules()
    followers = [*(cue.start for cue in cues[1:]), None] if cues else []
    return CueReport(tuple(_missed(cue, after, rules) for cue, after in zip(cues, followers, strict=True)))


def _missed(cue: Cue, following: float | None, rules: CaptionRules) -> frozenset[Norm]:
    start_ms, end_ms = to_milliseconds(cue.start), to_milliseconds(cue.end)
    duration_ms = end_ms - start_ms
    missed = set()
    if any(width(line.text) > rules.max_line for line in cue.lines):
        missed.add(Norm.LINE_LENGTH)
    if len(cue.lines) > rules.max_lines:
        missed.add(Norm.LINE_COUNT)
    if duration_ms < to_milliseconds(rules.min_duration):
        missed.add(Norm.SHORT)
    if duration_ms > to_milliseconds(rules.max_duration):
        missed.add(Norm.LONG)
    if following is not None and to_milliseconds(following) - end_ms < to_milliseconds(rules.min_gap):
        missed.add(Norm.GAP)
    voice = cue.voice_start
    if cue.kind is CueKind.SPEECH and voice is not None:
        error_ms = abs(start_ms - to_milliseconds(voice))
        if error_ms > to_milliseconds(rules.max_start_error):
            missed.add(Norm.START)
    if width(cue.text.replace("\n", " ")) > rules.max_speed * duration_ms / 1000:
        missed.add(Norm.SPEED)
    return frozenset(missed)

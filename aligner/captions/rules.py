"""The rules that cues keep to, a reason beside each default; which norms a cue misses, so that a run can say how its
captions read.

Conventions
-----------
- Durations are seconds, lengths are characters as ``width`` counts them.
- Cues are judged on the millisecond grid that files are written on; the speed counts every character shown, a line
  break as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from aligner.captions.cue import Cue, CueKind
from aligner.captions.speakers import SpeakerNames
from aligner.durations import to_milliseconds
from aligner.typography.characters import width


@dataclass(frozen=True, slots=True)
class CaptionRules:
    """What a cue may be. Numbers are Netflix's timed text guidelines (general, French and English) where not said."""

    max_lines: int = 2
    max_line: int = 42
    # 5/6 s, on the millisecond grid of the files.
    min_duration: float = 0.834
    max_duration: float = 7.0
    # Two frames at 25 per second: the eye sees that the text has changed.
    min_gap: float = 0.08
    # Three frames at 24 per second, either side of the voice.
    max_start_error: float = 0.125
    # How far from its voice a cue may start to give reading time to its neighbour; the rest of the norm above is left
    # to the error of the word times.
    lend: float = 0.08
    # Characters per second, for captions in the language spoken, for deaf and hard-of-hearing readers.
    max_speed: float = 20.0
    # How long a cue stays after its last word where nobody speaks (12 frames at 24 per second).
    linger: float = 0.5
    # A pause between cues shorter than this flickers: the first cue is held until the gap before the second.
    chain: float = 0.4
    # A longer silence between two words splits the cue; what lies there may be music.
    max_pause: float = 1.0
    # Speech that the transcript lacks is announced when it lasts longer than this.
    min_untranscribed: float = 3.0
    # A stage direction that has its own cue is shown no longer than this.
    stage_duration: float = 3.0
    speaker_names: SpeakerNames = SpeakerNames.NEVER
    # Stage directions, and the mark where speech was not transcribed.
    sound_cues: bool = True

    def __post_init__(self) -> None:
        if self.max_lines not in (1, 2):
            raise ValueError(f"max_lines is {self.max_lines}, expected 1 or 2")
        if self.max_line < 8:
            raise ValueError(f"max_line is {self.max_line}, expected 8 characters or more")
        if not 0 < self.min_duration < self.max_duration:
            raise ValueError(f"durations are {self.min_duration} to {self.max_duration}, expected 0 < least < most")
        if (
            self.max_speed <= 0
            or min(self.min_gap, self.max_start_error, self.linger, self.chain, self.max_pause, self.lend) < 0
        ):
            raise ValueError("a speed must be positive, and no time negative")


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

"""The rules that cues keep to, a reason beside each default; which norms a cue misses, so that a run can say how its
captions read.

Conventions
-----------
- Durations are seconds, lengths are characters as ``width`` counts them.
- Cues are judged on the millisecond grid that files are written on; the speed counts every character shown, a line
  break as one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from aligner.captions.cue import Cue, CueKind
from aligner.captions.speakers import SpeakerNames
from aligner.durations import to_milliseconds
from aligner.model import Span
from aligner.timed_text.cue_text import plain
from aligner.timed_text.cues import CueBlock
from aligner.timed_text.problem import Problem
from aligner.typography.characters import width


@dataclass(frozen=True, slots=True)
class CaptionRules:
    """What a cue may be. Numbers are Netflix's timed text guidelines (general, French and English) where not said."""

    max_lines: int = 2
    # How many speakers may share a cue, on a line each.
    max_voices: int = 2
    max_line: int = 42
    # 5/6 s, on the millisecond grid of the files.
    min_duration: float = 0.834
    max_duration: float = 7.0
    # Two frames at 25 per second: the eye sees that the text has changed.
    min_gap: float = 0.08
    # Three frames at 24 per second, either side of the voice.
    max_start_error: float = 0.125
    # How far from its voice a cue may start to give reading time to its neighbour; a fifth of the norm above is left to
    # the error of the word times.
    lend: float = 0.1
    # Characters per second, for captions in the language spoken, for deaf and hard-of-hearing readers.
    max_speed: float = 20.0
    # How long a cue stays after its last word where nobody speaks (12 frames at 24 per second).
    linger: float = 0.5
    # A pause between cues shorter than this flickers: the first cue is held until the gap before the second.
    chain: float = 0.4
    # A longer silence between two words splits the cue; what lies there may be music.
    max_pause: float = 1.0
    # One between a word and what it clings to ("Il … n'est pas") is a hesitation, and splits it when longer than this:
    # what follows is then shown early by as much, where a lone "Il" would say nothing.
    max_hesitation: float = 3.0
    # Speech that the transcript lacks is announced when it lasts longer than this.
    min_untranscribed: float = 3.0
    # A stage direction that has its own cue is shown no longer than this.
    stage_duration: float = 3.0
    speaker_names: SpeakerNames = SpeakerNames.NEVER
    # Speakers are introduced by their full name, and go by a short one afterwards.
    introduces: bool = True
    # What follows a name; as the language writes it where None.
    name_mark: str | None = None
    # Stage directions, and the mark where speech was not transcribed.
    sound_cues: bool = True

    def __post_init__(self) -> None:
        if self.max_lines not in (1, 2):
            raise ValueError(f"max_lines is {self.max_lines}, expected 1 or 2")
        if self.max_voices not in (1, 2):
            raise ValueError(f"max_voices is {self.max_voices}, expected 1 or 2")
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
    missed = set(measured(cue.text.split("\n"), Span(cue.start, cue.end), following, rules))
    voice = cue.voice_start
    if cue.kind is CueKind.SPEECH and voice is not None:
        error_ms = abs(to_milliseconds(cue.start) - to_milliseconds(voice))
        if error_ms > to_milliseconds(rules.max_start_error):
            missed.add(Norm.START)
    return frozenset(missed)


def measured(lines: Sequence[str], span: Span, following: float | None, rules: CaptionRules) -> dict[Norm, str]:
    """The norms that a cue misses, whoever made it, each with its figure and what the rules ask for.

    ``following`` is when the next cue starts; None where there is none.
    """
    start_ms, end_ms = to_milliseconds(span.start), to_milliseconds(span.end)
    duration_ms = end_ms - start_ms
    missed = {}
    longest, read = max(map(width, lines), default=0), width(" ".join(lines))
    if longest > rules.max_line:
        missed[Norm.LINE_LENGTH] = f"{longest} characters, at most {rules.max_line}"
    if len(lines) > rules.max_lines:
        missed[Norm.LINE_COUNT] = f"{len(lines)} lines, at most {rules.max_lines}"
    if duration_ms < to_milliseconds(rules.min_duration):
        missed[Norm.SHORT] = f"{duration_ms / 1000:g} s, at least {rules.min_duration:g}"
    if duration_ms > to_milliseconds(rules.max_duration):
        missed[Norm.LONG] = f"{duration_ms / 1000:g} s, at most {rules.max_duration:g}"
    if following is not None:
        gap_ms = to_milliseconds(following) - end_ms
        if gap_ms < to_milliseconds(rules.min_gap):
            missed[Norm.GAP] = f"{gap_ms / 1000:g} s, at least {rules.min_gap:g}"
    if read > rules.max_speed * duration_ms / 1000:
        missed[Norm.SPEED] = f"{_speed(read, duration_ms)} characters a second, at most {rules.max_speed:g}"
    return missed


def _speed(characters: int, duration_ms: int) -> str:
    """Characters a second, rounded up, since a figure that is told is over the norm."""
    return f"{math.ceil(characters / max(duration_ms, 1) * 10_000) / 10:.1f}"


def missed_norms(cues: Sequence[CueBlock], rules: CaptionRules | None = None) -> list[Problem]:
    """The norms that the cues of a file miss, as a problem each; when the voice starts is not known."""
    rules = rules or CaptionRules()
    found = []
    timed = [cue for cue in cues if cue.is_timed]
    starts = [cue.start for cue in timed]
    for cue, following in zip_longest(timed, starts[1:]):
        lines = [text for text in map(plain, cue.lines) if text]
        for norm, figure in measured(lines, Span(cue.start, max(cue.start, cue.end)), following, rules).items():
            found.append(Problem(cue.line, norm, f"{norm}: {figure}"))
    return found

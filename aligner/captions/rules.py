"""The rules that cues keep to: one frozen record, a reason beside each default.

Conventions
-----------
- Durations are seconds, lengths are characters as ``width`` counts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SpeakerNames(StrEnum):
    """When a cue names its speaker in its text."""

    ALWAYS = "always"
    CHANGE = "change"
    NEVER = "never"


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

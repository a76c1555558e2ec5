"""Which stretches of a new sound are the old one.

Conventions
-----------
- Times are seconds of decoded sound, an encoder's delay being part of what was moved.
"""

from __future__ import annotations

from dataclasses import dataclass

from aligner.model import Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the ``old`` sound and where it is in the ``new`` one; in between, time runs evenly."""

    old: Span
    new: Span

    def __post_init__(self) -> None:
        if not (self.old.duration > 0 and self.new.duration > 0):
            raise ValueError(f"no stretch of sound: {self.old} at {self.new}")

    @property
    def rate(self) -> float:
        """Seconds of the old sound in a second of the new one: above 1 where that is faster."""
        return self.old.duration / self.new.duration

    def moved(self, seconds: float) -> float:
        """Where a moment of the old sound is in the new one."""
        return self.new.start + (seconds - self.old.start) / self.rate

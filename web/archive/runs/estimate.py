"""How much of an archive is done, how fast that goes, and how long the rest takes: from what this run has seen alone.

Conventions
-----------
- How long a sound is that nobody has opened yet is told by its size, and by how much sound a byte was in those that
  were; until then as usual with its kind.
- A stage costs some seconds for each second of sound. What is left is divided by how much work was done at a time.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from web.archive.runs.outcome import Outcome, Stage, State

_USUAL_BYTES = {".wav": 100_000.0, ".flac": 50_000.0, ".opus": 8_000.0}  # of a second of sound
_USUAL_BYTES_ELSE = 16_000.0  # as at 128 kbit/s
_USUAL_COST: Mapping[Stage, float] = {Stage.ALIGN: 0.08, Stage.WAVEFORM: 0.015}  # seconds, of one core of a laptop


@dataclass(frozen=True, slots=True)
class _Expected:
    stage: Stage
    kind: str
    size_bytes: int


class Estimate:
    """Stages that are to be done, and how it goes."""

    def __init__(self) -> None:
        self._left: dict[str, _Expected] = {}
        self._bytes = defaultdict[str, float](float)  # by kind of sound, of those that were opened
        self._seconds = defaultdict[str, float](float)
        self._sound = defaultdict[Stage, float](float)  # seconds of sound that a stage got through
        self._work = defaultdict[Stage, float](float)
        self._began: float | None = None

    def expect(self, key: str, stage: Stage, kind: str, size_bytes: int) -> None:
        """A stage is to be done to sound of this kind, told by the ending of its name."""
        self._left[key] = _Expected(stage, kind, size_bytes)

    def begin(self) -> None:
        """Work begins now."""
        self._began = time.monotonic()

    def forget(self, key: str) -> None:
        """It is not to be done after all."""
        self._left.pop(key, None)

    def take(self, outcome: Outcome) -> None:
        """A stage is over."""
        expected = self._left.pop(outcome.key, None)
        if expected is None or outcome.state is not State.DONE or not outcome.ran:
            return
        if outcome.duration:
            self._bytes[expected.kind] += expected.size_bytes
            self._seconds[expected.kind] += outcome.duration
        self._sound[outcome.stage] += outcome.duration or self._length(expected)
        self._work[outcome.stage] += outcome.seconds

    @property
    def sound_done(self) -> float:
        """Seconds of sound that were aligned in this run."""
        return self._sound[Stage.ALIGN]

    @property
    def sound_left(self) -> float:
        """Seconds of sound that are still to be aligned, as far as can be told."""
        return sum(self._length(each) for each in self._left.values() if each.stage is Stage.ALIGN)

    @property
    def pace(self) -> float | None:
        """Hours of sound aligned in an hour; None while nothing is."""
        passed = self._passed
        return self.sound_done / passed if passed and self.sound_done else None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until all is done, None while that cannot be told."""
        done, passed = sum(self._work.values()), self._passed
        if not self._left:
            return 0.0
        if not done or not passed:
            return None
        left = sum(self._length(each) * self._cost(each.stage) for each in self._left.values())
        return left / (done / passed)

    @property
    def _passed(self) -> float:
        return time.monotonic() - self._began if self._began is not None else 0.0

    def _length(self, expected: _Expected) -> float:
        opened = self._seconds[expected.kind]
        usual = _USUAL_BYTES.get(expected.kind, _USUAL_BYTES_ELSE)
        return expected.size_bytes / (self._bytes[expected.kind] / opened if opened else usual)

    def _cost(self, stage: Stage) -> float:
        """Seconds of work for a second of sound; of a stage that was not seen yet, by how slow others were."""
        if self._sound[stage]:
            return self._work[stage] / self._sound[stage]
        usual = sum(self._sound[each] * _USUAL_COST[each] for each in Stage)
        slowness = sum(self._work.values()) / usual if usual else 1.0
        return _USUAL_COST[stage] * slowness

"""Which stretches of a new sound are the old one.

Conventions
-----------
- Times are seconds of decoded sound, an encoder's delay being part of what was moved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aligner.errors import AnotherEpisodeError
from aligner.model import Span
from media.fingerprint import FINE_MS, Fingerprint, fingerprint_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aligner.retiming.diagonals import Run

    Samples = NDArray[np.float32]

Sound = Callable[[float, float | None], "Iterator[tuple[float, Samples]]"]
"""Gives the blocks of a sound at 16 kHz from a second to another, or to its end, as often as it is asked."""

_SAME_EPISODE = 0.4  # of what is heard in the old sound
_PITCHES = (1.02, 0.98, 1.01, 0.99, 1.04, 0.96, 1.03, 0.97)  # tried where too little is found; the pace tells more
_TRIED_SECONDS, _TRIED_AT = 20.0, (0.2, 0.5, 0.8)
_OTHER_PITCH = 0.001  # a pace that is further from that of the old sound may come with another pitch
_LEAST_SEEDS = 20
_MOST_FASTER_PERCENT = 5  # of what is surely found: of a sound that runs at still another pace, hardly a seed is


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


def stretches(old: Fingerprint, new: Fingerprint, sound: Sound) -> tuple[Stretch, ...]:
    """The stretches of a new ``sound``, whose fine fingerprint is ``new``, that are the old one, in order of the new
    one; none share any sound.

    A passage that was moved breaks the order of the old sound. What lies between two of them is new there, or dropped
    here. Pieces of less than some two seconds are not found by themselves.

    Raises
    ------
    AnotherEpisodeError
        Too little of the old sound is in it.
    MediaError
        The new one cannot be decoded.
    """
    from aligner.retiming.lines import lines

    new, runs = _matched(old, new, sound)
    share = _share(old, runs)
    if share < _SAME_EPISODE:
        raise AnotherEpisodeError(
            "the new sound is another episode: {share:.0f}% of the old one is in it; expected another version of it, "
            "at most {most}% faster or slower",
            share=100 * share,
            most=_MOST_FASTER_PERCENT,
        )
    return tuple(
        Stretch(
            Span(line.first * old.hop, line.last * old.hop),
            Span(line.at(line.first) * new.hop, line.at(line.last) * new.hop),
        )
        for line in lines(old, new, runs)
    )


def _matched(old: Fingerprint, new: Fingerprint, sound: Sound) -> tuple[Fingerprint, list[Run]]:
    """The fingerprint of the new sound, at the pitch at which it is the most like the old one, and the runs in it."""
    if not (old.tells.any() and new.tells.any()):
        return new, []
    pace, runs = _runs(old, new)
    pitch = 1 / pace
    if _share(old, runs) < _SAME_EPISODE:
        pitch = _likely_pitch(old, sound, new.duration)
    if abs(pitch - 1) < _OTHER_PITCH:
        return new, runs
    other = fingerprint_of(sound(0.0, None), FINE_MS, pitch)
    _, others = _runs(old, other)
    return (other, others) if _gain(others) > _gain(runs) else (new, runs)


def _runs(old: Fingerprint, new: Fingerprint) -> tuple[float, list[Run]]:
    """How much of the new sound's time passes in that of the old one, and the runs."""
    from aligner.retiming.diagonals import FINER, chosen, pace_of, runs, seeds

    k, i = seeds(old, new)
    pace = pace_of(k, i)
    return pace / FINER, chosen(runs(old, new, k, i, pace))


def _likely_pitch(old: Fingerprint, sound: Sound, duration: float) -> float:
    """How much higher the new sound may be: where it is so, three pieces of it have the most in common with the old."""
    from aligner.retiming.diagonals import seeds

    most, likely = _LEAST_SEEDS, 1.0
    for pitch in _PITCHES:
        count = 0
        for share in _TRIED_AT:
            start = max(0.0, share * duration - _TRIED_SECONDS / 2)
            piece = fingerprint_of(sound(start, min(duration, start + _TRIED_SECONDS)), FINE_MS, pitch)
            count += len(seeds(old, piece)[0])
        if count > most:
            most, likely = count, pitch
    return likely


def _gain(runs: list[Run]) -> float:
    return sum(run.gain for run in runs)


def _share(old: Fingerprint, runs: list[Run]) -> float:
    """How much of what is heard in the old sound is in the runs."""
    heard = int(old.tells.sum())
    return sum(int(old.tells[run.first : run.last].sum()) for run in runs) / heard if heard else 0.0

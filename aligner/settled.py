"""What a person settled of an episode beyond its pins: what need not be asked again, and whose name stands for it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import TYPE_CHECKING

from media.errors import Message

if TYPE_CHECKING:
    from aligner.model import Alignment, Untranscribed

_ROUNDING = 1e-5  # seconds; times are milliseconds, of which there may be a hundred thousand to be summed


class SettledKind(StrEnum):
    """Why a stretch of sound is not asked about again: what the text lacks there, or that its cues may miss a norm."""

    ADVERT = "advert"
    JINGLE = "jingle"
    DISMISSED = "dismissed"
    NORM = "norm"


@dataclass(frozen=True, slots=True)
class Settled:
    """A stretch of sound, in seconds, of which a person has said what it is."""

    kind: SettledKind
    start: float
    end: float

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"what is settled ends at {self.end}, not after its start {self.start}")


OF_SOUND = (SettledKind.ADVERT, SettledKind.JINGLE, SettledKind.DISMISSED)
"""What sound may be that needs no text."""


class SettledSound:
    """What is settled of an episode, to be asked of one stretch after another."""

    def __init__(self, settled: Sequence[Settled]) -> None:
        self._edges = {
            kind: (
                _Edges(each.start for each in settled if each.kind is kind),
                _Edges(each.end for each in settled if each.kind is kind),
            )
            for kind in SettledKind
        }

    def holds(self, kind: SettledKind, start: float, end: float) -> bool:
        """Whether half or more of a stretch, whose edges may have moved a little since, is settled as that."""
        starts, ends = self._edges[kind]
        begun, over = (edges.passed_by(end) - edges.passed_by(start) for edges in (starts, ends))
        return begun - over >= (end - start) / 2 - _ROUNDING

    def kind_of(self, passage: Untranscribed) -> SettledKind | None:
        """What a person said of speech that the text lacks; None where it is still to be asked."""
        return next((kind for kind in OF_SOUND if self.holds(kind, passage.start, passage.end)), None)


class _Edges:
    """Points in time, however many: how long each has passed, all together."""

    def __init__(self, edges: Iterable[float]) -> None:
        self._edges = sorted(edges)
        self._sums = [*accumulate(self._edges, initial=0.0)]

    def passed_by(self, time: float) -> float:
        before = bisect_left(self._edges, time)
        return before * time - self._sums[before]


def lacking(alignment: Alignment) -> tuple[Untranscribed, ...]:
    """The speech that the text lacks, without what a person has settled."""
    settled = SettledSound(alignment.settled)
    return tuple(each for each in alignment.untranscribed if settled.kind_of(each) is None)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who stands for an episode as it is published; ``when`` is in UTC, as ISO 8601 has it, to the second; ``share`` (0
    to 1) is how much of its words were looked at."""

    who: str
    when: str
    share: float


def is_unread(signature: Signature | None, machine_text: bool) -> bool:
    """Whether a text is a machine's and nobody stands for it: that its words are heard where they are says nothing of
    whether they are right."""
    return machine_text and signature is None


def standing(signature: Signature | None, machine_text: bool, told: Callable[[str], str] = str) -> Message:
    """What is said of an alignment wherever it is shown: who stands for it, else what of it a machine made; ``told`` is
    how the ISO date of a signature is written."""
    if signature is None:
        if machine_text:
            return Message("machine-made text, not reviewed")
        return Message("machine-timed, not reviewed")
    day = told(signature.when[:10])
    seen = round(10_000 * signature.share) // 100  # what is not all is never told as all
    if seen >= 100:
        return Message("reviewed by {who}, {day}", who=signature.who, day=day)
    return Message(
        "reviewed by {who}, {day}, with a look at {seen}% of the words", who=signature.who, day=day, seen=seen
    )


def taken_off(signature: Signature, same_sound: bool) -> Message:
    """What is told where aligning again takes off a signature: for what is another sound, or are other words."""
    if not same_sound:
        return Message(
            "the signature of {who} was taken off, for this is another sound than the one that was signed",
            who=signature.who,
        )
    return Message(
        "the signature of {who} was taken off, for some words, or the times at which they are said, are no longer "
        "those that were signed",
        who=signature.who,
    )


_NOBODY = Signature("", "", 0.0)
_TAKEN_OFF = frozenset(taken_off(_NOBODY, same_sound).template for same_sound in (True, False))


def is_taken_off(told: str) -> bool:
    """Whether a warning says that a signature was taken off."""
    return isinstance(told, Message) and told.template in _TAKEN_OFF

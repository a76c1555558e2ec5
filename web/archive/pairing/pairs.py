"""What pairing finds: which text belongs to which sound, how sure that is and why, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass

from web.archive.pairing.evidence import Reason
from web.archive.pairing.items import Sound, Text


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be of a sound, how sure that is, and why, what says most first."""

    text: Text
    confidence: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A sound and the text that is its likeliest, how sure that is, and why; which ``others`` it could be with, and the
    names of ``claimants``, the sounds that its text could be of."""

    sound: Sound
    text: Text
    confidence: float
    reasons: tuple[Reason, ...]
    others: tuple[Candidate, ...] = ()
    claimants: tuple[str, ...] = ()

    @property
    def rivals(self) -> tuple[str, ...]:
        """The names of what else either could be with."""
        return (*(each.text.name for each in self.others), *self.claimants)


@dataclass(frozen=True, slots=True)
class Pairing:
    """All pairs, the surest first, and what is left over on either side; by the name of what stays, what was left out
    as the same once more, and the keys of the sounds among that, ``copies`` in another encoding; texts that lie
    ``beside`` one which is called so, and is taken; ``contested`` are the
    names of texts that people chose for two sounds and more, and those."""

    pairs: tuple[Pair, ...] = ()
    sounds: tuple[Sound, ...] = ()
    texts: tuple[Text, ...] = ()
    twice: tuple[tuple[str, str], ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    contested: tuple[tuple[str, tuple[str, ...]], ...] = ()
    copies: tuple[str, ...] = ()

    def sure(self, least: float) -> list[Pair]:
        """The pairs whose confidence is at ``least`` that."""
        return [pair for pair in self.pairs if pair.confidence >= least]

    def in_doubt(self, least: float) -> list[Pair]:
        """All other pairs."""
        return [pair for pair in self.pairs if pair.confidence < least]

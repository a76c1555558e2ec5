"""How an alignment's captions keep to the norms, as counts that add up over episodes."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from aligner.captions import CaptionRules, build_cues
from aligner.captions.rules import Norm, judge_cues
from aligner.model import Alignment
from tests.bench.best_cut import best_readable_share


@dataclass(frozen=True, slots=True)
class CueCount:
    """Cues, those inside every norm but reading speed, and those inside the reading speed.

    ``best`` is how many of as many cues the cut that cares for reading speed alone would have inside it.
    """

    cues: int = 0
    within: int = 0
    readable: int = 0
    best: float = 0.0

    def __add__(self, other: CueCount) -> CueCount:
        return CueCount(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def count_cues(alignment: Alignment) -> CueCount:
    """Cut the alignment into cues by the default rules and judge them by the same."""
    missed = judge_cues(build_cues(alignment)).missed
    return CueCount(
        cues=len(missed),
        within=sum(not norms - {Norm.SPEED} for norms in missed),
        readable=sum(Norm.SPEED not in norms for norms in missed),
        best=best_readable_share(alignment, CaptionRules()) * len(missed),
    )

"""How an alignment's captions keep to the norms, as counts that add up over episodes.

A further figure about captions has its place here: a count in ``CueCount``, filled by ``count_cues``, and a column in
``report.caption_table``.
"""

from __future__ import annotations

from dataclasses import dataclass

from aligner.captions import build_cues
from aligner.captions.norms import Norm, judge_cues
from aligner.model import Alignment


@dataclass(frozen=True, slots=True)
class CueCount:
    """Cues, those inside every norm but reading speed, and those inside the reading speed."""

    cues: int = 0
    within: int = 0
    readable: int = 0

    def __add__(self, other: CueCount) -> CueCount:
        return CueCount(self.cues + other.cues, self.within + other.within, self.readable + other.readable)


def count_cues(alignment: Alignment) -> CueCount:
    """Cut the alignment into cues by the default rules and judge them by the same."""
    missed = judge_cues(build_cues(alignment)).missed
    return CueCount(
        cues=len(missed),
        within=sum(not norms - {Norm.SPEED} for norms in missed),
        readable=sum(Norm.SPEED not in norms for norms in missed),
    )

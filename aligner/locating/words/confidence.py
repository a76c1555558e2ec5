"""How far each word's time can be believed, where words were heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from aligner.locating.words.anchoring import Anchors, seconds_per_letter
from aligner.model import Placement, Status


@dataclass(frozen=True, slots=True)
class ConfidenceOptions:
    """What takes confidence away."""

    neighbours: int = 5  # words on each side that vouch for a word
    drawl: float = 3.0  # a word this many times as long as its letters take, and ...
    drawl_room: float = 0.15  # ... this many seconds more, hides a hesitation or another word
    doubt: float = 0.4  # what is left of such a word's confidence


def with_doubts(
    placements: Sequence[Placement], anchors: Anchors, options: ConfidenceOptions | None = None
) -> tuple[Placement, ...]:
    """A word's own evidence, lowered where its neighbours were not heard either or where it lasts implausibly long."""
    options = options or ConfidenceOptions()
    hits = [0, *accumulate(p.status in (Status.EXACT, Status.FUZZY) for p in placements)]
    pace = seconds_per_letter(anchors)
    doubted = []
    for k, (placement, letters) in enumerate(zip(placements, anchors.spelled, strict=True)):
        if placement.span is None:
            doubted.append(placement)
            continue
        low, high = max(0, k - options.neighbours), min(len(placements), k + options.neighbours + 1)
        around = (hits[high] - hits[low]) / (high - low)
        longest = options.drawl * pace * max(1, len(letters)) + options.drawl_room
        doubt = options.doubt if placement.span.duration > longest else 1.0
        evidence = 0.5 + 0.5 * placement.confidence if placement.status is Status.EXACT else placement.confidence
        doubted.append(replace(placement, confidence=evidence * (0.4 + 0.6 * around) * doubt))
    return tuple(doubted)

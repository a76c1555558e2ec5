"""What a person settles of an episode beyond its words: what some sound is, which cues may miss a norm, who signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from aligner.errors import CorrectionError
from aligner.model import Alignment, Span
from aligner.settled import Settled, SettledKind, Signature
from aligner.storage.alignment_check import shown_name


def settled(alignment: Alignment, stretches: Sequence[tuple[SettledKind, Span]]) -> Alignment:
    """The alignment in which ``stretches`` of sound are of those kinds, in the place of what was settled within; cues
    that may miss a norm stand beside all else."""
    new = [Settled(kind, span.start, span.end) for kind, span in stretches]

    def gives_way(old: Settled) -> bool:
        norm = SettledKind.NORM
        return any((old.kind is norm) == (each.kind is norm) and _is_within(old, each.start, each.end) for each in new)

    kept = (old for old in alignment.settled if not gives_way(old))
    return replace(alignment, settled=tuple(sorted({*kept, *new}, key=lambda each: (each.start, each.end, each.kind))))


def unsettled(alignment: Alignment, start: float, end: float) -> Alignment:
    """The alignment in which what was settled within that sound no longer is."""
    left = (each for each in alignment.settled if not _is_within(each, start, end))
    return replace(alignment, settled=tuple(left))


def signed(alignment: Alignment, who: str, share: float) -> Alignment:
    """The alignment for which somebody stands from now on, having looked at a ``share`` of its words.

    Raises
    ------
    CorrectionError
        They have no name.
    """
    name = shown_name(who)
    if not name:
        raise CorrectionError("a signature needs a name")
    when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return replace(alignment, signature=Signature(name, when, round(share, 4)))


def _is_within(each: Settled, start: float, end: float) -> bool:
    return start <= each.start and each.end <= end

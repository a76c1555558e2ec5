"""What platforms ask for: how loud a clip is, and how long a video of which shape.

Limits as published in 2025 and 2026: Instagram (content publishing API; the Reels tab), TikTok (content posting API),
YouTube (Shorts), X and LinkedIn (posts of a free account).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aligner.durations import clock
from media.video.drawing import SHAPES, ShapeName

if TYPE_CHECKING:
    from aligner.quotes import Caution

PODCAST_LUFS = -16.0
"""How loud a clip is unless something else is asked for: Apple Podcasts asks for -16 +- 1."""

QUIETEST_LUFS, LOUDEST_LUFS = -40.0, -5.0
"""What can be asked for."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a video may be, in seconds, where it counts for ``shapes``."""

    where: str
    least: float
    most: float
    shapes: tuple[ShapeName, ...] = tuple(SHAPES)


_UPRIGHT: tuple[ShapeName, ...] = ("portrait", "square")
LIMITS = (
    Limit("the Instagram Reels tab", 5, 90, _UPRIGHT),
    Limit("X and LinkedIn", 0.5, 140),
    Limit("YouTube Shorts", 1, 180, _UPRIGHT),
    Limit("TikTok", 3, 600),
    Limit("Instagram Reels", 3, 900, _UPRIGHT),
)


def check_loudness(lufs: float | None) -> None:
    """Raise ValueError where ``lufs`` is no loudness that can be asked for; None asks for none."""
    if lufs is not None and not QUIETEST_LUFS <= lufs <= LOUDEST_LUFS:
        raise ValueError(f"loudness is {lufs}, expected {QUIETEST_LUFS:g} to {LOUDEST_LUFS:g} LUFS")


def length_caution(seconds: float, shape: ShapeName) -> Caution | None:
    """What to know of the length before posting, its detail being the platforms; None if every one takes it."""
    from aligner.quotes import Caution

    limits = [limit for limit in LIMITS if shape in limit.shapes]
    long = ", ".join(f"{limit.where} ({clock(limit.most)})" for limit in limits if seconds > limit.most)
    if long:
        return Caution("length", f"{clock(seconds, decimals=1)} is longer than allowed by {long}", _bare(long))
    short = ", ".join(f"{limit.where} ({limit.least:g} s)" for limit in limits if seconds < limit.least)
    if short:
        return Caution("length", f"{seconds:.1f} s is shorter than allowed by {short}", _bare(short))
    return None


def _bare(platforms: str) -> str:
    """Names of platforms without English around them."""
    return platforms.removeprefix("the ").replace(" and ", ", ")

"""Which platforms take a clip of a length: the facts for the page, which tells them in its reader's language."""

from __future__ import annotations

from typing import Any

from aligner.audiograms.platforms import LIMITS


def limits_by_shape() -> dict[str, list[dict[str, Any]]]:
    """For each shape of audiogram, the platforms and their least and most seconds."""
    shapes = dict.fromkeys(shape for limit in LIMITS for shape in limit.shapes)
    return {
        shape: [
            {"where": each.where, "least": each.least, "most": each.most} for each in LIMITS if shape in each.shapes
        ]
        for shape in shapes
    }

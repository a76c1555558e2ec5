"""Having an episode prepared by a job, and looking closer at a stretch of it."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

from web.errors import WebError
from web.jobs import Job, Jobs
from web.prepare.ready import OUTPUTS, ready

KIND = "prepare"

_LONGEST_STRETCH = 600.0  # seconds
_MOST_LEVELS = 8000
_QUIETEST = 0.02  # silence is not drawn as if it were loud


def ask(jobs: Jobs, audio: Path, folder: Path) -> Job | None:
    """The job that prepares the episode in ``folder``; None where nothing is to be done.

    Raises
    ------
    JobError, OutputError
        As ``Jobs.submit``.
    """
    if ready(audio, folder):
        return None
    return jobs.submit(folder, KIND, "web.prepare", [os.path.relpath(audio, folder), "."], OUTPUTS)


def peaks_between(sound: Path, start: float, end: float, count: int) -> dict[str, Any]:
    """``count`` peaks from ``start`` to ``end``, the loudest of them drawn highest, as ``peaks.json`` has them.

    Raises
    ------
    WebError
        The stretch is no stretch, or more is asked for than is drawn.
    DecodeError, NoAudioError
        The sound cannot be read.
    """
    from media.peaks import levels_between, quantised

    if not (math.isfinite(start) and 0 <= start < end <= start + _LONGEST_STRETCH and 0 < count <= _MOST_LEVELS):
        raise WebError(
            f"{count} peaks from {start} to {end} s; expected at most {_MOST_LEVELS} of {_LONGEST_STRETCH:.0f} s"
        )
    levels = levels_between(sound, start, end, count)
    full = max(_QUIETEST, float(levels.max()))
    return {"per_second": count / (end - start), "full": round(full, 5), "peaks": quantised(levels, full)}

"""Having an episode prepared by a job."""

from __future__ import annotations

import os
from pathlib import Path

from web.jobs import Job, Jobs
from web.prepare.ready import OUTPUTS, ready

KIND = "prepare"


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

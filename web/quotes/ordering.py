"""Having clips made by jobs."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from aligner.model import Alignment
from web.jobs import Job, Jobs
from web.quotes.exports import Command, Export, command_of, taken_names

_naming = threading.Lock()  # two tabs never give two clips one name


def order(jobs: Jobs, folder: Path, alignment: Alignment, file: str, exports: Sequence[Export]) -> list[Job]:
    """The jobs that make ``exports``, one for each, of the episode in ``folder`` with the alignment in ``file``.

    Raises
    ------
    QuoteError
        Nobody says the words of one of them; then none is begun.
    JobError, OutputError
        As ``Jobs.submit``.
    """
    with _naming:
        named = [output for job in jobs.of(folder) if job.is_open for output in job.outputs]
        commands: list[Command] = []
        for export in exports:
            commands.append(command_of(alignment, file, export, taken_names(folder, named)))
            named.append(commands[-1].output)
        return [jobs.submit(folder, each.kind, "aligner", each.arguments, [each.output]) for each in commands]

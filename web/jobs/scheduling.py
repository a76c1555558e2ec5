"""Whose turn it is: as many jobs at once as the machine bears.

A light job (a clip, the preparing of an episode) keeps one core busy, so that one for each core may run. An alignment
listens on two threads, and a video is painted and encoded side by side: of these heavy jobs there is one for each pair
of cores. So on two cores a clip need not wait for an hour's alignment, and two alignments do not take each other's
memory and time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from web.jobs.job import Job, JobState


@dataclass(frozen=True, slots=True)
class Limits:
    """How many jobs may run at once, and how many heavy ones among them."""

    all: int
    heavy: int


def limits(at_once: int | None = None) -> Limits:
    """The limits of this machine; ``at_once`` instead of its number of cores."""
    cores = max(1, at_once or _cores())
    return Limits(cores, max(1, cores // 2))


def next_up(jobs: Iterable[Job], busy: Iterable[Job], limits: Limits) -> Job | None:
    """The first of ``jobs`` that may start while ``busy`` have processes; None if there is none.

    Jobs that write the same file run one after the other.
    """
    busy = list(busy)
    if len(busy) >= limits.all:
        return None
    heavy_full = sum(job.work.heavy for job in busy) >= limits.heavy
    taken = {(job.episode, output) for job in busy for output in job.outputs}
    ids = {job.id for job in busy}
    for job in jobs:
        if job.state is not JobState.WAITING or job.id in ids or (heavy_full and job.work.heavy):
            continue
        if not any((job.episode, output) in taken for output in job.outputs):
            return job
    return None


def _cores() -> int:
    """The cores that this process may use, which a container or a user may have restricted."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

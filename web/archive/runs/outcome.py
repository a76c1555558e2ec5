"""What is asked of a worker, and how it ended: the small records that go over the network.

Conventions
-----------
An episode is named by its folder, as seen from the library.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Stage(StrEnum):
    """What a worker does at a time."""

    ALIGN = "align"
    WAVEFORM = "waveform"


class State(StrEnum):
    """How a stage ended."""

    DONE = "done"
    FAILED = "failed"  # by what is in the episode's files, which a person can set right
    BROKE = "broke"  # by the machine: a disk that is full, a file that cannot be read now
    FELL = "fell"  # its process crashed, or was killed
    AWAY = "away"  # the library is not there
    GONE = "gone"  # the episode is not there any more
    LEFT = "left"  # to the app, which is at work on it
    CHANGED = "changed"  # meanwhile, so that it is to be looked at again


@dataclass(frozen=True, slots=True)
class Task:
    """A stage of the episode in the folder ``episode`` of the library at ``root``; ``key`` names all that decides what
    comes of it."""

    root: str
    episode: str
    stage: Stage
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a stage ended: after so many ``seconds`` of work on sound of the length ``duration``, having ``ran`` these
    stages. ``message`` is why, as ``media.errors.to_facts`` has it; ``worker`` the address of who did it."""

    episode: str
    stage: Stage
    key: str
    state: State
    ran: tuple[str, ...] = ()
    seconds: float = 0.0
    duration: float = 0.0
    verdict: str | None = None
    coverage: float | None = None
    message: dict[str, Any] | None = None
    worker: str = ""

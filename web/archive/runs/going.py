"""How far an archive's run is, for whoever looks at it: read from the file that it writes every second.

It is shown as going on only while it writes, and as long as its process is there where that can be told.
"""

from __future__ import annotations

import platform
import time
from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta, Struct

from aligner.storage.checked_json import Count, Seconds, decode
from media.confinement import read_regular
from web.archive.runs.records import ARCHIVE
from web.archive.runs.telling import STATE
from web.errors import Unusable
from web.library import Library

_LARGEST_BYTES = 4_000_000  # a thousand failures have some 400 kB
_SILENT_AFTER = 30.0  # seconds: it writes every second, but may wait for a disk
_CLOCK = 2.0  # seconds by which two looks at when a process was started may differ

_Hours = Annotated[float, Meta(ge=0, le=1e9)]


class _Episodes(Struct):
    all: Count
    left: Count


class _Sound(Struct):
    done: _Hours
    left: _Hours


class _Writer(Struct):
    host: str
    pid: Annotated[int, Meta(ge=1, le=1 << 31)]
    started: Annotated[float, Meta(ge=0, le=1e12)]


class _State(Struct):
    format: Literal["quotecast-archive"]
    version: Literal[1]
    episodes: _Episodes
    hours: _Sound
    running: bool
    at: Annotated[float, Meta(ge=0, le=1e11)]
    hours_an_hour: _Hours | None = None
    seconds_left: Seconds | None = None
    waits_for: str | None = None
    troubles: list[str] = []
    writer: _Writer | None = None


@dataclass(frozen=True, slots=True)
class Going:
    """How far the last run is, or was when it ended: ``is_lost`` where it did not say that it ended. Of ``all``
    episodes so many are ``over``; hours of sound, and such in an hour; ``at`` is when it said so, in seconds since
    1970; ``waits`` whether something is not there now; so many ``workers`` get nothing more."""

    is_running: bool
    is_lost: bool
    at: float
    all: int
    over: int
    hours_done: float
    hours_left: float
    pace: float | None
    seconds_left: float | None
    waits: bool
    workers: int


def going(library: Library) -> Going | None:
    """How far the last run is; None where there was none.

    Raises
    ------
    Unusable
        What it told is damaged, or of a later quotecast.
    """
    path = library.hidden / ARCHIVE / STATE
    try:
        told = decode(read_regular(path, _LARGEST_BYTES), _State)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise Unusable("archive.state.damaged") from error
    is_running = told.running and abs(time.time() - told.at) < _SILENT_AFTER and _is_there(told.writer)
    return Going(
        is_running=is_running,
        is_lost=told.running and not is_running,
        at=told.at,
        all=told.episodes.all,
        over=max(0, told.episodes.all - told.episodes.left),
        hours_done=told.hours.done,
        hours_left=told.hours.left,
        pace=told.hours_an_hour,
        seconds_left=told.seconds_left,
        waits=told.waits_for is not None,
        workers=len(told.troubles),
    )


def _is_there(writer: _Writer | None) -> bool:
    """Whether the process may still be there: that of another machine cannot be looked at."""
    import psutil

    if writer is None or writer.host != platform.node():
        return True
    try:
        started: float = psutil.Process(writer.pid).create_time()
        return abs(started - writer.started) < _CLOCK
    except (psutil.NoSuchProcess, ValueError, OverflowError):
        return False
    except psutil.Error:
        return True

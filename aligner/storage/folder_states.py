"""What was made of the files in a folder, kept until one comes or goes.

Conventions
-----------
Files there are replaced whole, by renames: whoever writes into one has not changed the folder. What was made while the
folder had only just changed is not kept, for its time may not tell the next change.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import TypeVar, TypeVarTuple

from aligner.storage.file_states import OneAtATime
from media.confinement import where

Ts = TypeVarTuple("Ts")
T = TypeVar("T")

_SETTLED_NS = 2_000_000_000  # coarser than any clock of a file system


def until_entries_change(at_hand: int) -> Callable[[Callable[[Path, *Ts], T]], Callable[[Path, *Ts], T]]:
    """Let a function of a folder keep its last ``at_hand`` answers, each until what lies in that changes.

    The function raises OSError then where the folder is not there; what it raises itself is not kept.
    """

    def keeping(read: Callable[[Path, *Ts], T]) -> Callable[[Path, *Ts], T]:
        @lru_cache(maxsize=at_hand)
        def kept(folder: Path, _changed_ns: int, /, *args: *Ts) -> T:
            return read(folder, *args)

        one_at_a_time = OneAtATime()

        @wraps(read)
        def current(folder: Path, /, *args: *Ts) -> T:
            with one_at_a_time(folder):
                changed_ns = where(folder).stat().st_ctime_ns  # which nobody can set
                if abs(time.time_ns() - changed_ns) < _SETTLED_NS:
                    return read(folder, *args)
                return kept(folder, changed_ns, *args)

        return current

    return keeping

"""The process of one stage: a module of ours, run within what a worker may take, that ends with the worker.

``python -m web.archive.runs.child PARENT MODULE ARGUMENT...``, where PARENT is the number of the worker's process. A
worker that is killed ends nothing that it has started; what goes on without it would take the cores and the memory of
the next one.
"""

from __future__ import annotations

import contextlib
import os
import runpy
import sys
import threading
import time
from pathlib import Path

_NICENESS = 19  # behind the jobs of the app, in which somebody waits
_AUTOGROUP = Path("/proc/self/autogroup")
_LOOK_EVERY = 0.5  # seconds


def command(module: str, *arguments: str) -> list[str]:
    """What ``web.jobs.process.Child`` is given to run ``module`` in a process that ends with this one."""
    return [__name__, str(os.getpid()), module, *arguments]


def _give_way() -> None:
    """Let everything else on this machine go first."""
    import psutil

    with contextlib.suppress(psutil.Error, OSError, ValueError):
        psutil.Process().nice(psutil.IDLE_PRIORITY_CLASS if sys.platform == "win32" else _NICENESS)
        # Where Linux gives every session the same share, it is the session's own niceness that counts (sched(7)), and
        # this one's is nobody else's.
        if _AUTOGROUP.exists() and os.getsid(0) == os.getpid():
            _AUTOGROUP.write_text(str(_NICENESS), encoding="ascii")


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os._exit(1)


def main(arguments: list[str]) -> None:
    """Run the module that the arguments name."""
    parent, module, *rest = arguments
    threading.Thread(target=_end_with, args=(int(parent),), name="worker", daemon=True).start()
    _give_way()
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])

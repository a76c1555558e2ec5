"""Run a module in a process that ends when its parent ends.

Run as ``python child.py MEMORY_BYTES MODULE ARGUMENT...`` with a pipe from the parent as standard input. When the
parent ends, even if it is killed, the pipe closes, and this process kills its whole process group. The file is run by
path (not with ``python -m``), so that nothing else of this package is imported before the memory is limited.
"""

import contextlib
import os
import runpy
import signal
import sys
import threading

_NICENESS = 5  # so that requests for pages come first


def kill_group(pid: int) -> None:
    """Kill the process group that ``pid`` leads; on Windows, the process and its descendants."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):  # the process has already ended
            os.killpg(pid, signal.SIGKILL)
        return
    import psutil

    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        for each in (*process.children(recursive=True), process):
            with contextlib.suppress(psutil.Error):
                each.kill()


def main(arguments: list[str]) -> None:
    """Run a module with a memory limit. ``arguments`` are the limit in bytes, the module, and its arguments."""
    memory_bytes, module, *rest = arguments
    _limit(int(memory_bytes))
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    pipe, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # so that processes that the module starts do not inherit the pipe
    threading.Thread(target=_die_at_end_of, args=(pipe,), name="parent", daemon=True).start()
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _die_at_end_of(pipe: int) -> None:
    while os.read(pipe, 1):
        pass
    kill_group(os.getpid())


def _limit(memory_bytes: int) -> None:
    """On Linux, limit the memory of this process and of each of its descendants."""
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):  # the limits are already lower
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # leave no core file in the episode's folder


if __name__ == "__main__":
    main(sys.argv[1:])

"""Runs a module in a process that ends with the one that started it.

``python child.py MEMORY_BYTES MODULE ARGUMENT...``: standard input is a pipe whose other end the process that started
this one holds. The pipe closes when that process ends, in whatever way; then this one is killed with all it has
started. Run as a file, not as a module, so that no other code of ours is imported before it is needed.
"""

import contextlib
import os
import runpy
import signal
import sys
import threading

_NICENESS = 5  # whoever waits for a page comes first


def kill_group(pid: int) -> None:
    """Kill the process ``pid``, which leads a group, and the group; on Windows, the process and its descendants."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):  # it has just ended
            os.killpg(pid, signal.SIGKILL)
        return
    import psutil

    with contextlib.suppress(psutil.Error):
        process = psutil.Process(pid)
        for each in (*process.children(recursive=True), process):
            with contextlib.suppress(psutil.Error):
                each.kill()


def main(arguments: list[str]) -> None:
    """Run the module that the arguments name, within so much memory."""
    memory_bytes, module, *rest = arguments
    _limit(int(memory_bytes))
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    pipe, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # what the module starts inherits no end of the pipe
    threading.Thread(target=_end_with, args=(pipe,), name="parent", daemon=True).start()
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_with(pipe: int) -> None:
    while os.read(pipe, 1):
        pass
    kill_group(os.getpid())


def _limit(memory_bytes: int) -> None:
    """Bound the memory of this process and of those it starts, as far as the system can."""
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):  # narrower limits hold already
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no core file is left in the episode's folder


if __name__ == "__main__":
    main(sys.argv[1:])

"""A process that ends with the one that started it: it runs a module until either is over.

``python -m web.jobs.child PARENT MODULE ARGUMENT...``: a worker that is killed would else leave its work behind,
which takes the cores and the memory of the next one. Nothing is imported here that the module may not need.
"""

import os
import runpy
import sys
import threading
import time

_LOOK_EVERY = 0.5  # seconds


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY)
    os._exit(1)


def main(arguments: list[str]) -> None:
    """Run the module that the arguments name."""
    parent, module, *rest = arguments
    threading.Thread(target=_end_with, args=(int(parent),), name="parent", daemon=True).start()
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])

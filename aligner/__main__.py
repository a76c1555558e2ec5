"""Run the ``quotecast`` command, also as ``python -m aligner``.

All other modules are imported after the signal handlers are set, so that Ctrl-C works from the start.
"""

from __future__ import annotations

import os
import signal
import sys

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last two only exist on some systems


def main() -> None:
    """Run the command line and exit with its status. If a signal interrupts it, print one line and exit."""
    received: list[int] = []
    try:
        _catch_signals(received)
        # Pieces of audio are processed in parallel already; with more BLAS threads they would wait for each other.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from aligner.cli.main import run

        status = run()
    except (KeyboardInterrupt, Exception) as error:
        if not received:  # a library may turn the interruption into an error of its own
            from aligner.cli.main import explain

            status = explain(error)
    if received:
        _end_interrupted(received[0])
    sys.exit(status)


def _catch_signals(received: list[int]) -> None:
    """Make termination signals raise KeyboardInterrupt and append their numbers to ``received``."""

    def interrupt(number: int, _frame: object) -> None:
        received.append(number)
        raise KeyboardInterrupt

    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup must stay in force
            signal.signal(number, interrupt)
    sys.unraisablehook = lambda lost: None if received else sys.__unraisablehook__(lost)


def _end_interrupted(number: int) -> None:
    """Report the interruption by signal ``number``, and exit at once: a second Ctrl-C could disturb a normal exit."""
    signal.signal(number, signal.SIG_IGN)
    try:
        print("quotecast: interrupted", file=sys.stderr, flush=True)
    finally:  # the terminal may be gone
        os._exit(128 + number)


if __name__ == "__main__":
    main()

"""The ``quotecast`` command, also ``python -m aligner``: signals around the command line.

Nothing else is imported before signals are caught, so that Ctrl-C is answered in the first moments too.
"""

from __future__ import annotations

import os
import signal
import sys

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # not every system has all


def main() -> None:
    """Run the command line and exit with its status; an interruption ends it in a word."""
    received: list[int] = []
    try:
        _catch_signals(received)
        # Windows of audio are worked on in parallel; small products that took all threads would wait for each other.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        from aligner.cli.main import run

        status = run()
    except (KeyboardInterrupt, Exception) as error:
        if not received:  # else it is the interruption, whatever a library made of it
            from aligner.cli.main import explain

            status = explain(error)
    if received:
        _end_interrupted(received[0])
    sys.exit(status)


def _catch_signals(received: list[int]) -> None:
    """Let every signal that asks for an end raise KeyboardInterrupt, and collect it in ``received``."""

    def interrupt(number: int, _frame: object) -> None:
        received.append(number)
        raise KeyboardInterrupt

    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup and the like stay in force
            signal.signal(number, interrupt)
    sys.unraisablehook = lambda lost: None if received else sys.__unraisablehook__(lost)


def _end_interrupted(number: int) -> None:
    """Report the interruption and exit at once: the interpreter itself may exit with a death by SIGINT instead."""
    signal.signal(number, signal.SIG_IGN)
    try:
        print("quotecast: interrupted", file=sys.stderr, flush=True)
    finally:  # whether or not there still is a terminal
        os._exit(128 + number)


if __name__ == "__main__":
    main()

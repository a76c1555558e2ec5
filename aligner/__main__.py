"""The ``quotecast`` command, also ``python -m aligner``: signals around the command line.

Nothing else is imported before signals are caught, so that Ctrl-C is answered in the first moments too.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
import time

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # not every system has all


def main() -> None:
    """Run the command line and end with its status; an interruption ends it in a word."""
    received: list[int] = []
    try:
        _catch_signals(received)
        # Windows of sound are worked on side by side; small products that took all threads would wait for each other.
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
    """Let every signal that asks for an end raise KeyboardInterrupt; ``received`` is told which came."""

    def interrupt(number: int, _frame: object) -> None:
        if not received:
            _thread.start_new_thread(_insist, (number,))
        received.append(number)
        raise KeyboardInterrupt

    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup and the like stay in force
            signal.signal(number, interrupt)
    sys.unraisablehook = lambda lost: None if received else sys.__unraisablehook__(lost)


def _insist(number: int) -> None:
    """Interrupt again and again, for callbacks and libraries swallow the exception where it comes in a bad moment.

    By a signal where there are some: what waits for a lock, such as for a thread that will never end since an import
    was broken off, is woken by nothing less.
    """
    main_thread = threading.main_thread().ident
    while True:
        time.sleep(1.0)
        if hasattr(signal, "pthread_kill") and main_thread:
            signal.pthread_kill(main_thread, number)
        else:
            _thread.interrupt_main(signal.Signals(number))


def _end_interrupted(number: int) -> None:
    """Say so and end at once: by an end of its own the interpreter may turn the status into a death by SIGINT."""
    signal.signal(number, signal.SIG_IGN)
    try:
        print("quotecast: interrupted", file=sys.stderr, flush=True)
    finally:  # whether or not there still is a terminal to say it to
        os._exit(128 + number)


if __name__ == "__main__":
    main()

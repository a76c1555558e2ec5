"""The ``quotecast`` command, also ``python -m aligner``: exit statuses and signals around the command line.

Nothing else is imported before signals are caught, so that Ctrl-C is answered in the first moments too.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # not every system has all


def main() -> None:
    """Run the command line; what the user can mend ends in one line and status 3, an interruption in a word."""
    received = _catch_signals()
    # Windows of sound are worked on side by side; small products that each take all threads would wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from aligner.cli.main import run

        status = run()
    except (KeyboardInterrupt, Exception) as error:
        if not received:  # else it is the interruption, whatever a library made of it
            status = _explain(error)
    if received:
        _end_interrupted(received[0])
    sys.exit(status)


def _catch_signals() -> list[int]:
    """Let every signal that asks for an end raise KeyboardInterrupt; the list is told which came."""
    received: list[int] = []

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
    return received


def _insist(number: int) -> None:
    """Interrupt again and again, for callbacks and libraries swallow the exception where it comes in a bad moment."""
    while True:
        time.sleep(1.0)
        _thread.interrupt_main(signal.Signals(number))


def _end_interrupted(number: int) -> None:
    """Say so and end at once: by an end of its own the interpreter may turn the status into a death by SIGINT."""
    signal.signal(number, signal.SIG_IGN)
    try:
        print("quotecast: interrupted", file=sys.stderr, flush=True)
    finally:  # whether or not there still is a terminal to say it to
        os._exit(128 + number)


def _explain(error: BaseException) -> int:
    """Tell the user what is wrong and return the exit status; what nobody foresaw is raised again."""
    import io

    import click

    from aligner.cli.terminal import discard, tell
    from aligner.errors import AlignerError, ExitStatus
    from media.errors import MediaError

    match error:
        case click.ClickException():
            usage = io.StringIO()
            error.show(usage)
            for line in usage.getvalue().rstrip("\n").split("\n"):
                tell(line)
            return error.exit_code
        case AlignerError() | MediaError():
            tell(f"quotecast: {error}")
        case OSError():  # where no one nearer could say more: it is the printing itself that failed
            discard(sys.stdout.fileno())
            tell(f"quotecast: {error.filename or 'standard output'}: cannot be used ({error.strerror or error})")
        case _:
            raise error
    return ExitStatus.UNUSABLE


if __name__ == "__main__":
    main()

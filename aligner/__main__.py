"""The ``quotecast`` command, also ``python -m aligner``: exit statuses and signals around the command line.

Nothing else is imported before signals are caught, so that Ctrl-C is answered in the first moments too.

Exit statuses: 0 done, 2 wrong usage, 3 an input could not be used, 4 done but the verdict is "poor", 128 + n ended by
signal n (130: Ctrl-C).
"""

from __future__ import annotations

import signal
import sys
from types import FrameType

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # not every system has all


def main() -> None:
    """Run the command line; what the user can mend ends in one line and status 3, an interruption in a word."""
    received = _catch_signals()
    try:
        from aligner.cli import run

        status = run()
    except (KeyboardInterrupt, Exception) as error:
        # Once a signal came, whatever comes of it is the interruption: a library may have made an error of its own.
        status = _interrupted(received[0]) if received else _explain(error)
    sys.exit(status)


def _catch_signals() -> list[int]:
    """Let every signal that asks for an end raise KeyboardInterrupt; the list is told which came."""
    received: list[int] = []

    def interrupt(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        raise KeyboardInterrupt

    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup and the like stay in force
            signal.signal(number, interrupt)
    return received


def _interrupted(number: int) -> int:
    """Say so; from here on, a second signal ends the process at once."""
    signal.signal(number, signal.SIG_DFL)
    try:
        print("quotecast: interrupted", file=sys.stderr, flush=True)
    except OSError:  # the terminal is gone, and nobody can be told
        sys.stderr = None
    return 128 + number


def _explain(error: BaseException) -> int:
    """Tell the user what is wrong and return the exit status; what nobody foresaw is raised again."""
    import io

    import click

    from aligner.cli import UNUSABLE
    from aligner.errors import AlignerError
    from aligner.terminal import discard, tell
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
    return UNUSABLE


if __name__ == "__main__":
    main()

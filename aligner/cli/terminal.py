"""Where all printing goes through: text from outside cannot steer the terminal, and a line stays one line."""

from __future__ import annotations

import os
import re
import sys

import click

from aligner.errors import NO_MEMORY
from media.errors import Message, UserError

# C0 but the tab, DEL and C1; line and paragraph separators; what reorders the text after it (UAX #9); lone surrogates.
_STEERING = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(line: str) -> str:
    """``line`` with every character that would do something to a terminal spelled out, as in ``\\x1b``."""
    return _STEERING.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), line)


def say(*lines: str) -> None:
    """Print ``lines`` on standard output.

    Raises
    ------
    OSError
        They cannot be written: a full disk, a closed pipe.
    """
    click.echo("\n".join(map(printable, lines)))


def tell(line: str) -> None:
    """Print ``line`` on standard error, above a bar that is shown there; where that cannot be written nobody can be
    told, and the work goes on."""
    try:
        print(printable(line), file=sys.stderr, flush=True)  # click's echo would write into the bar's line
    except OSError:
        discard(sys.stderr.fileno())


def message_of(error: UserError | OSError | MemoryError) -> Message:
    """What is told of an error: where no one nearer to an OSError could say more, it is the printing that failed."""
    if isinstance(error, UserError):
        return error.message
    if isinstance(error, MemoryError):
        return NO_MEMORY
    path, reason = error.filename or Message("standard output"), error.strerror or str(error)
    return Message("{path}: cannot be used ({reason})", path=path, reason=reason)


def open_missing_streams() -> None:
    """Let what is printed go nowhere where a standard stream is closed or, as under pythonw, was never there."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def discard(descriptor: int) -> None:
    """Send what is written to ``descriptor`` from now on, buffers included, nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)

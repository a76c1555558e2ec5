"""Print untrusted text safely: escape control characters and line breaks, which could control the terminal."""

from __future__ import annotations

import os
import re
import sys

import click

from aligner.errors import NO_MEMORY
from media.errors import Message, UserError

# C0 except the tab, DEL and C1; line and paragraph separators; bidi controls (UAX #9); lone surrogates.
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(line: str) -> str:
    """Return a line with every control character escaped, as in ``\\x1b``."""
    return _CONTROLS.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), line)


def say(*lines: str) -> None:
    """Print ``lines`` on standard output; raise OSError if that fails, as on a full disk or a closed pipe."""
    click.echo("\n".join(map(printable, lines)))


def log(line: str) -> None:
    """Print ``line`` on standard error, above a progress bar if any; ignore a failure to print."""
    try:
        print(printable(line), file=sys.stderr, flush=True)  # click's echo would write over the bar
    except OSError:
        discard(sys.stderr.fileno())


def message_of(error: UserError | OSError | MemoryError) -> Message:
    """Return the message to print for an error. If an OSError names no file, the message names standard output."""
    if isinstance(error, UserError):
        return error.message
    if isinstance(error, MemoryError):
        return NO_MEMORY
    path, reason = error.filename or Message("standard output"), error.strerror or str(error)
    return Message("{path}: cannot be used ({reason})", path=path, reason=reason)


def use_utf8() -> None:
    """Make standard output and error use UTF-8, and print a question mark if a character cannot be encoded."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def discard(descriptor: int) -> None:
    """Redirect a file descriptor to the null device, so that buffered and later output is discarded."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)

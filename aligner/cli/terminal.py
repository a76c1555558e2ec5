"""All printing: text from outside cannot steer the terminal, and a line stays one line."""

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
    """Return a line in which every character that would steer a terminal is spelled out, as in ``\\x1b``."""
    return _STEERING.sub(lambda found: found.group().encode("unicode_escape").decode("ascii"), line)


def say(*lines: str) -> None:
    """Print ``lines`` on standard output; raises OSError if they cannot be written: a full disk, a closed pipe."""
    click.echo("\n".join(map(printable, lines)))


def tell(line: str) -> None:
    """Print ``line`` on standard error, above a progress bar; if that cannot be written, the work goes on."""
    try:
        print(printable(line), file=sys.stderr, flush=True)  # click's echo would write into the bar's line
    except OSError:
        discard(sys.stderr.fileno())


def message_of(error: UserError | OSError | MemoryError) -> Message:
    """Return the message of an error; an OSError that no one else caught is one of printing."""
    if isinstance(error, UserError):
        return error.message
    if isinstance(error, MemoryError):
        return NO_MEMORY
    path, reason = error.filename or Message("standard output"), error.strerror or str(error)
    return Message("{path}: cannot be used ({reason})", path=path, reason=reason)


def use_utf8() -> None:
    """Print in UTF-8, whatever the system's encoding; unencodable characters become question marks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def discard(descriptor: int) -> None:
    """Discard what is written to ``descriptor`` from now on, buffers included."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)

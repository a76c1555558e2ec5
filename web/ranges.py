"""Answering with a part of a file, as players ask for it.

A browser keeps a connection, of which it has six for a server, until it has read an answer to its end, and a paused
player reads no further than it means to play. So answers are short: a player that wants more asks again.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Response

LONGEST_BYTES = 1 << 20  # over a minute of speech; less than browsers read ahead


def send_part(path: Path, mimetype: str) -> Response:
    """The part of ``path`` that the current request asks for, at most ``LONGEST_BYTES`` of it; without a range, all.

    Raises
    ------
    RequestedRangeNotSatisfiable
        The file does not reach that far.
    """
    from flask import Response, request, send_file
    from werkzeug.exceptions import RequestedRangeNotSatisfiable

    stat = path.stat()
    etag, modified = f"{stat.st_size:x}-{stat.st_mtime_ns:x}", datetime.fromtimestamp(int(stat.st_mtime), UTC)
    wanted = request.range if request.method in ("GET", "HEAD") else None
    if wanted and (wanted.units != "bytes" or len(wanted.ranges) != 1 or not _is_current(etag, modified)):
        wanted = None
    if wanted and not request.if_none_match.contains(etag):
        span = wanted.range_for_length(stat.st_size)
        if span is None:
            raise RequestedRangeNotSatisfiable(length=stat.st_size)
        start, end = span[0], min(span[1], span[0] + LONGEST_BYTES)
        response = Response(_read(path, start, end), 206, mimetype=mimetype)
        response.content_range.set(start, end, stat.st_size)
    else:
        response = send_file(path.resolve(), mimetype=mimetype, etag=etag, last_modified=modified, conditional=False)
        response.make_conditional(request.environ)
    response.set_etag(etag)
    response.last_modified = modified
    response.accept_ranges = "bytes"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _is_current(etag: str, modified: datetime) -> bool:
    """Whether what the client has a part of is still what is there."""
    from flask import request

    known = request.if_range
    return (known.etag is None or known.etag == etag) and (known.date is None or known.date == modified)


def _read(path: Path, start: int, end: int) -> bytes:
    with path.open("rb") as file:
        file.seek(start)
        return file.read(end - start)

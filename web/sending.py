"""Send files: ranges for players, or whole files as downloads.

While a player is paused, it stops reading its response, and one of the browser's six connections to the server is
blocked. So responses to range requests are short, and the player later requests the next range. Whole files are sent by
the server itself (``wsgi.file_wrapper``), so that no thread waits for a slow reader.
"""

from __future__ import annotations

import contextlib
import errno
import io
import mimetypes
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

import flask
from flask import Response, request
from werkzeug.exceptions import PreconditionFailed

from media.safe_fs import open_regular
from web.errors import Busy, NotFound

# Types that browsers know; mimetypes has other names for some of them.
_TYPES = {".m4a": "audio/mp4", ".wav": "audio/wav", ".flac": "audio/flac", ".mp3": "audio/mpeg", ".opus": "audio/ogg"}

LONGEST_BYTES = 1 << 20  # of a range: over a minute of speech, and less than browsers buffer
_BLOCK_BYTES = 1 << 16
_RESERVED_BYTES = 100_000_000  # of free disk space, for everything else
_copies = threading.Semaphore(2)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def send_file(path: Path, mimetype: str, saved_as: str | None = None) -> Response:
    """Return a response with the file at ``path``, or with the part that a range request asks for, at most
    ``LONGEST_BYTES``. With ``saved_as`` browsers download the file under this name, else they display it. Raises
    NotFound if the file cannot be opened, RequestedRangeNotSatisfiable or PreconditionFailed if the request does not
    fit the file."""
    try:
        file = open_regular(path)
    except OSError as error:
        raise NotFound("error.404") from error
    wrapper = request.environ.pop("wsgi.file_wrapper", None)  # which cannot seek
    try:
        status, name = os.fstat(file.fileno()), download_name(saved_as or path.name)
        response = flask.send_file(file, mimetype, saved_as is not None, name, conditional=False, etag=False)
        response.content_length = status.st_size
        response.set_etag(f"{status.st_size:x}-{status.st_mtime_ns:x}")
        with contextlib.suppress(OverflowError, ValueError, OSError):  # invalid time of the file
            response.last_modified = datetime.fromtimestamp(status.st_mtime, UTC)
        if (wanted := request.range) and (start := wanted.ranges[0][0]) is not None:
            start = start if start >= 0 else max(0, status.st_size + start)
            stop = min(wanted.ranges[0][1] or status.st_size, start + LONGEST_BYTES)
            request.environ["HTTP_RANGE"] = f"bytes={start}-{max(start, stop - 1)}"
        response.make_conditional(request.environ, accept_ranges=True, complete_length=status.st_size)
        if response.status_code == HTTPStatus.PRECONDITION_FAILED:
            raise PreconditionFailed
    except BaseException:
        file.close()
        raise
    if wrapper and response.status_code == HTTPStatus.OK:
        response.response = wrapper(file, _BLOCK_BYTES)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def send_temporary(file: BinaryIO, name: str, mimetype: str) -> Response:
    """Return a response with an open file, which browsers download as ``name``; the response closes the file."""
    size_bytes = file.seek(0, os.SEEK_END)
    file.seek(0)
    response = flask.send_file(file, mimetype, as_attachment=True, download_name=download_name(name), conditional=False)
    response.content_length = size_bytes
    return response


@contextlib.contextmanager
def copying(size_bytes: int) -> Iterator[None]:
    """Context manager: hold one of two slots for large temporary files. Raises Busy if both slots are taken, OSError if
    the disk lacks room for ``size_bytes``."""
    if not _copies.acquire(blocking=False):
        raise Busy("worker_pool.busy")
    try:
        if shutil.disk_usage(tempfile.gettempdir()).free < size_bytes + _RESERVED_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        yield
    finally:
        _copies.release()


def send_text(text: str, name: str, mimetype: str) -> Response:
    """Return a response with ``text`` in UTF-8, which browsers download as ``name``."""
    return flask.send_file(io.BytesIO(text.encode("utf-8", "replace")), mimetype, True, download_name(name))


def type_of(path: Path) -> str:
    """Return the media type of an audio or video file by its extension; otherwise ``application/octet-stream``."""
    known = _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or ""
    return known if known.startswith(("audio/", "video/")) else "application/octet-stream"


def download_name(name: str) -> str:
    """Return ``name`` with underscores in place of control characters, surrogates and marks of text direction."""
    return _CONTROLS.sub("_", name)

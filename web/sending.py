"""Answering with a file: a part of it as players ask for it, or all of it to be kept under a name.

A browser keeps a connection, of which it has six for a server, until it has read an answer to its end, and a paused
player reads no further than it means to play. So what plays is answered in short parts: a player that wants more asks
again. The server sends whole files by itself (``wsgi.file_wrapper``): no thread waits for who reads them.
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

# What browsers go by; mimetypes knows some of these by names that they do not.
_TYPES = {".m4a": "audio/mp4", ".wav": "audio/wav", ".flac": "audio/flac", ".mp3": "audio/mpeg", ".opus": "audio/ogg"}

LONGEST_BYTES = 1 << 20  # over a minute of speech; less than browsers read ahead
_BLOCK_BYTES = 1 << 16
_LEFT_BYTES = 100_000_000  # of the disk, for everything else
_copies = threading.Semaphore(2)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def send_file(path: Path, mimetype: str, saved_as: str | None = None) -> Response:
    """Return the file at ``path``, or at most ``LONGEST_BYTES`` of the range of it that the current request asks for,
    to be shown or played, or to be kept under the name ``saved_as``. Raises NotFound: it cannot be opened;
    RequestedRangeNotSatisfiable; PreconditionFailed: the file is another."""
    try:
        file = open_regular(path)
    except OSError as error:
        raise NotFound("error.404") from error
    wrapper = request.environ.pop("wsgi.file_wrapper", None)  # which cannot seek
    try:
        status, name = os.fstat(file.fileno()), kept_as(saved_as or path.name)
        response = flask.send_file(file, mimetype, saved_as is not None, name, conditional=False, etag=False)
        response.content_length = status.st_size
        response.set_etag(f"{status.st_size:x}-{status.st_mtime_ns:x}")
        with contextlib.suppress(OverflowError, ValueError, OSError):  # the clock was wrong
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


def send_made(file: BinaryIO, name: str, mimetype: str) -> Response:
    """Return all of a file that was made for this answer, to be kept as ``name``; it is closed afterwards."""
    size_bytes = file.seek(0, os.SEEK_END)
    file.seek(0)
    response = flask.send_file(file, mimetype, as_attachment=True, download_name=kept_as(name), conditional=False)
    response.content_length = size_bytes
    return response


@contextlib.contextmanager
def copying(size_bytes: int) -> Iterator[None]:
    """Let a file of about that size be made for an answer meanwhile. Raises Busy: enough others are being made;
    OSError: there is no room for it."""
    if not _copies.acquire(blocking=False):
        raise Busy("worker_pool.busy")
    try:
        if shutil.disk_usage(tempfile.gettempdir()).free < size_bytes + _LEFT_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        yield
    finally:
        _copies.release()


def send_text(text: str, name: str, mimetype: str) -> Response:
    """Return ``text``, to be kept as ``name``."""
    return flask.send_file(io.BytesIO(text.encode("utf-8", "replace")), mimetype, True, kept_as(name))


def type_of(path: Path) -> str:
    """Return what audio or video is served as, by its ending; anything else is bytes."""
    known = _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or ""
    return known if known.startswith(("audio/", "video/")) else "application/octet-stream"


def kept_as(name: str) -> str:
    """Return ``name`` as a browser gets it: what cannot be sent in a name, or turns its direction, is an underscore."""
    return _CONTROLS.sub("_", name)

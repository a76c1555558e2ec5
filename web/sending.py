"""Answering with a file: a part of it as players ask for it, or all of it to be kept under a name.

A browser keeps a connection, of which it has six for a server, until it has read an answer to its end, and a paused
player reads no further than it means to play. So what plays is answered in short parts: a player that wants more asks
again. The server sends files by itself (``wsgi.file_wrapper``): no thread waits for who reads them.
"""

from __future__ import annotations

import errno
import hashlib
import io
import mimetypes
import os
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, cast
from urllib.parse import quote

from media.safe_fs import open_regular
from web.errors import NotFound

if TYPE_CHECKING:
    from flask import Response

# What browsers go by; mimetypes knows some of these by names that they do not.
_TYPES = {".m4a": "audio/mp4", ".wav": "audio/wav", ".flac": "audio/flac", ".mp3": "audio/mpeg", ".opus": "audio/ogg"}

LONGEST_BYTES = 1 << 20  # over a minute of speech; less than browsers read ahead
_PLAIN = "!#$&+-.^_`|~"  # what RFC 8187 leaves as it is, beside letters and digits
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_UNFIT = re.compile(r'[^ -~]|["\\%/]')  # in a name between quotes: RFC 6266, appendix D


def send_part(path: Path, mimetype: str) -> Response:
    """The part of ``path`` that the current request asks for, at most ``LONGEST_BYTES`` of it; without a range, all.

    Raises
    ------
    NotFound
        The file cannot be opened.
    RequestedRangeNotSatisfiable, PreconditionFailed
        It does not reach that far, or is not the one that is meant.
    """
    return _send(_opened(path), mimetype, LONGEST_BYTES)


def send_whole(path: Path, mimetype: str, named: str | None = None) -> Response:
    """``path``, or the whole range of it that the current request asks for; ``named`` as ``attachment`` or ``inline``
    say.

    Raises
    ------
    NotFound, RequestedRangeNotSatisfiable, PreconditionFailed
        As ``send_part``.
    """
    return _send(_opened(path), mimetype, None, named)


def send_made(file: BinaryIO, name: str, mimetype: str, closed: Callable[[], None]) -> Response:
    """All of a file that was made for this answer, to be kept as ``name``; after it the file is closed, and ``closed``
    called."""
    return _answer(_Part(file, 0, file.seek(0, os.SEEK_END), closed), 200, mimetype, attachment(name))


def send_bytes(content: bytes, mimetype: str) -> Response:
    """``content``, or the range of it that the current request asks for.

    Raises
    ------
    RequestedRangeNotSatisfiable
        It does not reach that far.
    """
    from flask import send_file

    etag = hashlib.sha256(content).hexdigest()[:32]
    response = send_file(io.BytesIO(content), mimetype, etag=etag)  # which knows ranges
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def send_text(text: str, name: str, mimetype: str) -> Response:
    """``text``, to be kept as ``name``."""
    from flask import Response

    content = text.encode("utf-8", "replace")  # the halves of characters that JSON can hold are none
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": attachment(name)})


def type_of(path: Path) -> str:
    """What a sound or a video is served as, by its ending; what is neither is bytes."""
    known = _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or ""
    return known if known.startswith(("audio/", "video/")) else "application/octet-stream"


def attachment(name: str) -> str:
    """The header by which a browser keeps what it is sent under ``name``, whatever that is (RFC 6266).

    Programs that do not read ``filename*`` get the letters without their accents. What cannot be sent (controls, those
    of the writing's direction among them, bytes that are no UTF-8) is an underscore.

    Examples
    --------
    >>> attachment("L’été.mp3")
    "attachment; filename=L_ete.mp3; filename*=UTF-8''L%E2%80%99%C3%A9t%C3%A9.mp3"
    >>> attachment("two.mp3")
    'attachment; filename=two.mp3'
    """
    return f"attachment; {_named(name)}"


def inline(name: str) -> str:
    """As ``attachment``, for what a browser shows or plays."""
    return f"inline; {_named(name)}"


def kept_as(name: str) -> str:
    """``name`` as a browser is told it: what cannot be sent in a name is an underscore."""
    return _CONTROLS.sub("_", name)


def _named(name: str) -> str:
    from werkzeug.http import quote_header_value

    told = kept_as(name)
    bare = "".join(c for c in unicodedata.normalize("NFKD", told) if not unicodedata.combining(c))
    simple = _UNFIT.sub("_", bare)
    exact = "" if simple == told else f"; filename*=UTF-8''{quote(told, safe=_PLAIN)}"
    return f"filename={quote_header_value(simple)}{exact}"


def _opened(path: Path) -> BinaryIO:
    try:
        return open_regular(path)
    except OSError as error:
        raise NotFound("error.404") from error


def _send(file: BinaryIO, mimetype: str, longest_bytes: int | None, named: str | None = None) -> Response:
    try:
        return _part(file, mimetype, longest_bytes, named)
    except BaseException:
        file.close()
        raise


def _part(file: BinaryIO, mimetype: str, longest_bytes: int | None, named: str | None) -> Response:
    from flask import request
    from werkzeug.exceptions import PreconditionFailed, RequestedRangeNotSatisfiable

    stat = os.fstat(file.fileno())
    size, modified = stat.st_size, _modified(stat)
    etag = f"{size:x}-{stat.st_mtime_ns:x}"
    wanted = request.range if request.method in ("GET", "HEAD") else None
    if wanted and (wanted.units != "bytes" or len(wanted.ranges) != 1 or not _is_current(etag, modified)):
        wanted = None
    if wanted and not request.if_none_match.contains(etag):
        span = wanted.range_for_length(size)
        if span is None:
            raise RequestedRangeNotSatisfiable(length=size)
        start, end = span
        end = end if longest_bytes is None else min(end, start + longest_bytes)
        response = _answer(_Part(file, start, end), 206, mimetype, named)
        response.content_range.set(start, end, size)
    else:
        response = _answer(_Part(file, 0, size), 200, mimetype, named)
    response.set_etag(etag)
    response.last_modified = modified
    response.accept_ranges = "bytes"
    response.headers["Cache-Control"] = "private, no-cache"
    if response.status_code == 200:
        response.make_conditional(request.environ)
    if response.status_code == 412:  # which werkzeug leaves with the file's bytes
        raise PreconditionFailed
    return response


def _answer(part: _Part, status: int, mimetype: str, named: str | None) -> Response:
    """The bytes of ``part``, which is closed after them."""
    from flask import Response, request
    from werkzeug.wsgi import wrap_file

    body = wrap_file(request.environ, cast(IO[bytes], part))
    response = Response(body, status, mimetype=mimetype, direct_passthrough=True)
    response.content_length = part.size
    if named is not None:
        response.headers["Content-Disposition"] = named
    return response


def _modified(stat: os.stat_result) -> datetime | None:
    """When a file was last changed, to the second; None where no calendar has that time, as files may claim."""
    try:
        return datetime.fromtimestamp(int(stat.st_mtime), UTC)
    except (OSError, OverflowError, ValueError):
        return None


def _is_current(etag: str, modified: datetime | None) -> bool:
    """Whether what the client has a part of is still what is there."""
    from flask import request

    known = request.if_range
    return (known.etag is None or known.etag == etag) and (known.date is None or known.date == modified)


class _Part(io.RawIOBase):
    """The bytes from ``start`` to ``end`` of ``file`` as a file of their own; closing it closes that one."""

    def __init__(self, file: BinaryIO, start: int, end: int, closed: Callable[[], None] | None = None) -> None:
        self._file, self._start, self._end, self._closed = file, start, end, closed
        self.size = end - start
        file.seek(start)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        left = max(0, self._end - self._file.tell())
        wanted = left if size < 0 else min(size, left)
        content = self._file.read(wanted)
        if wanted and not content:  # waitress would wait for the rest
            raise OSError(errno.EIO, "the file that is sent has become shorter")
        return content

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        origin = {os.SEEK_SET: self._start, os.SEEK_CUR: self._file.tell(), os.SEEK_END: self._end}[whence]
        return self._file.seek(origin + offset) - self._start

    def tell(self) -> int:
        return self._file.tell() - self._start

    def close(self) -> None:
        self._file.close()
        super().close()
        if self._closed:
            self._closed()

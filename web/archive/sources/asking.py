"""Asking a server for what lies at an address: each step of the way checked, nobody waited for without end.

Conventions
-----------
- Only http and https, only machines of the public web (``addresses``) unless that is allowed; each step of a redirect
  is checked as the first. A name and password in an address are told to that machine alone.
- Nobody is waited for longer than ``_SILENCE``, nor given so little that it would take for ever.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import unquote, urljoin, urlsplit

from aligner.publication import AddressError, as_uri, is_web_address
from web.archive.errors import FetchError, RefusedError, shown
from web.archive.sources.addresses import CheckedConnection, NotPublicError, is_public

_SILENCE = 30.0  # seconds without a byte
_HEAD = 60.0  # seconds until an answer's head is there
_SLOW_BYTES, _SLOW_SECONDS = 60_000, 60.0  # what has to come in such a time
_REDIRECTS = 10  # podcasts' addresses go through five counters and more
_PAUSE = 1.0  # seconds before another try, twice as long each time
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be fetched: the most bytes of a file, and whether machines that are not of the public web are asked."""

    most_bytes: int = 2_000_000_000
    allow_private: bool = False
    pause: float = _PAUSE

    def allowed(self, number: str) -> bool:
        return self.allow_private or is_public(number)


@contextlib.contextmanager
def asked(url: str, limits: Limits, headers: Mapping[str, str]) -> Iterator[tuple[http.client.HTTPResponse, str]]:
    """The answer of whoever has it at last, and its address there; what goes wrong is a FetchError."""
    at, own = url, _origin(url)
    for _ in range(_REDIRECTS + 1):
        try:
            with _answer(at, limits, headers, _authorization(url) if _origin(at) == own else None) as answer:
                if answer.status not in (301, 302, 303, 307, 308):
                    yield answer, at
                    return
                to = answer.getheader("Location")
        except NotPublicError as error:
            raise RefusedError("{url}: {reason}", url=shown(at), reason=error.strerror) from error
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise FetchError("{url}: cannot be had ({detail})", url=shown(at), detail=str(reason)[:150]) from error
        try:
            at = urljoin(at, to or "")
        except ValueError:
            at = ""
    raise RefusedError("{url}: leads on more than {most} times", url=shown(url), most=_REDIRECTS)


@contextlib.contextmanager
def _answer(
    url: str, limits: Limits, headers: Mapping[str, str], authorization: str | None
) -> Iterator[http.client.HTTPResponse]:
    """What one machine answers; the body is not read yet."""
    if not is_web_address(url):
        raise RefusedError("{url}: leads to what is no address of the web", url=shown(url)[:200])
    try:
        parts = urlsplit(as_uri(url))
    except (ValueError, AddressError) as error:
        raise RefusedError("{url}: leads to what is no address of the web", url=shown(url)[:200]) from error
    secure = parts.scheme == "https"
    assert parts.hostname
    connection = CheckedConnection(
        parts.hostname, parts.port or (443 if secure else 80), _SILENCE, limits.allowed, secure
    )
    told = {"User-Agent": f"quotecast/{version('quotecast')}", **headers}
    if authorization:
        told["Authorization"] = authorization
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    try:
        with _within(connection, _HEAD):
            connection.request("GET", target if target.startswith("/") else f"/{target}", headers=told)
            answer = connection.getresponse()
        yield answer
    finally:
        connection.close()


@contextlib.contextmanager
def _within(connection: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """End the connection where it takes longer: one that sends a byte now and then is never silent for long."""

    def end() -> None:
        with contextlib.suppress(OSError, AttributeError):
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def blocks_of(answer: http.client.HTTPResponse, url: str) -> Iterator[bytes]:
    """The body as it comes; one that comes too slowly is given up."""
    since, came = time.monotonic(), 0
    while True:
        try:
            block = answer.read1(_BLOCK)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchError("{url}: broke off ({detail})", url=shown(url), detail=str(error)[:150]) from error
        if not block:
            return
        yield block
        came += len(block)
        if (now := time.monotonic()) - since >= _SLOW_SECONDS:
            if came < _SLOW_BYTES:
                raise FetchError("{url}: comes too slowly", url=shown(url))
            since, came = now, 0


def counted(answer: http.client.HTTPResponse, url: str, limits: Limits) -> Iterator[bytes]:
    """The body, up to what may be taken, and no less than was announced."""
    whole, size = answer.length, 0
    if whole is not None and whole > limits.most_bytes:
        raise too_large(url, limits)
    for block in blocks_of(answer, url):
        size += len(block)
        if size > limits.most_bytes:
            raise too_large(url, limits)
        yield block
    if whole is not None and size != whole:
        raise FetchError("{url}: broke off after {size} of {whole} bytes", url=shown(url), size=size, whole=whole)


def unzipped(blocks: Iterator[bytes], limits: Limits, url: str) -> Iterator[bytes]:
    """What is compressed, up to what may be taken, however little it is compressed to."""
    inner, size = zlib.decompressobj(31), 0
    try:
        for block in blocks:
            while block and not inner.eof:
                piece = inner.decompress(block, _BLOCK)
                size += len(piece)
                if size > limits.most_bytes:
                    raise too_large(url, limits)
                yield piece
                block = inner.unconsumed_tail
    except zlib.error as error:
        raise FetchError("{url}: is damaged on its way", url=shown(url)) from error
    if not inner.eof:
        raise FetchError("{url}: broke off", url=shown(url))


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _authorization(url: str) -> str | None:
    """The name and password of an address, as they are told to its machine."""
    parts = urlsplit(url)
    if parts.username is None:
        return None
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"


def too_large(url: str, limits: Limits) -> RefusedError:
    return RefusedError("{url}: is larger than {most:.0f} MB", url=shown(url), most=limits.most_bytes / 1e6)

"""Asking a server for what lies at an address: each step of the way checked, nobody waited for without end.

Conventions
-----------
- Only http and https, only machines of the public web (``addresses``) unless that is allowed; each step of a redirect
  is checked as the first. A name and password in an address are told to that machine alone.
- Nobody is waited for longer than ``_SILENCE``, and all the way to the head of the answer takes no longer than
  ``_HEAD``; what then comes of its body is seen to in ``bodies``.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from urllib.parse import unquote, urljoin, urlsplit

from aligner.publication import AddressError, as_uri, is_web_address
from web.archive.errors import FetchError, RefusedError, shown
from web.archive.sources.addresses import CheckedConnection, NotPublicError, Reply, end, is_public

_SILENCE = 30.0  # seconds without a byte
_HEAD = 60.0  # seconds until the head of an answer is there, wherever it was led to
_REDIRECTS = 10  # podcasts' addresses go through five counters and more
_PAUSE = 1.0  # seconds before another try, twice as long each time


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be fetched: the most bytes of a file, and whether machines that are not of the public web are asked."""

    most_bytes: int = 2_000_000_000
    allow_private: bool = False
    pause: float = _PAUSE

    def allowed(self, number: str) -> bool:
        return self.allow_private or is_public(number)


@contextlib.contextmanager
def asked(url: str, limits: Limits, headers: Mapping[str, str]) -> Iterator[tuple[Reply, str]]:
    """The answer of whoever has it at last, and its address there; what goes wrong is a FetchError."""
    if not is_web_address(url):
        raise RefusedError(
            "{source}: is no address of the web, such as https://example.org/feed.xml", source=shown(url)[:200]
        )
    at, until = url, time.monotonic() + _HEAD
    for _ in range(_REDIRECTS + 1):
        with contextlib.ExitStack() as stack:
            told = {"Authorization": authorization} if (authorization := _authorization(url, at)) else {}
            reply = _answered(stack, at, limits, {**headers, **told}, until)
            if reply.status not in (301, 302, 303, 307, 308):
                yield reply, at
                return
            to = reply.getheader("Location")
        at = _led_to(at, to or "")
    raise RefusedError("{url}: leads on more than {most} times", url=shown(url), most=_REDIRECTS)


def _led_to(at: str, to: str) -> str:
    """Where a redirect leads that is found at an address."""
    with contextlib.suppress(ValueError):
        if is_web_address(there := urljoin(at, to)):
            return there
    raise RefusedError("{url}: leads to what is no address of the web", url=shown(at))


def _answered(stack: contextlib.ExitStack, url: str, limits: Limits, headers: Mapping[str, str], until: float) -> Reply:
    """What one machine answers, ``until`` then at the latest; its body is not read yet, and can be until the stack is
    left."""
    try:
        parts = urlsplit(as_uri(url))
        port = parts.port
    except (ValueError, AddressError) as error:
        raise RefusedError("{url}: leads to what is no address of the web", url=shown(url)[:200]) from error
    secure = parts.scheme == "https"
    assert parts.hostname
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    told = {"User-Agent": f"quotecast/{version('quotecast')}", **headers}
    try:
        connection = CheckedConnection(
            parts.hostname, port or (443 if secure else 80), _SILENCE, limits.allowed, secure
        )
        stack.callback(connection.close)
        connection.connect()
        with _ended(connection.sock, until):
            connection.request("GET", target if target.startswith("/") else f"/{target}", headers=told)
            reply = connection.getresponse()
        stack.callback(reply.close)
        assert isinstance(reply, Reply)
        return reply
    except NotPublicError as error:
        raise RefusedError("{url}: {reason}", url=shown(url), reason=error.strerror) from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise FetchError("{url}: cannot be had ({detail})", url=shown(url), detail=str(reason)[:150]) from error


@contextlib.contextmanager
def _ended(connection: socket.socket, until: float) -> Iterator[None]:
    """End a connection then: one that sends a byte now and then is never silent for long. What was read of a head by
    then looks whole."""
    late = threading.Event()

    def end_late() -> None:
        late.set()
        end(connection)

    timer = threading.Timer(max(until - time.monotonic(), 0.0), end_late)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        if not late.is_set():
            raise
    finally:
        timer.cancel()
    if late.is_set():
        raise TimeoutError("the answer takes too long")


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _authorization(url: str, at: str) -> str | None:
    """The name and password of an address, as they are told to its machine, and none else that it led ``at``."""
    parts = urlsplit(url)
    if parts.username is None or _origin(at) != _origin(url):
        return None
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"

"""Fetch feeds, and the files to which feeds link, within limits of size and time. Interrupted downloads are resumed.

Feeds are untrusted: their addresses may lead to a router, a local service or a cloud's metadata server. So the IP
addresses of a host are checked before each connection, also after a redirect. A thread shuts down connections that are
too slow.
"""

from __future__ import annotations

import base64
import http.client
import io
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar
from urllib.parse import unquote, urljoin, urlsplit

from aligner.publication import as_uri, is_web_address
from media.safe_fs import make_folder, move, open_for_update, read_regular, remove_file, write_new
from web.archive.errors import FetchError, RefusedError, redacted

if TYPE_CHECKING:
    from urllib3 import HTTPResponse

PAUSE = 1.0  # seconds before the second try, doubled for each further one
_TRIES = 5  # without progress
_SILENCE = 30.0  # seconds without a byte
_HEADERS = 60.0  # seconds until all headers have arrived, redirects included
_SLOW_BYTES, _SLOW_SECONDS = 60_000, 60.0  # the least that must arrive of a body in this time
_LONGEST = 4 * 3600.0  # seconds for a body, and after which no new try starts
_REDIRECTS = 10  # podcast addresses often pass through five download counters
_PORTS = {"http": 80, "https": 443}
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_PRIVATE = [ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "::1", "fc00::/7")]
_NEVER = IPv6Network("fd00:ec2::/32"), IPv6Network("fec0::/10")  # Amazon's metadata; site-local, global to Python
_RANGE = re.compile(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15})")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one fetch: the largest file size, and the hosts (in lower case) that may have private IP addresses."""

    most_bytes: int = 2_000_000_000
    private_hosts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A fetched file: content, address after redirects, and version (``state``: headers ETag and Last-Modified)."""

    content: bytes
    url: str
    state: str


def fetch(url: str, limits: Limits, state: str = "") -> Fetched | None:
    """Fetch the file at a web address. Return None if the file still has this ``state`` (``Fetched.state`` of an
    earlier call). Raises FetchError if the file cannot be fetched now, RefusedError if a later try would fail too."""
    etag, _, modified = state.partition("\t")
    headers = {"If-None-Match": etag} if etag else {"If-Modified-Since": modified} if modified else {}

    def attempt() -> Fetched | None:
        with _get(url, limits, {"Accept-Encoding": "gzip", **headers}, (200, 304) if headers else (200,)) as answer:
            if answer.response.status == 304:
                return None
            content = io.BytesIO()  # a list of many tiny blocks would take far more memory
            content.writelines(answer.blocks(limits))
            return Fetched(content.getvalue(), answer.url, answer.state())

    return _with_retries(attempt)


def download(url: str, path: Path, limits: Limits) -> str:
    """Download the file at a web address to ``path``. Return the file's state (``Fetched.state``). Raises FetchError if
    the file cannot be fetched now; a later call then resumes from the bytes stored beside ``path``. Raises RefusedError
    if a later try would fail too or the file is empty, OSError if ``path`` cannot be written."""
    part, note = path.with_name(f"{path.name}.part"), path.with_name(f"{path.name}.part.json")
    make_folder(path.parent)
    try:
        with io.BufferedWriter(open_for_update(part)) as file:
            state = _with_retries(lambda: _resume(url, file, note, limits), file.tell)
        move(part, path)
    except RefusedError:
        remove_file(part)
        remove_file(note)
        raise
    remove_file(note)
    return state


def host_of(url: str) -> str:
    """Return the host of a web address in lower case and ASCII, or an empty string if ``url`` is not a web address."""
    return _origin(url)[1]


def may_ask(number: str, may_be_private: bool = False) -> bool:
    """Return whether the IP address ``number`` may be contacted. Public addresses are allowed, private addresses only
    if ``may_be_private`` is true. Link-local addresses never are, since cloud providers serve metadata with credentials
    there. If an IPv6 address embeds an IPv4 address, the IPv4 address is checked."""
    address = ip_address(number.partition("%")[0])
    if isinstance(address, IPv6Address):
        translated = IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None
        address = translated or address.ipv4_mapped or address.sixtofour or address
    if any(address in network for network in _NEVER):
        return False
    if may_be_private and any(address in network for network in _PRIVATE):
        return True
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class _Deadline(threading.Thread):
    """A thread that shuts down a connection when the monotonic clock reaches ``until``, which callers may postpone."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        super().__init__(daemon=True)
        self.until, self.passed, self._closed = until, False, threading.Event()
        self._socket = connection.dup()  # TLS detaches the descriptor of the socket it wraps
        self.start()

    def run(self) -> None:
        while (left := self.until - time.monotonic()) > 0:
            if self._closed.wait(left):
                return
        self.passed = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._closed.set()
        self.join()
        self._socket.close()


@dataclass(frozen=True, slots=True)
class _Answer:
    """A server's response whose body is not yet read. ``url`` is the address after redirects. ``deadline`` shuts down
    the connection if the body arrives too slowly."""

    url: str
    response: HTTPResponse
    deadline: _Deadline

    def state(self) -> str:
        """Return the headers ETag and Last-Modified, separated by a tab. Return an empty string if there is neither."""
        values = [self.response.headers.get(name, "") for name in ("ETag", "Last-Modified")]
        return "\t".join(values) if any(values) and all(v.isprintable() and len(v) <= 500 for v in values) else ""

    def blocks(self, limits: Limits, done: int = 0) -> Iterator[bytes]:
        """Yield the body in decompressed blocks. ``done`` is the number of bytes that earlier tries have fetched.
        Raises RefusedError if the file exceeds the size limit, FetchError if the connection fails or is too slow."""
        announced = done + (self.response.length_remaining or 0)
        size, counted, end = done, None, time.monotonic() + _LONGEST
        while True:
            if max(size, announced, done + self.response.tell()) > limits.most_bytes:
                raise RefusedError("{url}: exceeds {most:.0f} MB", url=redacted(self.url), most=limits.most_bytes / 1e6)
            if counted is None or size - counted >= _SLOW_BYTES:
                counted, self.deadline.until = size, min(time.monotonic() + _SLOW_SECONDS, end)
            with _network_errors(self.url, self.deadline):
                block = self.response.read1(1 << 16)
            if not block:
                return
            size += len(block)
            yield block


@contextmanager
def _get(url: str, limits: Limits, headers: Mapping[str, str], statuses: tuple[int, ...]) -> Iterator[_Answer]:
    """Context manager: request a URL, follow redirects, and yield the response. Raises FetchError if the status of the
    response is not in ``statuses``."""
    at, until = url, time.monotonic() + _HEADERS
    for _ in range(_REDIRECTS + 1):
        with _request(url, at, limits, headers, until) as answer:
            if (status := answer.response.status) in statuses:
                yield answer
                return
            if status not in (301, 302, 303, 307, 308):
                kind = FetchError if status in (408, 425, 429) or status >= 500 else RefusedError
                raise kind("{url}: the server answers {status}", url=redacted(url), status=status)
            with suppress(ValueError):  # an invalid target counts as a redirect to itself
                at = urljoin(at, answer.response.headers.get("Location", ""))
    raise RefusedError("{url}: redirects more than {most} times", url=redacted(url), most=_REDIRECTS)


@contextmanager
def _request(url: str, at: str, limits: Limits, headers: Mapping[str, str], until: float) -> Iterator[_Answer]:
    """Context manager: request the address ``at`` without following redirects, and yield the response. ``at`` is
    ``url`` or an address to which ``url`` redirects. Raises FetchError if the headers have not arrived when the
    monotonic clock reaches ``until``."""
    from urllib3.connection import HTTPConnection, HTTPSConnection

    scheme, host, port = origin = _origin(at)
    if not host:
        raise RefusedError(
            "{url}: leads to no web address such as https://example.org/feed.xml", url=redacted(url)[:200]
        )
    first, parts = urlsplit(url), urlsplit(as_uri(at))
    headers = {"User-Agent": f"quotecast/{version('quotecast')}", **headers}
    if first.username is not None and origin == _origin(url):
        login = f"{unquote(first.username)}:{unquote(first.password or '')}"
        headers["Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
    with _network_errors(url):
        # A redirect must not lead to a private host other than the one the user named.
        checked = _connect(host, port, may_be_private=host == host_of(url) and host in limits.private_hosts)
    kind = HTTPSConnection if scheme == "https" else HTTPConnection
    with checked, closing(_Deadline(checked, until)) as deadline, closing(kind(host, port, timeout=_SILENCE)) as link:
        link._new_conn = lambda: checked  # type: ignore[method-assign]
        with _network_errors(url, deadline):
            target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
            link.request("GET", target, headers=headers, preload_content=False)
            response = link.getresponse()
        with closing(response):
            yield _Answer(at, response, deadline)


def _connect(host: str, port: int, may_be_private: bool) -> socket.socket:
    """Resolve a host once, and connect to it. Raises RefusedError if ``may_ask`` forbids one of its IP addresses."""
    numbers = [str(address[0]) for *_, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not all(may_ask(number, may_be_private) for number in numbers):
        raise RefusedError("{host}: is not on the public web; name its feed with --allow-private to ask it", host=host)
    for number in numbers[:4]:  # each may take the whole timeout
        with suppress(OSError):
            return socket.create_connection((number, port), _SILENCE)
    raise OSError("none of the IP addresses of the host answers")


@contextmanager
def _network_errors(url: str, deadline: _Deadline | None = None) -> Iterator[None]:
    """Context manager: raise FetchError if, in the ``with`` block, the network fails or ``deadline`` passes."""
    from urllib3.exceptions import HTTPError

    try:
        yield
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        if not (deadline and deadline.passed):
            detail = "".join(c for c in str(error)[:150] if c.isprintable())
            raise FetchError("{url}: the connection failed ({detail})", url=redacted(url), detail=detail) from error
    if deadline and deadline.passed:
        raise FetchError("{url}: the server is too slow", url=redacted(url))


def _resume(url: str, file: BinaryIO, note: Path, limits: Limits) -> str:
    """Append the rest of a partial download to ``file``. Return the file's state on the server (``Fetched.state``). The
    state at the first try is stored at the path ``note``. If the state has changed, fetch the whole file again."""
    known, done = "", file.seek(0, io.SEEK_END)
    with suppress(OSError, ValueError, AttributeError):
        known = str(json.loads(read_regular(note, 10_000)).get(url, ""))
    etag, _, modified = known.partition("\t")
    validator = "" if etag.startswith("W/") else etag or modified
    headers = {"Range": f"bytes={done}-", "If-Range": validator} if done and validator else {}
    with _get(url, limits, {"Accept-Encoding": "identity", **headers}, (200, 206, 416)) as answer:
        status, sent_headers = answer.response.status, answer.response.headers
        sent = _RANGE.fullmatch(sent_headers.get("Content-Range", "")) if status == 206 else None
        pairs = zip(answer.state().split("\t"), known.split("\t"), strict=False)
        is_same = all(new == old for new, old in pairs if new and old)  # some servers ignore If-Range
        if not (headers and sent and int(sent[1]) == done and is_same):
            remove_file(note)
            sent, done, known = None, file.seek(0), answer.state()
            file.truncate()
            if status != 200:
                raise FetchError("{url}: the file changed while it was fetched", url=redacted(url))
            write_new(note, json.dumps({url: known}).encode())
        if sent_headers.get("Content-Encoding", "").lower() not in ("", "identity"):
            raise RefusedError("{url}: is sent in an encoding that was not asked for", url=redacted(url))
        total = int(sent[2]) if sent else answer.response.length_remaining
        for block in answer.blocks(limits, done):
            done += file.write(block)
    if not done:
        raise RefusedError("{url}: the file is empty", url=redacted(url))
    if total not in (None, done):
        raise FetchError("{url}: broke off after {done} of {total} bytes", url=redacted(url), done=done, total=total)
    return known


def _with_retries(attempt: Callable[[], T], size: Callable[[], int] = lambda: 0) -> T:
    """Return the result of ``attempt()``. If it raises a FetchError that is not a RefusedError, try again; give up
    after five tries in a row without progress. ``size()`` returns the number of bytes fetched so far."""
    idle, last_size, end = 0, size(), time.monotonic() + _LONGEST
    while True:
        try:
            return attempt()
        except FetchError as error:
            idle = 0 if size() - last_size >= _SLOW_BYTES else idle + 1
            if isinstance(error, RefusedError) or idle >= _TRIES or time.monotonic() >= end:
                raise
        last_size = max(last_size, size())
        time.sleep(PAUSE * 2**idle)


def _origin(url: str) -> tuple[str, str, int]:
    """Return the scheme, host and port of a web address, or two empty strings and 0 if ``url`` is not a web address."""
    with suppress(ValueError):
        if is_web_address(url):
            parts = urlsplit(as_uri(url))
            return parts.scheme, (parts.hostname or "").rstrip("."), parts.port or _PORTS[parts.scheme]
    return "", "", 0

"""Clients, told apart by their addresses: what each may have at once, and how long one waits that guesses.

Behind a proxy (``--behind-proxy``) the address is the one that it tells; nobody else is believed to tell one. Where it
tells what is no address, who asks is the proxy.
"""

from __future__ import annotations

import contextlib
import ipaddress
import math
import re
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from typing import Any

_NETWORK = 64  # bits of an IPv6 address: a household has all that begin with them
_FREE = 4  # wrong passwords before the first wait
_FIRST, _LONGEST = 1.0, 300.0  # seconds; each wait is twice the one before
_FORGOTTEN = 24 * 3600.0  # seconds after the last guess
_MOST_CLIENTS = 10_000  # that are remembered to have guessed
_WITH_PORT = re.compile(r"\[([^][]+)\](?::\d+)?|([\d.]+):\d+")


def client_of(address: str, otherwise: str = "") -> str:
    """Whom an address stands for, which a proxy may have told with a port; what is no address counts as ``otherwise``.

    Examples
    --------
    >>> client_of("192.168.1.7:50123"), client_of("::ffff:192.168.1.7"), client_of("[2001:db8::5:1]:50123")
    ('192.168.1.7', '192.168.1.7', '2001:db8::/64')
    """
    found = _address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        if not found.is_loopback:
            return str(ipaddress.ip_network((found.packed, _NETWORK), strict=False))
    return otherwise if found is None else str(found)


def last_told(forwarded: str) -> str:
    """Of an X-Forwarded-For what the proxy in front added; before it may stand what its client wrote."""
    return forwarded.rpartition(",")[2]


def current_client() -> str:
    """Whom the current request is from."""
    from flask import request

    return client_of(request.remote_addr or "")


def proxied(proxy: frozenset[str]) -> Callable[[dict[str, Any]], None]:
    """What changes the environment of a request that comes from one of the addresses in ``proxy`` to what was asked of
    that proxy, by its X-Forwarded-For, -Proto and -Host."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    believe = ProxyFix(lambda environ, start_response: [], x_for=0, x_proto=1, x_host=1)

    def change(environ: dict[str, Any]) -> None:
        if environ.get("REMOTE_ADDR") in proxy:
            believe(environ, lambda *_: lambda _: None)
            if told := _address(last_told(environ.get("HTTP_X_FORWARDED_FOR", ""))):
                environ["REMOTE_ADDR"] = str(told)

    return change


def _address(told: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that is told, without its port and its zone; None if it is none."""
    bare = told.strip()
    found = _WITH_PORT.fullmatch(bare)
    try:
        return ipaddress.ip_address((found[1] or found[2] if found else bare).partition("%")[0])
    except ValueError:
        return None


class Places:
    """For requests that each take something of the server for long: so many at once in all, and so many of a client."""

    def __init__(self, most: int, of_one: int) -> None:
        self._most, self._of_one = most, of_one
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def take(self, client: str) -> Callable[[], None] | None:
        """A place, which is given back by calling what is returned, once or more often; None if there is none."""
        with self._lock:
            if self._taken.total() >= self._most or self._taken[client] >= self._of_one:
                return None
            self._taken[client] += 1
        held = [client]

        def give_back() -> None:
            with self._lock, contextlib.suppress(IndexError):  # given back already
                self._taken[held.pop()] -= 1
                self._taken += Counter()  # forget who has none

        return give_back


class Guesses:
    """Wrong passwords by client: a few are free, then each costs a wait twice as long as the one before.

    A guess counts as wrong until it is told to be right, so that many at once are no more than one after the other.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()  # how many, and when the next may be

    def begin(self, client: str) -> int:
        """Note a guess; how many seconds the client has to wait before it may make it, 0 if it may now."""
        now = self._clock()
        with self._lock:
            wrong, next_at = self._wrong.pop(client, (0, now))
            if now > next_at + _FORGOTTEN:
                wrong = 0
            if next_at > now:
                self._wrong[client] = wrong, next_at
                return math.ceil(next_at - now)
            wait = min(_LONGEST, _FIRST * 2.0 ** min(wrong - _FREE + 1, 30)) if wrong + 1 >= _FREE else 0.0
            self._wrong[client] = wrong + 1, now + wait
            while len(self._wrong) > _MOST_CLIENTS:
                self._wrong.popitem(last=False)
            return 0

    def right(self, client: str) -> None:
        """The guess was right."""
        with self._lock:
            self._wrong.pop(client, None)

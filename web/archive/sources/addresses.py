"""Which machines may be asked, and a connection that is known to lead to one of them.

A feed is written by others: an address in it may be that of a router, of a service on this machine, or of a cloud's
metadata. What decides is the number that is connected to, not the name: a name is looked up once, each number that it
has is checked, and one of these is connected to, so that no second answer can lead elsewhere.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from media.errors import Message

PRIVATE = Message("is no address of the public web; --allow-private lets the archive ask it")

_MOST_NUMBERS = 4  # of a name, that are tried; each may be silent for long
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")  # RFC 8215


class NotPublicError(OSError):
    """A name leads to a machine that is not to be asked."""


def is_public(number: str) -> bool:
    """Whether an IP address is one of the public web, whatever other address it carries within.

    Examples
    --------
    >>> is_public("93.184.216.34"), is_public("::ffff:10.0.0.1"), is_public("2002:7f00:1::"), is_public("100.64.0.1")
    (True, False, False, False)
    """
    address = ip_address(number.partition("%")[0])
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        elif address.teredo or address in _LOCAL_NAT64 or address.is_site_local or int(address) < 1 << 32:
            return False
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


def connect(host: str, port: int, timeout: float, allowed: Callable[[str], bool]) -> socket.socket:
    """A connection to ``host``, every address of which is ``allowed``.

    Raises
    ------
    NotPublicError
        One is not.
    OSError
        The name is not known, or nobody answers.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a name that none can have
        raise OSError(f"{host}: no such name") from error
    numbers = [str(address[4][0]) for address in found]
    if not numbers or not all(map(allowed, numbers)):
        raise NotPublicError(0, PRIVATE, host)
    failed: OSError | None = None
    for family, kind, protocol, _, address in found[:_MOST_NUMBERS]:
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(timeout)
            connection.connect(address)
            if not allowed(str(connection.getpeername()[0])):
                raise NotPublicError(0, PRIVATE, host)
        except OSError as error:
            connection.close()
            failed = error
            continue
        return connection
    assert failed
    raise failed


def end(connection: socket.socket) -> None:
    """Have whoever reads from a connection find its end. What TLS itself has for that would let through what still
    comes, as it came."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


class Reply(http.client.HTTPResponse):
    """An answer that can be ended while it is read, from another thread."""

    def __init__(
        self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        self._connection = sock

    def end(self) -> None:
        end(self._connection)


class CheckedConnection(http.client.HTTPConnection):
    """HTTP over such a connection, with TLS where it is ``secure``; no proxy is asked."""

    response_class = Reply

    def __init__(self, host: str, port: int, timeout: float, allowed: Callable[[str], bool], secure: bool) -> None:
        super().__init__(host, port, timeout=timeout)
        self._allowed = allowed
        self._tls = ssl.create_default_context() if secure else None

    def connect(self) -> None:
        assert self.timeout
        self.sock = connect(self.host, self.port, self.timeout, self._allowed)
        if self._tls:
            try:
                self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)
            except BaseException:
                self.sock.close()
                raise

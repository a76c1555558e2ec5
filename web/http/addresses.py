"""The addresses by which a server is reached, as they are typed into a browser."""

from __future__ import annotations

import contextlib
import ipaddress
import socket

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
"""What stands for all addresses of this machine, and by which of them it reaches itself."""

_FAR_AWAY = {4: "192.0.2.1", 6: "2001:db8::1"}  # RFC 5737 and 3849: nobody's, and nothing is sent there
_MOST_TOLD = 6  # a machine with many containers has an address in the network of each


def address_of(host: str, port: int) -> str:
    """The address at which this machine reaches a server that listens at ``host``.

    Examples
    --------
    >>> address_of("0.0.0.0", 8765), address_of("::1", 80)
    ('http://127.0.0.1:8765/', 'http://[::1]:80/')
    """
    named = _EVERYWHERE.get(host, host)
    return f"http://[{named}]:{port}/" if ":" in named else f"http://{named}:{port}/"


def addresses_for_others(host: str, port: int) -> list[str]:
    """Where others in this machine's networks reach a server that listens at all of its addresses, the likeliest first;
    none if it listens at one that is named, or the machine is in no network."""
    if host not in _EVERYWHERE:
        return []
    version = 6 if ":" in host else 4
    found = [*_by_default(version), *_of_interfaces(version)]
    usable = [each for each in dict.fromkeys(found) if not (each.is_loopback or each.is_link_local)]
    return [address_of(str(each), port) for each in usable[:_MOST_TOLD]]


def _by_default(version: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """The address by which this machine reaches most others, which is known by choosing a way without going it."""
    family = socket.AF_INET6 if version == 6 else socket.AF_INET
    with contextlib.suppress(OSError, ValueError), socket.socket(family, socket.SOCK_DGRAM) as asked:
        asked.connect((_FAR_AWAY[version], 9))
        return [ipaddress.ip_address(asked.getsockname()[0])]
    return []


def _of_interfaces(version: int) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    import psutil

    found = []
    for told in psutil.net_if_addrs().values():
        for each in told:
            with contextlib.suppress(ValueError):  # the number of a card
                found.append(ipaddress.ip_address(each.address.partition("%")[0]))
    return [each for each in found if each.version == version]

"""Where a server is found: what colleagues can type, not what it listens at."""

from __future__ import annotations

import ipaddress
import socket
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from tests.tables import over_rows
from web.http.server import address_of, addresses_for_others


def family(address: str) -> int:
    if address.count(":") == 5:  # the number of a card
        return int(getattr(socket, "AF_PACKET", -1))
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def test_others_are_told_addresses_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    cards = {
        "lo": ["127.0.0.1", "::1"],
        "eth0": ["192.168.1.4", "02:42:ac:11:00:02", "2001:db8::4", "fe80::1%eth0", "169.254.3.3"],
        "tun0": ["10.8.0.2"],
    }
    found = {
        name: [SimpleNamespace(address=each, family=family(each)) for each in all_] for name, all_ in cards.items()
    }
    monkeypatch.setattr("psutil.net_if_addrs", lambda: found)
    assert addresses_for_others("0.0.0.0", 8765) == ["http://192.168.1.4:8765/", "http://10.8.0.2:8765/"]
    assert addresses_for_others("::", 8765)[-1] == "http://[2001:db8::4]:8765/"


@over_rows("host", ["0.0.0.0", "::"])
def test_what_listens_everywhere_is_never_told_as_an_address(host: str) -> None:
    for address in (address_of(host, 8765), *addresses_for_others(host, 8765)):
        assert not ipaddress.ip_address(urlsplit(address).hostname or "").is_unspecified


@over_rows("host", ["127.0.0.1", "192.168.1.4", "radio.local"])
def test_an_address_that_was_named_is_the_one(host: str) -> None:
    assert address_of(host, 80) == f"http://{host}:80/"
    assert addresses_for_others(host, 80) == []

"""Where a server is found: what people can type, not what it listens at."""

from __future__ import annotations

from tests.tables import over_rows
from web.http.server import address_of


@over_rows(
    "host, address",
    [
        ("0.0.0.0", "http://127.0.0.1:80/"),
        ("::", "http://[::1]:80/"),
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("radio.local", "http://radio.local:80/"),
    ],
)
def test_a_server_is_named_by_an_address_that_this_machine_reaches(host: str, address: str) -> None:
    assert address_of(host, 80) == address

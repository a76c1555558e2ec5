"""Dates as written in tags, feeds and alignments, and addresses that are published."""

import pytest

from aligner.publication import AddressError, as_uri, check_address, check_folder_address, published_date
from tests.tables import over_rows

FOLDERS = (
    "https://a.org", "http://a.org/b/", "HTTPS://A.org:8443/b//", "https://a.org/é & b%20c/'\"<", "https://müller.example/",
    "https://a_b.example.org/", "http://localhost:8000/", "http://192.0.2.1/", "https://[2001:db8::1]:8443/",
    "https://a.org/@b",
)  # fmt: skip
NO_FOLDERS = (
    "", "files/", "a.org", "//a.org/", "ftp://a.org/", "javascript:alert(1)", "https://", "https://a.org/?f=",
    "https://a.org/#x", "https://me:secret@a.org/", "https://me@a.org/b/", "https://:secret@a.org/", "https://a.org:0/",
    "https://a.org:99999/", "https://a..org/", "https://a.org./", "https://a,b.org/", "https://a.org;b/", "https://a.org'*/",
    "https://[fe80::1%25eth0]/", "https://999.1.1.1/", f"https://{'x' * 64}.org/", f"https://a.org/{'x' * 2000}/",
    "https://a.org/index.html", "https://a.org/b.HTM/",
)  # fmt: skip


@over_rows(
    "date, expected",
    [
        ("2026-05-01", "2026-05-01"),
        ("2026-05-01 10:00", "2026-05-01"),
        ("2026-05-01T23:30:00-05:00", "2026-05-01"),  # where it was published
        ("Fri, 01 May 2026 10:00:00 GMT", "2026-05-01"),
        (" 2026 ", "2026"),
        ("2026-05", "2026-05"),
        ("2026-02-30T10:00:00", None),
        ("hier", None),
        ("", None),
    ],
)
def test_dates_are_read_as_tags_and_feeds_write_them(date: str, expected: str | None) -> None:
    assert published_date(date) == expected


@over_rows("address", FOLDERS)
def test_the_public_address_of_a_folder_is_accepted(address: str) -> None:
    check_folder_address(address.replace(" ", "%20"))


@over_rows("address", NO_FOLDERS)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(AddressError):
        check_folder_address(address)


def test_the_address_of_a_file_may_have_a_query_but_no_password() -> None:
    check_address("https://a.org/e.mp3?from=feed#t=1")
    with pytest.raises(AddressError, match="shows a name or a password"):
        check_address("https://me:secret@a.org/e.mp3")


@over_rows(
    "address, expected",
    [
        ("https://example.org/a%20b/~c?d=[e]#f", "https://example.org/a%20b/~c?d=[e]#f"),
        ("https://example.org/été/", "https://example.org/%C3%A9t%C3%A9/"),
        ("https://é.fr:8000/%C3%A9é", "https://xn--9ca.fr:8000/%C3%A9%C3%A9"),
        ("https://é:pw@é.fr/", "https://%C3%A9:pw@xn--9ca.fr/"),
        ("http://[2001:db8::1]:8443/日/", "http://[2001:db8::1]:8443/%E6%97%A5/"),
    ],
)
def test_an_address_in_ascii_is_the_same_address(address: str, expected: str) -> None:
    assert as_uri(address) == expected
    assert as_uri(expected) == expected

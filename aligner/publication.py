"""What is told of an episode as a publication: dates, and addresses that a link may lead to."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from string import punctuation
from urllib.parse import quote, urlsplit

from media.errors import UserError

LONGEST_ADDRESS = 2000  # characters
_LONGEST_DATE = 100  # characters
_MONTH = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?")
_PAGE = re.compile(r"\.html?/*\Z", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*+([a-z0-9_-]{1,63})")


class AddressError(UserError):
    """An address is none that can be published."""


def iso_date(text: str) -> str | None:
    """The date as ISO 8601 writes it, such as 2025-03-04; None where the text is none."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return None


def published_date(text: str) -> str | None:
    """The date that tags, feeds and alignments tell, as ISO 8601 writes it; None where the text tells none.

    They tell it with a time and its zone, whose date stands, as e-mail does (RFC 822, so also RSS), or the year alone,
    or with the month, which stays as it is.

    Examples
    --------
    ``2026-05-01T10:00:00+02:00`` and ``Fri, 01 May 2026 10:00:00 GMT`` are ``2026-05-01``; ``2026-05`` is itself.
    """
    text = text.strip()[:_LONGEST_DATE]
    if _MONTH.fullmatch(text):
        return text
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError, OverflowError):
            return read(text).date().isoformat()
    return None


def is_web_address(text: str) -> bool:
    """Whether a text is an address of the web, and nothing that runs."""
    if len(text) > LONGEST_ADDRESS or any(c.isspace() or not c.isprintable() for c in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def check_address(address: str) -> None:
    """See that all may be told the address.

    Raises
    ------
    AddressError
        It is none of the web, its host is none that can be, or it tells a name or a password.
    """
    if not is_web_address(address) or not _has_host_of_web(address):
        raise AddressError("{address}: is no address of the web, such as https://example.org/episode/", address=address)
    if "@" in urlsplit(address).netloc:
        raise AddressError(
            "{address}: tells a name or a password, which all could read; expected one without", address=address
        )


def check_folder_address(address: str) -> None:
    """The same of the address of a folder, to which names of files are put.

    Raises
    ------
    AddressError
        As ``check_address``, or it has a query or a fragment, or is that of a page.
    """
    if set("?#") & set(address):
        raise AddressError(
            "{address}: has ? or #; expected a folder's, like https://example.org/files/", address=address
        )
    if _PAGE.search(address):
        raise AddressError(
            "{address}: is a page's; expected a folder's, like https://example.org/files/", address=address
        )
    check_address(address)


def as_uri(address: str) -> str:
    """The same address of the web, which has such a host, in ASCII, for whatever takes no other characters: UTF-8 with
    percent signs, of a host IDNA (RFC 3987, 3.1).

    Examples
    --------
    ``https://é.fr/été/`` is ``https://xn--9ca.fr/%C3%A9t%C3%A9/``.
    """
    if address.isascii():
        return address
    parts = urlsplit(address)
    person, at, place = parts.netloc.rpartition("@")
    if not place.isascii():
        host, colon, port = place.partition(":")
        place = f"{host.encode('idna').decode('ascii')}{colon}{port}"
    return quote(parts._replace(netloc=f"{person}{at}{place}").geturl(), safe=punctuation)


def _has_host_of_web(text: str) -> bool:
    """Whether an address leads to a host that can be: a name in any script, or numbers."""
    host = urlsplit(text).hostname or ""
    try:
        if ":" in host:
            return "%" not in host and bool(IPv6Address(host))
        name = _HOST.fullmatch(host.encode("idna").decode("ascii").lower())
        return name is not None and (not name[1].isdigit() or bool(IPv4Address(host)))
    except (UnicodeError, AddressValueError):
        return False

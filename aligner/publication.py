"""Dates of publication, and web addresses that may be published."""

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
    """An error: a web address cannot be published."""


def iso_date(text: str) -> str | None:
    """Return the date in a text such as 2025-03-04 (ISO 8601); None if the text is not a date."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return None


def published_date(text: str) -> str | None:
    """Return the ISO 8601 date in a text from a tag, a feed or an alignment; None if the text is not a date.

    Both ``2026-05-01T10:00:00+02:00`` and ``Fri, 01 May 2026 10:00:00 GMT`` give ``2026-05-01``; ``2026-05`` is kept.
    """
    text = text.strip()[:_LONGEST_DATE]
    if _MONTH.fullmatch(text):
        return text
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        with suppress(ValueError, OverflowError):
            return read(text).date().isoformat()
    return None


def is_web_address(text: str) -> bool:
    """Return whether a text is an HTTP or HTTPS address, so that a link to it cannot run code."""
    if len(text) > LONGEST_ADDRESS or any(c.isspace() or not c.isprintable() for c in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def check_address(address: str) -> None:
    """Raise AddressError if an address is not a web address, its host cannot exist, or it has a user name or a
    password."""
    if not is_web_address(address) or not _has_valid_host(address):
        raise AddressError("{address}: is not a web address, such as https://example.org/episode/", address=address)
    if "@" in urlsplit(address).netloc:
        raise AddressError("{address}: shows a name or a password to everybody; leave it out", address=address)


def check_folder_address(address: str) -> None:
    """Raise AddressError if ``check_address`` rejects an address, or file names cannot be appended to the address."""
    if set("?#") & set(address):
        raise AddressError("{address}: has ? or #; give a folder's, like https://example.org/files/", address=address)
    if _PAGE.search(address):
        raise AddressError("{address}: is a page's; give a folder's, like https://example.org/files/", address=address)
    check_address(address)


def as_uri(address: str) -> str:
    """Return a web address in ASCII: percent-encoded UTF-8, and an IDNA host (RFC 3987, 3.1).

    ``https://é.fr/été/`` becomes ``https://xn--9ca.fr/%C3%A9t%C3%A9/``.
    """
    if address.isascii():
        return address
    parts = urlsplit(address)
    user, at, target = parts.netloc.rpartition("@")
    if not target.isascii():
        host, colon, port = target.partition(":")
        target = f"{host.encode('idna').decode('ascii')}{colon}{port}"
    return quote(parts._replace(netloc=f"{user}{at}{target}").geturl(), safe=punctuation)


def _has_valid_host(text: str) -> bool:
    host = urlsplit(text).hostname or ""
    try:
        if ":" in host:
            return "%" not in host and bool(IPv6Address(host))
        name = _HOST.fullmatch(host.encode("idna").decode("ascii").lower())
        return name is not None and (not name[1].isdigit() or bool(IPv4Address(host)))
    except (UnicodeError, AddressValueError):
        return False

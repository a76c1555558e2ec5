"""What is told of an episode as a publication: dates, and addresses that a link may lead to."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2000  # characters
_LONGEST_DATE = 100  # characters
_MONTH = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?")
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*+([a-z0-9_-]{1,63})\.?")


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


def has_host_of_web(text: str) -> bool:
    """Whether an address of the web, which ``is_web_address``, leads to a host that can be: a name in any script, or
    numbers."""
    host = urlsplit(text).hostname or ""
    try:
        if ":" in host:
            return "%" not in host and bool(IPv6Address(host))
        name = _HOST.fullmatch(host.encode("idna").decode("ascii").lower())
        return name is not None and (not name[1].isdigit() or bool(IPv4Address(host)))
    except (UnicodeError, AddressValueError):
        return False

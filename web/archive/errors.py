"""Errors of the archive, and how an address is shown in them."""

from __future__ import annotations

from urllib.parse import urlsplit

from aligner.cli.terminal import message_of
from media.errors import UserError
from web.errors import WebError
from web.languages import catalogue


class ArchiveError(UserError):
    """A source cannot be read, or a command does not fit what the archive knows."""


class FetchError(ArchiveError):
    """A file on the web cannot be fetched now; asking again may help."""


class RefusedError(FetchError):
    """An address is not asked, or what it sends is not accepted; asking again does not help."""


def shown(place: str) -> str:
    """Return a source as it may be printed: a path as it is, an address without its secrets.

    User name, password and query are left out. Where an ``@`` comes so late in the address that a password may stand
    before it, nothing but the scheme is shown.
    """
    scheme, is_address, _ = place.partition("://")
    if not is_address:
        return place
    try:
        parts = urlsplit(place)
        _ = parts.port
    except ValueError:
        return f"{scheme.lower()}://…"
    host = parts.netloc.rpartition("@")[2]
    if "@" in parts.path + parts.query + parts.fragment:
        return f"{scheme.lower()}://…"
    return parts._replace(netloc=host, query="…" if parts.query else "", fragment="").geturl()


def reason_of(error: UserError | WebError | OSError) -> str:
    """Return what is wrong in one English sentence."""
    if isinstance(error, WebError):
        return catalogue("en")[error.key].format(**error.values)
    return message_of(error)

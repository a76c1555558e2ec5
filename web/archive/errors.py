"""Errors of the archive, which never print the secrets in an address."""

from __future__ import annotations

from urllib.parse import urlsplit

from aligner.cli.terminal import message_of
from media.errors import UserError
from web.errors import WebError
from web.languages import catalogue


class ArchiveError(UserError):
    """A source cannot be read, or a command contradicts the state of the archive."""


class FetchError(ArchiveError):
    """A file on the web cannot be fetched now; a later try may succeed."""


class RefusedError(FetchError):
    """An address is not allowed, or its content is not accepted; a later try fails too."""


def redacted(location: str) -> str:
    """Return a path unchanged, and an address without user name, password and query.

    If the address has an ``@`` after its host, only the scheme is returned, as a password may stand before the ``@``.
    """
    scheme, is_address, _ = location.partition("://")
    if not is_address:
        return location
    try:
        parts = urlsplit(location)
        _ = parts.port
    except ValueError:
        return f"{scheme.lower()}://…"
    host = parts.netloc.rpartition("@")[2]
    if "@" in parts.path + parts.query + parts.fragment:
        return f"{scheme.lower()}://…"
    return parts._replace(netloc=host, query="…" if parts.query else "", fragment="").geturl()


def reason_of(error: UserError | WebError | OSError) -> str:
    """Return the error's message, an English sentence."""
    if isinstance(error, WebError):
        return catalogue("en")[error.key].format(**error.values)
    return message_of(error)

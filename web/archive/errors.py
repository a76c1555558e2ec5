"""Errors of the archive, and functions that keep secrets in addresses out of error messages."""

from __future__ import annotations

from urllib.parse import urlsplit

from aligner.cli.terminal import message_of
from media.errors import UserError
from web.errors import WebError
from web.languages import catalogue


class ArchiveError(UserError):
    """A source cannot be read, or a command is not possible in the present state of the archive."""


class FetchError(ArchiveError):
    """A file on the web cannot be fetched now, but a later try may succeed."""


class RefusedError(FetchError):
    """An address is not allowed, or its content is not accepted. A later try would fail too."""


def redacted(location: str) -> str:
    """Return a path unchanged, or a web address without user name, password, query and fragment. If an ``@`` follows
    the host, only the scheme is returned, since the text before the ``@`` may be a password."""
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
    """Return the message of an error in English."""
    if isinstance(error, WebError):
        return catalogue("en")[error.key].format(**error.values)
    return message_of(error)

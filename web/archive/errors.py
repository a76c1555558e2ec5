"""Errors of the archive, and those of the app in the words of the command line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from urllib.parse import urlsplit

from aligner.errors import OutputError
from media.errors import UserError
from web.errors import Unusable, WebError
from web.languages import catalogue


class ArchiveError(UserError):
    """A source cannot be read, or what the archive remembers."""


class FetchError(ArchiveError):
    """Something on the web cannot be had; ``lasting`` where it makes no sense to ask again."""

    lasting = False


class RefusedError(FetchError):
    """An address is not asked, or what it sends is not taken in."""

    lasting = True


def shown(url: str) -> str:
    """An address without what it tells of a person: name, password, and what follows ``?``.

    A password that was written with ``/``, ``?`` or ``#`` in it does not end where it should. So where an ``@`` comes
    after the host, and a colon before, or what comes first is no host, nothing is told but the scheme.

    Examples
    --------
    >>> shown("https://anna:secret@example.org/feed?token=1"), shown("https://anna:se/cret@example.org/feed")
    ('https://example.org/feed?…', 'https://…')
    """
    scheme = url.partition("://")[0].lower()
    hidden = f"{scheme}://…" if scheme in ("http", "https") else "…"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # it is none
        return hidden
    host = parts.netloc.rpartition("@")[2]
    if "@" in parts.path + parts.query + parts.fragment and (
        ":" in parts.netloc + parts.path or "@" in parts.netloc or "." not in host
    ):
        return hidden
    return parts._replace(netloc=host, query="…" if parts.query else "", fragment="").geturl()


def shown_place(place: str) -> str:
    """A source as it is told: a path as it is, an address as ``shown``."""
    return shown(place) if "://" in place else place


def told(error: UserError | WebError | OSError) -> str:
    """What is wrong, in one sentence."""
    if isinstance(error, OutputError):
        error = error.where_it_is()
    if isinstance(error, WebError):
        return catalogue("en")[error.key].format(**error.values)
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


@contextlib.contextmanager
def blaming_address(url: str | None) -> Iterator[None]:
    """Tell of a sound that was had from an address, and cannot be used, by that: where it lies it stays no longer."""
    try:
        yield
    except Unusable as error:
        if url is None or error.key != "upload.unusable":
            raise
        raise ArchiveError("{url}: is not sound, or damaged at its beginning", url=shown(url)) from error

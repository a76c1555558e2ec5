"""Errors of the web app: each carries its HTTP status and the key of one sentence that a reader can act on."""

from __future__ import annotations

import errno

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


class WebError(Exception):
    """A request could not be answered as asked.

    ``key`` names the sentence in the catalogues of ``web.languages``, ``values`` fill its places; it is translated
    where it is answered. ``field`` names the field of a form that is to blame, if one is. ``needs`` is what a page can
    get by itself, to ask the same once more.
    """

    status = 400
    needs: str | None = None

    def __init__(self, key: str, field: str | None = None, **values: object) -> None:
        super().__init__(key)
        self.key, self.field, self.values = key, field, values


class Refused(WebError):
    """The request does not come from our own pages, or names this server in a way it does not answer to."""

    status = 403


class PasswordNeeded(Refused):
    """Nobody has given the password in this browser, or the session is over."""

    needs = "password"


class TokenNeeded(Refused):
    """The page that asks has no token, or that of a session which is over."""

    needs = "token"


class NotFound(WebError):
    """Nothing has that address, or no longer."""

    status = 404


class Conflict(WebError):
    """What was asked for does not go together with what is there."""

    status = 409


class TooLarge(WebError):
    """More was sent than is accepted."""

    status = 413


class Unusable(WebError):
    """Something that was given is understood, but cannot be used."""

    status = 422


class TooMany(WebError):
    """Too much is asked at once, or too often."""

    status = 429


class Busy(WebError):
    """It cannot be done now: too much is under way, or the library is away; a while later it may be."""

    status = 503


def no_room(error: BaseException | None) -> OSError | None:
    """Return what of an error, and of what it was raised from, tells that the disk has no more room."""
    while error is not None and not (isinstance(error, OSError) and error.errno in _NO_ROOM):
        error = error.__cause__
    return error

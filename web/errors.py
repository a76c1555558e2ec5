"""Errors of the web app, each with its HTTP status and the key of a translated sentence."""

from __future__ import annotations

import errno

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


class WebError(Exception):
    """A request cannot be answered. ``key`` identifies a sentence in ``web.languages``, ``values`` fill it in.

    ``field`` is the name of an invalid form field. ``needs`` is ``password`` or ``token`` if the page's script must
    first get one, and then repeat the request.
    """

    status = 400
    needs: str | None = None

    def __init__(self, key: str, field: str | None = None, **values: object) -> None:
        super().__init__(key)
        self.key, self.field, self.values = key, field, values


class Refused(WebError):
    """The request is not allowed."""

    status = 403


class PasswordNeeded(Refused):
    """The session is not logged in, or has expired."""

    needs = "password"


class TokenNeeded(Refused):
    """The request has no CSRF token, or the token of an earlier session."""

    needs = "token"


class NotFound(WebError):
    """Nothing has the requested address, id or name."""

    status = 404


class Conflict(WebError):
    """The request is impossible in the present state, for example as the transcript has changed."""

    status = 409


class TooLarge(WebError):
    """The request is too large."""

    status = 413


class Unusable(WebError):
    """A file or value in the request cannot be used, or the work exceeds the limits."""

    status = 422


class TooMany(WebError):
    """There are too many requests."""

    status = 429


class Busy(WebError):
    """The server is busy, or the library is missing; a later request may succeed."""

    status = 503


def no_room(error: BaseException | None) -> OSError | None:
    """Return the error among the causes of ``error`` that reports a full disk, None if there is no such error."""
    while error is not None and not (isinstance(error, OSError) and error.errno in _NO_ROOM):
        error = error.__cause__
    return error

"""Errors of the web app, each with its HTTP status and the key of a translated sentence."""

from __future__ import annotations

import errno

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


class WebError(Exception):
    """A request that cannot be answered.

    The error's message is the sentence with this ``key`` in ``web.languages``, with ``values`` inserted. ``field`` is
    the name of an invalid form field. ``needs`` is ``password`` or ``token`` if the page's script must first get one
    and then repeat the request.
    """

    status = 400
    needs: str | None = None

    def __init__(self, key: str, field: str | None = None, **values: object) -> None:
        super().__init__(key)
        self.key, self.field, self.values = key, field, values


class Refused(WebError):
    """Error 403: the request is not allowed."""

    status = 403


class PasswordNeeded(Refused):
    """Error 403: the session is not logged in, or has expired."""

    needs = "password"


class TokenNeeded(Refused):
    """Error 403: the request has no CSRF token, or the token of an earlier session."""

    needs = "token"


class NotFound(WebError):
    """Error 404: nothing has the requested address, id or name."""

    status = 404


class Conflict(WebError):
    """Error 409: the present state does not allow the request, for example because the transcript has changed."""

    status = 409


class TooLarge(WebError):
    """Error 413: the request is too large."""

    status = 413


class Unusable(WebError):
    """Error 422: a file or value in the request cannot be used, or the work exceeds the limits of time and memory."""

    status = 422


class TooMany(WebError):
    """Error 429: there are too many requests."""

    status = 429


class Busy(WebError):
    """Error 503: the server is busy, or the library is missing; a later request may succeed."""

    status = 503


def no_room(error: BaseException | None) -> OSError | None:
    """Find an OSError that reports a full disk in ``error`` and its chain of causes. Return the OSError or None."""
    while error is not None and not (isinstance(error, OSError) and error.errno in _NO_ROOM):
        error = error.__cause__
    return error

"""What may change something: requests of our own pages alone.

A page of ours carries a token that pages elsewhere cannot read. The session's cookie is sent with links from elsewhere,
so that a quote's link opens, but not with what changes something (``SameSite=Lax``); and the browser tells where such
a request comes from.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from web.errors import Refused, TokenNeeded

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
API = "/api/"
"""What begins the addresses that scripts ask, which send the token as a header; forms go to others, and hold it."""

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

HEADERS_ONLY = "quotecast.headers_only"
"""In the environment of a request that is judged before its body has come."""


def csrf_token() -> str:
    """The token that this browser's requests must carry to change something."""
    from flask import session

    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def check_changes(names: set[str]) -> None:
    """Make sure that the current request, which is to change something, comes from a page of ours. ``names`` are those
    that the server answers to.

    Raises
    ------
    Refused
        The browser says that it comes from elsewhere.
    TokenNeeded
        It carries no token of this session, or no session.
    """
    if not comes_from_here(names):
        raise Refused("error.elsewhere")
    _check_token()


def comes_from_here(names: set[str]) -> bool:
    """Whether the browser does not say that another site's page asks.

    Sec-Fetch-Site decides, which browsers send to this machine and by TLS; else Origin, as in CrossOriginProtection of
    Go's ``net/http``, but for the port, which some proxies change. What is no browser sends neither.
    """
    from flask import request

    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    if (origin := request.headers.get("Origin")) is None:
        return True
    try:
        named = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(named) and bare(named) in {*names, bare(request.host)}


def is_told_to_come_from_here() -> bool:
    """Whether the browser says that a page of ours asks."""
    from flask import request

    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return "Origin" in request.headers and comes_from_here(set())


def has_session() -> bool:
    """Whether the browser has a session, be it one that is over: what is sent to change something begins none, and one
    that keeps no cookies has none ever."""
    from flask import current_app, request

    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def bare(host: str) -> str:
    """A host's name without its port and brackets, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host if host.count(":") > 1 else host.partition(":")[0]


def _check_token() -> None:
    from flask import request, session

    given = request.headers.get("X-CSRF-Token")
    if request.mimetype in FORMS and not request.path.startswith(API):
        if HEADERS_ONLY not in request.environ:
            form = request.form  # one that is too large is refused as that, whatever its token
            given = form.get("csrf", "") if given is None else given
        elif given is None:
            return  # it is in the body, which is short
    expected = session.get("csrf", "")
    if not expected or not hmac.compare_digest((given or "").encode(), str(expected).encode()):
        raise TokenNeeded("error.token" if has_session() else "error.cookies")

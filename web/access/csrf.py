"""Protection against cross-site request forgery: only pages of ours may change something.

A page of ours carries a token that other sites' pages cannot read. The session's cookie is sent with links from
elsewhere, so that the link of a quote opens, but not with requests that change something (``SameSite=Lax``).
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from web.errors import Refused, TokenNeeded

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
API = "/api/"
"""Begins the addresses that scripts ask, which send the token as a header; forms go to others, and hold it."""

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def csrf_token() -> str:
    """Return the token that this browser's requests must carry to change something."""
    from flask import session

    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def check_changes(names: set[str]) -> None:
    """Check that the current request, which changes something, comes from a page of ours; ``names`` are those that the
    server answers to. Raises Refused: the browser says that it comes from elsewhere; TokenNeeded: it carries no token
    of this session, or no session."""
    from flask import request, session

    if not comes_from_here(names):
        raise Refused("error.elsewhere")
    given = request.headers.get("X-CSRF-Token")
    if given is None and request.mimetype in FORMS and not request.path.startswith(API):
        given = request.form.get("csrf")
    expected = session.get("csrf", "")
    if not expected or not hmac.compare_digest((given or "").encode(), str(expected).encode()):
        raise TokenNeeded("error.token" if has_session() else "error.cookies")


def comes_from_here(names: set[str]) -> bool:
    """Return whether the browser does not say that another site's page asks.

    Sec-Fetch-Site decides, which browsers send to this machine and by TLS; else Origin, as in CrossOriginProtection of
    Go's ``net/http``, but for the port, which some proxies change. Programs other than browsers send neither.
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


def is_from_our_page() -> bool:
    """Return whether the browser says that a page of ours asks."""
    from flask import request

    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    return "Origin" in request.headers and comes_from_here(set())


def has_session() -> bool:
    """Return whether the browser sent a session's cookie, even of one that is over: it keeps cookies then."""
    from flask import current_app, request

    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def bare(host: str) -> str:
    """Return a host's name without its port and brackets, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host if host.count(":") > 1 else host.partition(":")[0]

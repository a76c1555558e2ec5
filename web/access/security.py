"""Check each request (host name, password, CSRF token) and set the security headers of each response.

Requests that change something need the session's CSRF token, which other sites' pages cannot read. The session's cookie
is ``SameSite=Lax``. If a person follows a link on another site, browsers send the cookie, so links to quotes work. If a
page of another site sends a request that changes something, browsers omit the cookie.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import logging
import re
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from web.access.sessions import SAFE_METHODS as SAFE_METHODS
from web.access.sessions import current_role, session_interface, session_key
from web.errors import PasswordNeeded, Refused, TokenNeeded, WebError
from web.settings import Role, Settings

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

_log = logging.getLogger("quotecast")

_UNTRUSTED = (
    "quotecast: warning: %s sends X-Forwarded-For but is no trusted proxy, so the header is ignored; if it is your"
    " proxy, start with --behind-proxy=%s"
)
_API = "/api/"  # prefix of addresses for scripts, which send the token in a header; forms have it as a field
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_PUBLIC = {"static", "visitor.login", "visitor.log_in", "visitor.session"}  # endpoints without a password
_LARGEST_FORM_BYTES = 400_000  # for thousands of selected clips
_LOCAL = {"localhost", "127.0.0.1", "::1"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "media-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def make_safe(app: Flask, settings: Settings) -> None:
    """Make an app check each request and set security headers. Raises StateError if the user's database is unusable."""
    identity = hashlib.sha256(str(settings.library.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    app.config.update(
        SECRET_KEY=session_key(settings.library),
        SESSION_COOKIE_NAME=f"quotecast-{identity}",  # servers on different ports share their cookies
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
    )
    app.session_interface = session_interface()
    _trust_proxy(app, settings.proxy)
    app.before_request(_request_check(settings))

    @app.after_request
    def set_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if response.mimetype in ("text/html", "application/json"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.jinja_env.globals["csrf_token"] = csrf_token
    app.jinja_env.globals["is_local_request"] = is_local_request
    app.jinja_env.globals["has_readers"] = Role.READER in settings.passwords
    app.jinja_env.globals["logged_in_as"] = lambda: current_role() if settings.passwords else None


def _request_check(settings: Settings) -> Callable[[], ResponseReturnValue | None]:
    """Return a function that checks each request: it raises WebError, redirects to the login page or returns None."""
    from flask import redirect, request, url_for

    names = _LOCAL | {_bare(settings.host), *map(_bare, settings.hosts)}
    serves_others = not is_this_machine(settings.host)

    def check() -> ResponseReturnValue | None:
        # DNS rebinding: another site's name may resolve to this machine. An IP address cannot be such a name.
        if (name := _bare(request.host)) not in names and not (serves_others and _address(name)):
            raise Refused("error.host", host=request.host)
        if "\N{REPLACEMENT CHARACTER}" in request.query_string.decode(errors="replace"):
            raise WebError("error.400")
        if request.endpoint not in _PUBLIC and current_role() is None:
            if request.method in SAFE_METHODS and not request.path.startswith(_API):
                return redirect(url_for("visitor.login", next=requested_path()))
            raise PasswordNeeded("error.password")
        if request.mimetype in _FORMS:
            request.max_content_length = _LARGEST_FORM_BYTES
        if request.method not in SAFE_METHODS:
            _check_change(names)
        return None

    return check


def csrf_token() -> str:
    """Return the session's CSRF token. Every request that changes something must contain the token."""
    from flask import session

    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def _check_change(names: set[str]) -> None:
    """Check that a page of this server sent the current request; ``names`` are the server's host names.

    Raises Refused if another site sent the request, TokenNeeded if the request lacks the session's CSRF token.
    """
    from flask import request, session

    if not is_same_site(names):
        raise Refused("error.elsewhere")
    token = request.headers.get("X-CSRF-Token")
    if token is None and request.mimetype in _FORMS and not request.path.startswith(_API):
        token = request.form.get("csrf")
    expected = session.get("csrf", "")
    if not expected or not hmac.compare_digest((token or "").encode(), str(expected).encode()):
        raise TokenNeeded("error.token")


def is_same_site(names: set[str]) -> bool:
    """Return whether the current request comes from this site or from a client that is not a browser.

    If there is a header Sec-Fetch-Site, only this header counts. Browsers send it only over TLS and to local addresses.
    Otherwise the host in the header Origin (if any) must be the requested host or one of ``names``. This
    follows CrossOriginProtection of Go's ``net/http``, but ports may differ, since proxies change them.
    """
    from flask import request

    if site := request.headers.get("Sec-Fetch-Site"):
        return site in ("same-origin", "none")
    if (origin := request.headers.get("Origin")) is None:
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return bool(host) and _bare(host) in {*names, _bare(request.host)}


def requested_path() -> str:
    """Return the path and query of the current request."""
    from flask import request

    return request.url.removeprefix(request.root_url.rstrip("/"))


def local_path(address: str | None) -> str:
    """Return ``address`` if it is a path on this server, else ``/``, so that no redirect leads to another site.

    A tab, newline or backslash gives ``/`` too, since browsers ignore these characters or read them as slashes.
    """
    is_plain = address and address.isprintable() and "\\" not in address
    return address if address and is_plain and re.match(r"/(?!/)", address) else "/"


def is_this_machine(host: str) -> bool:
    """Return whether a server that listens at ``host`` can only be reached from this machine."""
    return host == "localhost" or ((address := _address(host)) is not None and address.is_loopback)


def is_local_request() -> bool:
    """Return whether the current request comes from this machine, judging by the client's address and the host name."""
    from flask import request

    return is_this_machine(request.remote_addr or "") and is_this_machine(_bare(request.host))


def _trust_proxy(app: Flask, proxy: frozenset[str]) -> None:
    """Make ``app`` use X-Forwarded-For, -Proto and -Host, but only in requests from the IP addresses in ``proxy``. Warn
    once if another address sends them, since it may be a proxy that nobody named."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    plain = app.wsgi_app
    fixed = ProxyFix(plain, x_for=1, x_proto=1, x_host=1)
    warned = set[str]()

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        if (address := environ.get("REMOTE_ADDR", "")) in proxy:
            return fixed(environ, start_response)
        if not warned and "HTTP_X_FORWARDED_FOR" in environ:
            warned.add(address)
            _log.warning(_UNTRUSTED, address, address)
        return plain(environ, start_response)

    app.wsgi_app = answer  # type: ignore[method-assign]


def _bare(host: str) -> str:
    """Return a host name or IP address in lower case, without port and brackets."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host if host.count(":") > 1 else host.partition(":")[0]


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None

"""Access rules of the app: who may ask, from where, what may change something, what a page may load.

Only pages of ours change something (cross-site request forgery): each carries a token of its session that other sites'
pages cannot read. The session's cookie is sent with links from elsewhere, so that the link of a quote opens, but not
with requests that change something (``SameSite=Lax``).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from web.access.sessions import SAFE_METHODS as SAFE_METHODS
from web.access.sessions import has_entered, session_interface, session_key
from web.errors import PasswordNeeded, Refused, TokenNeeded, WebError
from web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

_API = "/api/"  # begins the addresses that scripts ask, which send the token as a header; forms go to others
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_OPEN = {"static", "visitor.login", "visitor.enter", "visitor.session"}  # also without the password
_LARGEST_FORM_BYTES = 400_000  # thousands of clips may be ticked
_HERE = {"localhost", "127.0.0.1", "::1"}
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
    """Check every request before it is answered, and set the security headers of every answer. Raises StateError: the
    user's database, which keeps what signs the sessions, cannot be used."""
    identity = hashlib.sha256(str(settings.library.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    app.config.update(
        SECRET_KEY=session_key(settings.library),
        SESSION_COOKIE_NAME=f"quotecast-{identity}",  # cookies do not know ports, and two libraries may be served
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
    )
    app.session_interface = session_interface()
    _believe_proxy(app, settings.proxy)
    app.before_request(_checking(settings))

    @app.after_request
    def mark(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if response.mimetype in ("text/html", "application/json"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.jinja_env.globals["csrf_token"] = csrf_token
    app.jinja_env.globals["is_here"] = is_here
    app.jinja_env.globals["has_entered"] = lambda: bool(settings.password) and has_entered(settings.password or "")


def _checking(settings: Settings) -> Callable[[], ResponseReturnValue | None]:
    """Return what checks a request: the name that it asks for, the password, and a change's token."""
    from flask import redirect, request, url_for

    names = _HERE | {_bare(settings.host), *map(_bare, settings.hosts)}
    to_others = not is_this_machine(settings.host)

    def check() -> ResponseReturnValue | None:
        # This stops pages elsewhere whose own name leads here, which is never an address.
        if (name := _bare(request.host)) not in names and not (to_others and _address(name)):
            raise Refused("error.host", host=request.host)
        if "\N{REPLACEMENT CHARACTER}" in request.query_string.decode(errors="replace"):
            raise WebError("error.400")
        if settings.password and request.endpoint not in _OPEN and not has_entered(settings.password):
            if request.method in SAFE_METHODS and not request.path.startswith(_API):
                return redirect(url_for("visitor.login", next=asked_path()))
            raise PasswordNeeded("error.password")
        if request.mimetype in _FORMS:
            request.max_content_length = _LARGEST_FORM_BYTES
        if request.method not in SAFE_METHODS:
            _check_change(names)
        return None

    return check


def csrf_token() -> str:
    """Return the token that this browser's requests must carry to change something."""
    from flask import session

    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def _check_change(names: set[str]) -> None:
    """Check that the current request, which changes something, comes from a page of ours; ``names`` are those that the
    server answers to. Raises Refused: the browser says that it comes from elsewhere; TokenNeeded: it carries no token
    of this session, or no session."""
    from flask import request, session

    if not comes_from_here(names):
        raise Refused("error.elsewhere")
    given = request.headers.get("X-CSRF-Token")
    if given is None and request.mimetype in _FORMS and not request.path.startswith(_API):
        given = request.form.get("csrf")
    expected = session.get("csrf", "")
    if not expected or not hmac.compare_digest((given or "").encode(), str(expected).encode()):
        raise TokenNeeded("error.token")


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
    return bool(named) and _bare(named) in {*names, _bare(request.host)}


def asked_path() -> str:
    """Return the path and the query that the current request asks for."""
    from flask import request

    return request.url.removeprefix(request.root_url.rstrip("/"))


def local_path(address: str | None) -> str:
    """Return ``address`` if it is a path of this server, else the first page: a link must not lead elsewhere.

    Browsers ignore tabs and line ends in an address, and take a backslash for a slash; no address of ours has any.
    """
    plain = address and address.isprintable() and "\\" not in address
    return address if address and plain and re.match(r"/(?!/)", address) else "/"


def is_this_machine(host: str) -> bool:
    """Return whether a server that listens at ``host`` is reached from this machine alone."""
    return host == "localhost" or ((address := _address(host)) is not None and address.is_loopback)


def is_here() -> bool:
    """Return whether the current request comes from this machine, as far as that can be known."""
    from flask import request

    return is_this_machine(request.remote_addr or "") and is_this_machine(_bare(request.host))


def _believe_proxy(app: Flask, proxy: frozenset[str]) -> None:
    """Believe X-Forwarded-For, -Proto and -Host in requests from the addresses in ``proxy``, and in no others."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    plain = app.wsgi_app
    fixed = ProxyFix(plain, x_for=1, x_proto=1, x_host=1)

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        return (fixed if environ.get("REMOTE_ADDR") in proxy else plain)(environ, start_response)

    app.wsgi_app = answer  # type: ignore[method-assign]


def _bare(host: str) -> str:
    """Return a host's name without its port and brackets, in lower case."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host if host.count(":") > 1 else host.partition(":")[0]


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None

"""Access rules of the app: who may ask, from where, what may change something, what a page may load."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from typing import TYPE_CHECKING, Any

from aligner.cli.terminal import tell
from web.access.csrf import API, FORMS, SAFE_METHODS, bare, check_changes, csrf_token
from web.access.sessions import has_entered, session_interface, session_key
from web.errors import PasswordNeeded, Refused
from web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

_OPEN = {"static", "visitor.login", "visitor.enter", "visitor.session"}  # also without the password
_LARGEST_FORM_BYTES = 400_000  # thousands of clips may be ticked
_HERE = {"localhost", "127.0.0.1", "::1"}
_NAME = re.compile(r"[a-z0-9_][a-z0-9_.-]{0,252}")
_MOST_REPORTED = 10  # refused names: anybody may ask by any
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def make_safe(app: Flask, settings: Settings) -> None:
    """Check every request before it is answered, and set the security headers of every answer. Raises StateError: the
    user's database, which keeps what signs the sessions, cannot be used."""
    from flask import redirect, request, url_for

    identity = hashlib.sha256(str(settings.library.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    app.config.update(
        SECRET_KEY=session_key(settings.library),
        SESSION_COOKIE_NAME=f"quotecast-{identity}",  # cookies do not know ports, and two libraries may be served
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
    )
    app.session_interface = session_interface()
    _believe_proxy(app, settings.proxy)
    names = _HERE | {bare(settings.host), *map(bare, settings.hosts)}
    to_others = not is_this_machine(settings.host)
    refused: set[str] = set()

    @app.before_request
    def check() -> ResponseReturnValue | None:
        # This stops pages elsewhere whose own name leads here, which is never an address.
        if (name := bare(request.host)) not in names and not (to_others and _address(name)):
            _report_name(name, refused)
            raise Refused("error.host", host=request.host)
        if settings.password and request.endpoint not in _OPEN and not has_entered(settings.password):
            if request.method in SAFE_METHODS and not request.path.startswith(API):
                return redirect(url_for("visitor.login", next=request.full_path.rstrip("?")))
            raise PasswordNeeded("error.password")
        if request.mimetype in FORMS:
            request.max_content_length = _LARGEST_FORM_BYTES
        if request.method not in SAFE_METHODS:
            check_changes(names)
        return None

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

    return is_this_machine(request.remote_addr or "") and is_this_machine(bare(request.host))


def _believe_proxy(app: Flask, proxy: frozenset[str]) -> None:
    """Believe X-Forwarded-For, -Proto and -Host in requests from the addresses in ``proxy``, and in no others."""
    from werkzeug.middleware.proxy_fix import ProxyFix

    plain = app.wsgi_app
    fixed = ProxyFix(plain, x_for=1, x_proto=1, x_host=1)

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        return (fixed if environ.get("REMOTE_ADDR") in proxy else plain)(environ, start_response)

    app.wsgi_app = answer  # type: ignore[method-assign]


def _report_name(name: str, reported: set[str]) -> None:
    """Write to the terminal, once, by which name somebody asked in vain, and how to allow it."""
    if len(reported) < _MOST_REPORTED and name not in reported and _NAME.fullmatch(name):
        reported.add(name)
        tell(
            f"quotecast: somebody asked for this server by the name {name} and was refused; if that is a name of "
            f"this machine, start it with --allowed-host={name}"
        )


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None

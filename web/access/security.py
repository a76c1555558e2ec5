"""What keeps the app safe: who may ask, from where, what may change something, what a page may load.

Flask's signed session cookie holds the CSRF token and whether the password was given. What signs it is derived from a
key of the user's own, for each library another: nothing in a library that somebody sends can sign a session, or take
one up again that has ended.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import ipaddress
import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aligner.cli.terminal import tell
from aligner.errors import OutputError
from aligner.storage.keys import KEY_BYTES, users_key
from aligner.storage.user_folders import config_folder
from web.access.clients import current_client, proxied
from web.access.sessions import Ended, has_entered, session_interface
from web.access.tokens import API, FORMS, HEADERS_ONLY, SAFE_METHODS, bare, check_changes, csrf_token
from web.errors import PasswordNeeded, Refused
from web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

SESSIONS = "key"
"""The user's key that sessions are signed with."""

_OPEN = {"static", "visitor.login", "visitor.enter", "visitor.session"}  # for who has not given the password, too
_LARGEST_FORM_BYTES = 16_000
_LARGER_FORMS_BYTES = {"clips.bundle": 400_000}  # by endpoint: whoever ticks clips may tick thousands
_HERE = {"localhost", "127.0.0.1", "::1"}
_NAME = re.compile(r"[a-z0-9_][a-z0-9_.-]{0,252}")
_MOST_TOLD = 10  # names: anybody may ask by any
_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


REFUSAL = "quotecast.refusal"
"""In the environment of a request whose body was not taken: the error to answer with."""


def make_safe(app: Flask, settings: Settings) -> None:
    """Check every request before it is answered, and mark every answer."""
    from flask import redirect, request, url_for

    identity = hashlib.sha256(str(settings.library.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
    app.config.update(
        SECRET_KEY=session_key(settings.library),
        SESSION_COOKIE_NAME=f"quotecast-{identity}",  # cookies do not know ports, and two libraries may be served
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
    )
    app.session_interface = session_interface()
    app.extensions["ended"] = Ended(config_folder() / f"ended-{identity}.json")
    believe = proxied(settings.proxy)
    answer = app.wsgi_app

    def as_asked(environ: dict[str, Any], start_response: Any) -> Any:
        believe(environ)
        return answer(environ, start_response)

    app.wsgi_app = as_asked  # type: ignore[method-assign]
    app.extensions["believe"] = believe
    names = _HERE | {bare(settings.host), *map(bare, settings.hosts)}
    to_others = not is_this_machine(settings.host)
    strangers = _Strangers()

    @app.before_request
    def check() -> ResponseReturnValue | None:
        if refusal := request.environ.get(REFUSAL):
            raise refusal
        if not (_is_ours(request.host, names) or (to_others and _is_address(request.host))):
            strangers.tell(request.host)
            raise Refused("error.host", host=request.host)
        if settings.password and request.endpoint not in _OPEN and not has_entered(settings.password):
            if request.method in SAFE_METHODS and not request.path.startswith(API):
                return redirect(url_for("visitor.login", next=request.full_path.rstrip("?")))
            raise PasswordNeeded("error.password")
        if request.mimetype in FORMS:
            request.max_content_length = _LARGER_FORMS_BYTES.get(str(request.endpoint), _LARGEST_FORM_BYTES)
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


def admit(app: Flask, environ: dict[str, Any]) -> int:
    """How many bytes the body of a request may have, told by its headers alone; raises what refuses the request."""
    from flask import request

    app.extensions["believe"](environ)
    with app.request_context({**environ, HEADERS_ONLY: True, "wsgi.input": io.BytesIO()}):
        if app.preprocess_request() is not None:
            raise PasswordNeeded("error.password")
        return request.max_content_length or 0


def local_path(address: str | None) -> str:
    """``address`` if it is a path of this server, else the first page: a link must not lead elsewhere.

    Browsers pass over tabs and line ends in an address, and take a backslash for a slash; no address of ours has any.
    """
    plain = address and address.isprintable() and "\\" not in address
    return address if address and plain and re.match(r"/(?!/)", address) else "/"


def is_this_machine(host: str) -> bool:
    """Whether who listens at ``host`` is reached from this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_here() -> bool:
    """Whether the current request comes from this machine, as far as that can be told."""
    from flask import request

    return is_this_machine(current_client()) and is_this_machine(bare(request.host))


def session_key(library: Path) -> bytes:
    """What signs the sessions of a library's readers; where the user can keep no key, another one at each start."""
    try:
        key = users_key(SESSIONS)
    except OutputError:  # the server says so at its start
        return secrets.token_bytes(KEY_BYTES)
    return hmac.new(key, b"session " + os.fsencode(library.resolve()), hashlib.sha256).digest()


class _Strangers:
    """Names by which the server was asked for in vain: whoever runs it is told of each once, and how it is allowed."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def tell(self, host: str) -> None:
        name = bare(host)
        if len(self._told) < _MOST_TOLD and name not in self._told and _NAME.fullmatch(name):
            self._told.add(name)
            tell(
                f"quotecast: somebody asked for this server by the name {name} and was refused; if that is a name of "
                f"this machine, start it with --allowed-host={name}"
            )


def _is_ours(host: str, names: set[str]) -> bool:
    return bare(host) in names


def _is_address(host: str) -> bool:
    """Whether a request names the server by a bare address. No foreign page can have made a browser do so by letting
    its own name lead here, which is what the check of names is for; where others may ask, it is the way they do."""
    try:
        return bool(ipaddress.ip_address(bare(host)))
    except ValueError:
        return False

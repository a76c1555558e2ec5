"""Log in with one of the server's passwords: limit wrong guesses, and store sessions in signed cookies.

A session has the role of its password. It ends with a logout, after 14 days, and when that password changes. The user's
database stores the ids of ended sessions: after a logout, a copy of the cookie is invalid too.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.storage.database import changing, connected
from web.settings import Role, Settings

if TYPE_CHECKING:
    from flask import Flask
    from flask.sessions import SecureCookieSessionInterface, SessionMixin

LIFETIME = 14 * 24 * 3600.0  # seconds
_MOST_GUESSES, _WINDOW = 10, 60.0  # wrong guesses in this many seconds
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Guesses:
    """A limit on wrong passwords: at most ``_MOST_GUESSES`` in ``_WINDOW`` seconds, from all visitors together."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: deque[float] = deque()  # the time of each

    def start(self) -> int:
        """Count a guess that will be checked now, and return 0. At the limit, only return the seconds to wait."""
        now = self._clock()
        with self._lock:
            while self._wrong and self._wrong[0] <= now - _WINDOW:
                self._wrong.popleft()
            if len(self._wrong) >= _MOST_GUESSES:
                return math.ceil(self._wrong[0] + _WINDOW - now)
            self._wrong.append(now)
            return 0

    def was_right(self) -> None:
        """Remove the last guess from the count, since the password was right."""
        with self._lock:
            if self._wrong:
                self._wrong.pop()


def session_key(library: Path) -> bytes:
    """Return the key that signs a library's sessions, derived from a secret in the user's database."""
    with changing() as db:
        db.execute("INSERT OR IGNORE INTO secret VALUES ('sessions', ?)", (secrets.token_bytes(32),))
        secret: bytes = db.execute("SELECT value FROM secret WHERE name = 'sessions'").fetchone()["value"]
    return hmac.new(secret, os.fsencode(library.resolve()), hashlib.sha256).digest()


def role_with(guess: str, passwords: Mapping[Role, str]) -> Role | None:
    """Return the role whose password a visitor's ``guess`` is; None if it is wrong."""
    return next((role for role, word in passwords.items() if hmac.compare_digest(_bytes(guess), _bytes(word))), None)


def log_in(role: Role, password: str, name: str) -> None:
    """Start a session of the person ``name`` in ``role``, which ends when the role's ``password`` changes."""
    from flask import session

    session.clear()  # against session fixation: an attacker may know the CSRF token in the old cookie
    session.update(entered=_fingerprint(role, password), began=time.time(), id=secrets.token_urlsafe(12), name=name)


def current_role() -> Role | None:
    """Return the visitor's role: EDITOR without passwords, else the role of the session. Return None if the session has
    not logged in with a current password, has expired or has logged out."""
    from flask import current_app, g

    if "role" not in g:
        settings: Settings = current_app.extensions["settings"]
        g.role = _session_role(settings.passwords) if settings.passwords else Role.EDITOR
    role: Role | None = g.role
    return role


def _session_role(passwords: Mapping[Role, str]) -> Role | None:
    from flask import session

    if "id" not in session or time.time() - session["began"] >= LIFETIME:
        return None
    entered = session["entered"]
    known = (role for role, word in passwords.items() if hmac.compare_digest(entered, _fingerprint(role, word)))
    with connected() as db:
        is_ended = db.execute("SELECT 1 FROM ended_session WHERE id = ?", (session["id"],)).fetchone()
    return None if is_ended else next(known, None)


def log_out() -> None:
    """End the session. Copies of the session's cookie become invalid too."""
    from flask import session

    if "id" in session:
        with changing() as db:
            db.execute("DELETE FROM ended_session WHERE began < ?", (time.time() - LIFETIME,))
            db.execute("INSERT OR IGNORE INTO ended_session VALUES (?, ?)", (session["id"], session["began"]))
    session.clear()


def session_interface() -> SecureCookieSessionInterface:
    """Return Flask's sessions in signed cookies, with two changes.

    First, a cookie that is set over TLS is marked as Secure. Second, if a request changes something and has no cookie,
    the response sets none. Such a request probably comes from a page of another site, where browsers omit SameSite
    cookies, and a new cookie would replace the user's.
    """
    from flask import request
    from flask.sessions import SecureCookieSessionInterface

    class Sessions(SecureCookieSessionInterface):
        def get_cookie_secure(self, app: Flask) -> bool:
            return request.is_secure

        def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
            is_same_site = request.method in SAFE_METHODS or self.get_cookie_name(app) in request.cookies
            return is_same_site and super().should_set_cookie(app, session)

    return Sessions()


def _fingerprint(role: Role, password: str) -> str:
    """Return a hash of the role and its password for the cookie. Without the server's key, nobody can test guesses on
    it. With the role in it, a reader stays a reader even if the readers' password becomes the editors'."""
    from flask import current_app

    secret: bytes = current_app.config["SECRET_KEY"]
    return hmac.new(secret, role.encode() + b"\0" + _bytes(password), hashlib.sha256).hexdigest()


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")  # passwords may contain invalid Unicode

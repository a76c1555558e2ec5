"""Log in with the server's password: limit wrong guesses, and store sessions in signed cookies.

A session ends with a logout, after 14 days, and when the password changes. The user's database stores the ids of ended
sessions: after a logout, a copy of the cookie is invalid too.
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
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.storage.database import changing, connected

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


def log_in(guess: str, password: str) -> bool:
    """Start a session if a visitor's ``guess`` is the password. Return whether the guess is right."""
    from flask import session

    if not hmac.compare_digest(_bytes(guess), _bytes(password)):
        return False
    session.clear()  # against session fixation: an attacker may know the CSRF token in the old cookie
    session.update(entered=_fingerprint(password), began=time.time(), id=secrets.token_urlsafe(12))
    return True


def is_logged_in(password: str) -> bool:
    """Return whether the session has logged in with the current password, has not expired and has not logged out."""
    from flask import session

    if "id" not in session or time.time() - session["began"] >= LIFETIME:
        return False
    if not hmac.compare_digest(session["entered"], _fingerprint(password)):
        return False
    with connected() as db:
        return db.execute("SELECT 1 FROM ended_session WHERE id = ?", (session["id"],)).fetchone() is None


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


def _fingerprint(password: str) -> str:
    """Return a hash of the password for the cookie. Without the server's key, nobody can test guesses on it."""
    from flask import current_app

    return hmac.new(current_app.config["SECRET_KEY"], _bytes(password), hashlib.sha256).hexdigest()


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")  # passwords may contain invalid Unicode

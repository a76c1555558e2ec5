"""The password: a limit on guesses, and sessions of who has given it, kept in the browser's signed cookie.

A session ends when its browser logs out, after 14 days, and when the password changes. A copy of its cookie ends with
it: the user's database keeps which sessions have logged out.
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

LASTS = 14 * 24 * 3600.0  # seconds
_WRONG_PASSWORDS, _WINDOW = 10, 60.0  # so many in so many seconds
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Guesses:
    """A limit on wrong passwords, of all visitors together."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: deque[float] = deque()  # when each was given

    def begin(self) -> int:
        """Count a guess as wrong; return 0 if it may be made, else after how many seconds another one may be."""
        now = self._clock()
        with self._lock:
            while self._wrong and self._wrong[0] <= now - _WINDOW:
                self._wrong.popleft()
            if len(self._wrong) >= _WRONG_PASSWORDS:
                return math.ceil(self._wrong[0] + _WINDOW - now)
            self._wrong.append(now)
            return 0

    def right(self) -> None:
        """Take back a guess, which was right."""
        with self._lock:
            if self._wrong:
                self._wrong.pop()


def session_key(library: Path) -> bytes:
    """Return the key that signs the sessions of a library, derived from a secret in the user's database. Raises
    StateError: that cannot be used."""
    with changing() as db:
        db.execute("INSERT OR IGNORE INTO secret VALUES ('sessions', ?)", (secrets.token_bytes(32),))
        secret: bytes = db.execute("SELECT value FROM secret WHERE name = 'sessions'").fetchone()["value"]
    return hmac.new(secret, os.fsencode(library.resolve()), hashlib.sha256).digest()


def enter(given: str, password: str) -> bool:
    """Let this browser in if ``given`` is the password; return whether it is."""
    from flask import session

    if not hmac.compare_digest(_bytes(given), _bytes(password)):
        return False
    session.clear()  # whoever planted this browser's cookie knows the CSRF token in it
    session.update(entered=_fingerprint(password), began=time.time(), id=secrets.token_urlsafe(12))
    return True


def has_entered(password: str) -> bool:
    """Return whether this browser gave the current password and has not logged out since."""
    from flask import session

    if "id" not in session or time.time() - session["began"] >= LASTS:
        return False
    if not hmac.compare_digest(session["entered"], _fingerprint(password)):
        return False
    with connected() as db:
        return db.execute("SELECT 1 FROM ended_session WHERE id = ?", (session["id"],)).fetchone() is None


def leave() -> None:
    """End the session of this browser."""
    from flask import session

    if "id" in session:
        with changing() as db:
            db.execute("DELETE FROM ended_session WHERE began < ?", (time.time() - LASTS,))
            db.execute("INSERT OR IGNORE INTO ended_session VALUES (?, ?)", (session["id"], session["began"]))
    session.clear()


def session_interface() -> SecureCookieSessionInterface:
    """Return what keeps sessions in cookies: one that came by TLS travels by TLS alone. A request that another site
    makes a browser send brings no cookie, and must not replace the one there is."""
    from flask import request
    from flask.sessions import SecureCookieSessionInterface

    class Sessions(SecureCookieSessionInterface):
        def get_cookie_secure(self, app: Flask) -> bool:
            return request.is_secure

        def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
            is_ours = request.method in SAFE_METHODS or self.get_cookie_name(app) in request.cookies
            return is_ours and super().should_set_cookie(app, session)

    return Sessions()


def _fingerprint(password: str) -> str:
    """Return a keyed hash of the password, from which the cookie's owner cannot guess it."""
    from flask import current_app

    return hmac.new(current_app.config["SECRET_KEY"], _bytes(password), hashlib.sha256).hexdigest()


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")  # what was set or sent need not be text

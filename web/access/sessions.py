"""Who has given the password: a session in the browser's signed cookie, until it ends.

A session ends when its browser logs out, after some days, and when the password becomes another one. A cookie that was
copied before counts for nothing afterwards: which sessions have logged out is remembered as long as they would last.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.errors import OutputError
from aligner.storage.atomic import write_text
from aligner.storage.checked_json import decode
from media.confinement import read_regular, where
from web.access.tokens import SAFE_METHODS

if TYPE_CHECKING:
    from flask import Flask
    from flask.sessions import SecureCookieSessionInterface, SessionMixin

LASTS = 14 * 24 * 3600.0  # seconds
_LARGEST_BYTES = 10_000_000
_MOST_KEPT = 50_000  # sessions, the latest: what is kept stays below what is read


class Ended:
    """The sessions that have logged out; when each began, by its id.

    They are kept in ``path``, beside the key that sessions are signed with: where there can be none, none outlasts the
    server.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            self._began = decode(read_regular(path, _LARGEST_BYTES), dict[str, float])
        except (OSError, ValueError):  # none has yet, or the file is not ours
            self._began = {}

    def __contains__(self, id: str) -> bool:
        return id in self._began

    def add(self, id: str, began: float) -> None:
        """The session has ended."""
        with self._lock:
            lasting = {other: at for other, at in self._began.items() if at > time.time() - LASTS}
            self._began = dict([*lasting.items(), (id, began)][-_MOST_KEPT:])
            with contextlib.suppress(OSError, OutputError):  # it has ended all the same, until the server does
                where(self._path.parent).mkdir(parents=True, exist_ok=True, mode=0o700)
                write_text(self._path, json.dumps(self._began))


def enter(given: str, password: str) -> bool:
    """Let this browser in if what was given is the password, until that is another one; whether it was."""
    from flask import session

    if not hmac.compare_digest(_bytes(given), _bytes(password)):  # in a time that tells nothing
        return False
    session.clear()  # whoever planted this browser's cookie knows the token in it
    session.update(entered=_fingerprint(password), began=time.time(), id=secrets.token_urlsafe(12))
    return True


def has_entered(password: str) -> bool:
    """Whether this browser gave the password that is in force, and has not logged out since."""
    from flask import current_app, session

    given, began, id = (session.get(name) for name in ("entered", "began", "id"))
    if not (isinstance(given, str) and isinstance(began, float) and isinstance(id, str)):
        return False
    lasts = time.time() - began < LASTS and id not in current_app.extensions["ended"]
    return lasts and hmac.compare_digest(given.encode(), _fingerprint(password).encode())


def leave() -> None:
    """End the session of this browser."""
    from flask import current_app, session

    if "id" in session:
        current_app.extensions["ended"].add(session["id"], session["began"])
    session.clear()


def session_interface() -> SecureCookieSessionInterface:
    """What keeps sessions in cookies: those that came by TLS travel by it alone. What another site has a browser send
    brings no cookie, and must not put another in the place of the one there is."""
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
    """What of a password its owner's browser may carry about: a keyed hash, from which it cannot be guessed."""
    from flask import current_app

    return hmac.new(current_app.config["SECRET_KEY"], _bytes(password), hashlib.sha256).hexdigest()


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")  # what was set or sent need not be text

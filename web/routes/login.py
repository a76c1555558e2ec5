"""The password, where one is needed."""

from __future__ import annotations

import threading
import time

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from web import security
from web.context import settings
from web.languages import t

blueprint = Blueprint("login", __name__)
_AFTER_A_WRONG_ONE = 1.0  # seconds; makes guessing slow
_MOST_AT_ONCE = 4  # each holds a thread of the server for as long

_guesses = threading.BoundedSemaphore(_MOST_AT_ONCE)


@blueprint.get("/login")
def ask() -> ResponseReturnValue:
    return render_template("login.html", next=security.local_path(request.args.get("next")), message=None)


@blueprint.post("/login")
def enter() -> ResponseReturnValue:
    """Let in who knows the password; guesses are few at a time, right ones too, so that a refusal tells nothing."""
    following = security.local_path(request.form.get("next"))
    if not _guesses.acquire(blocking=False):
        abort(429)
    try:
        return _enter(following)
    finally:
        _guesses.release()


def _enter(following: str) -> ResponseReturnValue:
    if security.enter(request.form.get("password", ""), settings().password or ""):
        return redirect(following)
    time.sleep(_AFTER_A_WRONG_ONE)
    return render_template("login.html", next=following, message=t("login.wrong")), 403

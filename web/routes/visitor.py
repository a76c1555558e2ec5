"""Who visits: the password, where one is needed; language and theme, which cookies keep."""

from __future__ import annotations

import time

from flask import Blueprint, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from web import security
from web.context import places, settings
from web.languages import LANGUAGES, THEMES, t

blueprint = Blueprint("visitor", __name__)

_AFTER_A_WRONG_ONE = 1.0  # seconds; makes guessing slow
_A_YEAR = 365 * 24 * 3600  # seconds
_CHOICES = {"language": LANGUAGES, "theme": THEMES}


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    return render_template("login.html", next=security.local_path(request.args.get("next")), message=None)


@blueprint.post("/login")
def enter() -> ResponseReturnValue:
    """Let in who knows the password; guesses are few at a time, right ones too, so that a refusal tells nothing."""
    following = security.local_path(request.form.get("next"))
    guesses = places().guesses
    if not guesses.acquire(blocking=False):
        abort(429)
    try:
        return _enter(following)
    finally:
        guesses.release()


def _enter(following: str) -> ResponseReturnValue:
    if security.enter(request.form.get("password", ""), settings().password or ""):
        return redirect(following)
    time.sleep(_AFTER_A_WRONG_ONE)
    return render_template("login.html", next=following, message=t("login.wrong")), 403


@blueprint.post("/preferences")
def prefer() -> ResponseReturnValue:
    response = make_response(redirect(security.local_path(request.form.get("next")), 303))
    for name, choices in _CHOICES.items():
        if (value := request.form.get(name)) in choices:
            response.set_cookie(f"quotecast-{name}", value, max_age=_A_YEAR, samesite="Strict", httponly=True)
    return response

"""Who visits: the password, where one is needed; language and theme, which cookies keep."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.access import security, sessions
from web.access.clients import current_client
from web.context import limits, settings
from web.errors import TooMany
from web.languages import LANGUAGES, THEMES, t

blueprint = Blueprint("visitor", __name__)

_A_YEAR = 365 * 24 * 3600  # seconds
_CHOICES = {"language": LANGUAGES, "theme": THEMES}


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    return render_template("login.html", next=security.local_path(request.args.get("next")), message=None)


@blueprint.post("/login")
def enter() -> ResponseReturnValue:
    """Let in who knows the password. Who guesses waits; a right one counts for nothing meanwhile, so that a refusal
    tells nothing."""
    following = security.local_path(request.form.get("next"))
    guesses, client = limits().guesses, current_client()
    if wait := guesses.begin(client):
        raise TooMany("login.wait", wait, seconds=wait)
    if not sessions.enter(request.form.get("password", ""), settings().password or ""):
        return render_template("login.html", next=following, message=t("login.wrong")), 403
    guesses.right(client)
    return redirect(following)


@blueprint.post("/logout")
def leave() -> ResponseReturnValue:
    sessions.leave()
    return redirect(url_for("visitor.login"), 303)


@blueprint.post("/preferences")
def prefer() -> ResponseReturnValue:
    response = make_response(redirect(security.local_path(request.form.get("next")), 303))
    for name, choices in _CHOICES.items():
        if (value := request.form.get(name)) in choices:
            response.set_cookie(
                f"quotecast-{name}",
                value,
                max_age=_A_YEAR,
                secure=request.is_secure,
                samesite="Strict",
                httponly=True,
            )
    return response

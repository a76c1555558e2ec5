"""Log in and out, and remember a reader's name, language and theme in cookies."""

from __future__ import annotations

from urllib.parse import quote, unquote

from flask import Blueprint, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from aligner.storage.checked_json import shown_name
from web.access import security, sessions
from web.access.sessions import Guesses
from web.context import settings
from web.errors import Refused, TooMany
from web.languages import LANGUAGES, THEMES

blueprint = Blueprint("visitor", __name__)

_A_YEAR = 365 * 24 * 3600  # seconds
_LONGEST_NAME = 200  # characters
_CHOICES = {"language": LANGUAGES, "theme": THEMES}


@blueprint.app_template_global()
def page_address() -> str:
    """Return the path of the page being rendered, or ``/`` if the page answers a form other than the login."""
    is_page = request.method in security.SAFE_METHODS or request.endpoint == "visitor.log_in"
    return security.requested_path() if is_page else "/"


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    return render_template("login.html")


@blueprint.post("/login")
def log_in() -> ResponseReturnValue:
    """Check the password and start a session. After too many wrong guesses, every guess is refused for a while, even a
    right one, so that an attacker learns nothing from refusals."""
    target = security.local_path(request.values.get("next"))
    guesses: Guesses = current_app.extensions["guesses"]
    if wait := guesses.start():
        raise TooMany("login.wait", seconds=wait)
    if not sessions.log_in(request.form.get("password", ""), settings().password or ""):
        raise Refused("login.wrong")
    guesses.was_right()
    return redirect(target)


@blueprint.get("/api/session")
def session() -> ResponseReturnValue:
    """Answer with the CSRF token, and whether the session is logged in. Pages ask for this when their session ends."""
    if not security.is_same_site(set()):
        raise Refused("error.elsewhere")
    password = settings().password
    return jsonify(token=security.csrf_token(), entered=not password or sessions.is_logged_in(password))


@blueprint.post("/logout")
def log_out() -> ResponseReturnValue:
    sessions.log_out()
    return redirect(url_for("visitor.login"), 303)


@blueprint.post("/preferences")
def save_preferences() -> ResponseReturnValue:
    response = make_response(redirect(security.local_path(request.form.get("next")), 303))
    for name, choices in _CHOICES.items():
        if (value := request.form.get(name)) in choices:
            remember(response, name, value)
    return response


def reader_name() -> str | None:
    """Return the name that the reader entered for corrections and reviews: empty if anonymous, None if not entered."""
    name = remembered("name")
    return None if name is None else shown_name(name[:_LONGEST_NAME])


def remember(response: BaseResponse, name: str, value: str) -> None:
    """Store a reader's choice, such as the language, in a cookie for a year. ``name`` is the name of the choice."""
    response.set_cookie(
        f"quotecast-{name}", quote(value), max_age=_A_YEAR, secure=request.is_secure, samesite="Lax", httponly=True
    )


def remembered(name: str) -> str | None:
    """Return the reader's choice with this name that ``remember`` stored in a cookie, None if there is no cookie."""
    value = request.cookies.get(f"quotecast-{name}")
    return None if value is None else unquote(value)

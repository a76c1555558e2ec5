"""Who visits: the password, where one is needed; name, language and theme, which cookies keep."""

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
    """Return the address of the page that is shown; where it answers a form, of the first page."""
    is_page = request.method in security.SAFE_METHODS or request.endpoint == "visitor.enter"
    return security.asked_path() if is_page else "/"


@blueprint.get("/login")
def login() -> ResponseReturnValue:
    return render_template("login.html")


@blueprint.post("/login")
def enter() -> ResponseReturnValue:
    """Let in who knows the password. After too many wrong ones all wait, also with the right one, so that a refusal
    reveals nothing."""
    following = security.local_path(request.values.get("next"))
    guesses: Guesses = current_app.extensions["guesses"]
    if wait := guesses.begin():
        raise TooMany("login.wait", seconds=wait)
    if not sessions.enter(request.form.get("password", ""), settings().password or ""):
        raise Refused("login.wrong")
    guesses.right()
    return redirect(following)


@blueprint.get("/api/session")
def session() -> ResponseReturnValue:
    """Answer with the token of this browser's session, and whether that is let in: for a page that is older than the
    session. Other sites' pages cannot read it."""
    if not security.comes_from_here(set()):
        raise Refused("error.elsewhere")
    word = settings().password
    return jsonify(token=security.csrf_token(), entered=not word or sessions.has_entered(word))


@blueprint.post("/logout")
def leave() -> ResponseReturnValue:
    sessions.leave()
    return redirect(url_for("visitor.login"), 303)


@blueprint.post("/preferences")
def prefer() -> ResponseReturnValue:
    response = make_response(redirect(security.local_path(request.form.get("next")), 303))
    for name, choices in _CHOICES.items():
        if (value := request.form.get(name)) in choices:
            remember(response, name, value)
    return response


def reader_name() -> str | None:
    """Return by what name the reader corrects and reviews, "" for none; None where nobody has asked them yet."""
    name = remembered("name")
    return None if name is None else shown_name(name[:_LONGEST_NAME])


def remember(response: BaseResponse, name: str, value: str) -> None:
    """Have the browser keep what a reader chose on this device."""
    response.set_cookie(
        f"quotecast-{name}", quote(value), max_age=_A_YEAR, secure=request.is_secure, samesite="Lax", httponly=True
    )


def remembered(name: str) -> str | None:
    """Return what the browser keeps of a reader's choice; None if there is none."""
    value = request.cookies.get(f"quotecast-{name}")
    return None if value is None else unquote(value)

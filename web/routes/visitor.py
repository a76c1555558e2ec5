"""Log in and out, and remember a reader's name, language and theme in cookies."""

from __future__ import annotations

import threading

from flask import Blueprint, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web.access import security, sessions
from web.access.sessions import Guesses
from web.context import as_name, jobs, remember, settings
from web.errors import Refused, TooMany, WebError
from web.languages import LANGUAGES, THEMES
from web.settings import Role

blueprint = Blueprint("visitor", __name__)

_LAST_REQUESTS = 2.0  # seconds in which the browser gets the last page's styles
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
    """Check the password and start a session in its role; editors must give their name. After too many wrong guesses,
    every guess is refused for a while, even a right one, so that an attacker learns nothing from refusals."""
    target = security.local_path(request.values.get("next"))
    guesses: Guesses = current_app.extensions["guesses"]
    if wait := guesses.start():
        raise TooMany("login.wait", seconds=wait)
    passwords, name = settings().passwords, as_name(request.form.get("name", ""))
    role = sessions.role_with(request.form.get("password", ""), passwords)
    if role is None:
        raise Refused("login.wrong")
    guesses.was_right()
    if role is Role.EDITOR and not name:
        raise WebError("login.nameless", field="name")
    sessions.log_in(role, passwords[role], name)
    response = redirect(target)
    if name:
        remember(response, "name", name)
    return response


@blueprint.get("/api/session")
def session() -> ResponseReturnValue:
    """Answer with the CSRF token, and whether the session is logged in. Pages ask for this when their session ends."""
    if not security.is_same_site(set()):
        raise Refused("error.elsewhere")
    return jsonify(token=security.csrf_token(), entered=sessions.current_role() is not None)


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


@blueprint.app_template_global()
def can_quit() -> bool:
    return settings().log is not None and security.is_local_request()


@blueprint.post("/quit")
def end() -> ResponseReturnValue:
    """End the server that an icon started. If jobs are open, ask first."""
    if not can_quit():
        raise Refused("error.403")
    count = sum(job.is_open for job in jobs().all())
    if count and "sure" not in request.form:
        return render_template("quit.html", count=count)
    threading.Timer(_LAST_REQUESTS, current_app.extensions["stop"]).start()
    return render_template("quit.html", ended=True)

"""The reader's language and theme, kept in cookies."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, request
from flask.typing import ResponseReturnValue

from web.languages import LANGUAGES, THEMES
from web.security import local_path

blueprint = Blueprint("preferences", __name__)
_A_YEAR = 365 * 24 * 3600  # seconds
_CHOICES = {"language": LANGUAGES, "theme": THEMES}


@blueprint.post("/preferences")
def choose() -> ResponseReturnValue:
    response = make_response(redirect(local_path(request.form.get("next")), 303))
    for name, choices in _CHOICES.items():
        if (value := request.form.get(name)) in choices:
            response.set_cookie(f"quotecast-{name}", value, max_age=_A_YEAR, samesite="Strict", httponly=True)
    return response

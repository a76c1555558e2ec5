"""The password, where one is needed."""

from __future__ import annotations

import time

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from web import safety
from web.here import settings
from web.languages import t
from web.safety import local_path

blueprint = Blueprint("login", __name__)
_AFTER_A_WRONG_ONE = 1.0  # seconds; makes guessing slow


@blueprint.get("/login")
def ask() -> ResponseReturnValue:
    return render_template("login.html", next=local_path(request.args.get("next")), message=None)


@blueprint.post("/login")
def enter() -> ResponseReturnValue:
    following = local_path(request.form.get("next"))
    if safety.enter(request.form.get("password", ""), settings().password or ""):
        return redirect(following)
    time.sleep(_AFTER_A_WRONG_ONE)
    return render_template("login.html", next=following, message=t("login.wrong")), 403

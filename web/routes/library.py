"""The list of episodes."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from web.here import library

blueprint = Blueprint("library", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    return render_template("library.html", episodes=library().episodes())

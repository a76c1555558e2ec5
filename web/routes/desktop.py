"""End the server that an icon started: nobody sees a terminal where Ctrl-C would end it."""

from __future__ import annotations

import threading

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from web.access.security import is_local_request
from web.context import jobs, settings
from web.errors import Refused

blueprint = Blueprint("desktop", __name__)

_LAST_REQUESTS = 2.0  # seconds in which the browser gets the last page's styles


@blueprint.app_template_global()
def can_quit() -> bool:
    return settings().log is not None and is_local_request()


@blueprint.post("/quit")
def end() -> ResponseReturnValue:
    """End the server. If jobs are open, ask first."""
    if not can_quit():
        raise Refused("error.403")
    count = sum(job.is_open for job in jobs().all())
    if count and "sure" not in request.form:
        return render_template("quit.html", count=count)
    threading.Timer(_LAST_REQUESTS, current_app.extensions["stop"]).start()
    return render_template("quit.html", ended=True)

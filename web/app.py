"""The Flask app of one library: the page to read first."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aligner.errors import ConflictError, OutdatedError
from media.errors import UserError
from web.access.csrf import SAFE_METHODS
from web.access.security import make_safe
from web.errors import Full, Gone, Refused, WebError, no_room
from web.filters import add_filters
from web.jobs import Jobs
from web.languages import add_languages, t, translated
from web.library import Library
from web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

_log = logging.getLogger("quotecast")
_KEPT_HEADERS = {"Allow", "Content-Range"}  # what the standard wants beside 405 and 416


_CHANGE_NOTHING = frozenset({
    *("visitor.enter", "visitor.leave", "visitor.prefer", "corrections.name"),
    *("page.prepare", "jobs.cancel", "clips.preview", "clips.sound", "clips.still"),
})  # fmt: skip
"""What is sent with another method than GET, and changes nothing of the library."""

LARGEST_BYTES = 8_000_000  # of a request that is in memory as a whole: all but uploads, which are streamed


def create_app(settings: Settings) -> Flask:
    """The app; its library is in ``app.extensions["library"]``, its jobs are in ``["jobs"]``.

    Whoever serves it takes earlier jobs up with their ``resume``, and ends them with ``close``.
    """
    from flask import Flask

    from web.context import Answered, Asked, Limits, taken_off
    from web.routes import blueprints

    app = Flask(__name__)
    app.request_class, app.response_class = Asked, Answered
    app.extensions["settings"] = settings
    app.extensions["library"] = Library(settings.library)
    app.extensions["jobs"] = Jobs(settings.library, read_only=settings.read_only)
    app.extensions["limits"] = Limits()
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BYTES, MAX_FORM_MEMORY_SIZE=LARGEST_BYTES)
    app.jinja_env.globals.update(read_only=settings.read_only, taken_off=taken_off)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    make_safe(app, settings)
    app.before_request(_check_library)
    app.after_request(_tell_search)
    app.after_request(_explain_condition)
    add_languages(app)
    add_filters(app)
    _explain_errors(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    return app


def _check_library() -> None:
    """Let nothing be done while the library is away, for what writes would make another one in its place; and nothing
    be changed in one that cannot be written, nor a file taken in for it."""
    from flask import request

    from web.context import library, settings

    if request.endpoint != "static" and not library().is_there:
        raise Gone("error.library")
    if settings().read_only and request.method not in SAFE_METHODS and request.endpoint not in _CHANGE_NOTHING:
        raise Refused("error.read_only")


def _tell_search(response: Response) -> Response:
    """What was changed through the app is read again before the next search is answered."""
    from flask import request

    from web.context import library

    if request.method not in SAFE_METHODS and request.endpoint not in _CHANGE_NOTHING:
        library().changes += 1
    return response


def _explain_errors(app: Flask) -> None:
    """Answer every error with a page, or with JSON where a program asked; never with a traceback."""
    from flask import make_response
    from werkzeug.exceptions import HTTPException

    @app.errorhandler(Exception)
    def explain(error: Exception) -> ResponseReturnValue:
        match error:
            case WebError():
                answer = make_response(
                    _answer(error.status, t(error.key, **error.values), field=error.field, needs=error.needs)
                )
                if error.wait_seconds:
                    answer.headers["Retry-After"] = error.wait_seconds
                return answer
            case UserError() | OSError() if no_room(error):
                return _answer(Full.status, _of_status(Full.status))
            case UserError():
                mend = "align" if isinstance(error, OutdatedError) else None
                status = 409 if isinstance(error, ConflictError) and mend is None else 422
                return _answer(status, translated(error.message), mend=mend)
            case HTTPException():
                answer = make_response(_answer(error.code or 500, _of_status(error.code or 500)))
                for name, value in error.get_headers():
                    if name in _KEPT_HEADERS:
                        answer.headers[name] = value
                return answer
            case _:
                _log.exception("while answering a request")
                return _answer(500, t("error.500"))


def _explain_condition(response: Response) -> Response:
    """A file of ours that is not the one that was meant is answered with a sentence, as any other is."""
    from flask import make_response

    if response.status_code == 412 and response.is_streamed:
        response.close()
        return make_response(_answer(412, _of_status(412)))
    return response


def _of_status(status: int) -> str:
    """What a status says by itself."""
    return t(f"error.{status}") if t.knows(f"error.{status}") else t("error.other")


def _answer(status: int, message: str, **told: str | None) -> ResponseReturnValue:
    from flask import jsonify, render_template, request

    from web.routes.visitor import form_of_password, way_on

    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        return jsonify(error=message, **{name: value for name, value in told.items() if value}), status
    if way := way_on(told.get("needs")):
        return way
    if request.endpoint == "visitor.enter":
        return form_of_password(message), status
    return render_template("error.html", status=status, message=message), status

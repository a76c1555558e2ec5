"""Create the Flask app of one library. Start reading here."""

from __future__ import annotations

import logging

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.local import LocalProxy

from aligner.errors import ConflictError, OutdatedError
from media.errors import UserError
from web.access.security import SAFE_METHODS, make_safe
from web.access.sessions import Guesses
from web.context import TolerantResponse, library, read_only, reader_name, remembered, review_removed, settings
from web.errors import Busy, Refused, WebError, no_room
from web.filters import add_filters
from web.jobs import Jobs
from web.languages import add_languages, t, translated
from web.library import Library
from web.routes import blueprints
from web.settings import Settings

_log = logging.getLogger("quotecast")
_ERROR_HEADERS = {"Allow", "Content-Range"}  # which the standard requires with 405 and 416

_READERS_ENDPOINTS = frozenset({
    *("visitor.log_in", "visitor.log_out", "visitor.save_preferences", "corrections.name"),
    *("page.prepare", "clips.bundle"),
})  # fmt: skip
"""Endpoints for everyone: they do not change the library although their method is not GET."""

_READ_ONLY_ENDPOINTS = _READERS_ENDPOINTS | {
    *("jobs.cancel", "jobs.cancel_listed", "clips.preview", "clips.audio_preview", "clips.frame_preview"),
    *("clips.video_preview", "visitor.end"),
}  # fmt: skip
"""Endpoints for editors of a read-only library: they do not change it either."""

LARGEST_BYTES = 8_000_000  # of a request in memory; uploads are streamed


def create_app(settings: Settings) -> Flask:
    """Return the app, with its ``library`` and its ``jobs`` in ``app.extensions``.

    The server calls ``Jobs.resume`` when it starts and ``Jobs.close`` when it stops.
    """
    app = Flask(__name__)
    app.response_class = TolerantResponse
    app.extensions["settings"] = settings
    app.extensions["library"] = Library(settings.library)
    app.extensions["jobs"] = Jobs(settings.library)
    app.extensions["guesses"] = Guesses()
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BYTES, MAX_FORM_MEMORY_SIZE=LARGEST_BYTES)
    own = (reader_name, remembered, review_removed)
    app.jinja_env.globals.update({each.__name__: each for each in own}, read_only=LocalProxy(read_only))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    make_safe(app, settings)
    app.before_request(_check_library)
    app.after_request(_note_change)
    app.register_error_handler(Exception, _error_response)
    add_languages(app)
    add_filters(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    return app


def _check_library() -> None:
    """Refuse every request while the library's folder is missing, and changes that the visitor may not make."""
    if request.endpoint != "static" and not library().is_there:
        raise Busy("error.library")
    if request.method not in SAFE_METHODS and (reason := read_only()):
        allowed = _READERS_ENDPOINTS if reason == "error.reader" else _READ_ONLY_ENDPOINTS
        if request.endpoint not in allowed:
            raise Refused(reason)


def _note_change(response: Response) -> Response:
    """Mark the search index as outdated if the request may have changed the library. Return the response unchanged."""
    if _may_change():
        library().changes += 1
    return response


def _may_change() -> bool:
    return request.method not in SAFE_METHODS and request.endpoint not in _READ_ONLY_ENDPOINTS


def _error_response(error: Exception) -> ResponseReturnValue:
    match error:
        case WebError():
            return _answer(error.status, t(error.key, **error.values), field=error.field, needs=error.needs)
        case UserError() | OSError() if no_room(error):
            return _answer(507, t("error.507"))
        case UserError():
            remedy = "align" if isinstance(error, OutdatedError) else None
            status = 409 if isinstance(error, ConflictError) and remedy is None else 422
            return _answer(status, translated(error.message), remedy=remedy)
        case HTTPException(code=int(status)):
            headers = {name: value for name, value in error.get_headers() if name in _ERROR_HEADERS}
            key = f"error.{status}"
            return *_answer(status, t(key if t.knows(key) else "error.other")), headers
    _log.exception("while answering a request")
    return _answer(500, t("error.500.log", path=str(path)) if (path := settings().log) else t("error.500"))


def _answer(status: int, message: str, **more: str | None) -> tuple[str | Response, int]:
    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        return jsonify(error=message, **{name: value for name, value in more.items() if value}), status
    if request.endpoint == "visitor.log_in":
        return render_template("login.html", message=message, field=more.get("field")), status
    return render_template("error.html", status=status, message=message), status

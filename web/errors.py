"""Errors of the web app: each carries its HTTP status and one sentence that a reader can act on."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from aligner.errors import AlignerError
from media.errors import MediaError

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

_log = logging.getLogger("quotecast")
_KEPT_HEADERS = {"Allow", "Content-Range"}  # what the standard wants beside 405 and 416


class WebError(Exception):
    """A request could not be answered as asked; ``field`` names the field of a form that is to blame, if one is."""

    status = 400
    field: str | None = None

    def sentence(self) -> str:
        """What the reader is told."""
        return str(self)


class NotFound(WebError):
    """Nothing has that address."""

    status = 404


class EpisodeNotFound(NotFound):
    """The library has no such episode, or no longer."""


class Refused(WebError):
    """The request does not come from our own pages, or names this server in a way it does not answer to."""

    status = 403


class Conflict(WebError):
    """What was asked for does not go together with what is there."""

    status = 409


def handle_errors(app: Flask) -> None:
    """Answer every error with a page, or with JSON where a program asked; never with a traceback."""
    from flask import make_response
    from werkzeug.exceptions import HTTPException

    @app.errorhandler(Exception)
    def explain(error: Exception) -> ResponseReturnValue:
        match error:
            case WebError():
                return _answer(error.status, error.sentence(), error.field)
            case AlignerError() | MediaError():
                return _answer(422, str(error))
            case HTTPException():
                answer = make_response(_answer(error.code or 500, None))
                for name, value in error.get_headers():
                    if name in _KEPT_HEADERS:
                        answer.headers[name] = value
                return answer
            case _:
                _log.exception("while answering a request")
                return _answer(500, None)


def _answer(status: int, message: str | None, field: str | None = None) -> ResponseReturnValue:
    """``message`` None says what the status says, in the reader's language."""
    from flask import jsonify, render_template, request

    from web.languages import t

    if message is None:
        message = t(f"error.{status}") if t.knows(f"error.{status}") else t("error.other")
    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        return jsonify(error=message, **({"field": field} if field else {})), status
    return render_template("error.html", status=status, message=message), status

"""Errors of the web app: each carries its HTTP status and the key of one sentence that a reader can act on."""

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
    """A request could not be answered as asked.

    ``key`` names the sentence in the catalogues of ``web.languages``, ``values`` fill its places; it is translated
    where it is answered. ``field`` names the field of a form that is to blame, if one is.
    """

    status = 400

    def __init__(self, key: str, field: str | None = None, **values: object) -> None:
        super().__init__(key)
        self.key, self.field, self.values = key, field, values


class Refused(WebError):
    """The request does not come from our own pages, or names this server in a way it does not answer to."""

    status = 403


class NotFound(WebError):
    """Nothing has that address, or no longer."""

    status = 404


class Conflict(WebError):
    """What was asked for does not go together with what is there."""

    status = 409


class TooLarge(WebError):
    """More was sent than is accepted."""

    status = 413


class Unusable(WebError):
    """Something that was given is understood, but cannot be used."""

    status = 422


def handle_errors(app: Flask) -> None:
    """Answer every error with a page, or with JSON where a program asked; never with a traceback."""
    from flask import make_response
    from werkzeug.exceptions import HTTPException

    from web.languages import t

    @app.errorhandler(Exception)
    def explain(error: Exception) -> ResponseReturnValue:
        match error:
            case WebError():
                return _answer(error.status, t(error.key, **error.values), error.field)
            case AlignerError() | MediaError():
                return _answer(422, str(error))
            case HTTPException():
                answer = make_response(_answer(error.code or 500, _of_status(error.code or 500)))
                for name, value in error.get_headers():
                    if name in _KEPT_HEADERS:
                        answer.headers[name] = value
                return answer
            case _:
                _log.exception("while answering a request")
                return _answer(500, t("error.500"))


def _of_status(status: int) -> str:
    """What a status says by itself."""
    from web.languages import t

    return t(f"error.{status}") if t.knows(f"error.{status}") else t("error.other")


def _answer(status: int, message: str, field: str | None = None) -> ResponseReturnValue:
    from flask import jsonify, render_template, request

    if request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json":
        return jsonify(error=message, **({"field": field} if field else {})), status
    return render_template("error.html", status=status, message=message), status

"""Requests as they arrive: whether the body of one is taken is decided by its headers, and how much of it."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import BadRequest
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header, parse_cookie

from web.access.security import REFUSAL
from web.errors import Gone, TooLarge
from web.languages import catalogue, language_of

_LONGEST_CHUNK_LINE = 4096  # bytes
_FRAMING = 8  # times the bytes of a body are those of its chunks at most


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request as it comes. One that is refused is complete without its body, and the app answers with ``refusal``.

    ``admit`` is given a request whose headers are there; it returns how many bytes the body may have, or raises.
    """

    def __init__(self, admit: Callable[[Request], int], adj: Any) -> None:
        super().__init__(adj)
        self._admit = admit
        self._most_bytes: int | None = None
        self.refusal: Exception | None = None

    def received(self, data: bytes) -> int:
        try:
            taken: int = super().received(data)
        except OSError as error:  # where bodies are kept there is no room, or nothing any more
            self.refuse(Gone("error.library") if isinstance(error, FileNotFoundError) else error)
            return len(data)
        except ValueError:  # an address that is none, which waitress does not foresee
            self.error, self.completed, taken = BadRequest("no address"), True, len(data)
        if self.headers_finished and not self.error and self._is_ambiguous():
            self.error, self.completed = BadRequest("two lengths"), True
        if self.completed:
            self.expect_continue = False  # waitress would tell who has sent everything to go on, and wait for it
        elif self.body_rcv is None:
            pass  # its headers have not ended
        elif self._most_bytes is None:
            self._judge()
        elif self._is_beyond(self._most_bytes):
            self.refuse(TooLarge("error.413"))
        return taken

    def refuse(self, error: Exception) -> None:
        """Take no more of the request, and answer with ``error``."""
        self.refusal, self.completed, self.expect_continue = error, True, False
        self.close()

    def close(self) -> None:
        with contextlib.suppress(OSError):  # a file on a full disk, of which nothing is wanted any more
            super().close()

    def _judge(self) -> None:
        try:
            self._most_bytes = self._admit(self)
            if self.content_length > self._most_bytes:
                raise TooLarge("error.413")
        except Exception as error:  # whatever it is, the app tells it
            self.refuse(error)

    def _is_ambiguous(self) -> bool:
        """Whether the end of the body can be told in two ways, between which a request can be smuggled past a proxy."""
        with_length = self.chunked and not self.body_bytes_received and "CONTENT_LENGTH" in self.headers
        return with_length or "TRANSFER_ENCODING" in self.headers  # waitress takes away what it goes by

    def _is_beyond(self, most_bytes: int) -> bool:
        """Whether more has come than may, in the body or around it."""
        if not self.chunked:
            return False
        line = len(self.body_rcv.control_line) + len(self.body_rcv.trailer)
        framed = self.body_bytes_received > _FRAMING * most_bytes + _LONGEST_CHUNK_LINE
        return len(self.body_rcv) > most_bytes or framed or line > _LONGEST_CHUNK_LINE


class Task(WSGITask):  # type: ignore[misc]
    """A request that the app answers."""

    def execute(self) -> None:
        if self.request.refusal:
            self.set_close_on_finish()
        super().execute()

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        if self.request.refusal:
            environ.pop("CONTENT_LENGTH", None)
            environ.update({REFUSAL: self.request.refusal, "wsgi.input": io.BytesIO()})
        return environ


class Refusal(ErrorTask):  # type: ignore[misc]
    """What is no request that the app could answer, refused in the app's words."""

    def execute(self) -> None:
        error, headers = self.request.error, self.request.headers
        tags = parse_accept_header(headers.get("ACCEPT_LANGUAGE"), LanguageAccept).values()
        words = catalogue(language_of(parse_cookie(headers.get("COOKIE")), tags))
        sentence = words.get(f"error.{error.code}", words["error.other"])
        as_data = str(getattr(self.request, "path", "")).startswith("/api/") or "json" in headers.get("ACCEPT", "")
        kind, text = ("application/json", json.dumps({"error": sentence})) if as_data else ("text/plain", sentence)
        body = f"{text}\n".encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", f"{kind}; charset=utf-8"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)

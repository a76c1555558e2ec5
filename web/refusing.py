"""What waitress refuses before the app sees it (a body far too large, no request at all), in the app's words."""

from __future__ import annotations

import json

from waitress.channel import HTTPChannel
from waitress.task import ErrorTask
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from web.languages import catalogue, liked


class _InOurWords(ErrorTask):  # type: ignore[misc]
    def execute(self) -> None:
        error, headers = self.request.error, self.request.headers
        words = catalogue(liked(parse_accept_header(headers.get("ACCEPT_LANGUAGE"), LanguageAccept).values()))
        sentence = words.get(f"error.{error.code}", words["error.other"])
        as_data = str(getattr(self.request, "path", "")).startswith("/api/") or "json" in headers.get("ACCEPT", "")
        kind, text = ("application/json", json.dumps({"error": sentence})) if as_data else ("text/plain", sentence)
        body = f"{text}\n".encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", f"{kind}; charset=utf-8"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


def refuse_in_our_words() -> None:
    """Have every server of this process do so; waitress has no setting for it."""
    HTTPChannel.error_task_class = _InOurWords

"""Log as JSON, one object a line on standard error, with a line for each request."""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request, request_finished, request_started

from web.context import reader_name

_requests = logging.getLogger("quotecast.requests")


class JsonLines(logging.Formatter):
    """A formatter that writes a record, and the facts of its request, as JSON."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = {"time": when, "level": record.levelname.lower(), "logger": record.name}
        facts |= {"message": record.getMessage(), **getattr(record, "request", {})}
        if record.exc_info:
            facts["trace"] = self.formatException(record.exc_info)
        return json.dumps(facts)


def log_as_json() -> None:
    """Log as JSON from now on, each request too: without its query, which may hold what somebody searched for."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], force=True)
    _requests.setLevel(logging.INFO)
    request_started.connect(_begin)
    request_finished.connect(_end)


def _begin(_app: Flask, **_: Any) -> None:
    g.began = time.monotonic()


def _end(_app: Flask, response: Response, **_: Any) -> None:
    facts = {"method": request.method, "path": request.path, "status": response.status_code}
    facts |= {"seconds": round(time.monotonic() - g.get("began", time.monotonic()), 3), "address": request.remote_addr}
    _requests.info("%s %s", request.method, request.path, extra={"request": {**facts, "who": reader_name()}})

"""Log as JSON, one object a line on standard error, with a line for each request."""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, request, request_finished, request_started

from web.context import reader_name


def log_as_json() -> None:
    """Log as JSON from now on, each request too: without its query, which may hold what somebody searched for."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    request_started.connect(_begin)
    request_finished.connect(_end)


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts = {"time": when, "level": record.levelname.lower(), "logger": record.name}
        return json.dumps({**facts, "message": super().format(record), **getattr(record, "request", {})})


def _begin(_app: Flask, **_: Any) -> None:
    g.began = time.monotonic()


def _end(_app: Flask, response: Response, **_: Any) -> None:
    facts = {"method": request.method, "path": request.path, "status": response.status_code}
    facts |= {"seconds": round(time.monotonic() - g.began, 3), "address": request.remote_addr, "who": reader_name()}
    logging.getLogger("quotecast").info("%(method)s %(path)s", facts, extra={"request": facts})

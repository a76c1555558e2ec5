"""A server whose answers are told: files with ranges and validators, and every way in which one goes wrong."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Host:
    """``files`` by path, each with its ETag; ``answers`` go before them, one after another. ``asked`` is what was."""

    url: str = ""
    files: dict[str, tuple[bytes, str | None]] = field(default_factory=dict)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, path: str, content: bytes, etag: str | None = '"1"') -> str:
        self.files[path] = content, etag
        return f"{self.url}{path}"

    def say(self, path: str, *answers: Answer) -> str:
        self.answers.setdefault(path, []).extend(answers)
        return f"{self.url}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # a client may go at any time
            super().handle_error(request, client_address)


@contextlib.contextmanager
def hosting() -> Iterator[Host]:
    host = Host()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            host.asked.append((path, {name.lower(): value for name, value in self.headers.items()}))
            if host.answers.get(path):
                host.answers[path].pop(0)(self)
            elif path in host.files:
                _send(self, *host.files[path])
            else:
                answer(404)(self)

        def log_message(self, *_: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    host.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Length": str(len(body)), **told}.items():
            handler.send_header(name, value)
        handler.end_headers()
        with contextlib.suppress(OSError):
            handler.wfile.write(body)
        handler.close_connection = True

    return send


def cut_after(content: bytes, count: int, etag: str | None = '"1"') -> Answer:
    """All is announced, and the connection ends after so many bytes."""
    headers = {"Content_Length": str(len(content)), **({"ETag": etag} if etag else {})}
    return answer(200, content[:count], **headers)


def endless(begun: bytes, more: bytes, pause: float = 0.0, **headers: str) -> Answer:
    """What begins as an answer's body and is gone on with for ever, with a pause before each time."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        with contextlib.suppress(OSError):
            handler.wfile.write(begun)
            while True:
                time.sleep(pause)
                handler.wfile.write(more)

    return send


def to(url: str, status: int = 302) -> Answer:
    return answer(status, Location=url)


def _send(handler: BaseHTTPRequestHandler, content: bytes, etag: str | None) -> None:
    headers = {"ETag": etag} if etag else {}
    if etag and handler.headers.get("If-None-Match") == etag:
        answer(304, **headers)(handler)
        return
    ranged = handler.headers.get("Range", "").removeprefix("bytes=").partition("-")[0]
    if ranged and handler.headers.get("If-Range") == etag:
        start, whole = int(ranged), len(content)
        if start >= whole:
            answer(416, **{"Content_Range": f"bytes */{whole}"})(handler)
            return
        answer(206, content[start:], Content_Range=f"bytes {start}-{whole - 1}/{whole}", **headers)(handler)
        return
    answer(200, content, **headers)(handler)

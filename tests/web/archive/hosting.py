"""A web server on this machine for tests: files with ETags and ranges, and scripted misbehaviour."""

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from web.archive.fetching import Limits

LOCAL = Limits(private_hosts=frozenset({"127.0.0.1"}))
"""Limits that let tests fetch from a ``Host``."""

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Host:
    """A running server: its ``files`` by path, and ``scripts`` of answers that come first, each once.

    ``requests`` logs the path and the headers, in lower case, of each request.
    """

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    scripts: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, path: str, content: bytes) -> str:
        """Serve a file, replacing any at this path, and return its address."""
        self.files[path] = content
        return f"{self.url}{path}"

    def script(self, path: str, *answers: Answer) -> str:
        """Set the answers to the next requests of a path and return its address."""
        self.scripts[path] = [*answers]
        return f"{self.url}{path}"

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in order."""
        return [path for path, _ in self.requests]


@contextlib.contextmanager
def hosting() -> Iterator[Host]:
    """Run a server until the context is left."""
    host = Host()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            host.requests.append((path, {name.lower(): value for name, value in self.headers.items()}))
            script = host.scripts.get(path)
            with contextlib.suppress(ConnectionError):  # a client may leave at any time
                script.pop(0)(self) if script else _serve(self, host.files.get(path))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
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
    """Answer with a status, a body and headers, their underscores written as hyphens."""
    return endless(status, body, **{"Content_Length": str(len(body)), **headers})


def endless(status: int, begun: bytes, more: bytes = b"", pause: float = 0.02, **headers: str) -> Answer:
    """Answer with a body that never ends if there is ``more``, which is sent after each pause."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(begun)
        while more:
            time.sleep(pause)
            handler.wfile.write(more)

    return send


def cut_after(content: bytes, count: int, **headers: str) -> Answer:
    """Announce all of a file and break off after ``count`` bytes."""
    return answer(200, content[:count], **{"Content_Length": str(len(content)), "ETag": etag_of(content), **headers})


def part_of(content: bytes, start: int, count: int | None = None, **headers: str) -> Answer:
    """Answer with the range of a file from ``start``, to its end or of ``count`` bytes."""
    body = content[start:][:count]
    span = f"bytes {start}-{start + len(body) - 1}/{len(content)}"
    return answer(206, body, **{"Content_Range": span, "ETag": etag_of(content), **headers})


def to(url: str) -> Answer:
    """Redirect to an address."""
    return answer(302, Location=url)


def etag_of(content: bytes) -> str:
    """Return the ETag with which a ``Host`` serves a file."""
    return f'"{hashlib.sha256(content).hexdigest()[:16]}"'


def _serve(handler: BaseHTTPRequestHandler, content: bytes | None) -> None:
    if content is None:
        return answer(404)(handler)
    etag, headers = etag_of(content), handler.headers
    start = int(headers.get("Range", "").removeprefix("bytes=").partition("-")[0] or 0)
    if headers.get("If-None-Match") == etag:
        return answer(304, ETag=etag)(handler)
    if not start or headers.get("If-Range") != etag:
        return answer(200, content, ETag=etag)(handler)
    return part_of(content, start)(handler)

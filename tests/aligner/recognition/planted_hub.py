"""A model hub on this machine, with the files that a test puts there, and with the faults that it asks for."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_BLOCK = 1 << 20
_MOVED = "elsewhere/"
_ENDLESS_BLOCKS = 200  # is long enough


class PlantedHub(ThreadingHTTPServer):
    """Answers as the hub does for ``files``, by their paths, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.headers: list[set[str]] = []
        self.ranges: list[str] = []
        self.breaks_after: int | None = None
        self.endless = False
        self.redirecting = False
        self.sent_bytes = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, *_: object) -> None:
        """A client that goes away is no error of the hub's."""


@contextmanager
def serving() -> Iterator[PlantedHub]:
    with PlantedHub() as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield hub
        finally:
            hub.shutdown()
            thread.join()


class _Answer(BaseHTTPRequestHandler):
    server: PlantedHub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, *_: object) -> None:
        """Nothing is written to the test's output."""

    def _answer(self, with_body: bool) -> None:
        hub, path = self.server, self.path.lstrip("/").removeprefix(_MOVED)
        if hub.redirecting and not self.path.startswith(f"/{_MOVED}"):
            self.send_response(307)
            self.send_header("Location", f"/{_MOVED}{path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        hub.asked.append((self.command, path))
        hub.headers.append({name.lower() for name in self.headers})
        content = hub.files.get(path)
        if content is None:
            self.send_error(404)
            return
        first = 0
        if asked := self.headers.get("Range"):
            hub.ranges.append(asked)
            first = int(asked.removeprefix("bytes=").partition("-")[0])
        self.send_response(206 if first else 200)
        self.send_header("ETag", f'"{hashlib.sha1(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", path.split("/")[3])
        if with_body and hub.endless:
            self.send_header("Connection", "close")
            self.end_headers()
            for _ in range(_ENDLESS_BLOCKS):
                self.wfile.write(bytes(_BLOCK))
                hub.sent_bytes += _BLOCK
            return
        self.send_header("Content-Length", str(len(content) - first))
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        self.end_headers()
        if with_body:
            rest = content[first:]
            self.wfile.write(rest if hub.breaks_after is None else rest[: max(0, hub.breaks_after - first)])
            if hub.breaks_after is not None:
                self.close_connection = True

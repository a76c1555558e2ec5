"""Hosts for a published folder that know nothing of us."""

import functools
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Answer = Callable[[SimpleHTTPRequestHandler], object]
"""What is sent instead of a file, by a handler of the request."""


class _Host(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, answers: Mapping[str, Answer], **named: Any) -> None:
        self._answers = answers
        super().__init__(*arguments, **named)

    def do_GET(self) -> None:
        answer = self._answers.get(self.path.partition("?")[0])
        if answer:
            answer(self)
        else:
            super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Of requests nothing is told."""


@contextmanager
def hosting(folder: Path, answers: Mapping[str, Answer] | None = None) -> Iterator[str]:
    """The address of a server that sends what lies in ``folder``, files as a whole alone, but for paths that have an
    answer of their own, which may be given meanwhile."""
    handler = functools.partial(_Host, directory=str(folder), answers={} if answers is None else answers)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def leading_to(address: str) -> Answer:
    """An answer that sends the browser on."""

    def answer(request: SimpleHTTPRequestHandler) -> None:
        request.send_response(302)
        request.send_header("Location", address)
        request.end_headers()

    return answer

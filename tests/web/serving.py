"""A server within the tests' own process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from waitress import create_server
from waitress.wasyncore import close_all


@contextmanager
def serving(app: Flask, threads: int = 16) -> Iterator[str]:
    """The address at which ``app`` is served.

    At the end whoever still writes to the loop of the server is gone before the loop's pipe is closed: first the jobs
    and with them the streams that tell of them, then the connections that a browser keeps open, then the threads.
    """
    server = create_server(app, host="127.0.0.1", port=0, threads=threads)
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        app.extensions["jobs"].close()
        _within(server, lambda: [channel.handle_close() for channel in list(server.active_channels.values())])
        server.task_dispatcher.shutdown()
        _within(server, lambda: close_all(server._map, ignore_all=True))
        loop.join()


def _within(server: Any, deed: Callable[[], object]) -> None:
    """Do something in the thread of the server's loop, not before the trigger has been let go: it may be closed."""
    pulled, done = threading.Event(), threading.Event()

    def do() -> None:
        pulled.wait()
        try:
            deed()
        finally:
            done.set()

    server.trigger.pull_trigger(do)
    pulled.set()
    done.wait()

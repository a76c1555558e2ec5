"""A server in the process of the tests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask

from web.http.server import Server


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address at which ``app`` is served. Its jobs end first, as when ``quotecast serve`` ends."""
    server = Server(app, replace(app.extensions["settings"], port=0))
    loop = threading.Thread(target=server.run, daemon=True)
    loop.start()
    try:
        yield server.address.rstrip("/")
    finally:
        app.extensions["jobs"].close()
        server.stop()
        loop.join()
        server.close()

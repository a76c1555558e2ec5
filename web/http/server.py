"""Serving the app with waitress, from the first request to the end of the last job."""

from __future__ import annotations

import contextlib
import logging
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waitress import create_server, wasyncore
from waitress.server import BaseWSGIServer

from aligner.cli.terminal import say, tell
from aligner.errors import OutputError
from aligner.storage.moving import make_folder, remove_folder
from aligner.storage.recovery import recover_all
from aligner.storage.user_folders import HIDDEN
from media.confinement import confine, where
from media.listing import entries, folders
from web.access.keys import why_none
from web.access.security import SESSIONS, admit
from web.app import create_app
from web.clips.trash import finish_moves
from web.http.connections import Connections
from web.http.turns import Dispatcher
from web.jobs import Jobs
from web.jobs.seals import PROBE
from web.library import recover_uploads
from web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

_LOOK_EVERY = 1.0  # seconds; whoever sends something is heard at once
_LARGEST_HEADERS_BYTES = 32_000
_KEPT_BYTES = 1 << 16  # of a body in memory; what is larger goes to a file
_UNREAD_BYTES = 1 << 24  # of an answer in memory; files are sent as they are
_FILES = 4096  # that may be open: sockets, and what is sent through them


def run(settings: Settings, open_browser: bool) -> int:
    """Serve until interrupted.

    Raises
    ------
    OutputError
        The library cannot be made or is served already, or the address not be listened at.
    """
    _allow_files()
    logging.getLogger("waitress").setLevel(logging.ERROR)  # it warns of every queue, however short
    recover_all()
    with _uploads_pass_through(settings.library):
        app = create_app(settings)
        server = Server(app, settings)
        jobs: Jobs = app.extensions["jobs"]
        try:
            take_up(app)
            _sweep(settings.library / HIDDEN / "passing")
            say(f"Library   {settings.library}", f"Open      {server.address}", "Stop      Ctrl-C")
            if open_browser:  # one in the terminal returns when it is left, and wants to be answered before
                threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
            with contextlib.suppress(KeyboardInterrupt):
                server.run()
        finally:
            _end(jobs, server)
    return 0


class Server:
    """The app behind waitress: it listens from the moment it is made, and answers while ``run`` lasts.

    Raises
    ------
    OutputError
        The address cannot be listened at.
    """

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._sockets: dict[int, Any] = {}
        try:
            create_server(
                app,
                map=self._sockets,
                _dispatcher=Dispatcher(),
                host=settings.host,
                port=settings.port,
                connection_limit=sys.maxsize,  # who has to go is decided by Connections, whom to hear no more by none
                channel_timeout=sys.maxsize,
                log_socket_errors=False,
                recv_bytes=1 << 16,
                inbuf_overflow=_KEPT_BYTES,
                outbuf_overflow=_UNREAD_BYTES,
                outbuf_high_watermark=_UNREAD_BYTES,
                ident=None,
                clear_untrusted_proxy_headers=not settings.proxy,
                max_request_header_size=_LARGEST_HEADERS_BYTES,
                max_request_body_size=settings.max_upload_bytes,
            )
        except OSError as error:
            raise OutputError(
                "{where}: cannot be listened at ({reason}); choose another --port",
                where=f"{settings.host}:{settings.port}",
                reason=error.strerror,
            ) from error
        # A name can stand for several addresses, each of which is listened at.
        self._listeners = [each for each in self._sockets.values() if isinstance(each, BaseWSGIServer)]
        self._connections = Connections(self._sockets, partial(admit, app), settings.proxy)
        for listener in self._listeners:
            listener.channel_class = self._connections.open
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        self.address = f"http://{host}:{self._listeners[0].effective_port}/"

    def run(self) -> None:
        """Answer until ``stop`` is called."""
        while not self._stopping.is_set():
            wasyncore.loop(_LOOK_EVERY, use_poll=True, map=self._sockets, count=1)
            self._connections.tend()

    def stop(self) -> None:
        """Have ``run`` return, from whatever thread."""
        self._stopping.set()
        with self._lock:
            if self._sockets:
                self._listeners[0].pull_trigger()

    def close(self) -> None:
        """Let go of the address and of whoever still reads from it, once ``run`` is over."""
        self._connections.close()
        self._listeners[0].task_dispatcher.shutdown()
        with self._lock:
            wasyncore.close_all(self._sockets)


@contextlib.contextmanager
def _uploads_pass_through(library: Path) -> Iterator[None]:
    """Make the library, and in it the place where waitress, which takes in whole requests before the app sees them,
    keeps what is being uploaded: the system's folder for temporary files may be memory. Waitress has no setting for it.
    """
    if library.is_file():
        raise OutputError("{path}: is a file; expected a folder of episodes", path=library)
    try:
        passing = library / HIDDEN / "passing"
        make_folder(library)
        confine(library)  # before anything is made in it
        make_folder(passing)
    except OSError as error:
        raise OutputError(
            "{path}: cannot be made ({reason}); name another folder",
            path=error.filename or library,
            reason=error.strerror,
        ) from error
    before, tempfile.tempdir = tempfile.tempdir, str(where(passing))
    try:
        yield
    finally:
        tempfile.tempdir = before


def _allow_files() -> None:
    """Have the system let this process open as many files as so many connections take; some begin with 256."""
    try:
        import resource
    except ImportError:  # Windows, which does not count them
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(OSError, ValueError):  # a system that grants fewer serves fewer
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _sweep(passing: Path) -> None:
    """Remove what a server left there that was killed: on most systems such files have no names, and are gone. A link
    in its place may lead to what somebody keeps."""
    if not (passing.is_symlink() or passing.parent.is_symlink()):
        for path in entries(passing):
            remove_folder(path)


def take_up(app: Flask) -> None:
    """Take up what an earlier server left: its jobs, and what was being uploaded."""
    jobs: Jobs = app.extensions["jobs"]
    if reason := why_none(SESSIONS, PROBE):
        tell(
            f"quotecast: warning: {reason}; without keys of your own, this server takes up no jobs that an earlier one "
            "left open, and forgets at its end who gave the password"
        )
    jobs.resume()
    root = app.extensions["library"].root
    recover_uploads(root)
    for folder in (root, *folders(root)):
        finish_moves(folder)
    for problem in jobs.problems:
        tell(f"quotecast: warning: {problem}")


def _end(jobs: Jobs, server: Server) -> None:
    """Close the jobs, whose children are given time to tidy up and whose listeners end with them, then the server;
    another Ctrl-C meanwhile does not cut that short."""

    def close() -> None:
        jobs.close()
        server.close()

    ending = threading.Thread(target=close)
    ending.start()
    while ending.is_alive():
        with contextlib.suppress(KeyboardInterrupt):
            ending.join()

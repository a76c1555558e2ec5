"""Serving the app with waitress, from the first request to the end of the last job."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from waitress import create_server, wasyncore
from waitress.server import BaseWSGIServer

from aligner.cli.terminal import say, tell
from aligner.errors import OutputError
from aligner.storage.keys import why_none
from aligner.storage.recovery import recover_all
from media.confinement import changeable
from media.listing import entries, folders
from media.moving import remove_folder
from web.access.security import SESSIONS, admit
from web.app import create_app
from web.clips.trash import finish_moves
from web.http.addresses import address_of, addresses_for_others
from web.http.connections import Connections
from web.http.turns import Dispatcher
from web.jobs import Jobs
from web.jobs.seals import PROBE
from web.library import open_library, passing_folder, recover_uploads
from web.search import begin
from web.search import close as close_search
from web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

_LOOK_EVERY = 1.0  # seconds; whoever sends something is heard at once
_LARGEST_HEADERS_BYTES = 32_000
_KEPT_BYTES = 1 << 16  # of a body in memory; what is larger goes to a file
_UNREAD_BYTES = 1 << 24  # of an answer in memory; files are sent as they are
_M_ARENA_MAX = -8  # of malloc.h
_FILES = 4096  # that may be open: sockets, and what is sent through them


def run(settings: Settings, open_browser: bool) -> int:
    """Serve until interrupted.

    Raises
    ------
    OutputError
        The library cannot be made or is served already, or the address not be listened at.
    """
    _allow_files()
    _share_freed_memory()
    logging.getLogger("waitress").setLevel(logging.ERROR)  # it warns of every queue, however short
    recover_all()
    unwritable, passing = open_library(settings.library), passing_folder(settings.library)
    settings = replace(settings, read_only=unwritable is not None)
    with contextlib.nullcontext() if unwritable else _uploads_pass_through(passing):
        app = create_app(settings)
        server = Server(app, settings)
        jobs: Jobs = app.extensions["jobs"]
        try:
            _warn(settings.library, unwritable)
            if not unwritable:
                take_up(app)
                _sweep(passing)
            begin(app.extensions["library"])  # to bring its search up to date
            say(f"Library   {settings.library}", f"Open      {server.address}", *_for_others(settings, server))
            say("Stop      Ctrl-C")
            if open_browser:  # one in the terminal returns when it is left, and wants to be answered before
                threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
            with contextlib.suppress(KeyboardInterrupt):
                server.run()
        finally:
            _end(jobs, server, partial(close_search, app.extensions["library"]))
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
        except ValueError as error:  # waitress finds nothing of that name
            raise OutputError(
                "{where}: no address of this machine has that name; choose another --host",
                where=f"{settings.host}:{settings.port}",
            ) from error
        # A name can stand for several addresses, each of which is listened at.
        self._listeners = [each for each in self._sockets.values() if isinstance(each, BaseWSGIServer)]
        self._connections = Connections(self._sockets, partial(admit, app), settings.proxy)
        for listener in self._listeners:
            listener.channel_class = self._connections.open
        self.port = int(self._listeners[0].effective_port)
        self.address = address_of(settings.host, self.port)

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
def _uploads_pass_through(passing: Path) -> Iterator[None]:
    """Have waitress, which takes in whole requests before the app sees them, keep in that folder of the library what is
    being uploaded: the system's folder for temporary files may be memory. Waitress has no setting for it."""
    before, tempfile.tempdir = tempfile.tempdir, str(changeable(passing))
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


def _share_freed_memory() -> None:
    """Have all threads allocate from one place: glibc gives each its own, which keeps what the largest page took that
    this thread ever made."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # another system's library has no such function
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def _sweep(passing: Path) -> None:
    """Remove what a server left there that was killed: on most systems such files have no names, and are gone."""
    for path in entries(passing):
        remove_folder(path)


def take_up(app: Flask) -> None:
    """Take up what an earlier server left: its jobs, and what was being uploaded."""
    jobs: Jobs = app.extensions["jobs"]
    jobs.resume()
    root = app.extensions["library"].root
    recover_uploads(root)
    for folder in (root, *folders(root)):
        try:
            finish_moves(folder)
        except Exception as error:  # whatever somebody has put into one episode, the others are served
            tell(f"quotecast: warning: {folder.name}: clips that were being moved stay where they are ({error!r})")
    for problem in jobs.problems:
        tell(f"quotecast: warning: {problem}")


def _for_others(settings: Settings, server: Server) -> list[str]:
    """Lines that say at which addresses other machines find the server, if it listens at all that there are."""
    return [f"Others    {address}" for address in addresses_for_others(settings.host, server.port)]


def _warn(library: Path, unwritable: str | None) -> None:
    """Say in the terminal what this server cannot do."""
    if reason := why_none(SESSIONS, PROBE):
        tell(
            f"quotecast: warning: {reason}; without keys of your own, this server takes up no jobs that an earlier one "
            "left open, and forgets at its end who gave the password"
        )
    if unwritable:
        tell(
            f"quotecast: warning: {library}: cannot be written ({unwritable}); it can be read, listened to and "
            "searched, but not changed"
        )


def _end(jobs: Jobs, server: Server, *others: Callable[[], None]) -> None:
    """Close the jobs, whose children are given time to tidy up and whose listeners end with them, then the server, then
    the others; another Ctrl-C meanwhile does not cut that short."""

    ended = threading.Event()  # a thread whose join is interrupted is taken for one that has ended

    def close_all() -> None:
        with contextlib.ExitStack() as closing:  # from the last one up, whatever fails
            for close in (ended.set, *others, server.close, jobs.close):
                closing.callback(close)

    threading.Thread(target=close_all).start()
    while not ended.is_set():
        with contextlib.suppress(KeyboardInterrupt):
            ended.wait()

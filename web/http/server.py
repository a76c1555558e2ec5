"""Serving the app with waitress, from the first request to the end of the last job, and at which addresses."""

from __future__ import annotations

import contextlib
import logging
import signal
import tempfile
import threading
import webbrowser
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from waitress import create_server, wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

from aligner.cli.terminal import log, say
from aligner.errors import OutputError
from aligner.outputs import are_behind
from aligner.storage.file_names import JSON_SUFFIX
from aligner.storage.history import finish_changes, recover
from media.safe_fs import folders, plain_files, where
from web.app import create_app
from web.correcting.following import have_captions_follow
from web.jobs import Jobs
from web.library.incoming import recover_uploads
from web.library.library import open_library, passing_folder
from web.search import index_of
from web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

_THREADS = 16
_CONNECTIONS = 200  # a browser keeps up to six
_SILENT_SECONDS = 60  # until a connection is closed on which nothing moves
_LARGEST_HEADERS_BYTES = 32_000
_UNREAD_BYTES = 1 << 24  # of an answer in memory; files are sent as they are
_LOOK_EVERY = 1.0  # seconds; whoever sends something is answered at once

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
"""What stands for all addresses of this machine, and by which of them it reaches itself."""


def run(settings: Settings, open_browser: bool) -> int:
    """Serve until interrupted. Raises OutputError: the library cannot be made or is served already, or the server
    cannot listen at the address; StateError: the user's database cannot be used."""
    logging.getLogger("waitress").setLevel(logging.ERROR)  # it warns of every queue, however short
    recover()
    unwritable = open_library(settings.library)
    settings = replace(settings, read_only=unwritable is not None)
    with contextlib.ExitStack() as closing:  # from the last one up, whatever fails
        if not unwritable:
            # Waitress, which receives whole requests before the app sees them, has no setting for where it keeps them,
            # and the system's folder for temporary files may be memory.
            tempfile.tempdir = str(where(passing_folder(settings.library)))
        app = create_app(settings)
        server = Server(app, settings)
        closing.callback(server.close)
        closing.callback(app.extensions["jobs"].close)
        closing.callback(_ignore_signals)
        if unwritable:
            log(
                f"quotecast: warning: {settings.library}: cannot be written ({unwritable}); it can be read, listened to"
                " and searched, but not changed"
            )
        else:
            take_up(app)
        index_of(app.extensions["library"]).begin()  # to bring its search up to date
        say(f"Library   {settings.library}", f"Open      {server.address}", "Stop      Ctrl-C")
        if open_browser:  # one in the terminal returns when it is left, and wants to be answered before
            threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            server.run()
    return 0


class Server:
    """The app behind waitress: it listens from the moment it is made, and answers while ``run`` lasts. Raises
    OutputError: it cannot listen at the address."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._stopping = threading.Event()
        self._sockets: dict[int, Any] = {}
        try:
            create_server(
                app,
                map=self._sockets,
                host=settings.host,
                port=settings.port,
                threads=_THREADS,
                connection_limit=_CONNECTIONS,
                channel_timeout=_SILENT_SECONDS,
                log_socket_errors=False,
                outbuf_overflow=_UNREAD_BYTES,
                ident=None,
                clear_untrusted_proxy_headers=not settings.proxy,
                max_request_header_size=_LARGEST_HEADERS_BYTES,
                max_request_body_size=settings.max_upload_bytes + 1,  # waitress refuses that many
            )
        except (OSError, ValueError) as error:  # waitress raises the other one if nothing has that name
            raise OutputError(
                "{where}: cannot be listened at ({reason}); choose another --host or --port",
                where=f"{settings.host}:{settings.port}",
                reason=getattr(error, "strerror", None) or str(error),
            ) from error
        # A name can stand for several addresses, each of which has a listener; they share their threads.
        self._listener = next(each for each in self._sockets.values() if isinstance(each, BaseWSGIServer))
        self.port = int(self._listener.effective_port)
        self.address = address_of(settings.host, self.port)

    def run(self) -> None:
        """Answer until ``stop`` is called."""
        while not self._stopping.is_set():
            wasyncore.loop(_LOOK_EVERY, use_poll=True, map=self._sockets, count=1)

    def stop(self) -> None:
        """Make ``run`` return, from any thread."""
        self._stopping.set()
        self._listener.pull_trigger()

    def close(self) -> None:
        """Close the address and all connections, once ``run`` is over."""
        self._listener.task_dispatcher.shutdown()
        for each in list(self._sockets.values()):
            if isinstance(each, HTTPChannel):
                each.handle_close()  # with the file that was being sent
        wasyncore.close_all(self._sockets)


def take_up(app: Flask) -> None:
    """Take up what an earlier server left: its jobs, what was being uploaded, captions behind their alignment."""
    jobs: Jobs = app.extensions["jobs"]
    jobs.resume()
    root = app.extensions["library"].root
    recover_uploads(root)
    for folder in (root, *folders(root)):
        finish_changes(folder)
        alignments = (folder / name for name in plain_files(folder) if name.endswith(JSON_SUFFIX))
        for alignment in filter(are_behind, alignments):
            have_captions_follow(alignment)


def _ignore_signals() -> None:
    """Let nothing interrupt the end: the jobs' children are given time to tidy up."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):  # not every system has all
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)


def address_of(host: str, port: int) -> str:
    """Return the address at which this machine reaches a server that listens at ``host``."""
    named = _EVERYWHERE.get(host, host)
    return f"http://[{named}]:{port}/" if ":" in named else f"http://{named}:{port}/"

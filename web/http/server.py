"""Serve the app with waitress, resume earlier jobs, and shut everything down."""

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
from aligner.storage.atomic import lock_of, write_text
from aligner.storage.file_names import JSON_SUFFIX
from aligner.storage.history import finish_changes, recover
from media.safe_fs import folders, plain_files, where
from web.app import create_app
from web.correcting.following import schedule_captions
from web.jobs import Jobs
from web.library.incoming import recover_uploads
from web.library.library import open_library, passing_folder
from web.search import index_of
from web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

_THREADS = 16
_CONNECTIONS = 200  # a browser opens up to six
_IDLE_SECONDS = 60  # until an idle connection is closed
_LARGEST_HEADERS_BYTES = 32_000
_BUFFER_BYTES = 1 << 24  # of a response in memory; files are streamed
_LEAST_MEMORY_BYTES = 1_500_000_000  # to align ten hours
_POLL_SECONDS = 1.0  # between checks for a stop; requests are answered at once

_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
"""Hosts that mean all addresses of this machine, each with the loopback address."""


def run(settings: Settings, open_browser: bool) -> int:
    """Serve a library until the server is interrupted; return the exit status.

    Raises OutputError if the library cannot be created or has a server already, or if the address cannot be used;
    StateError if the user's database cannot be used.
    """
    logging.getLogger("waitress").setLevel(logging.ERROR)  # it warns whenever a request waits
    recover()
    unwritable = open_library(settings.library)
    settings = replace(settings, read_only=unwritable is not None)
    with contextlib.ExitStack() as closing:
        if not unwritable:
            # Waitress stores whole requests in temporary files without a setting for their folder, and the system's
            # folder may be in memory.
            tempfile.tempdir = str(where(passing_folder(settings.library)))
        app = create_app(settings)
        server = Server(app, settings)
        app.extensions["stop"] = server.stop
        closing.callback(server.close)
        closing.callback(app.extensions["jobs"].close)
        closing.callback(_ignore_signals)
        if unwritable:
            log(
                f"quotecast: warning: {settings.library}: cannot be written ({unwritable}); it can be read, listened to"
                " and searched, but not changed"
            )
        else:
            resume(app)
            note = lock_of(settings.library).with_suffix(".address")  # which another start opens
            write_text(note, server.address)
            closing.callback(note.unlink, missing_ok=True)
        index_of(app.extensions["library"]).begin()  # updates the search index
        say(f"Library   {settings.library}", f"Open      {server.address}", "Stop      Ctrl-C")
        if open_browser:  # in a thread, since the call blocks with a text browser
            threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            server.run()
    return 0


def _warn_of_memory() -> None:
    import psutil

    if (free := psutil.virtual_memory().available) < _LEAST_MEMORY_BYTES:
        log(
            f"quotecast: warning: only {free / 1e6:.0f} MB of memory are free, and aligning needs"
            f" {_LEAST_MEMORY_BYTES / 1e6:.0f} MB; end other programs, or give the machine more"
        )


class Server:
    """A waitress server, which listens as soon as it is created. Requests are answered while ``run`` runs. Raises
    OutputError if the server cannot listen at its address."""

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
                channel_timeout=_IDLE_SECONDS,
                log_socket_errors=False,
                outbuf_overflow=_BUFFER_BYTES,
                ident=None,
                clear_untrusted_proxy_headers=False,  # web.access.security trusts named proxies alone
                max_request_header_size=_LARGEST_HEADERS_BYTES,
                max_request_body_size=settings.max_upload_bytes + 1,  # waitress refuses this size itself
            )
        except (OSError, ValueError) as error:  # waitress raises ValueError for an unknown host name
            raise OutputError(
                "{where}: cannot be listened at ({reason}); choose another --host or --port",
                where=f"{settings.host}:{settings.port}",
                reason=getattr(error, "strerror", None) or str(error),
            ) from error
        # A name may have several addresses; each has a listener, and these share their threads.
        self._listener = next(each for each in self._sockets.values() if isinstance(each, BaseWSGIServer))
        self.port = int(self._listener.effective_port)
        self.address = address_of(settings.host, self.port)

    def run(self) -> None:
        """Answer requests until ``stop`` is called."""
        while not self._stopping.is_set():
            wasyncore.loop(_POLL_SECONDS, use_poll=True, map=self._sockets, count=1)

    def stop(self) -> None:
        """Make ``run`` return; may be called from any thread."""
        self._stopping.set()
        self._listener.pull_trigger()

    def close(self) -> None:
        """Close the listener and all connections; call it after ``run``."""
        self._listener.task_dispatcher.shutdown()
        for each in list(self._sockets.values()):
            if isinstance(each, HTTPChannel):
                each.handle_close()  # also closes the file that is being sent
        wasyncore.close_all(self._sockets)


def resume(app: Flask) -> None:
    """Load the previous server's jobs, complete interrupted file changes, and update outdated captions."""
    jobs: Jobs = app.extensions["jobs"]
    jobs.resume()
    root = app.extensions["library"].root
    recover_uploads(root)
    for folder in (root, *folders(root)):
        finish_changes(folder)
        alignments = (folder / name for name in plain_files(folder) if name.endswith(JSON_SUFFIX))
        for alignment in filter(are_behind, alignments):
            schedule_captions(alignment)


def _ignore_signals() -> None:
    """Ignore further signals to stop: during the shutdown, the jobs' processes need time to clean up."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):  # some are missing on some systems
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)


def address_of(host: str, port: int) -> str:
    """Return the web address at which this machine reaches a server that listens at ``host`` and ``port``."""
    name = _WILDCARDS.get(host, host)
    return f"http://[{name}]:{port}/" if ":" in name else f"http://{name}:{port}/"

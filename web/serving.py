"""Serving the app with waitress."""

from __future__ import annotations

import contextlib
import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aligner.cli.terminal import say, tell
from aligner.errors import OutputError
from aligner.storage.user_folders import HIDDEN
from web.app import create_app
from web.jobs import Jobs, LibraryInUse
from web.parts import LONGEST_BYTES
from web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

THREADS = 32  # each open stream of events holds one
_CONNECTIONS = 256  # a browser keeps up to six


def run(settings: Settings, open_browser: bool) -> int:
    """Serve until interrupted.

    Raises
    ------
    OutputError
        The library cannot be made or is served already, or the address not be listened at.
    """
    _make_folders(settings.library)
    app = create_app(settings)
    server = _server(app, settings)
    address = f"http://{_in_address(settings.host)}:{server.effective_port}/"
    jobs: Jobs = app.extensions["jobs"]
    try:
        _resume(jobs)
        say(f"Library   {settings.library}", f"Open      {address}", "Stop      Ctrl-C")
        if open_browser:  # one in the terminal returns when it is left, and wants to be answered before
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        server.run()
    finally:
        _end(jobs)
    return 0


def _server(app: Flask, settings: Settings) -> Any:
    """The server, which listens and does not yet answer.

    Raises
    ------
    OutputError
        The address cannot be listened at.
    """
    from waitress import create_server

    from web.refusing import refuse_in_our_words

    refuse_in_our_words()
    try:
        return create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=THREADS,
            connection_limit=_CONNECTIONS,
            outbuf_overflow=2 * LONGEST_BYTES,  # a part of a sound is kept in memory until it is read, not in a file
            asyncore_use_poll=True,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=settings.max_upload_bytes,
        )
    except OSError as error:
        raise OutputError(
            f"{settings.host}:{settings.port}: cannot be listened at ({error.strerror}); choose another --port"
        ) from error


def _make_folders(library: Path) -> None:
    """Make the library, and in it the place where waitress, which takes in whole requests before the app sees them,
    keeps what is being uploaded: the system's folder for temporary files may be memory."""
    try:
        passing = library / HIDDEN / "passing"
        passing.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{library}: cannot be made ({error.strerror}); name another folder") from error
    tempfile.tempdir = str(passing)


def _resume(jobs: Jobs) -> None:
    try:
        jobs.resume()
    except LibraryInUse as error:
        raise OutputError(str(error)) from error
    for problem in jobs.problems:
        tell(f"quotecast: warning: {problem}")


def _end(jobs: Jobs) -> None:
    """Close the jobs, whose children are given time to tidy up; another Ctrl-C meanwhile does not cut that short."""
    ending = threading.Thread(target=jobs.close)
    ending.start()
    while ending.is_alive():
        with contextlib.suppress(KeyboardInterrupt):
            ending.join()


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host

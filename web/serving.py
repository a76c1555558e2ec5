"""Serving the app with waitress."""

from __future__ import annotations

import tempfile
import webbrowser
from pathlib import Path

from aligner.errors import OutputError
from aligner.terminal import say, tell
from web.app import create_app
from web.jobs import Jobs, LibraryInUse
from web.settings import Settings

_THREADS = 32  # each open stream of events holds one


def run(settings: Settings, open_browser: bool) -> int:
    """Serve until interrupted.

    Raises
    ------
    OutputError
        The library cannot be made, another server is at work on it, or the address cannot be listened at.
    """
    from waitress import create_server

    try:
        settings.library.mkdir(parents=True, exist_ok=True)
        _keep_uploads_in(settings.library / ".quotecast" / "arriving")
    except OSError as error:
        raise OutputError(f"{settings.library}: cannot be made ({error.strerror}); name another folder") from error
    app = create_app(settings)
    jobs: Jobs = app.extensions["jobs"]
    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=_THREADS,
            ident=None,
            clear_untrusted_proxy_headers=True,
            max_request_body_size=settings.max_upload_bytes,
        )
    except OSError as error:
        raise OutputError(
            f"{settings.host}:{settings.port}: cannot be listened at ({error.strerror}); choose another --port"
        ) from error
    address = f"http://{_in_address(settings.host)}:{server.effective_port}/"
    try:
        jobs.resume()
    except LibraryInUse as error:
        server.close()
        raise OutputError(str(error)) from error
    say(f"Library   {settings.library}", f"Open      {address}", "Stop      Ctrl-C")
    for problem in jobs.problems:
        tell(f"quotecast: warning: {problem}")
    if open_browser:
        webbrowser.open(address)
    try:
        server.run()
    finally:
        jobs.close()
    return 0


def _keep_uploads_in(folder: Path) -> None:
    """Let waitress, which takes in whole requests before the app sees them, do so on the library's own disk.

    The system's folder for temporary files may be memory. The files have no names, and are gone when they are closed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tempfile.tempdir = str(folder)


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host

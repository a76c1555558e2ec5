"""``quotecast shortcut`` makes an icon in the system's menu, and ``quotecast desktop`` is what the icon starts.

Nobody sees a terminal then: what it would show goes to a log, and problems at start to the browser. The formats of the
icons are those of the Desktop Entry Specification 1.5 and of MS-SHLLINK.
"""

from __future__ import annotations

import html
import http.client
import os
import re
import shlex
import socket
import struct
import sys
import threading
import time
import traceback
import webbrowser
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import log, message_of, say
from aligner.errors import ExitStatus, InUseError
from aligner.storage.atomic import lock_of
from aligner.storage.database import data_folder
from media.errors import UserError
from web.languages import catalogue, first_supported
from web.settings import Settings

_HOST, _PORT = "127.0.0.1", 8765  # as `quotecast serve`
_STARTING = 30.0  # seconds that another start may take until its server answers
_RETRY = 0.3  # seconds
_SHOWING = 120.0  # seconds until the browser has asked for the page about a problem
_COMMAND = ("-P", "-m", "aligner", "desktop")  # -P: import nothing from the folder where the icon is started
_ICON = Path(__file__).parent / "static" / "icon.ico"
_STYLES = ("static/style/tokens.css", "static/style/base.css")
_LINK_CLASS = bytes.fromhex("0114020000000000c000000000000046")
_LINK_FLAGS = 0x10 | 0x20 | 0x40 | 0x80 | 0x200  # folder, arguments, icon, Unicode, target in an environment block


@click.command()
@click.argument("library", type=PATH, required=False)
def desktop(library: Path | None) -> int:
    """Open the app without a terminal, as its icon does, on LIBRARY or ~/quotecast, which is created.

    A button in the page ends it. If LIBRARY is open already, its page is opened once more. Problems are shown in the
    browser, and logged in desktop.log in the data folder.
    """
    log_path = data_folder() / "desktop.log"
    _log_to(log_path)
    try:
        return _open(library or Path.home() / "quotecast", log_path)
    except (UserError, OSError, MemoryError) as error:
        problem = str(message_of(error))
    except Exception as error:
        traceback.print_exc()
        problem = f"{error or type(error).__name__}; the details are in {log_path}"
    log(f"quotecast: {problem}")
    _show(problem)
    return ExitStatus.UNUSABLE


@click.command()
@click.option("--remove", is_flag=True, help="Take the icon away.")
def shortcut(remove: bool) -> int:
    """Put an icon into the system's menu, which opens the app in the browser."""
    files = shortcut_files(sys.platform)
    for path, content in files.items():
        if remove:
            path.unlink(missing_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o755 if path.suffix == ".command" else 0o644)
    say(f"{'Removed' if remove else 'Made'}   {next(iter(files))}")
    return 0


def shortcut_files(system: str) -> dict[Path, bytes]:
    """Return the path and content of each file of the icon on a system, a value of ``sys.platform``."""
    python, home = Path(sys.executable), Path.home()
    if system == "win32":
        menu = Path(os.environ["APPDATA"], "Microsoft", "Windows", "Start Menu", "Programs")
        return {menu / "quotecast.lnk": _link(python.with_name("pythonw.exe"), home)}
    if system == "darwin":
        script = f"#!/bin/sh\nnohup {shlex.join([str(python), *_COMMAND])} >/dev/null 2>&1 &\n"
        return {home / "Applications" / "quotecast.command": script.encode()}
    menu = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    # Characters of a quoted argument, then of a string, then of a field code.
    quoted = re.sub(r'(["`$\\])', r"\\\1", str(python)).replace("\\", "\\\\").replace("%", "%%")
    entry = _part("static/quotecast.desktop").decode().format(command=" ".join([f'"{quoted}"', *_COMMAND]))
    return {
        menu / "applications" / "quotecast.desktop": entry.encode(),
        menu / "icons" / "hicolor" / "scalable" / "apps" / "quotecast.svg": _part("static/icon.svg"),
    }


def _link(program: Path, folder: Path) -> bytes:
    """Return a Windows shortcut that starts ``program`` with ``_COMMAND`` in ``folder``."""
    header = struct.pack("<I16sII24xIiIH10x", 0x4C, _LINK_CLASS, _LINK_FLAGS, 0x20, 0, 0, 1, 0)
    texts = (str(text).encode("utf-16-le") for text in (folder, " ".join(_COMMAND), _ICON))
    strings = b"".join(struct.pack("<H", len(text) // 2) + text for text in texts)
    target = str(program).encode("ascii", "replace"), str(program).encode("utf-16-le")
    return header + strings + struct.pack("<II260s520s4x", 0x314, 0xA0000001, *target)


def _part(name: str) -> bytes:
    return resources.files("web").joinpath(name).read_bytes()


def _log_to(path: Path) -> None:
    """Write what is printed to the file at ``path``, or nowhere if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        stream = path.open("a", encoding="utf-8", errors="replace", buffering=1)
    except OSError:
        stream = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stderr = stream


def _open(library: Path, log_path: Path) -> int:
    """Serve ``library`` until the page's button is pressed; if it is served already, open the page of that server."""
    from web.http.server import run

    deadline = time.monotonic() + _STARTING
    while True:
        if address := _answering(lock_of(library).with_suffix(".address")):
            webbrowser.open(address)
            return 0
        with socket.socket() as probe:  # another program may use the usual port
            port = 0 if probe.connect_ex((_HOST, _PORT)) == 0 else _PORT
        try:
            return run(Settings(library, port=port, log=log_path), open_browser=True)
        except InUseError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_RETRY)


def _answering(note: Path) -> str | None:
    """Return the address in the file ``note`` if a server of quotecast answers there."""
    with suppress(OSError, ValueError, http.client.HTTPException):
        address = note.read_text(encoding="utf-8")
        with build_opener(ProxyHandler({})).open(f"{address}static/icon.svg", timeout=5) as answer:
            return address if answer.read() == _part("static/icon.svg") else None
    return None


def _show(problem: str) -> None:
    """Show a problem in the browser. The page is served, since browsers in a sandbox cannot open a file."""
    shown = threading.Event()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tags = re.findall(r"[\w-]+(?=[,;]|$)", self.headers.get("Accept-Language", "").replace(" ", ""))
            strings = catalogue(language := first_supported(tags))
            page = (
                _part("templates/problem.html")
                .decode()
                .format(
                    language=language,
                    styles=b"".join(map(_part, _STYLES)).decode(),
                    title=strings["desktop.problem"],
                    problem=html.escape(problem),
                    advice=strings["desktop.advice"],
                )
            )
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page.encode("utf-8", "replace"))
            if self.path == "/":
                shown.set()

    with ThreadingHTTPServer((_HOST, 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://{_HOST}:{server.server_port}/"
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        shown.wait(_SHOWING)
        server.shutdown()

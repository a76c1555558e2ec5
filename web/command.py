"""``quotecast serve``: its options, and what it says before it serves."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

import click

from aligner.cli.options import PATH

_HERE = frozenset({"127.0.0.1", "::1"})
_MOST_GIGABYTES = 10_000.0  # that a file may be allowed to have


def _addresses(_context: click.Context, _option: click.Parameter, named: str | None) -> frozenset[str]:
    """The addresses of the machine that is named."""
    if named in (None, "localhost"):
        return _HERE if named else frozenset()
    try:
        return frozenset({str(ipaddress.ip_address(named))})
    except ValueError as error:
        raise click.BadParameter(
            f"{named!r} is no address of a machine; write --behind-proxy=ADDRESS, or name LIBRARY before it"
        ) from error


@click.command()
@click.argument("library", type=PATH, required=False)
@click.option("--create", is_flag=True, help="Make the folder if it does not exist.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="Port; 0 takes a free one."
)
@click.option("--no-browser", is_flag=True, help="Do not open the page in the browser.")
@click.option("--allowed-host", multiple=True, help="Name under which the server may be asked for; may be repeated.")
@click.option(
    "--behind-proxy",
    callback=_addresses,
    is_flag=False,
    flag_value="localhost",
    metavar="[ADDRESS]",
    help="There is a proxy in front, on this machine or at ADDRESS: believe what it says in X-Forwarded-For, -Proto and"
    " -Host. Without this they are believed of nobody.",
)
@click.option(
    "--max-upload",
    type=click.FloatRange(0.001, _MOST_GIGABYTES),
    default=1.0,
    show_default=True,
    help="Gigabytes of a file.",
)
def serve(
    library: Path | None,
    create: bool,
    host: str,
    port: int,
    no_browser: bool,
    allowed_host: tuple[str, ...],
    behind_proxy: frozenset[str],
    max_upload: float,
) -> int:
    """Open the app on LIBRARY, a folder of episodes: read along, correct, review, cut clips.

    Without LIBRARY it opens the current folder if that holds aligned episodes, else the library that was used last,
    else ~/quotecast. To let other machines in, set a password in QUOTECAST_PASSWORD.
    """
    from aligner.errors import OutputError
    from aligner.storage.atomic import write_text
    from web.access.security import is_this_machine
    from web.http.server import run
    from web.settings import Settings

    password = os.environ.get("QUOTECAST_PASSWORD") or None
    if not password and (behind_proxy or not is_this_machine(host)):
        cause = "--behind-proxy" if behind_proxy else f"--host {host}"
        raise click.UsageError(
            f"{cause} lets other machines in, and whoever reaches it could read and remove your episodes; "
            "set a password in QUOTECAST_PASSWORD"
        )
    folder = library or _default_library()
    if not (create or folder.exists()):
        raise OutputError("{path}: there is no such folder; make it with --create, or name another one", path=folder)
    _last_library().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_text(_last_library(), f"{folder.absolute()}\n")
    settings = Settings(folder, host, port, password, allowed_host, int(max_upload * 1e9), behind_proxy)
    return run(settings, open_browser=not no_browser)


def _default_library() -> Path:
    """Return the current folder if it holds aligned episodes, else the library that was used last, else ~/quotecast."""
    from aligner.errors import AlignmentError
    from aligner.outputs import alignments_in

    try:
        alignments_in(Path())
        return Path()
    except AlignmentError:
        pass
    try:
        return Path(_last_library().read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return Path.home() / "quotecast"


def _last_library() -> Path:
    from aligner.storage.database import data_folder

    return data_folder() / "last-library"

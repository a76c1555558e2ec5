"""``quotecast serve``: its options, and what it says before it serves."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path

import click

from aligner.cli.options import PATH, NumberRange

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
    type=NumberRange(0.001, _MOST_GIGABYTES),
    default=1.0,
    show_default=True,
    help="Gigabytes of a file.",
)
def serve(
    library: Path | None,
    host: str,
    port: int,
    no_browser: bool,
    allowed_host: tuple[str, ...],
    behind_proxy: frozenset[str],
    max_upload: float,
) -> int:
    """Open the page of LIBRARY, a folder of episodes.  [default: ~/quotecast]

    At another address than this machine's own, and behind a proxy, a password is needed, in QUOTECAST_PASSWORD.
    """
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
    folder = library or Path.home() / "quotecast"
    settings = Settings(folder, host, port, password, allowed_host, int(max_upload * 1e9), behind_proxy)
    return run(settings, open_browser=not no_browser)

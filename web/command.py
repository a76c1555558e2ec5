"""``quotecast serve``: its options and the checks before the server starts."""

from __future__ import annotations

import ipaddress
import os
from contextlib import suppress
from pathlib import Path

import click

from aligner.cli.options import PATH
from aligner.errors import AlignmentError, OutputError
from aligner.outputs import alignments_in
from aligner.storage.atomic import write_text
from aligner.storage.database import data_folder
from web.access.security import is_this_machine
from web.http.log import log_as_json
from web.http.server import run
from web.settings import Settings


def _addresses(_context: click.Context, _option: click.Parameter, address: str | None) -> frozenset[str]:
    here = {None: frozenset[str](), "localhost": frozenset({"127.0.0.1", "::1"})}
    try:
        return here[address] if address in here else frozenset({str(ipaddress.ip_address(address or ""))})
    except ValueError as error:
        raise click.BadParameter(f"{address!r} is not an address of a machine; write --behind-proxy=ADDRESS") from error


@click.command()
@click.argument("library", type=PATH, required=False)
@click.option("--create", is_flag=True, help="Create the folder if it does not exist.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 picks a free one.")
@click.option("--no-browser", is_flag=True, help="Do not open the page in the browser.")
@click.option("--allowed-host", multiple=True, help="Host name that requests may use; repeatable.")
@click.option(
    "--behind-proxy",
    callback=_addresses,
    is_flag=False,
    flag_value="localhost",
    metavar="[ADDRESS]",
    help="Trust X-Forwarded-For, -Proto and -Host from a proxy on this machine, or at ADDRESS.",
)
@click.option(
    "--max-upload", type=click.FloatRange(0.001, 10_000), default=1.0, show_default=True, help="Gigabytes of a file."
)
@click.option(
    "--log-format", type=click.Choice(("plain", "json")), default="plain", show_default=True, help="Of standard error."
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
    log_format: str,
) -> int:
    """Open the app on LIBRARY, a folder of episodes: read along, correct, review, cut clips.

    Without LIBRARY it opens the current folder if that holds aligned episodes, else the library that was used last,
    else ~/quotecast. To let other machines in, set a password in QUOTECAST_PASSWORD. With another one, in
    QUOTECAST_READERS_PASSWORD, people can read, listen and search, but change nothing.
    """
    if log_format == "json":
        log_as_json()
    password, readers_password = _password("QUOTECAST_PASSWORD"), _password("QUOTECAST_READERS_PASSWORD")
    if readers_password and password in (None, readers_password):
        reason = "is the same as QUOTECAST_PASSWORD" if password else "is set, but QUOTECAST_PASSWORD is not"
        raise click.UsageError(f"QUOTECAST_READERS_PASSWORD {reason}; set two different passwords")
    if not password and (behind_proxy or not is_this_machine(host)):
        raise click.UsageError("other machines could change your episodes; set a password in QUOTECAST_PASSWORD")
    last = data_folder() / "last-library"
    folder = library or _default_library(last)
    if not (create or folder.exists()):
        raise OutputError("{path}: there is no such folder; make it with --create, or name another one", path=folder)
    last.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_text(last, f"{folder.absolute()}\n")
    settings = Settings(
        folder,
        host,
        port,
        password,
        allowed_host,
        int(max_upload * 1e9),
        behind_proxy,
        readers_password=readers_password,
    )
    return run(settings, not no_browser)


def _password(variable: str) -> str | None:
    """Return the password in an environment variable, else in the file that ``variable``_FILE names, else None. Remove
    the variable, so that no child process inherits the password."""
    word, file = os.environ.pop(variable, ""), os.environ.get(f"{variable}_FILE", "")
    if not file:
        return word or None
    if word:
        raise click.UsageError(f"{variable} and {variable}_FILE are both set; keep one of them")
    try:
        word = Path(file).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise click.UsageError(f"{file}: cannot be read ({reason}); name a file in {variable}_FILE") from error
    if not word:
        raise click.UsageError(f"{file}: is empty; write the password for {variable}_FILE into it")
    return word


def _default_library(last: Path) -> Path:
    with suppress(AlignmentError):
        alignments_in(Path())
        return Path()
    with suppress(OSError, UnicodeDecodeError):
        return Path(last.read_text(encoding="utf-8").strip())
    return Path.home() / "quotecast"

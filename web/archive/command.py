"""``quotecast archive``: a whole show at once, each of its commands loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.main import LazyGroup
from aligner.cli.options import NumberRange

if TYPE_CHECKING:
    from web.library import Library

COMMANDS: Mapping[str, str] = {
    "add": "web.archive.adding.add",
    "update": "web.archive.adding.update",
    "forget": "web.archive.adding.forget",
    "run": "web.archive.runs.run",
}
"""By the name of a command, the module that has it as an attribute of that name; it loads nothing heavy itself."""


@click.group(cls=LazyGroup, modules=COMMANDS)
def archive() -> None:
    """A whole show at once: its episodes, from a feed and folders, kept up to date."""


sure_option = click.option(
    "--sure",
    type=NumberRange(0.5, 1.0),
    default=0.9,
    show_default=True,
    help="Confidence from which a pair is sure.",
)


def opened(library: Path, anew: bool = False) -> Library:
    """The library in a folder that can be written, made ``anew`` where that may be.

    Raises
    ------
    OutputError
        It cannot be, is not there, or it is no folder but the address of a store.
    """
    from aligner.errors import OutputError
    from media.confinement import is_folder
    from web.archive.errors import shown
    from web.library import Library, open_library

    scheme, colon, rest = library.as_posix().partition(":/")
    if colon and scheme.isalnum() and len(scheme) > 1:  # one letter is a drive
        address = shown(f"{scheme}://{rest.lstrip('/')}")
        if scheme.lower() in ("http", "https"):
            raise OutputError("{address}: is an address of the web; the library comes last, a folder", address=address)
        raise OutputError(
            "{path}: is the address of a store; episodes are made in a folder, which is then copied there", path=address
        )
    if not (anew or is_folder(library)):
        raise OutputError("{path}: nothing is there; expected a library", path=library)
    if reason := open_library(library):
        raise OutputError("{path}: cannot be written ({reason})", path=library, reason=reason)
    return Library(library)

"""The commands ``quotecast backup``, ``restore`` and ``doctor``."""

from __future__ import annotations

from pathlib import Path

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import say
from aligner.errors import ExitStatus, OutputError
from media.safe_fs import entries, status_of
from media.temporary import sweep
from web.care.backup import back_up, restore_backup
from web.care.doctor import examine
from web.library.library import Library

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("library", type=_FOLDER)
@click.argument("file", type=PATH)
@click.option("--with-sources", is_flag=True, help="Also the addresses of feeds, which may hold keys, and decisions.")
def backup(library: Path, file: Path, with_sources: bool) -> int:
    """Write all that people made in LIBRARY to FILE, a tar file. A server may be running meanwhile.

    An existing FILE is replaced when the new one is complete. Derived files and hidden files are left out.
    """
    if file.resolve().is_relative_to(library.resolve()):
        raise click.UsageError("the backup would lie in the library itself; name a file outside of it")
    try:
        back_up(library, file, with_sources)
    except OutputError as error:
        raise error.where_it_is() from error
    say(f"Backed up {len(Library(library).episodes())} episodes, {status_of(file).st_size / 1e6:.1f} MB")
    return ExitStatus.DONE


@click.command()
@click.argument("file", type=PATH)
@click.argument("library", type=click.Path(file_okay=False, path_type=Path))
@click.option("--with-sources", is_flag=True, help="Also its feeds and folders, if you trust who made FILE.")
def restore(file: Path, library: Path, with_sources: bool) -> int:
    """Make LIBRARY, a folder that does not exist or is empty, from the backup FILE.

    Every file is checked; if one is damaged, nothing is made.
    """
    sweep(library)  # what a killed restore left
    if entries(library):
        raise click.UsageError(f"{library}: is in use; name a folder that does not exist, or is empty")
    try:
        left_out = restore_backup(file, library, with_sources)
    except OutputError as error:
        raise error.where_it_is() from error
    say(f"Restored {len(Library(library).episodes())} episodes{', no sources (--with-sources)' * left_out}")
    return ExitStatus.DONE


@click.command()
@click.argument("library", type=_FOLDER, required=False)
def doctor(library: Path | None) -> int:
    """Check this machine and LIBRARY: one screen to paste into a report, without addresses or passwords.

    The exit status is 1 if something would prevent work; the line says what to do.
    """
    lines, is_well = examine(library)
    say(*lines)
    return 0 if is_well else 1

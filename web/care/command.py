"""The commands ``quotecast backup``, ``restore`` and ``doctor``."""

from __future__ import annotations

from pathlib import Path

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import say
from aligner.errors import ExitStatus, OutputError


@click.command()
@click.argument("library", type=PATH)
@click.argument("file", type=PATH)
@click.option("--with-sources", is_flag=True, help="Also the addresses of feeds, which may hold keys, and decisions.")
def backup(library: Path, file: Path, with_sources: bool) -> int:
    """Write all that people made in LIBRARY to FILE, a tar file. A server may be running meanwhile.

    An existing FILE is replaced when the new one is complete. Derived files are left out.
    """
    from web.care.backup import back_up

    try:
        episodes, size_bytes = back_up(library, file, with_sources)
    except OutputError as error:
        raise error.where_it_is() from error
    say(f"Backed up {_count(episodes)}, {size_bytes / 1e6:.1f} MB")
    return ExitStatus.DONE


@click.command()
@click.argument("file", type=PATH)
@click.argument("library", type=PATH)
@click.option("--with-sources", is_flag=True, help="Also its feeds and folders, if you trust who made FILE.")
def restore(file: Path, library: Path, with_sources: bool) -> int:
    """Make LIBRARY, a folder that does not exist or is empty, from the backup FILE.

    Every file is checked; if one is damaged, nothing is made.
    """
    from web.care.restore import restore as restore_backup

    manifest = restore_backup(file, library, with_sources)
    say(f"Restored  {_count(manifest.episodes)}, as of {manifest.created}")
    if manifest.has_sources and not with_sources:
        say("Sources   not taken; they are with --with-sources")
    return ExitStatus.DONE


@click.command()
@click.argument("library", type=PATH, required=False)
def doctor(library: Path | None) -> int:
    """Check this machine and LIBRARY: one screen to paste into a report, without addresses or passwords.

    The exit status is 1 if something would prevent work; the line says what to do.
    """
    from web.care.doctor import examine

    lines, is_well = examine(library)
    say(*lines)
    return 0 if is_well else 1


def _count(episodes: int) -> str:
    return f"{episodes} episode{'s' * (episodes != 1)}"

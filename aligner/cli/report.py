"""``quotecast report``: how well a transcript was found in its sound, and what to look at."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from aligner.cli.options import PATH, NumberRange
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from aligner.model import Alignment
    from aligner.report.facts import Report

_STDOUT = Path("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments:
    alignment: Path
    html: Path | None
    json: Path | None
    fail_under: float | None

    @property
    def files(self) -> list[Path]:
        return [path for path in (self.html, self.json) if path and path != _STDOUT]


@click.command()
@click.argument("alignment", type=PATH)
@click.option("--html", type=PATH, help="Write the report as one page, which plays the sound that it is of.")
@click.option("--json", type=PATH, help="Write the report for programs; - is standard output.")
@click.option(
    "--fail-under",
    type=NumberRange(0, 100),
    metavar="PERCENT",
    help="End with status 4 where less of the transcript's words was heard.",
)
def report(**options: Any) -> int:
    """Tell how well the transcript of ALIGNMENT was found in its sound, and what to look at before publishing.

    It is printed, or written to the files that are named.
    """
    from aligner.cli.report_lines import report_lines
    from aligner.report.facts import is_below, report_of
    from aligner.storage.alignment_json import read_alignment

    arguments = _Arguments(**options)
    if len({path.absolute() for path in arguments.files}) < len(arguments.files):
        raise click.UsageError("two files of the report have one name; each needs its own.")
    alignment = read_alignment(arguments.alignment)
    made = report_of(alignment)
    if arguments.files:
        _write(arguments, alignment, made)
    if arguments.json == _STDOUT:
        from aligner.report.page import to_json

        click.echo(to_json(made), nl=False)
    elif not arguments.files:
        say(*report_lines(made))
    coverage = made.judgement.coverage
    if arguments.fail_under is not None and is_below(coverage, arguments.fail_under):
        tell(f"quotecast: {100 * coverage:.2f}% of the words were heard, less than {arguments.fail_under:g}%")
        return ExitStatus.POOR
    return ExitStatus.DONE


def _write(arguments: _Arguments, alignment: Alignment, made: Report) -> None:
    """Write the files that are named, once it is known that all can be written."""
    from aligner.outputs import check_outputs
    from aligner.report.page import to_html, to_json
    from aligner.storage.atomic import write_keeping
    from aligner.storage.file_names import named_files

    check_outputs(arguments.files, named_files(alignment, arguments.alignment))
    makers: tuple[tuple[Path | None, Callable[[Path], bytes]], ...] = (
        (arguments.html, lambda path: to_html(made, _sound_from(path, arguments.alignment, alignment)).encode("utf-8")),
        (arguments.json, lambda path: to_json(made).encode("utf-8")),
    )
    lines = []
    for path, make in makers:
        if path and path != _STDOUT:
            kept = write_keeping({path: make(path)})
            lines += [f"Written   {path}", *(f"Kept      {old}, as edited before" for old in kept)]
    if arguments.json == _STDOUT:
        for line in lines:
            tell(line)
    else:
        say(*lines)


def _sound_from(page: Path, alignment_file: Path, alignment: Alignment) -> str:
    """The address of the sound from the page's folder; beside the page, where the alignment does not find it."""
    from aligner.storage.file_names import find_named, last_part, seen_from

    found = find_named(alignment.audio.file, alignment_file)
    name = seen_from(page.parent, found) if found else last_part(alignment.audio.file)
    return quote(os.fsencode(name))

"""``quotecast check``: what is wrong with a caption file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import say
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from aligner.timed_text.cues import Problem


@click.command()
@click.argument("file", type=PATH)
@click.option("--norms", is_flag=True, help="Tell too which cues miss a norm of reading, as reading speed.")
def check(file: Path, norms: bool) -> int:
    """Check the caption FILE (VTT or SRT) against the rules of its format."""
    from aligner.timed_text import check_captions

    problems = check_captions(file)
    missed = _missed(file) if norms else []
    for problem in sorted([*problems, *missed], key=lambda problem: problem.line):
        say(f"{file}:{problem.line}: {problem.message}")
    told = f"{len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}"
    if norms:
        cues = len({problem.line for problem in missed})
        told += f", {cues or 'no'} cue{'' if cues == 1 else 's'} outside a norm"
    say(f"{file}: {told}")
    return ExitStatus.UNUSABLE if problems else ExitStatus.DONE


def _missed(file: Path) -> list[Problem]:
    """The norms that the file's cues miss. They are no fault of the format: the exit status does not count them."""
    from aligner.captions.rules import missed_norms
    from aligner.timed_text.check import cues_of_file

    return missed_norms(cues_of_file(file))

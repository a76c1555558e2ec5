"""``quotecast check``: list the format errors of a caption file, and the reading norms that its captions miss."""

from __future__ import annotations

from pathlib import Path

import click

from aligner.captions.rules import missed_norms
from aligner.cli.options import PATH
from aligner.cli.terminal import say
from aligner.errors import ExitStatus
from aligner.timed_text import check_captions
from aligner.timed_text.check import cues_of_file


@click.command()
@click.argument("file", type=PATH)
@click.option("--norms", is_flag=True, help="List the captions that miss a norm, such as reading speed.")
def check(file: Path, norms: bool) -> int:
    """Check the caption FILE (WebVTT or SRT) against the rules of its format and the norms of reading.

    The exit status is 3 if the format has faults; a missed norm is no fault.
    """
    faults, missed = check_captions(file), missed_norms(cues_of_file(file))
    for problem in sorted([*faults, *(missed if norms else [])], key=lambda problem: problem.line):
        say(f"{file}:{problem.line}: {problem.message}")
    captions = len({problem.line for problem in missed})
    report = f"{len(faults) or 'no'} format error{'' if len(faults) == 1 else 's'}"
    report += f", {captions or 'no'} caption{'' if captions == 1 else 's'} outside a norm"
    say(f"{file}: {report}{' (--norms lists them)' if captions and not norms else ''}")
    return ExitStatus.UNUSABLE if faults else ExitStatus.DONE

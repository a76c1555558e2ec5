"""``quotecast check``: what is wrong with a caption file."""

from __future__ import annotations

from pathlib import Path

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import say
from aligner.errors import ExitStatus


@click.command()
@click.argument("file", type=PATH)
def check(file: Path) -> int:
    """Check the caption FILE (VTT or SRT) against the rules of its format."""
    from aligner.timed_text import check_captions

    problems = check_captions(file)
    for problem in problems:
        say(f"{file}:{problem.line}: {problem.message}")
    say(f"{file}: {len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}")
    return ExitStatus.UNUSABLE if problems else ExitStatus.DONE

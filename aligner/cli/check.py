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
@click.option("--audio", type=PATH, metavar="AUDIO", help="Audio as a host delivers it: count the captions on time.")
@click.option("--sync", "sync_file", type=PATH, metavar="NAME.sync", help="For --audio.  [default: beside FILE]")
def check(file: Path, norms: bool, audio: Path | None, sync_file: Path | None) -> int:
    """Check the caption FILE (WebVTT or SRT) against the rules of its format and the norms of reading.

    The exit status is 3 if the format has faults; a missed norm is no fault.
    """
    if sync_file and not audio:
        raise click.UsageError("--sync goes with --audio")
    faults, missed = check_captions(file), missed_norms(cues_of_file(file))
    for problem in sorted([*faults, *(missed if norms else [])], key=lambda problem: problem.line):
        say(f"{file}:{problem.line}: {problem.message}")
    captions = len({problem.line for problem in missed})
    report = f"{len(faults) or 'no'} format error{'' if len(faults) == 1 else 's'}"
    report += f", {captions or 'no'} caption{'' if captions == 1 else 's'} outside a norm"
    say(f"{file}: {report}{' (--norms lists them)' if captions and not norms else ''}")
    if audio:
        say(f"{audio}: {_fit(file, audio, sync_file or file.with_suffix('.sync'))}")
    return ExitStatus.UNUSABLE if faults else ExitStatus.DONE


def _fit(file: Path, audio: Path, sync_file: Path) -> str:
    """Return a sentence on how well captions fit delivered audio. A caption counts by its middle."""
    from aligner.recognition import silent
    from aligner.retiming.delivered import match_delivered
    from aligner.retiming.moving import LEAST_GAP

    delivery = match_delivered(audio, sync_file, silent)
    shifts = [delivery.shift_at((cue.start + cue.end) / 2) for cue in cues_of_file(file)]
    moved = [shift for shift in shifts if shift is not None and abs(shift) > LEAST_GAP]
    cut = shifts.count(None)
    counts = {"on time": len(shifts) - len(moved) - cut}
    if moved:
        by = dict.fromkeys(f"{shift:+.1f}" for shift in (min(moved), max(moved)))
        counts[f"shifted by {' to '.join(by)} s"] = len(moved)
    counts["in audio that was cut"] = cut
    shown = (f"{count} ({count / (len(shifts) or 1):.0%}) {what}" for what, count in counts.items())
    return f"of {len(shifts)} captions, {', '.join(shown)}"

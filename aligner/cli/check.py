"""``quotecast check``: list the format errors of a caption file, and the reading norms that its captions miss."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from aligner.captions.rules import missed_norms
from aligner.cli.options import PATH
from aligner.cli.terminal import say
from aligner.errors import ExitStatus
from aligner.formats.subtitles import PODCAST_VTT
from aligner.timed_text import check_captions
from aligner.timed_text.check import cues_of_file
from aligner.timed_text.cues import CueBlock


@click.command()
@click.argument("file", type=PATH)
@click.option("--norms", is_flag=True, help="List the captions that miss a norm, such as reading speed.")
@click.option("--audio", type=PATH, metavar="AUDIO", help="Audio as a host delivers it: count the captions on time.")
@click.option("--sync", "sync_file", type=PATH, metavar="NAME.sync", help="For --audio.  [default: beside FILE]")
def check(file: Path, norms: bool, audio: Path | None, sync_file: Path | None) -> int:
    """Check the caption FILE (WebVTT or SRT) against the rules of its format and the norms of reading.

    WebVTT of one-line captions is judged as for podcast players: 65 characters a line, not 42. The exit status is 3 if
    the format has faults or a caption is off in AUDIO; a missed norm is no fault.
    """
    if sync_file and not audio:
        raise click.UsageError("--sync goes with --audio")
    cues, faults = cues_of_file(file), check_captions(file)
    is_podcast = file.suffix.lower() == ".vtt" and all(len(cue.lines) == 1 for cue in cues)
    missed = missed_norms(cues, PODCAST_VTT if is_podcast else None)
    for problem in sorted([*faults, *(missed if norms else [])], key=lambda problem: problem.line):
        say(f"{file}:{problem.line}: {problem.message}")
    captions, use = len({problem.line for problem in missed}), " for podcast players" if is_podcast else ""
    report = f"{len(faults) or 'no'} format error{'' if len(faults) == 1 else 's'}"
    report += f", {captions or 'no'} caption{'' if captions == 1 else 's'} outside a norm{use}"
    say(f"{file}: {report}{' (--norms lists them)' if captions and not norms else ''}")
    fits = not audio or _fits(cues, audio, sync_file or file.with_suffix(".sync"))
    return ExitStatus.DONE if fits and not faults else ExitStatus.UNUSABLE


def _fits(cues: Sequence[CueBlock], audio: Path, sync_file: Path) -> bool:
    """Print how well captions fit delivered audio; return whether all are on time. A caption counts by its middle."""
    from aligner.recognition import silent
    from aligner.retiming.delivered import match_delivered
    from aligner.retiming.moving import LEAST_GAP

    matched = match_delivered(audio, sync_file, silent).matched
    middles = [(cue.start + cue.end) / 2 for cue in cues]
    shifts = [each.to_new(at) - at for at in middles for each in matched if each.old.start <= at < each.old.end]
    moved = [shift for shift in shifts if abs(shift) > LEAST_GAP]
    by = f" by up to {max(moved, key=abs):+.1f} s" if moved else ""
    on_time, cut = len(shifts) - len(moved), len(cues) - len(shifts)
    say(f"{audio}: {on_time} of {len(cues)} captions on time, {len(moved)} shifted{by}, {cut} in audio that was cut")
    return on_time == len(cues)

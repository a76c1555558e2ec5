"""``quotecast sync``: find an episode's own audio in audio into which a host inserted ads."""

from __future__ import annotations

from pathlib import Path

import click

from aligner.cli.options import PATH, progress_option
from aligner.cli.progress import Run, report_done, reporting_progress
from aligner.cli.terminal import log, say
from aligner.durations import clock
from aligner.errors import ExitStatus
from aligner.model import Span
from aligner.retiming.delivered import match_delivered


@click.command()
@click.argument("audio", type=PATH)
@click.argument("sync_file", type=PATH, metavar="NAME.sync")
@progress_option
def sync(audio: Path, sync_file: Path, progress_mode: str) -> int:
    """Find an episode's own audio in AUDIO, as a host delivers it with ads, by the sync file of `export`.

    Each line is a span of AUDIO, and what it has of the episode. --progress json ends with the spans, for programs.
    """
    with reporting_progress(progress_mode, Run(("reading",))) as progress:
        delivery = match_delivered(audio, sync_file, progress)
    for warning in delivery.warnings:
        log(f"quotecast: warning: {warning}")
    rows = [(each.new, f"{_times(each.old)} of the episode") for each in delivery.matched]
    rows += [(span, "ad or other audio") for span in delivery.foreign]
    say(
        *(f"{_times(span)}: {what}" for span, what in sorted(rows, key=lambda row: row[0].start)),
        *(f"Missing   {_times(span)} of the episode" for span in delivery.missing),
    )
    report_done(  # with the names of quotecast-sync.js
        progress_mode,
        spans=[_facts(each.old, "own_") | _facts(each.new, "delivered_") for each in delivery.matched],
        foreign=[_facts(span) for span in delivery.foreign],
    )
    return ExitStatus.DONE


def _times(span: Span) -> str:
    return f"{clock(span.start, 3)} to {clock(span.end, 3)}"


def _facts(span: Span, prefix: str = "") -> dict[str, float]:
    return {f"{prefix}start": round(span.start, 3), f"{prefix}end": round(span.end, 3)}

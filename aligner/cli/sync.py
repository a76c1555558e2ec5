"""``quotecast sync``: find an episode's own audio in audio into which a host inserted ads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from aligner.cli.options import PATH, progress_option
from aligner.cli.progress import Run, report_done, reporting_progress
from aligner.cli.terminal import log, say
from aligner.durations import clock
from aligner.errors import ExitStatus
from aligner.model import Span
from aligner.outputs import check_outputs
from aligner.retiming.delivered import Delivery, match_delivered
from aligner.storage.atomic import write_text


@click.command()
@click.argument("audio", type=PATH)
@click.argument("sync_file", type=PATH, metavar="NAME.sync")
@click.option("--json", "output", type=PATH, metavar="FILE", help="Write it for programs; - is standard output.")
@progress_option
def sync(audio: Path, sync_file: Path, output: Path | None, progress_mode: str) -> int:
    """Find an episode's own audio in AUDIO, as a host delivers it with ads, by the sync file of `export`.

    Each line is a span of AUDIO, and what it has of the episode.
    """
    is_printed = output == Path("-")
    if output and not is_printed:
        check_outputs([output], [audio, sync_file])
    with reporting_progress(progress_mode, Run(("reading",))) as progress:
        delivery = match_delivered(audio, sync_file, progress)
    for warning in delivery.warnings:
        log(f"quotecast: warning: {warning}")
    facts = _facts(delivery)
    if output and not is_printed:
        write_text(output, f"{json.dumps(facts)}\n")
    say(*([json.dumps(facts)] if is_printed else _lines(delivery)))
    report_done(progress_mode, **facts)
    return ExitStatus.DONE


def _facts(delivery: Delivery) -> dict[str, Any]:
    """Return the result for programs, with the names that the script ``quotecast-sync.js`` has for it."""
    spans = [_rounded(each.old, "own_") | _rounded(each.new, "delivered_") for each in delivery.matched]
    return {"spans": spans, "foreign": [_rounded(each) for each in delivery.foreign], "is_same": delivery.is_same}


def _rounded(span: Span, prefix: str = "") -> dict[str, float]:
    return {f"{prefix}start": round(span.start, 3), f"{prefix}end": round(span.end, 3)}


def _lines(delivery: Delivery) -> Iterator[str]:
    if delivery.is_same:
        yield "The audio is the episode's own file, without ads."
    rows = [(each.new, f"{_times(each.old)} of the episode") for each in delivery.matched]
    rows += [(each, "ad or other audio") for each in delivery.foreign]
    for span, what in sorted(rows, key=lambda row: row[0].start):
        yield f"{_times(span)}: {what}"
    for span in delivery.missing:
        yield f"Missing   {_times(span)} of the episode"


def _times(span: Span) -> str:
    return f"{clock(span.start, 3)} to {clock(span.end, 3)}"

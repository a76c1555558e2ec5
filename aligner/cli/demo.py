"""``quotecast demo``: align a sample episode and compare the result with the known time of every word."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import click

from aligner.cli.options import PATH, advanced
from aligner.cli.progress import Run, reporting_progress
from aligner.cli.results import run_lines
from aligner.cli.terminal import say
from aligner.demo import SAMPLE
from aligner.errors import ExitStatus
from aligner.model import Alignment
from aligner.outputs import OutputOptions, check_outputs, output_paths, write_outputs
from aligner.pipeline import AlignOptions, align
from aligner.storage.atomic import making, write_keeping
from aligner.storage.history import recover


@click.command()
@click.option(
    "-o", "--output", type=PATH, metavar="FOLDER", default="quotecast-demo", show_default=True, help="Where to write."
)
@advanced("--model", default="base", show_default=True, help="Whisper model: a name or a folder.")
def demo(output: Path, model: str) -> int:
    """Align a sample episode of two minutes and compare the result with the known times of its words."""
    recover(output)
    inputs = audio, transcript = output / "episode.mp3", output / "transcript.txt"
    check_outputs([*inputs, *output_paths(output, audio.stem, OutputOptions().formats)], [])
    details = json.loads((SAMPLE / "details.json").read_text(encoding="utf-8"))
    options = AlignOptions(language="fr", model=model, **details)
    with reporting_progress("auto", Run(("speech", "acoustic", "locating"))) as progress, making(output):
        copies = write_keeping({path: (SAMPLE / path.name).read_bytes() for path in inputs})
        aligned = align(audio, transcript, options, progress)
        written = write_outputs(aligned.alignment, output, audio.stem, fingerprint=aligned.fingerprint)
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    lines = run_lines(aligned, replace(written, backups=copies + written.backups))
    lines[2] = f"Accuracy  {_accuracy(aligned.alignment, {w['char_start']: w['start'] for w in truth['words']})}"
    say(*lines, f"Next      {shlex.join([*_own_command(), 'serve', str(output)])}")
    return ExitStatus.DONE


def _accuracy(alignment: Alignment, starts: dict[int, float | None]) -> str:
    """Return a sentence on the errors of word starts. ``starts`` maps words' character offsets to true start times."""
    known = ((word.span, starts.get(word.word.char_start)) for word in alignment.words)
    errors = sorted(abs(span.start - start) for span, start in known if span and start is not None)
    return (
        f"word starts off by {errors[len(errors) // 2] * 1000:.0f} ms in the median, "
        f"{sum(errors) / len(errors) * 1000:.0f} ms on average; "
        f"{sum(error <= 0.2 for error in errors) / len(errors):.1%} within 200 ms"
    )


def _own_command() -> list[str]:
    if shutil.which("quotecast"):
        return ["quotecast"]
    return [sys.executable, "-P", "-m", "aligner"] if sys.argv[0].endswith("__main__.py") else [sys.argv[0]]

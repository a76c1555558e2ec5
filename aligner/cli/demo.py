"""``quotecast demo``: a sample episode whose every word has a known time, aligned and compared with the truth."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import say
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from aligner.evaluation import Score
    from aligner.recognition import Progress

_AUDIO, _TRANSCRIPT = "episode.mp3", "transcript.txt"


@click.command()
@click.option("-o", "--output", type=PATH, default=Path("quotecast-demo"), show_default=True, help="Folder.")
@click.option("--model", default="base", show_default=True, help="Whisper model: a name or a folder.")
def demo(output: Path, model: str) -> int:
    """Align a sample episode of two minutes and compare the result with the truth."""
    from aligner.cli.progress import WholeRun, telling_progress

    with telling_progress("auto", whole=WholeRun(("speech", "letters", "locating"), model)) as progress:
        lines = run_demo(output, model, progress)
    say(*lines, f"Next      {_own_command()} serve {_quoted(str(output))}")
    return ExitStatus.DONE


def run_demo(folder: Path, model: str, progress: Progress) -> list[str]:
    """Lay the sample out in ``folder``, align it as any episode, and say how it went.

    If it does not get to the end, what it laid out is removed.

    Raises
    ------
    OutputError
        The folder cannot be written.
    ModelError
        The model is not there.
    """
    import json
    from dataclasses import replace

    from aligner.cli.summary import run_lines
    from aligner.demo import SAMPLE
    from aligner.evaluation import compare, read_truth, summarise
    from aligner.outputs import OutputOptions, check_outputs, output_paths, write_outputs
    from aligner.pipeline import AlignOptions, align
    from aligner.storage.atomic import making
    from aligner.storage.history import recover

    recover(folder)
    audio, transcript = folder / _AUDIO, folder / _TRANSCRIPT
    options = OutputOptions()
    check_outputs([audio, transcript, *output_paths(folder, audio.stem, options.formats)], [])
    with making(folder), contextlib.ExitStack() as undo:
        kept = _lay_out((audio, transcript), undo)
        details = json.loads((SAMPLE / "details.json").read_text(encoding="utf-8"))
        aligned = align(audio, transcript, AlignOptions(language="fr", model=model, **details), progress)
        written = write_outputs(aligned.alignment, folder, audio.stem, options, fingerprint=aligned.fingerprint)
        undo.pop_all()
    with resources.as_file(SAMPLE / "truth.json") as truth:
        score = summarise(compare(aligned.alignment.words, aligned.alignment.untranscribed, read_truth(truth)))
    lines = run_lines(aligned, replace(written, kept=kept + written.kept))
    lines[2] = f"Accuracy  {_accuracy(score)}"
    return lines


def _own_command() -> str:
    """How to call quotecast again from the same shell, in any folder: it runs no Python file that lies there."""
    if Path(sys.argv[0]).name == "__main__.py":
        if script := shutil.which("quotecast", path=str(Path(sys.executable).parent)):
            return _quoted(script)
        in_checkout = Path.cwd() == Path(__file__).parents[2]  # whose code is found because it lies here
        return _quoted(sys.executable, *(["-m"] if in_checkout else ["-P", "-m"]), "aligner")
    return "quotecast" if shutil.which("quotecast") else _quoted(sys.argv[0])


def _quoted(*arguments: str) -> str:
    """``arguments`` as they can be pasted into this system's shell."""
    return subprocess.list2cmdline(arguments) if os.name == "nt" else shlex.join(arguments)


def _lay_out(paths: Iterable[Path], undo: contextlib.ExitStack) -> tuple[Path, ...]:
    """Copy the sample's files to ``paths``; return what was kept of files edited there."""
    from aligner.demo import SAMPLE
    from aligner.storage.atomic import write_keeping

    for path in paths:
        if not path.exists():
            undo.callback(path.unlink, missing_ok=True)
    return write_keeping({path: (SAMPLE / path.name).read_bytes() for path in paths})


def _accuracy(score: Score) -> str:
    """The word starts against the known truth, in a sentence."""
    if score.start_median is None or score.start_mean is None or score.within_200_ms is None:
        return "no word was found"
    return (
        f"word starts off by {score.start_median * 1000:.0f} ms in the median, {score.start_mean * 1000:.0f} ms on "
        f"average; {score.within_200_ms:.1%} within 200 ms of the truth"
    )

"""The demo: a sample episode whose every word has a known time, aligned and compared with the truth."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from aligner.cli.report import summary
from aligner.ears import ears
from aligner.evaluation import Score, compare, read_truth, summarise
from aligner.pipeline import Job, align
from aligner.recognition import Progress
from aligner.storage.atomic import making
from aligner.storage.backups import write_keeping
from aligner.storage.outputs import OutputOptions, check_outputs, output_paths, write_outputs

_AUDIO, _TRANSCRIPT = "episode.mp3", "transcript.txt"


def run_demo(folder: Path, model: str, progress: Progress, command: str = "quotecast") -> list[str]:
    """Lay the sample out in ``folder``, align it as any episode, and say how it went and what to try next.

    ``command`` is how the user can call quotecast again. If it does not get to the end, what it laid out is removed.

    Raises
    ------
    OutputError
        The folder cannot be written.
    ModelError
        The model is not there.
    """
    sample = resources.files("aligner.demo") / "sample"
    audio, transcript = folder / _AUDIO, folder / _TRANSCRIPT
    options = OutputOptions()
    check_outputs([audio, transcript, *output_paths(folder, audio.stem, options.formats)], [])
    with making(folder), contextlib.ExitStack() as undo:
        kept = _lay_out(sample, (audio, transcript), undo)
        details = json.loads((sample / "details.json").read_text(encoding="utf-8"))
        aligned = align(Job(audio, transcript, ears(model, "fr"), details), progress)
        written = write_outputs(aligned.alignment, folder, audio.stem, options)
        undo.pop_all()
    with resources.as_file(sample / "truth.json") as truth:
        score = summarise(compare(aligned.alignment.words, aligned.alignment.untranscribed, read_truth(truth)))
    lines = summary(aligned, replace(written, kept=kept + written.kept))
    lines[2] = f"Accuracy  {_accuracy(score)}"
    return [*lines, f"Next      {command} serve {quoted(str(folder))}"]


def quoted(*arguments: str) -> str:
    """``arguments`` as they can be pasted into this system's shell."""
    return subprocess.list2cmdline(arguments) if os.name == "nt" else shlex.join(arguments)


def _lay_out(sample: Traversable, paths: Iterable[Path], undo: contextlib.ExitStack) -> tuple[Path, ...]:
    """Copy the sample's files to ``paths``; return what was kept of files edited there."""
    for path in paths:
        if not path.exists():
            undo.callback(path.unlink, missing_ok=True)
    return write_keeping({path: (sample / path.name).read_bytes() for path in paths})


def _accuracy(score: Score) -> str:
    """The word starts against the known truth, in a sentence."""
    if score.start_median is None or score.start_mean is None or score.within_200_ms is None:
        return "no word was found"
    return (
        f"word starts off by {score.start_median * 1000:.0f} ms in the median, {score.start_mean * 1000:.0f} ms on "
        f"average; {score.within_200_ms:.1%} within 200 ms of the truth"
    )

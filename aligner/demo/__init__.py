"""The demo: a sample episode whose every word has a known time, aligned and compared with the truth."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

from aligner.files import replacing
from aligner.listening import Progress
from aligner.listening.words import WordsEar
from aligner.outputs import OutputOptions, check_outputs, write_outputs
from aligner.pipeline import Job, align
from aligner.scoring import Score, compare, read_truth, summarise
from aligner.summary import summary

_AUDIO, _TRANSCRIPT = "episode.mp3", "transcript.txt"


def run_demo(folder: Path, model: str, progress: Progress, command: str = "quotecast") -> list[str]:
    """Lay the sample out in ``folder``, align it as any episode, and say how it went and what to try next.

    ``command`` is how the user can call quotecast again.

    Raises
    ------
    OutputError
        The folder cannot be written.
    ModelError
        The model is not there.
    """
    sample = resources.files("aligner.demo") / "sample"
    audio, transcript = folder / _AUDIO, folder / _TRANSCRIPT
    check_outputs([audio, transcript], [])
    folder.mkdir(parents=True, exist_ok=True)
    for path in (audio, transcript):
        with replacing(path) as copy:
            copy.write_bytes((sample / path.name).read_bytes())
    details = json.loads((sample / "details.json").read_text(encoding="utf-8"))
    aligned = align(Job(audio, transcript, WordsEar(model, "fr"), details), progress).alignment
    written = write_outputs(aligned, folder, audio.stem, OutputOptions())
    with resources.as_file(sample / "truth.json") as truth:
        score = summarise(compare(aligned.words, aligned.untranscribed, read_truth(truth)))
    verdict, coverage, _, files = summary(aligned, written)[:4]
    following = f"Next      {command} align {audio} {transcript} --word-times -o captions"
    return [verdict, coverage, f"Accuracy  {_accuracy(score)}", files, following]


def _accuracy(score: Score) -> str:
    """The word starts against the known truth, in a sentence."""
    if score.start_median is None or score.start_mean is None or score.within_200_ms is None:
        return "no word was found"
    return (
        f"word starts off by {score.start_median * 1000:.0f} ms in the median, {score.start_mean * 1000:.0f} ms on "
        f"average; {score.within_200_ms:.1%} within 200 ms of the truth"
    )

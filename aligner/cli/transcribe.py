"""``quotecast transcribe``: a first transcript where there is none, and captions of it."""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from aligner.cli.options import PATH, EpisodeArguments, episode_options
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus

_RECORDS_UNSEARCHED = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments(EpisodeArguments):
    audio: Path
    hypothesis: Path | None


@click.command()
@click.argument("audio", type=PATH)
@click.option("--hypothesis", type=PATH, help="Take the words of this recogniser's output instead of listening.")
@episode_options
def transcribe(**options: Any) -> int:
    """Write down what is said in AUDIO, as a draft for a person to correct: NAME.txt, with the time of every word and
    captions as `quotecast align` writes them.

    The text is a machine's: it has mistakes, and does not say who speaks. A NAME.txt that is there is never replaced.
    """
    from aligner.cli.progress import WholeRun, tell_done, telling_progress
    from aligner.cli.summary import run_facts, run_lines
    from aligner.model import Verdict
    from aligner.outputs import check_outputs, output_paths, write_outputs
    from aligner.pipeline import AlignOptions
    from aligner.storage.atomic import write_keeping
    from aligner.storage.history import recover
    from aligner.transcribing import draft_path
    from aligner.transcribing import transcribe as transcribe_episode

    gc.set_threshold(_RECORDS_UNSEARCHED)  # as when aligning
    arguments = _Arguments(**options)
    outputs = arguments.output_options(arguments.formats)
    folder, name = arguments.output or arguments.audio.parent, arguments.audio.stem
    recover(folder)
    draft = draft_path(arguments.audio, folder)
    read = arguments.audio, *filter(None, [arguments.hypothesis, arguments.cover])
    check_outputs([draft, *output_paths(folder, name, outputs.formats)], read)
    asked = AlignOptions(language=arguments.code, hypothesis=arguments.hypothesis, folder=folder, **arguments.details)
    steps = "speech", "words", "letters", "locating", "writing"
    with telling_progress(arguments.progress_mode, whole=WholeRun(steps, arguments.model)) as progress:
        made = transcribe_episode(arguments.audio, draft, asked, progress)
        seconds = made.aligned.alignment.audio.duration
        progress("writing", 0.0, seconds)
        draft_path(arguments.audio, folder)  # what came there meanwhile stays, too
        written = write_outputs(
            made.aligned.alignment, folder, name, outputs,
            fingerprint=made.aligned.fingerprint,
            write=lambda contents: write_keeping({draft: made.content, **contents}),
        )  # fmt: skip
        written = replace(written, paths=(draft, *written.paths))
        progress("writing", seconds, seconds)
    for warning in made.aligned.warnings:
        tell(f"quotecast: warning: {warning}")
    say(*run_lines(made.aligned, written))
    tell_done(arguments.progress_mode, **run_facts(made.aligned, written))
    return ExitStatus.POOR if made.aligned.alignment.verdict is Verdict.POOR else ExitStatus.DONE

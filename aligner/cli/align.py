"""``quotecast align`` and ``transcribe``: compute the time of every word, and write captions."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from aligner import pipeline
from aligner.cli.options import PATH, EpisodeArguments, advanced, episode_options, help_all_option
from aligner.cli.progress import Run, reporting_progress
from aligner.cli.results import report_run
from aligner.cli.terminal import log
from aligner.errors import ConflictError
from aligner.model import Alignment
from aligner.outputs import Written, check_outputs, output_paths, write_outputs
from aligner.pins import pins_of
from aligner.pipeline import Aligned, AlignOptions, check_details, recognisers_for
from aligner.recognition import Progress, Recogniser
from aligner.retiming.new_audio import move_to_audio
from aligner.saved_quotes import carry_over_quotes
from aligner.storage.atomic import locked, write_files, write_keeping
from aligner.storage.existing import Existing, existing_at, replace_existing
from aligner.storage.file_names import JSON_SUFFIX, sha256_of
from aligner.storage.history import recover
from aligner.storage.transcript_file import FOLDER as VERSIONS
from aligner.storage.transcript_file import check_latest, keep_aligned
from aligner.transcribing import draft_path
from aligner.transcribing import transcribe as transcribe_episode
from media.decode import check_readable
from media.errors import UserError
from media.safe_fs import is_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class _AlignArguments(EpisodeArguments):
    audio: Path
    transcript: Path
    method: str | None
    rename: dict[str, str]
    structure: Path | None
    author: str | None

    @property
    def folder(self) -> Path:
        return self.output or self.audio.parent


def _renamed(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """Parse options of the form LABEL=NAME into a dictionary from labels in the transcript to speakers' names."""
    names = {label.strip(): name.strip() for label, _, name in (value.partition("=") for value in values)}
    if not all(label and name for label, name in names.items()):
        raise click.BadParameter(f"{', '.join(values)}; expected LABEL=NAME")
    return names


@click.command()
@click.argument("audio", type=PATH)
@click.argument("transcript", type=PATH)
@episode_options
@click.option("--rename", multiple=True, callback=_renamed, metavar="LABEL=NAME", help="Rename a speaker; repeatable.")
@advanced(
    "--method",
    type=click.Choice(["acoustic", "asr"]),
    help="Align characters or recognised words.  [default: acoustic, then asr if that fails or with another model]",
)
@advanced("--structure", type=PATH, metavar="FILE", help="Corrections of speakers and headings, from the app.")
@advanced("--vocabulary", metavar="FILE", help="Names to expect in speech that is missing from TRANSCRIPT, one a line.")
@advanced("--author", metavar="NAME", help="Who made this version of TRANSCRIPT, for the episode's history.")
@help_all_option
def align(**options: Any) -> int:
    """Align TRANSCRIPT with AUDIO: write NAME.vtt, NAME.srt and NAME.alignment.json, which has the time of every word.

    TRANSCRIPT is text, Markdown, HTML, Word, podcast JSON, SRT or WebVTT.
    """
    arguments = _AlignArguments(**options)
    recover(arguments.folder, arguments.folder / VERSIONS)
    formats = arguments.output_options(arguments.formats).formats
    paths = output_paths(arguments.folder, arguments.audio.stem, formats)
    others = filter(None, [arguments.asr_output, arguments.cover, arguments.structure])
    check_outputs(paths, [arguments.audio, arguments.transcript, *others])
    wanted = AlignOptions(
        method=arguments.method,
        names=arguments.rename,
        structure=arguments.structure,
        folder=arguments.folder,
        **arguments.details,
    )
    check_details(wanted)
    recognisers = recognisers_for(wanted)
    steps = "speech", recognisers[0].name, "locating", "untranscribed", "writing"
    with reporting_progress(arguments.progress_mode, Run(steps)) as progress:
        aligned, written = _aligned_and_written(arguments, wanted, recognisers, progress)
    for path in paths:
        if path not in written.paths:
            log(f"quotecast: warning: {path}: is the transcript and stays; write captions to another folder with -o")
    return report_run(arguments.progress_mode, aligned, written)


def _aligned_and_written(
    arguments: _AlignArguments, wanted: AlignOptions, recognisers: tuple[Recogniser, ...], progress: Progress
) -> tuple[Aligned, Written]:
    """Align an episode and write the outputs; repeat both if the episode was edited in the meantime."""
    folder, name, outputs = arguments.folder, arguments.audio.stem, arguments.output_options(arguments.formats)
    has_alignment = "json" in outputs.formats
    while True:
        existing = existing_at(folder / f"{name}{JSON_SUFFIX}")
        if existing.problem:
            log(f"quotecast: warning: {existing.problem}; corrections in it, if any, are not taken over")
        if arguments.author is None:
            check_latest(existing.alignment, arguments.transcript, folder)
        previous = _moved_to_audio(existing, arguments.audio, progress)
        aligned = pipeline.align(arguments.audio, arguments.transcript, wanted, progress, recognisers, previous)
        seconds = aligned.alignment.audio.duration
        progress("writing", 0.0, seconds)
        if has_alignment and is_folder(folder):
            with locked(folder):
                keep_aligned(aligned.alignment, existing.alignment, arguments.transcript, folder)
        write = partial(replace_existing, existing, who=arguments.author)
        with suppress(ConflictError):
            written = write_outputs(
                aligned.alignment, folder, name, outputs, fingerprint=aligned.fingerprint, write=write
            )
            if existing.alignment and has_alignment:
                write_files(carry_over_quotes(folder, existing.alignment, aligned.alignment))
            progress("writing", seconds, seconds)
            return aligned, written


def _moved_to_audio(existing: Existing, audio: Path, progress: Progress) -> Alignment | None:
    """Return the existing alignment, or None. If it was made from other audio than ``audio``, print a hint to use the
    command ``retime``, and move the alignment's corrections, annotations and review to ``audio``."""
    alignment = existing.alignment
    if alignment is None:
        return None
    check_readable(audio)
    if sha256_of(audio) == alignment.audio.sha256:
        return alignment
    log(
        f"quotecast: {audio}: is not the audio that was aligned; if it is another version of it, "
        f"quotecast retime {existing.path} {audio} keeps words and saved quotes, and is faster"
    )
    if not (pins_of(alignment) or alignment.annotations or alignment.review):
        return alignment
    try:
        return move_to_audio(audio, alignment, existing.path, existing.path.parent, progress)
    except UserError as error:
        log(f"quotecast: warning: {error}; corrections of the other audio do not hold for this one")
        return alignment


@dataclass(frozen=True, slots=True, kw_only=True)
class _TranscribeArguments(EpisodeArguments):
    audio: Path


@click.command()
@click.argument("audio", type=PATH)
@episode_options
@click.option("--vocabulary", metavar="FILE", help="Names and words to expect, one a line, as they should be spelled.")
@help_all_option
def transcribe(**options: Any) -> int:
    """Transcribe AUDIO automatically: write NAME.txt, for a person to correct, and captions as `quotecast align` does.

    The transcript has mistakes; speakers are A, B … by voice. An existing NAME.txt is never replaced.
    """
    arguments = _TranscribeArguments(**options)
    outputs = arguments.output_options(arguments.formats)
    folder, name = arguments.output or arguments.audio.parent, arguments.audio.stem
    recover(folder)
    draft = draft_path(arguments.audio, folder)
    inputs = arguments.audio, *filter(None, [arguments.asr_output, arguments.cover])
    check_outputs([draft, *output_paths(folder, name, outputs.formats)], inputs)
    wanted = AlignOptions(folder=folder, **arguments.details)
    steps = "speech", "imported" if arguments.asr_output else "asr", "voices", "acoustic", "locating", "writing"
    with reporting_progress(arguments.progress_mode, Run(steps)) as progress:
        transcribed = transcribe_episode(arguments.audio, draft, wanted, progress)
        aligned, seconds = transcribed.aligned, transcribed.aligned.alignment.audio.duration
        progress("writing", 0.0, seconds)
        draft_path(arguments.audio, folder)  # a file that appeared in the meantime is kept, too

        def write(contents: Mapping[Path, bytes]) -> tuple[Path, ...]:
            return write_keeping({draft: transcribed.content, **contents})

        written = write_outputs(aligned.alignment, folder, name, outputs, fingerprint=aligned.fingerprint, write=write)
        written = replace(written, paths=(draft, *written.paths))
        progress("writing", seconds, seconds)
    return report_run(arguments.progress_mode, aligned, written)

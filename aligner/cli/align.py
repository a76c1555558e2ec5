"""``quotecast align``: the time of every word, and captions of them."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.options import PATH, CaptionArguments, caption_options, progress_option
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from aligner.storage.aligning_again import Standing

_RECORDS_UNSEARCHED = 100_000
_PASSED_ON = ("ear", "model", "hypothesis", "title", "folder_title", "show", "date", "url", "cover")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments(CaptionArguments):
    audio: Path
    transcript: Path
    output: Path | None
    language: str | None
    model: str
    ear: str | None
    hypothesis: Path | None
    formats: str
    title: str | None
    folder_title: bool
    show: str | None
    date: str | None
    url: str | None
    cover: Path | None
    rename: tuple[str, ...]
    progress_mode: str


@click.command()
@click.argument("audio", type=PATH)
@click.argument("transcript", type=PATH)
@click.option("-o", "--output", type=PATH, help="Folder for the results.  [default: beside the audio]")
@click.option("--language", help="Language spoken, such as fr.  [default: what the text is in, else what is heard]")
@click.option("--model", default="base", show_default=True, help="Whisper model: a name or a folder.")
@click.option(
    "--ear",
    type=click.Choice(["letters", "words"]),
    help="How to listen.  [default: letters, and words where letters lead nowhere or another model is named]",
)
@click.option("--hypothesis", type=PATH, help="Use this recogniser's output instead of listening.")
@click.option("--formats", default="vtt,srt,json", show_default=True, help="What to write, separated by commas.")
@caption_options
@click.option("--title", help="Title of the episode.  [default: the audio's tags, else its name]")
@click.option("--folder-title", is_flag=True, help="Without any title take the folder's name, not the audio's.")
@click.option("--show", help="Name of the show.")
@click.option("--date", help="Date of publication, such as 2025-03-04.")
@click.option("--url", help="Public address of the episode.")
@click.option("--cover", type=PATH, help="Picture of the episode.")
@click.option("--rename", multiple=True, metavar="LABEL=NAME", help="Call a speaker by another name; may be repeated.")
@progress_option()
def align(**options: Any) -> int:
    """Time every word of TRANSCRIPT in AUDIO; write NAME.vtt, NAME.srt and NAME.alignment.json."""
    from aligner.cli.progress import tell_done, telling_progress
    from aligner.cli.summary import run_facts, run_lines
    from aligner.cli.time_left import WholeRun
    from aligner.errors import ConflictError
    from aligner.model import Verdict
    from aligner.pipeline import AlignOptions, check_details, ears_of
    from aligner.pipeline import align as align_episode
    from aligner.recognition.cache import found_before
    from aligner.storage.aligning_again import take_place
    from aligner.storage.outputs import JSON_SUFFIX, check_outputs, output_name, output_paths, write_outputs
    from aligner.storage.recovery import recover_all

    # Looking for cycles among records, of which an hour has hundreds of thousands and none in a cycle, takes a twelfth
    # of aligning again.
    gc.set_threshold(_RECORDS_UNSEARCHED)
    arguments = _Arguments(**options)
    outputs = arguments.output_options(arguments.formats)
    folder, name = arguments.output or arguments.audio.parent, output_name(arguments.audio)
    read = arguments.audio, arguments.transcript, *filter(None, [arguments.hypothesis, arguments.cover])
    recover_all(folder)
    check_outputs(output_paths(folder, name, outputs.formats), read)
    asked = AlignOptions(
        language=_language(arguments.language),
        names=_names(arguments.rename),
        folder=folder,
        **{key: getattr(arguments, key) for key in _PASSED_ON},
    )
    check_details(asked)
    ears = ears_of(asked)
    steps = "speech", ears[0].name, "locating", "untranscribed", "writing"
    with telling_progress(arguments.progress_mode, whole=WholeRun(steps, arguments.model)) as progress:
        while True:  # until nobody corrected it meanwhile: then again, with that
            standing = _standing(folder / f"{name}{JSON_SUFFIX}")
            aligned = align_episode(arguments.audio, arguments.transcript, asked, progress, ears, standing.alignment)
            seconds = aligned.alignment.audio.duration
            progress("writing", 0.0, seconds)
            with found_before("captions", aligned.alignment.audio.sha256) as known, suppress(ConflictError):
                write = partial(take_place, standing)
                written = write_outputs(aligned.alignment, folder, name, outputs, known, write)
                break
        progress("writing", seconds, seconds)
    for warning in aligned.warnings:
        tell(f"quotecast: warning: {warning}")
    say(*run_lines(aligned, written))
    tell_done(arguments.progress_mode, **run_facts(aligned, written))
    return ExitStatus.POOR if aligned.alignment.verdict is Verdict.POOR else ExitStatus.DONE


def _standing(path: Path) -> Standing:
    """What stands where this alignment goes: what people fixed in it is to stay.

    Raises
    ------
    NewerError
        It is of a later version, so that what they fixed cannot be read.
    """
    from aligner.storage.aligning_again import standing_at

    standing = standing_at(path)
    if standing.problem:
        tell(f"quotecast: warning: {standing.problem}; what was corrected in it, if anything, is not taken over")
    return standing


def _language(given: str | None) -> str | None:
    """The code of the language that is asked for."""
    from aligner.languages import language_code

    language = language_code(given)
    if given and not language:
        raise click.BadParameter(f"{given!r}; expected a code such as fr", param_hint="--language")
    return language


def _names(given: Sequence[str]) -> dict[str, str]:
    """The names of speakers by their labels in the transcript."""
    parted = [(label.strip(), name.strip()) for label, _, name in (each.partition("=") for each in given)]
    if not all(label and name for label, name in parted):
        raise click.BadParameter(f"{', '.join(given)}; expected LABEL=NAME", param_hint="--rename")
    return dict(parted)

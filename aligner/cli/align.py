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

from aligner.cli.options import PATH, EpisodeArguments, episode_options
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from aligner.model import Alignment
    from aligner.outputs import Written
    from aligner.pipeline import Aligned, AlignOptions
    from aligner.recognition import Ear, Progress
    from aligner.storage.history import Standing

_RECORDS_UNSEARCHED = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments(EpisodeArguments):
    audio: Path
    transcript: Path
    ear: str | None
    hypothesis: Path | None
    rename: tuple[str, ...]
    structure: Path | None
    who: str | None

    @property
    def folder(self) -> Path:
        """Where the outputs go."""
        return self.output or self.audio.parent

    @property
    def name(self) -> str:
        """What they are called, without their endings."""

        return self.audio.stem

    @property
    def read(self) -> tuple[Path, ...]:
        """The files that no output may be written over."""
        return (self.audio, self.transcript, *filter(None, [self.hypothesis, self.cover, self.structure]))


@click.command()
@click.argument("audio", type=PATH)
@click.argument("transcript", type=PATH)
@click.option(
    "--ear",
    type=click.Choice(["letters", "words"]),
    help="How to listen.  [default: letters, and words where letters lead nowhere or another model is named]",
)
@click.option("--hypothesis", type=PATH, help="Use this recogniser's output instead of listening.")
@episode_options
@click.option("--rename", multiple=True, metavar="LABEL=NAME", help="Call a speaker by another name; may be repeated.")
@click.option(
    "--structure", type=PATH, help="What was said of TRANSCRIPT's speakers and headings in the app's preview."
)
@click.option("--who", metavar="NAME", help="Who takes this text, for the history, which another text then begins.")
def align(**options: Any) -> int:
    """Time every word of TRANSCRIPT in AUDIO; write NAME.vtt, NAME.srt and NAME.alignment.json."""
    from aligner.cli.progress import WholeRun, tell_done, telling_progress
    from aligner.cli.summary import run_facts, run_lines
    from aligner.model import Verdict
    from aligner.outputs import check_outputs, output_paths
    from aligner.pipeline import check_details, ears_of
    from aligner.storage.history import recover
    from aligner.storage.transcript_file import FOLDER as VERSIONS

    # Looking for cycles among records, of which an hour has hundreds of thousands and none in a cycle, takes a twelfth
    # of aligning again.
    gc.set_threshold(_RECORDS_UNSEARCHED)
    arguments = _Arguments(**options)
    recover(arguments.folder, arguments.folder / VERSIONS)
    paths = output_paths(arguments.folder, arguments.name, arguments.output_options(arguments.formats).formats)
    check_outputs(paths, arguments.read)
    asked = _asked(arguments)
    check_details(asked)
    ears = ears_of(asked)
    steps = "speech", ears[0].name, "locating", "untranscribed", "writing"
    with telling_progress(arguments.progress_mode, whole=WholeRun(steps, arguments.model)) as progress:
        aligned, written = _aligned_and_written(arguments, asked, ears, progress)
    left = [path for path in paths if path not in written.paths]
    for warning in (*aligned.warnings, *map(_left, left)):
        tell(f"quotecast: warning: {warning}")
    say(*run_lines(aligned, written))
    tell_done(arguments.progress_mode, **run_facts(aligned, written))
    return ExitStatus.POOR if aligned.alignment.verdict is Verdict.POOR else ExitStatus.DONE


def _asked(arguments: _Arguments) -> AlignOptions:
    from aligner.pipeline import AlignOptions

    return AlignOptions(
        language=arguments.code,
        ear=arguments.ear,
        hypothesis=arguments.hypothesis,
        names=_names(arguments.rename),
        structure=arguments.structure,
        folder=arguments.folder,
        **arguments.details,
    )


def _aligned_and_written(
    arguments: _Arguments, asked: AlignOptions, ears: tuple[Ear, ...], progress: Progress
) -> tuple[Aligned, Written]:
    """Align until nobody corrected meanwhile what stood there before: then again, with that."""
    from aligner.errors import ConflictError
    from aligner.kept import follow
    from aligner.outputs import write_outputs
    from aligner.pipeline import align as align_episode
    from aligner.storage.atomic import locked, write_files
    from aligner.storage.file_names import JSON_SUFFIX
    from aligner.storage.history import take_place
    from aligner.storage.transcript_file import check_latest, keep_aligned
    from media.safe_fs import is_folder

    folder, name, outputs = arguments.folder, arguments.name, arguments.output_options(arguments.formats)
    while True:
        standing = _standing(folder / f"{name}{JSON_SUFFIX}")
        if arguments.who is None:
            check_latest(standing.alignment, arguments.transcript, folder)
        earlier = _in_this_sound(standing, arguments.audio, progress)
        aligned = align_episode(arguments.audio, arguments.transcript, asked, progress, ears, earlier)
        seconds = aligned.alignment.audio.duration
        progress("writing", 0.0, seconds)
        if "json" in outputs.formats and is_folder(folder):
            with locked(standing.path.parent):
                keep_aligned(aligned.alignment, standing.alignment, arguments.transcript, folder)
        with suppress(ConflictError):
            written = write_outputs(
                aligned.alignment, folder, name, outputs,
                fingerprint=aligned.fingerprint, write=partial(take_place, standing, who=arguments.who),
            )  # fmt: skip
            if standing.alignment and "json" in outputs.formats:
                write_files(follow(folder, standing.alignment, aligned.alignment))
            progress("writing", seconds, seconds)
            return aligned, written


def _left(path: Path) -> str:
    return f"{path}: was the transcript, and stays; captions of its kind are written with -o into another folder"


def _standing(path: Path) -> Standing:
    """What stands where this alignment goes: what people fixed in it is to stay.

    Raises
    ------
    NewerError
        It is of a later version, so that what they fixed cannot be read.
    """
    from aligner.storage.history import standing_at

    standing = standing_at(path)
    if standing.problem:
        tell(f"quotecast: warning: {standing.problem}; what was corrected in it, if anything, is not taken over")
    return standing


def _in_this_sound(standing: Standing, audio: Path, progress: Progress) -> Alignment | None:
    """The alignment that stands there; where its sound was another, it is told how that would have been kept, and what
    a person set goes with the sound that is still there."""
    from aligner.pins import pins_of
    from aligner.retiming.carrying import moved_to
    from aligner.storage.file_names import sha256_of
    from media.decode import check_readable
    from media.errors import UserError

    alignment = standing.alignment
    if alignment is None:
        return None
    check_readable(audio)
    if sha256_of(audio) == alignment.audio.sha256:
        return alignment
    tell(
        f"quotecast: {audio}: is another sound than the one that was aligned; where it is another version of that, "
        f"quotecast retime {standing.path} {audio} keeps words and kept quotes, and listens only to what is new"
    )
    if not (pins_of(alignment) or alignment.settled or alignment.signature):
        return alignment
    try:
        return moved_to(audio, alignment, standing.path, standing.path.parent, progress)
    except UserError as error:
        tell(f"quotecast: warning: {error}; what was set right in the other sound does not hold in this one")
        return alignment


def _names(given: Sequence[str]) -> dict[str, str]:
    """The names of speakers by their labels in the transcript."""
    parted = [(label.strip(), name.strip()) for label, _, name in (each.partition("=") for each in given)]
    if not all(label and name for label, name in parted):
        raise click.BadParameter(f"{', '.join(given)}; expected LABEL=NAME", param_hint="--rename")
    return dict(parted)

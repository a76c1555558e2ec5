"""``quotecast retime``: an alignment moved to a new sound of its episode."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.options import PATH, progress_option
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from aligner.model import Alignment
    from aligner.recognition import Progress
    from aligner.retiming.retime import Retimed
    from aligner.storage.aligning_again import Standing
    from aligner.storage.kept_quotes import Kept
    from aligner.storage.outputs import OutputOptions, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments:
    alignment: Path
    sound: Path
    old: Path | None
    output: Path | None
    dry_run: bool
    who: str | None
    progress_mode: str

    @property
    def folder(self) -> Path:
        """Where the outputs go."""
        return self.output or self.alignment.parent

    @property
    def name(self) -> str:
        """What they are called, without their endings: as the alignment is."""
        from aligner.storage.file_names import JSON_SUFFIX

        return self.alignment.name.removesuffix(JSON_SUFFIX)

    @property
    def place(self) -> Path:
        """Where the alignment goes."""
        from aligner.storage.file_names import JSON_SUFFIX

        return self.folder / f"{self.name}{JSON_SUFFIX}"


@click.command()
@click.argument("alignment", type=PATH)
@click.argument("sound", type=PATH, metavar="NEW_SOUND")
@click.option("--old", type=PATH, help="The old sound, where its fingerprint was not kept and it is not where it was.")
@click.option("-o", "--output", type=PATH, help="Folder for the results.  [default: in the place of ALIGNMENT]")
@click.option("--dry-run", is_flag=True, help="Show what would move, and write nothing.")
@click.option("--who", metavar="NAME", help="Who takes this sound, for the history.")
@progress_option()
def retime(**options: Any) -> int:
    """Move ALIGNMENT to NEW_SOUND, another cut or encoding of its episode: words, what was set right, kept quotes,
    clips and captions; what is new in it is listened to, and nothing else."""
    from aligner.cli.progress import tell_done, telling_progress
    from aligner.cli.retime_lines import retime_facts, retime_lines
    from aligner.cli.time_left import WholeRun
    from aligner.model import Verdict
    from aligner.retiming.account import account_of
    from aligner.storage.recovery import recover_all

    arguments = _Arguments(**options)
    recover_all(arguments.alignment.parent, arguments.folder)
    steps = "speech", "letters", "locating", "untranscribed", "writing"
    with telling_progress(arguments.progress_mode, whole=WholeRun(steps, "base")) as progress:
        made, written = _retimed_and_written(arguments, progress)
    for warning in made.warnings:
        tell(f"quotecast: warning: {warning}")
    account, quotes = account_of(made), _lost_quotes(arguments, made)
    say(*retime_lines(made, account, quotes, written))
    tell_done(arguments.progress_mode, **retime_facts(made, account, quotes, written))
    return ExitStatus.POOR if made.alignment.verdict is Verdict.POOR else ExitStatus.DONE


def _retimed_and_written(arguments: _Arguments, progress: Progress) -> tuple[Retimed, Written | None]:
    """Move until nobody corrected meanwhile what is moved: then again, with that."""
    from aligner.errors import ConflictError
    from aligner.recognition.cache import found_before
    from aligner.retiming.retime import retimed
    from aligner.retiming.sounds import Sounds
    from aligner.storage.aligning_again import standing_at
    from aligner.storage.alignment_json import read_alignment
    from aligner.storage.outputs import check_outputs, output_paths, write_outputs

    with Sounds(arguments.sound, progress) as sounds:
        while True:
            alignment, standing = read_alignment(arguments.alignment), standing_at(arguments.place)
            if arguments.output is None and standing.alignment:
                alignment = standing.alignment
            outputs = _outputs(arguments, alignment)
            check_outputs(output_paths(arguments.folder, arguments.name, outputs.formats), [arguments.sound])
            stretches = sounds.stretches(alignment, arguments.alignment, arguments.old)
            made = retimed(alignment, stretches, sounds.new, arguments.alignment, arguments.folder, progress)
            if arguments.dry_run:
                return made, None
            seconds = made.alignment.audio.duration
            progress("writing", 0.0, seconds)
            with found_before("captions", made.alignment.audio.sha256) as known, suppress(ConflictError):
                write = partial(_take_place, arguments, standing, made, sounds.kept(arguments.place))
                written = write_outputs(made.alignment, arguments.folder, arguments.name, outputs, known, write)
                _move_clips(arguments, made)
                progress("writing", seconds, seconds)
                return made, written


def _outputs(arguments: _Arguments, alignment: Alignment) -> OutputOptions:
    """What is written: the alignment, and the captions that lie beside it."""
    from aligner.storage.outputs import OutputOptions, written_captions

    return OutputOptions(formats=(*written_captions(alignment, arguments.alignment), "json"))


def _take_place(
    arguments: _Arguments, standing: Standing, made: Retimed, kept: Mapping[Path, bytes], contents: Mapping[Path, bytes]
) -> tuple[Path, ...]:
    """Write the outputs, the new fingerprint and what else of the folder names the sound or its times, as one set."""
    from aligner.storage.aligning_again import take_place
    from aligner.storage.history_lines import RETIMED

    what = {"kind": RETIMED, "file": made.alignment.audio.file}
    beside = partial(_beside, arguments, made, kept)
    return take_place(standing, contents, arguments.who, what if standing.alignment else None, beside)


def _beside(arguments: _Arguments, made: Retimed, kept: Mapping[Path, bytes]) -> dict[Path, bytes]:
    from aligner.retiming.moving import moved_quotes
    from aligner.storage import kept_quotes
    from aligner.storage.transcript_file import named_in_details

    folder = arguments.folder
    found = dict(kept)
    if arguments.output is None:
        old, new = made.old.audio, made.alignment.audio
        if quotes := kept_quotes.read(folder):
            moved = moved_quotes(quotes, made.timeline, old, new)
            found[folder / kept_quotes.FILE] = kept_quotes.content_of(folder, moved).encode("utf-8")
        found |= named_in_details(folder, "audio", Path(old.file).name, Path(new.file).name)
    return found


def _lost_quotes(arguments: _Arguments, made: Retimed) -> list[Kept]:
    """The kept quotes of which the new sound has nothing; none where their file cannot be read."""
    from aligner.errors import KeptQuotesError
    from aligner.model import Span
    from aligner.storage.kept_quotes import read

    with suppress(KeptQuotesError):
        timed = [each for each in read(arguments.alignment.parent) if not each.removed and each.start is not None]
        old = made.old.audio.sha256
        return [
            each
            for each in timed
            if old.startswith(each.sound or old)
            and each.start is not None
            and each.end is not None
            and not made.timeline.hull(Span(each.start, each.end))
        ]
    return []


def _move_clips(arguments: _Arguments, made: Retimed) -> None:
    """Let the records of clips tell when their words are said now: those beside the alignment, and those of the app."""
    from aligner.publishing.clip_records import move_records

    if arguments.output is None:
        for folder in (arguments.folder, arguments.folder / "clips"):
            move_records(folder, made.timeline, made.old.audio, made.alignment)

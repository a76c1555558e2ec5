"""``quotecast retime``: an alignment moved to a new sound of its episode."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.options import PATH, progress_option
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus, OutputError

if TYPE_CHECKING:
    from aligner.outputs import Written
    from aligner.recognition import Progress
    from aligner.retiming.retime import Retimed
    from aligner.saved_quotes import Kept
    from aligner.storage.history import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments:
    alignment: Path
    sound: Path
    old: Path | None
    output: Path | None
    replace: bool
    dry_run: bool
    json: Path | None
    who: str | None
    progress_mode: str

    @property
    def folder(self) -> Path:
        """Where the outputs go."""
        return self.output or self.alignment.parent

    @property
    def is_in_place(self) -> bool:
        """Whether that is the folder of the alignment."""
        return self.folder.resolve() == self.alignment.parent.resolve()

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

    def sound_place(self, old: str) -> Path | None:
        """Where the new sound goes, the ``old`` one being called so; None where it stays where it is."""
        from aligner.storage.atomic import without_backup_ending

        stem = Path(old).stem if Path(old).stem == self.name else self.name
        ending = without_backup_ending(self.sound).suffix
        return self.folder / f"{stem}{ending}" if self.replace else None


@click.command()
@click.argument("alignment", type=PATH)
@click.argument("sound", type=PATH, metavar="NEW_SOUND")
@click.option("--old", type=PATH, help="The old sound, where its fingerprint was not kept and it is not where it was.")
@click.option("-o", "--output", type=PATH, help="Folder for the results.  [default: in the place of ALIGNMENT]")
@click.option("--replace", is_flag=True, help="Put NEW_SOUND in the place of the old one, which is kept as NAME.bak.")
@click.option("--dry-run", is_flag=True, help="Show what would move, and write nothing.")
@click.option("--json", type=PATH, help="Write what moved, or would, for programs too.")
@click.option("--who", metavar="NAME", help="Who takes this sound, for the history.")
@progress_option()
def retime(**options: Any) -> int:
    """Move ALIGNMENT to NEW_SOUND, another cut or encoding of its episode: words, what was set right, kept quotes,
    clips and captions; what is new in it is listened to, and nothing else."""
    from aligner.cli.progress import WholeRun, tell_done, telling_progress
    from aligner.cli.retime_lines import retime_facts, retime_lines
    from aligner.model import Verdict
    from aligner.retiming.retime import account_of
    from aligner.storage.atomic import write_text
    from aligner.storage.database import CLIPS
    from aligner.storage.history import recover

    arguments = _Arguments(**options)
    if arguments.replace and arguments.output:
        raise click.UsageError("--replace goes without -o: it is the folder of ALIGNMENT that has another sound then")
    _check_quotes(arguments)
    recover(arguments.alignment.parent, arguments.folder, arguments.folder / CLIPS)
    steps = "reading", "locating", "writing"  # what is new, which is listened to, comes on top
    try:
        with telling_progress(arguments.progress_mode, whole=WholeRun(steps, "base")) as progress:
            made, written = _retimed_and_written(arguments, progress)
    except OutputError as error:
        raise (error.where_it_is() if arguments.replace else error) from error
    for warning in made.warnings:
        tell(f"quotecast: warning: {warning}")
    account, quotes = account_of(made), _lost_quotes(arguments, made)
    facts = retime_facts(made, account, quotes, written)
    if arguments.json:
        write_text(arguments.json, json.dumps(facts, indent=1) + "\n")
    say(*retime_lines(made, account, quotes, written))
    if not arguments.is_in_place and (records := _clips(arguments, made)):
        say(f"Clips     {len(records)} stay in {arguments.alignment.parent}, with times of the old audio")
    tell_done(arguments.progress_mode, **facts)
    return ExitStatus.POOR if made.alignment.verdict is Verdict.POOR else ExitStatus.DONE


def _check_quotes(arguments: _Arguments) -> None:
    """Raise ``OutputError`` if the saved quotes would go into a folder that has its own."""
    from aligner.storage.file_names import QUOTES as FILE

    quotes = arguments.folder / FILE
    if not arguments.is_in_place and quotes.exists() and (arguments.alignment.parent / FILE).exists():
        raise OutputError("{path}: there are saved quotes already; choose another folder", path=quotes)


def _retimed_and_written(arguments: _Arguments, progress: Progress) -> tuple[Retimed, Written | None]:
    """Move until nobody corrected meanwhile what is moved: then again, with that."""
    from aligner.errors import ConflictError
    from aligner.outputs import OutputOptions, caption_paths, check_outputs, output_paths, write_outputs
    from aligner.retiming.carrying import Sounds
    from aligner.retiming.retime import retimed
    from aligner.storage.alignment_json import read_alignment
    from aligner.storage.file_names import QUOTES as FILE
    from aligner.storage.history import standing_at

    sounds = Sounds(arguments.sound, progress)
    while True:
        alignment, standing = read_alignment(arguments.alignment), standing_at(arguments.place)
        if arguments.is_in_place and standing.alignment:
            alignment = standing.alignment
        outputs = OutputOptions(formats=(*caption_paths(arguments.alignment, alignment), "json"))
        check_outputs(output_paths(arguments.folder, arguments.name, outputs.formats), [arguments.sound])
        stretches = sounds.stretches(alignment, arguments.alignment, arguments.old)
        place = arguments.sound_place(alignment.audio.file)
        new = replace(sounds.new, place=place)
        made = retimed(alignment, stretches, new, arguments.alignment, arguments.folder, progress)
        if arguments.dry_run:
            return made, None
        seconds = made.alignment.audio.duration
        progress("writing", 0.0, seconds)
        with suppress(ConflictError), _laid(arguments.sound, place) as laid:
            beside = partial(_beside, arguments, made, place, laid)
            write = partial(_take_place, arguments, standing, made, sounds.kept(arguments.place), beside)
            written = write_outputs(made.alignment, arguments.folder, arguments.name, outputs, write=write)
            progress("writing", seconds, seconds)
            quotes = [path for path in [arguments.folder / FILE] if path.exists()]
            return made, replace(written, paths=(*written.paths, *quotes))


@contextmanager
def _laid(sound: Path, place: Path | None) -> Iterator[Path | None]:
    """The new sound, where it has a place, as a file of that folder, which goes there with the alignment."""
    from aligner.storage.atomic import blaming
    from media.safe_fs import copy, is_regular, remove_file, where
    from media.temporary import temporary_path

    if place is None or (is_regular(place) and where(place) == where(sound)):
        yield None
        return
    beside = temporary_path(place.parent, place.suffix)
    try:
        with blaming(place):
            copy(sound, beside)
        yield beside
    finally:
        remove_file(beside)


def _old_sound(arguments: _Arguments, made: Retimed) -> Path | None:
    """The old sound, if it lies in the alignment's folder."""
    from media.safe_fs import is_regular

    path = arguments.folder / made.old.audio.file
    return path if path.parent == arguments.folder and is_regular(path) else None


def _take_place(
    arguments: _Arguments,
    standing: Standing,
    made: Retimed,
    fingerprint: Mapping[Path, bytes],
    beside: Callable[[], Mapping[Path, bytes | Path | None]],
    contents: Mapping[Path, bytes],
) -> tuple[Path, ...]:
    """Write the outputs, the new fingerprint and what else of the folder names the sound or its times, as one set."""
    from aligner.storage.history import RETIMED, take_place

    what = {"kind": RETIMED, "file": made.alignment.audio.file} if standing.alignment else None
    clips = _clips(arguments, made) if arguments.is_in_place else {}
    return take_place(standing, contents, arguments.who, what, lambda: {**fingerprint, **clips, **beside()})


def _beside(
    arguments: _Arguments, made: Retimed, place: Path | None, laid: Path | None
) -> dict[Path, bytes | Path | None]:
    from aligner import saved_quotes as kept_quotes
    from aligner.retiming.carrying import in_place
    from aligner.retiming.moving import moved_quotes
    from aligner.storage.file_names import QUOTES
    from aligner.storage.transcript_file import named_in_details

    folder, origin = arguments.folder, arguments.alignment.parent
    old, new = made.old.audio, made.alignment.audio
    found: dict[Path, bytes | Path | None] = {}
    if quotes := kept_quotes.read(origin):
        moved = moved_quotes(quotes, made.timeline, old, new)
        found[folder / QUOTES] = kept_quotes.content_of(moved).encode("utf-8")
    if arguments.is_in_place:
        found |= named_in_details(folder, "audio", Path(old.file).name, Path(new.file).name)
    if place:
        found |= in_place(place, laid, _old_sound(arguments, made))
    return found


def _lost_quotes(arguments: _Arguments, made: Retimed) -> list[Kept]:
    """The kept quotes of which the new sound has nothing; none where their file cannot be read."""
    from aligner.errors import KeptQuotesError
    from aligner.model import HASH_DIGITS
    from aligner.retiming.moving import moved_quotes
    from aligner.saved_quotes import read

    old, new = made.old.audio, made.alignment.audio
    with suppress(KeptQuotesError):
        quotes = moved_quotes(read(arguments.alignment.parent), made.timeline, old, new)
        return [each for each in quotes if each.sound == old.sha256[:HASH_DIGITS] and not each.removed]
    return []


def _clips(arguments: _Arguments, made: Retimed) -> dict[Path, bytes]:
    """The records of clips, beside the alignment and the app's, as they tell when their words are said now."""
    from aligner.publishing.clips import moved_records
    from aligner.storage.database import CLIPS

    folder = arguments.alignment.parent
    records = (moved_records(each, made.timeline, made.old.audio, made.alignment) for each in (folder, folder / CLIPS))
    return {path: content for found in records for path, content in found.items()}

"""``quotecast retime``: move an alignment to new audio of its episode."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from aligner import saved_quotes
from aligner.cli.options import PATH, advanced, help_all_option, progress_option
from aligner.cli.progress import Run, report_done, reporting_progress
from aligner.cli.results import retime_facts, retime_lines
from aligner.cli.terminal import log, say
from aligner.errors import ConflictError, ExitStatus, OutputError
from aligner.model import HASH_DIGITS, Verdict
from aligner.outputs import OutputOptions, Written, caption_paths, check_outputs, output_paths, write_outputs
from aligner.publishing.clips import moved_records
from aligner.recognition import Progress
from aligner.retiming.moving import move_quotes
from aligner.retiming.new_audio import AudioMatcher, replaced_files
from aligner.retiming.retime import Retimed, retime_alignment
from aligner.saved_quotes import SavedQuote
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import blaming, without_backup_ending, write_text
from aligner.storage.database import CLIPS
from aligner.storage.existing import Existing, existing_at, replace_existing
from aligner.storage.file_names import JSON_SUFFIX, QUOTES
from aligner.storage.history import RETIMED, recover
from aligner.storage.transcript_file import named_in_details
from media.safe_fs import copy, is_regular, remove_file, where
from media.temporary import temporary_path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments:
    alignment: Path
    audio: Path
    old: Path | None
    output: Path | None
    replace: bool
    dry_run: bool
    json: Path | None
    author: str | None
    progress_mode: str

    @property
    def folder(self) -> Path:
        return self.output or self.alignment.parent

    @property
    def is_in_place(self) -> bool:
        """Return whether the outputs go to the alignment's folder."""
        return self.folder.resolve() == self.alignment.parent.resolve()

    @property
    def name(self) -> str:
        """Return the base name of the outputs, the same as the alignment's."""
        return self.alignment.name.removesuffix(JSON_SUFFIX)

    @property
    def audio_target(self) -> Path | None:
        """Return the path to copy the new audio to; None if the audio is not copied."""
        return self.folder / f"{self.name}{without_backup_ending(self.audio).suffix}" if self.replace else None


@click.command()
@click.argument("alignment", type=PATH)
@click.argument("audio", type=PATH)
@click.option("-o", "--output", type=PATH, metavar="FOLDER", help="Where to write.  [default: replace ALIGNMENT]")
@click.option("--replace", is_flag=True, help="Put AUDIO in place of the old audio, which is kept as NAME.bak.")
@click.option("--dry-run", is_flag=True, help="Show what would move, and write nothing.")
@click.option("--old", type=PATH, metavar="AUDIO", help="The old audio, if it was moved and its fingerprint is lost.")
@advanced("--json", type=PATH, metavar="FILE", help="Write what moved, or would move, for programs too.")
@advanced("--author", metavar="NAME", help="Who replaces the audio, for the history.")
@progress_option
@help_all_option
def retime(**options: Any) -> int:
    """Move ALIGNMENT to AUDIO, another cut or encoding of its episode: words, corrections, saved quotes, clips and
    captions. Only audio that is new is recognised."""
    arguments = _Arguments(**options)
    if arguments.replace and arguments.output:
        raise click.UsageError("--replace goes without -o: it replaces the audio in the folder of ALIGNMENT")
    quotes = arguments.folder / QUOTES
    if not arguments.is_in_place and quotes.exists() and (arguments.alignment.parent / QUOTES).exists():
        raise OutputError("{path}: there are saved quotes already; choose another folder", path=quotes)
    recover(arguments.alignment.parent, arguments.folder, arguments.folder / CLIPS)
    try:  # recognition of new audio adds its own steps
        with reporting_progress(arguments.progress_mode, Run(("reading", "locating", "writing"))) as progress:
            result, written = _retimed_and_written(arguments, progress)
    except OutputError as error:
        raise (error.where_it_is() if arguments.replace else error) from error
    for warning in result.warnings:
        log(f"quotecast: warning: {warning}")
    lost = _lost_quotes(arguments, result)
    facts = retime_facts(result, lost, written)
    if arguments.json:
        write_text(arguments.json, json.dumps(facts, indent=1) + "\n")
    say(*retime_lines(result, lost, written))
    report_done(arguments.progress_mode, **facts)
    return ExitStatus.POOR if result.alignment.verdict is Verdict.POOR else ExitStatus.DONE


def _retimed_and_written(arguments: _Arguments, progress: Progress) -> tuple[Retimed, Written | None]:
    """Move the alignment to the new audio and write the outputs; repeat both if the episode was edited meanwhile."""
    folder, name, target = arguments.folder, arguments.name, arguments.audio_target
    path = folder / f"{name}{JSON_SUFFIX}"
    matcher = AudioMatcher(arguments.audio, progress)
    while True:
        alignment, existing = read_alignment(arguments.alignment), existing_at(path)
        if arguments.is_in_place and existing.alignment:
            alignment = existing.alignment
        outputs = OutputOptions(formats=(*caption_paths(arguments.alignment, alignment), "json"))
        check_outputs(output_paths(folder, name, outputs.formats), [arguments.audio])
        matched = matcher.match(alignment, arguments.alignment, arguments.old)
        new = replace(matcher.new, target=target)
        result = retime_alignment(alignment, matched, new, arguments.alignment, folder, progress)
        if arguments.dry_run:
            return result, None
        seconds = result.alignment.audio.duration
        progress("writing", 0.0, seconds)
        with suppress(ConflictError), _copied_beside(arguments.audio, target) as copy:
            write = partial(_write, arguments, existing, result, matcher.fingerprint_file(path), target, copy)
            written = write_outputs(result.alignment, folder, name, outputs, write=write)
            progress("writing", seconds, seconds)
            quotes = [path for path in [folder / QUOTES] if path.exists()]
            return result, replace(written, paths=(*written.paths, *quotes))


@contextmanager
def _copied_beside(audio: Path, target: Path | None) -> Iterator[Path | None]:
    """Context manager: yield a temporary copy of ``audio`` beside ``target``; None if that is None or ``audio``."""
    if target is None or (is_regular(target) and where(target) == where(audio)):
        yield None
        return
    beside = temporary_path(target.parent, target.suffix)
    try:
        with blaming(target):
            copy(audio, beside)
        yield beside
    finally:
        remove_file(beside)


def _write(
    arguments: _Arguments,
    existing: Existing,
    result: Retimed,
    fingerprint: Mapping[Path, bytes],
    target: Path | None,
    copy: Path | None,
    contents: Mapping[Path, bytes],
) -> tuple[Path, ...]:
    """Write the outputs ``contents`` and the ``fingerprint`` file, and move ``copy``, a copy of the new audio, to
    ``target``. Adapt saved quotes, clip records and episode details to the new audio. Return the paths of backups."""
    folder, old, new = arguments.folder, result.old.audio, result.alignment.audio

    def beside() -> dict[Path, bytes | Path | None]:
        found: dict[Path, bytes | Path | None] = {**fingerprint}
        if quotes := saved_quotes.read(arguments.alignment.parent):
            moved = move_quotes(quotes, result.mapping, old, new)
            found[folder / QUOTES] = saved_quotes.content_of(moved).encode("utf-8")
        if arguments.is_in_place:
            found |= _clips(arguments, result)
            found |= named_in_details(folder, "audio", Path(old.file).name, Path(new.file).name)
        if target:
            replaced = folder / old.file
            is_here = replaced.parent == folder and is_regular(replaced)
            found |= replaced_files(target, copy, replaced if is_here else None)
        return found

    change = {"kind": RETIMED, "file": new.file} if existing.alignment else None
    return replace_existing(existing, contents, arguments.author, change, beside)


def _lost_quotes(arguments: _Arguments, result: Retimed) -> list[SavedQuote]:
    old, new = result.old.audio, result.alignment.audio
    quotes = move_quotes(saved_quotes.read(arguments.alignment.parent), result.mapping, old, new)
    return [each for each in quotes if each.audio_hash == old.sha256[:HASH_DIGITS] and not each.removed]


def _clips(arguments: _Arguments, result: Retimed) -> dict[Path, bytes]:
    """Return the updated clip records by path: those beside the alignment, and those in the app's folder of clips."""
    folders = arguments.alignment.parent, arguments.alignment.parent / CLIPS
    records = (moved_records(each, result.mapping, result.old.audio, result.alignment) for each in folders)
    return {path: content for found in records for path, content in found.items()}

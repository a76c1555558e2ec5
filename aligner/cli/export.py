"""``quotecast export``: an alignment in other formats, one or all of a profile."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.options import PATH, CaptionArguments, caption_options
from aligner.cli.terminal import message_of, say, tell
from aligner.errors import ExitStatus, FormatError

if TYPE_CHECKING:
    from aligner.formats import Format, Material, Profile
    from aligner.model import Alignment

_CAPTIONS = ("vtt", "srt")
_PROFILES = ("podcast", "broadcast", "web", "editor", "research", "book")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments(CaptionArguments):
    alignment: Path
    format: str | None
    profile: str | None
    output: Path | None
    audio: Path | None

    @property
    def name(self) -> str:
        """What a file beside the alignment is called, as those that aligning wrote."""
        from aligner.storage.file_names import JSON_SUFFIX

        return self.alignment.name.removesuffix(JSON_SUFFIX)

    @property
    def folder(self) -> Path:
        """Where the files go."""
        if self.profile:
            return self.output or self.alignment.with_name(f"{self.name}-{self.profile}")
        return (self.output or self.alignment).parent


@click.command()
@click.argument("alignment", type=PATH, metavar="ALIGNMENT|LIBRARY")
@click.option("--to", "format", metavar="FORMAT", help="Format to write; vtt and srt heed the options below.")
@click.option("--profile", type=click.Choice(_PROFILES), help="Write all files for one use into a folder.")
@click.option(
    "-o",
    "--output",
    type=PATH,
    help="File, or folder of a profile; of a LIBRARY, folder with one of each episode.  [default: beside ALIGNMENT]",
)
@click.option(
    "--audio", type=PATH, help="The sound, if it is no longer where it was; for formats that hold or name it."
)
@caption_options
def export(**options: Any) -> int:
    """Write ALIGNMENT in another format, as all files of a profile, or its captions with other options. Of a LIBRARY, a
    folder of episodes' folders, all episodes are taken."""
    from aligner.outputs import alignments_in
    from media.errors import UserError
    from media.safe_fs import is_folder

    arguments = _Arguments(**options)
    if (arguments.format is None) == (arguments.profile is None):
        raise click.UsageError("say what to write, with --to FORMAT or with --profile")
    if not is_folder(arguments.alignment):
        return _export(arguments)
    if arguments.audio or (arguments.format and arguments.output):
        raise click.UsageError("--audio, and -o with --to, go with one ALIGNMENT, not with a LIBRARY")
    status = ExitStatus.DONE
    for path in alignments_in(arguments.alignment):
        try:
            _export(replace(arguments, alignment=path, output=arguments.output and arguments.output / path.parent.name))
        except UserError as error:
            tell(f"quotecast: {message_of(error)}")
            status = ExitStatus.UNUSABLE
    return status


def _export(arguments: _Arguments) -> ExitStatus:
    from aligner.formats import told_of_lost
    from aligner.formats.format import written
    from aligner.formats.places import readers_of
    from aligner.outputs import check_outputs
    from aligner.pins import standing
    from aligner.storage.alignment_json import read_alignment
    from aligner.storage.atomic import blaming, making, write_keeping
    from aligner.storage.file_names import named_files
    from aligner.storage.history import recover

    recover(arguments.alignment.parent, arguments.folder)
    stored = read_alignment(arguments.alignment)
    material = _material(arguments, stored)
    captions = _captions(arguments, stored)
    files, told = ({}, []) if captions else _files(arguments, material)
    lost = told_of_lost(material.lost) if any(each.holds_quotes for each in files.values()) else ()
    paths = [*captions, *files]
    check_outputs(paths, (*named_files(stored, arguments.alignment), *filter(None, [arguments.audio])))
    folder = paths[0].parent
    with making(folder), blaming(folder), written(material, files) as contents:
        kept = write_keeping({**captions, **contents})
    say(
        *(f"Written   {path}" for path in paths),
        *(f"Goes to   {path.name}: {', '.join(readers_of(format))}" for path, format in files.items()),
        *_next_steps(files, material),
        *(f"Left out  {each}" for each in (*told, *lost)),
        f"Review    {standing(stored.signature, stored.machine_text)}",
        *(f"Kept      {path}, as edited before" for path in kept),
    )
    return ExitStatus.DONE


def _material(arguments: _Arguments, stored: Alignment) -> Material:
    from aligner.formats import Material, kept_or_why, lost_of, said_of
    from aligner.kept import KeptQuotes
    from aligner.storage.file_names import find_audio, find_cover

    # Captions need no quotes, and most of what else is written goes on without them.
    is_captions = arguments.format in _CAPTIONS
    kept, why = (KeptQuotes(), []) if is_captions else kept_or_why(arguments.alignment.parent, stored)
    for each in why:
        say(f"Warning   {each}")
    sound = arguments.audio or arguments.alignment.parent / stored.audio.file
    return Material(
        stored,
        arguments.name,
        said_of(kept),
        sound=lambda: find_audio(stored, arguments.alignment, arguments.audio),
        cover=find_cover(stored, arguments.alignment),
        sound_file=Path(os.path.relpath(sound, arguments.folder)).as_posix(),
        lost=lost_of(kept),
    )


def _files(arguments: _Arguments, material: Material) -> tuple[Mapping[Path, Format], list[str]]:
    """Which formats to write where, and what of a profile the alignment has not."""
    from aligner.formats import FORMATS, PROFILES

    if arguments.profile:
        return _of_profile(PROFILES[arguments.profile], arguments, material)
    format = FORMATS.get(arguments.format or "")
    if format is None:
        raise click.BadParameter(
            f"{arguments.format!r}; expected one of {', '.join([*_CAPTIONS, *FORMATS])}", param_hint="--to"
        )
    if lacks := format.lacking(material):
        raise FormatError("{path}: {lacks}; nothing was written", path=arguments.alignment, lacks=lacks)
    return {_beside(arguments, format.ending): format}, []


def _of_profile(profile: Profile, arguments: _Arguments, material: Material) -> tuple[Mapping[Path, Format], list[str]]:
    files: dict[Path, Format] = {}
    told: list[str] = []
    for format, ending in profile.endings.items():
        if lacks := format.lacking(material):
            told.append(f"{material.upload_name}{ending}: {lacks}")
        else:
            files[arguments.folder / f"{material.upload_name}{ending}"] = format
    if not files:
        why = next(filter(None, (format.lacking(material) for format in profile.endings)))
        raise FormatError("{path}: {lacks}; nothing was written", path=arguments.alignment, lacks=why)
    return files, told


def _next_steps(files: Mapping[Path, Format], material: Material) -> Iterator[str]:
    """What is to be done with files that are not only put somewhere: in the feed, and on a page."""
    from aligner.feeds.tags import of_enclosure
    from aligner.formats.cast import SCRIPT, embedding
    from media.safe_fs import status_of

    named = {format.name: path for path, format in files.items()}
    if path := named.get("chaptered-mp3"):
        about = of_enclosure(files[path], status_of(path).st_size)
        yield f"Enclosure {path.name} takes the place of the sound; the feed then says <enclosure {about} …>"
    if path := named.get("cast"):
        yield f"Paste     {embedding(material, path.name)}"
        yield f"Player    {SCRIPT}, which quotecast publish writes, and the app's page for publishing has"


def _beside(arguments: _Arguments, ending: str) -> Path:
    return arguments.output or arguments.alignment.with_name(f"{arguments.name}{ending}")


def _captions(arguments: _Arguments, stored: Alignment) -> Mapping[Path, bytes]:
    """The captions, by where they go, where they are asked for."""
    from aligner.captions import build_cues
    from aligner.outputs import captions

    format = arguments.format
    if format not in _CAPTIONS:
        return {}
    outputs = arguments.output_options(format)
    cues = build_cues(stored, outputs.rules_for(format))
    return {_beside(arguments, f".{format}"): captions(cues, stored, format, outputs).encode("utf-8")}

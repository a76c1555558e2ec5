"""``quotecast export``: write an alignment in another format, or in all formats of a profile (a set for one use)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from aligner.captions import build_cues
from aligner.cli.options import PATH, CaptionArguments, caption_options
from aligner.cli.terminal import log, message_of, say
from aligner.errors import ExitStatus, FormatError
from aligner.feeds.tags import of_enclosure
from aligner.formats import FORMATS, PROFILES, Format, Material
from aligner.formats.embed import SCRIPT, embedding, sync_warnings
from aligner.formats.format import written
from aligner.formats.quotes import lost_quotes, quotes_or_warnings, spoken_quotes, warnings_of_lost
from aligner.formats.targets import readers_of
from aligner.model import Alignment
from aligner.outputs import alignments_in, captions, check_outputs
from aligner.pins import review_status
from aligner.saved_quotes import CurrentQuotes
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import blaming, making, write_keeping
from aligner.storage.file_names import JSON_SUFFIX, find_audio, find_cover, named_files
from aligner.storage.history import recover
from media.errors import UserError
from media.safe_fs import is_folder, status_of

_CAPTIONS = ("vtt", "srt")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments(CaptionArguments):
    alignment: Path
    format: str | None
    profile: str | None
    output: Path | None
    audio: Path | None

    @property
    def name(self) -> str:
        """Return the base name that the alignment's outputs share."""
        return self.alignment.name.removesuffix(JSON_SUFFIX)

    @property
    def folder(self) -> Path:
        """Return the folder to write to."""
        if self.profile:
            return self.output or self.alignment.with_name(f"{self.name}-{self.profile}")
        return (self.output or self.alignment).parent

    def target(self, ending: str) -> Path:
        """Return the path to write a single format to; ``ending`` is the format's file name extension."""
        return self.output or self.alignment.with_name(f"{self.name}{ending}")


class _Command(click.Command):
    """A click command with a list of the formats in its help."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        in_profiles = {name: [format.name for format in profile.endings] for name, profile in PROFILES.items()}
        others = [name for name in FORMATS if not any(name in names for names in in_profiles.values())]
        with formatter.section("Formats, by profile"):
            rows = [("", [*_CAPTIONS, *others]), *in_profiles.items()]
            formatter.write_dl([(profile or "(none)", ", ".join(names)) for profile, names in rows])


@click.command(cls=_Command)
@click.argument("alignment", type=PATH, metavar="ALIGNMENT|LIBRARY")
@click.option(
    "--to",
    "format",
    type=click.Choice([*_CAPTIONS, *FORMATS]),
    metavar="FORMAT",
    help="Write one format, see below; vtt and srt follow the options for captions.",
)
@click.option("--profile", type=click.Choice(list(PROFILES)), help="Write all files for one use into a folder.")
@click.option("-o", "--output", type=PATH, help="File, or folder of a profile.  [default: beside ALIGNMENT]")
@click.option("--audio", type=PATH, metavar="AUDIO", help="The audio, if it was moved.")
@caption_options
def export(**options: Any) -> int:
    """Write ALIGNMENT in the format of --to, or in all formats of --profile; also captions with other options.

    A LIBRARY is a folder of episodes' folders: every episode is written, into its folder or one below -o.
    """
    arguments = _Arguments(**options)
    if (arguments.format is None) == (arguments.profile is None):
        raise click.UsageError("name what to write, with --to FORMAT or with --profile")
    if not is_folder(arguments.alignment):
        return _export(arguments)
    if arguments.audio or (arguments.format and arguments.output):
        raise click.UsageError("--audio, and -o with --to, go with one ALIGNMENT, not with a LIBRARY")
    status = ExitStatus.DONE
    for path in alignments_in(arguments.alignment):
        try:
            _export(replace(arguments, alignment=path, output=arguments.output and arguments.output / path.parent.name))
        except UserError as error:
            log(f"quotecast: {message_of(error)}")
            status = ExitStatus.UNUSABLE
    return status


def _export(arguments: _Arguments) -> ExitStatus:
    recover(arguments.alignment.parent, arguments.folder)
    stored = read_alignment(arguments.alignment)
    material = _material(arguments, stored)
    if arguments.format and arguments.format in _CAPTIONS:
        outputs = arguments.output_options(arguments.format)
        cues = build_cues(stored, outputs.rules_for(arguments.format))
        text = captions(cues, stored, arguments.format, outputs)
        contents = {arguments.target(f".{arguments.format}"): text.encode("utf-8")}
        files, left_out = dict[Path, Format](), list[str]()
    else:
        contents, (files, left_out) = {}, _files(arguments, material)
    if any(format.holds_quotes for format in files.values()):
        left_out += warnings_of_lost(material.lost)
    paths = [*contents, *files]
    check_outputs(paths, (*named_files(stored, arguments.alignment), *filter(None, [arguments.audio])))
    folder = paths[0].parent
    with making(folder), blaming(folder), written(material, files) as more:
        copies = write_keeping({**contents, **more})
    say(
        *(f"Written   {path}" for path in paths),
        *(f"Goes to   {path.name}: {', '.join(readers_of(format))}" for path, format in files.items()),
        *_next_steps(files, material),
        *(f"Left out  {each}" for each in left_out),
        f"Review    {review_status(stored.review, stored.machine_text)}",
        *(f"Kept      {path}, as edited before" for path in copies),
    )
    return ExitStatus.DONE


def _material(arguments: _Arguments, stored: Alignment) -> Material:
    # Captions need no quotes, and most other formats are written even if the quotes cannot be read.
    is_captions = arguments.format in _CAPTIONS
    quotes, why = (CurrentQuotes(), []) if is_captions else quotes_or_warnings(arguments.alignment.parent, stored)
    for each in why:
        say(f"Warning   {each}")
    audio = arguments.audio or arguments.alignment.parent / stored.audio.file
    return Material(
        stored,
        arguments.name,
        spoken_quotes(quotes),
        find_audio=lambda: find_audio(stored, arguments.alignment, arguments.audio),
        cover=find_cover(stored, arguments.alignment),
        audio_path=Path(os.path.relpath(audio, arguments.folder)).as_posix(),
        lost=lost_quotes(quotes),
        file=arguments.alignment,
    )


def _files(arguments: _Arguments, material: Material) -> tuple[dict[Path, Format], list[str]]:
    """Return the formats to write, by output path, and sentences on why other formats of a profile are omitted."""
    if arguments.format:
        format = FORMATS[arguments.format]
        wanted = {arguments.target(format.ending): format}
    else:
        endings = PROFILES[arguments.profile or ""].endings
        wanted = {arguments.folder / f"{material.upload_name}{ending}": format for format, ending in endings.items()}
    missing = {path: reason for path, format in wanted.items() if (reason := format.unavailable(material))}
    if len(missing) == len(wanted):
        reason = next(iter(missing.values()))
        raise FormatError("{path}: {reason}; nothing was written", path=arguments.alignment, reason=reason)
    files = {path: format for path, format in wanted.items() if path not in missing}
    return files, [f"{path.name}: {reason}" for path, reason in missing.items()]


def _next_steps(files: Mapping[Path, Format], material: Material) -> Iterator[str]:
    """Yield sentences that say how to link the written files in a feed or a page, and what they cannot do."""
    named = {format.name: path for path, format in files.items()}
    if "sync" in named:
        yield from (f"Warning   {each}" for each in sync_warnings(material.alignment.audio.file))
    if path := named.get("chaptered-mp3"):
        about = of_enclosure(files[path], status_of(path).st_size)
        yield f"Enclosure {path.name} replaces the audio; the feed then says <enclosure {about} …>"
    if path := named.get("cast"):
        yield f"Paste     {embedding(material, path.name)}"
        yield f"Player    {SCRIPT}, which quotecast publish writes, and the app's page for publishing offers"

"""``quotecast export``: an alignment in other formats, one or all of a profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.options import PATH, CaptionArguments, caption_options
from aligner.cli.terminal import say
from aligner.errors import ExitStatus, FormatError

if TYPE_CHECKING:
    from aligner.formats import Material, Profile
    from aligner.model import Alignment

_CAPTIONS = ("vtt", "srt")
_PROFILES = ("podcast",)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments(CaptionArguments):
    alignment: Path
    format: str | None
    profile: str | None
    output: Path | None

    @property
    def name(self) -> str:
        """What the episode's files are called."""
        from aligner.storage.outputs import JSON_SUFFIX

        return self.alignment.name.removesuffix(JSON_SUFFIX)


@click.command()
@click.argument("alignment", type=PATH)
@click.option("--to", "format", metavar="FORMAT", help="Format to write; vtt and srt heed the options below.")
@click.option("--profile", type=click.Choice(_PROFILES), help="Write all files for one use into a folder.")
@click.option("-o", "--output", type=PATH, help="File, or folder of a profile.  [default: beside the alignment]")
@caption_options
def export(**options: Any) -> int:
    """Write ALIGNMENT in another format, as all files of a profile, or its captions with other options."""
    from aligner.settled import standing
    from aligner.storage.alignment_json import read_alignment
    from aligner.storage.atomic import making
    from aligner.storage.audio_lookup import named_files
    from aligner.storage.backups import write_keeping
    from aligner.storage.outputs import check_outputs
    from aligner.storage.recovery import recover_all

    arguments = _Arguments(**options)
    if (arguments.format is None) == (arguments.profile is None):
        raise click.UsageError("say what to write, with --to FORMAT or with --profile")
    recover_all(arguments.alignment.parent, arguments.output and arguments.output.parent)
    stored = read_alignment(arguments.alignment)
    contents, told = _contents(arguments, stored)
    check_outputs([*contents], named_files(stored, arguments.alignment))
    with making(next(iter(contents)).parent):
        kept = write_keeping(contents)
    say(
        *(f"Written   {path}" for path in contents),
        *(f"Left out  {each}" for each in told),
        f"Review    {standing(stored.signature, stored.machine_text)}",
        *(f"Kept      {path}, as edited before" for path in kept),
    )
    return ExitStatus.DONE


def _contents(arguments: _Arguments, stored: Alignment) -> tuple[Mapping[Path, bytes], list[str]]:
    """What to write where, and what of a profile the alignment has not."""
    if arguments.format in _CAPTIONS:
        return {_beside(arguments, f".{arguments.format}"): _captions(arguments, stored, arguments.format)}, []
    from aligner.formats import FORMATS, PROFILES, Material

    material = Material(stored, arguments.name)
    if arguments.profile:
        return _of_profile(PROFILES[arguments.profile], arguments, material)
    format = FORMATS.get(arguments.format or "")
    if format is None:
        raise click.BadParameter(
            f"{arguments.format!r}; expected one of {', '.join([*_CAPTIONS, *FORMATS])}", param_hint="--to"
        )
    if lacks := format.lacking(material):
        raise FormatError("{path}: {lacks}; nothing was written", path=arguments.alignment, lacks=lacks)
    return {_beside(arguments, format.ending): format.write(material)}, []


def _of_profile(profile: Profile, arguments: _Arguments, material: Material) -> tuple[Mapping[Path, bytes], list[str]]:
    folder = arguments.output or arguments.alignment.with_name(f"{arguments.name}-{arguments.profile}")
    contents: dict[Path, bytes] = {}
    told: list[str] = []
    for format, ending in profile.endings.items():
        if lacks := format.lacking(material):
            told.append(f"{arguments.name}{ending}: {lacks}")
        else:
            contents[folder / f"{arguments.name}{ending}"] = format.write(material)
    if not contents:
        raise FormatError("{path}: has nothing of what this profile is made of", path=arguments.alignment)
    return contents, told


def _beside(arguments: _Arguments, ending: str) -> Path:
    return arguments.output or arguments.alignment.with_name(f"{arguments.name}{ending}")


def _captions(arguments: _Arguments, stored: Alignment, format: str) -> bytes:
    from aligner.captions import build_cues
    from aligner.storage.outputs import captions

    outputs = arguments.output_options(format)
    cues = build_cues(stored, outputs.rules_for(format))
    return captions(cues, stored, format, outputs).encode("utf-8")

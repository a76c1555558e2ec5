"""``quotecast export``: the captions of an alignment, written again."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from aligner.cli.options import PATH, CaptionArguments, caption_options
from aligner.cli.terminal import say
from aligner.errors import ExitStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments(CaptionArguments):
    alignment: Path
    format: str
    output: Path | None


@click.command()
@click.argument("alignment", type=PATH)
@click.option("--to", "format", type=click.Choice(["vtt", "srt"]), required=True, help="Format to write.")
@click.option("-o", "--output", type=PATH, help="File to write.  [default: beside the alignment]")
@caption_options
def export(**options: Any) -> int:
    """Write the captions of ALIGNMENT again, in another format or with other options."""
    from aligner.captions import build_cues
    from aligner.settled import standing
    from aligner.storage.alignment_json import read_alignment
    from aligner.storage.audio_lookup import named_files
    from aligner.storage.outputs import JSON_SUFFIX, captions, check_outputs, write_texts
    from aligner.storage.recovery import recover_all

    arguments = _Arguments(**options)
    recover_all(arguments.alignment.parent, arguments.output and arguments.output.parent)
    stored, outputs = read_alignment(arguments.alignment), arguments.output_options(arguments.format)
    name = arguments.alignment.name.removesuffix(JSON_SUFFIX)
    target = arguments.output or arguments.alignment.with_name(f"{name}.{arguments.format}")
    check_outputs([target], named_files(stored, arguments.alignment))
    cues = build_cues(stored, outputs.rules_for(arguments.format))
    kept = write_texts({target: captions(cues, stored, arguments.format, outputs)})
    stands = standing(stored.signature, stored.machine_text)
    say(f"Written   {target}", f"Review    {stands}", *(f"Kept      {path}, as edited before" for path in kept))
    return ExitStatus.DONE

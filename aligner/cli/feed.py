"""``quotecast feed``: the tags of an episode, to paste into a feed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments:
    alignment: Path
    base_url: str | None


@click.command()
@click.argument("alignment", type=PATH)
@click.option("--base-url", metavar="URL", help="Address of the folder in which the episode's files will lie.")
def feed(**options: Any) -> int:
    """Print what a podcast's feed says of the files and kept quotes of ALIGNMENT, to paste into the episode's item."""
    from aligner.feeds.tags import PLACEHOLDER, episode_tags
    from aligner.formats import Material, kept_in
    from aligner.storage.alignment_json import read_alignment
    from aligner.storage.outputs import JSON_SUFFIX

    arguments = _Arguments(**options)
    stored = read_alignment(arguments.alignment)
    material = Material(
        stored, arguments.alignment.name.removesuffix(JSON_SUFFIX), kept_in(arguments.alignment.parent, stored)
    )
    made = episode_tags(material, arguments.base_url or PLACEHOLDER)
    say(*(tag.written() for tag in made.tags))
    for told in made.told:
        tell(told)
    return ExitStatus.DONE

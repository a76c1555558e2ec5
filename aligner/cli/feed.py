"""``quotecast feed``: the tags of an episode, printed, or written into its item of a feed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from aligner.feeds.tags import EpisodeTags
    from aligner.model import Alignment


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments:
    alignment: Path
    file: Path | None
    base_url: str | None
    item: str | None
    output: Path | None


@click.command()
@click.argument("alignment", type=PATH)
@click.argument("file", type=PATH, required=False, metavar="[FEED]")
@click.option("--base-url", metavar="URL", help="Address of the folder in which the episode's files will lie.")
@click.option("--item", metavar="TEXT", help="GUID, title, link or enclosure of the item.  [default: the episode's]")
@click.option("-o", "--output", type=PATH, help="Where to write the feed.  [default: FEED, the old one is kept]")
def feed(**options: Any) -> int:
    """Print what a feed says of the files and kept quotes of ALIGNMENT, to paste into the episode's item; or write it
    into that item of FEED, the rest of which stays as it is, to the byte."""
    from aligner.feeds.tags import PLACEHOLDER, enclosure, episode_tags
    from aligner.formats import Material, kept_or_why, lost_of, said_of
    from aligner.storage.alignment_json import read_alignment
    from aligner.storage.audio_lookup import find_audio
    from aligner.storage.file_names import JSON_SUFFIX

    arguments = _Arguments(**options)
    if arguments.file is None and (arguments.item is not None or arguments.output):
        raise click.UsageError("--item and -o go with a FEED")
    if arguments.file and arguments.base_url is None:
        raise click.UsageError("a feed needs --base-url, the address of the folder in which the files will lie")
    stored = read_alignment(arguments.alignment)
    name = arguments.alignment.name.removesuffix(JSON_SUFFIX)
    base = PLACEHOLDER if arguments.base_url is None else arguments.base_url
    kept, why = kept_or_why(arguments.alignment.parent, stored)  # the tags of files need none
    for each in why:
        tell(f"Warning   {each}")
    sound = partial(find_audio, stored, arguments.alignment)
    material = Material(stored, name, said_of(kept), sound=sound, lost=lost_of(kept))
    made = episode_tags(material, base)
    if arguments.file:
        _write(arguments.file, arguments, stored, made)
    else:
        say(*(tag.written() for tag in made.tags))
        for line in _told(made):
            tell(line)
    if attributes := enclosure(material, base):
        tell(f"Enclosure where the sound with chapters takes the place of the other: {attributes}")
    return ExitStatus.DONE


def _told(made: EpisodeTags) -> list[str]:
    return [*(f"Left out  {each}" for each in made.left_out), *(f"Shortened {each}" for each in made.cut)]


def _write(path: Path, arguments: _Arguments, stored: Alignment, made: EpisodeTags) -> None:
    from aligner.feeds.reading import read_feed
    from aligner.feeds.writing import find_item, left, with_tags
    from aligner.storage.atomic import making
    from aligner.storage.audio_lookup import named_files
    from aligner.storage.backups import write_keeping
    from aligner.storage.outputs import check_outputs
    from aligner.storage.recovery import recover_all

    output = arguments.output or _led_to(path)
    recover_all(arguments.alignment.parent, output.parent)
    read = read_feed(path)
    item = find_item(read, arguments.item, stored)
    content = with_tags(read, item, made.tags)
    check_outputs([output], named_files(stored, arguments.alignment))
    with making(output.parent):
        kept = write_keeping({output: content})
    count, stays = Counter(tag.name for tag in made.tags), left(item, made.tags)
    say(
        f"Written   {output}",
        f"Item      {' '.join(item.told.get('title', '').split()) or item.told.get('guid', '').strip()}",
        f"Tags      {_counted(count)}",
        *([f"Stays     {_counted(stays)}"] if stays else []),
        *_told(made),
        f"Upload    {', '.join(made.files)}",
        *(f"Kept      {each}, as it was before" for each in kept),
    )


def _counted(count: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in count.items())


def _led_to(path: Path) -> Path:
    """Where the feed lies that ``path`` names, to be written in place: a link to it stays."""
    from media.confinement import place, where

    try:
        return where(path) if place(path).is_symlink() else path
    except OSError:  # whoever reads it is told why
        return path

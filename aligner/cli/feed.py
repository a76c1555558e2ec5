"""``quotecast feed``: the tags of an episode, or of all of a library, printed, or written into the items of a feed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import message_of, say, tell
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from aligner.feeds.reading import Feed, Item
    from aligner.feeds.tags import EpisodeTags
    from aligner.model import Alignment


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments:
    alignment: Path
    file: Path | None
    base_url: str | None
    item: str | None
    output: Path | None


@dataclass(frozen=True, slots=True)
class _Tagged:
    """The tags of the episode in ``folder``, what is to be known of them, and its files: no feed is written over these.
    ``item`` is the episode's in the feed, if there is one to write."""

    folder: str
    item: Item | None
    tags: EpisodeTags
    notes: tuple[str, ...]
    named: tuple[Path, ...]


@click.command()
@click.argument("alignment", type=PATH, metavar="ALIGNMENT|LIBRARY")
@click.argument("file", type=PATH, required=False, metavar="[FEED]")
@click.option(
    "--base-url",
    metavar="URL",
    help="Address of the folder in which the episode's files will lie; of a LIBRARY they will in URL/FOLDER/.",
)
@click.option("--item", metavar="TEXT", help="GUID, title, link or enclosure of the item.  [default: the episode's]")
@click.option("-o", "--output", type=PATH, help="Where to write the feed.  [default: FEED, the old one is kept]")
def feed(**options: Any) -> int:
    """Print what a feed says of the files and kept quotes of ALIGNMENT, to paste into the episode's item; or write it
    into that item of FEED, the rest of which stays as it is, to the byte. Of a LIBRARY, a folder with a FOLDER for each
    episode, all episodes are taken."""
    from aligner.feeds.reading import read_feed
    from aligner.storage.history import recover
    from media.safe_fs import is_folder

    arguments = _Arguments(**options)
    is_library = is_folder(arguments.alignment)
    if arguments.file is None and (arguments.item is not None or arguments.output):
        raise click.UsageError("--item and -o go with a FEED")
    if arguments.file and arguments.base_url is None:
        raise click.UsageError("a feed needs --base-url, the address of the folder in which the files will lie")
    if arguments.item is not None and is_library:
        raise click.UsageError("--item goes with one ALIGNMENT, not with a LIBRARY")
    bases = _bases(arguments, is_library)
    output = arguments.output or (arguments.file and _led_to(arguments.file))
    recover(*(path.parent for path in (*bases, output) if path))
    read = read_feed(arguments.file) if arguments.file else None
    episodes = _episodes(read, arguments.item, bases, is_library)
    if read and output:
        return _write(read, output, [*episodes], is_library)
    for each in episodes:
        say(*([f"{each.folder}:"] if is_library else []), *(tag.written() for tag in each.tags.tags))
        for line in each.notes:
            tell(line)
    return ExitStatus.DONE


def _bases(arguments: _Arguments, is_library: bool) -> dict[Path, str]:
    """Return the alignments, and the address of the folder in which the files of each will lie."""
    from aligner.feeds.tags import PLACEHOLDER, checked_base
    from aligner.outputs import alignments_in

    base = checked_base(PLACEHOLDER if arguments.base_url is None else arguments.base_url)
    if not is_library:
        return {arguments.alignment: base}
    return {
        path: f"{base}{quote(os.fsencode(path.parent.name), safe='')}/" for path in alignments_in(arguments.alignment)
    }


def _episodes(read: Feed | None, wanted: str | None, bases: Mapping[Path, str], is_library: bool) -> Iterator[_Tagged]:
    """Tag each episode; one of a library that cannot be tagged, or has no item of its own, is named and left out."""
    from aligner.feeds.writing import find_item
    from aligner.storage.alignment_json import read_alignment
    from media.errors import UserError

    taken: set[Item] = set()
    for path, base in bases.items():
        try:
            stored = read_alignment(path)
            item = find_item(read, wanted, stored) if read else None
            if item in taken:
                tell(f"Without   {path.parent.name}: another episode has the item already")
                continue
            yield _tagged(path, stored, base, item, is_library)
            taken |= {item} if item else set()
        except UserError as error:
            if not is_library:
                raise
            tell(f"Without   {path.parent.name}: {message_of(error)}")


def _tagged(path: Path, stored: Alignment, base: str, item: Item | None, is_library: bool) -> _Tagged:
    from aligner.feeds.tags import enclosure, episode_tags
    from aligner.formats import Material, kept_or_why, lost_of, said_of
    from aligner.storage.file_names import JSON_SUFFIX, find_audio, named_files

    kept, why = kept_or_why(path.parent, stored)  # the tags of files need none
    name, sound = path.name.removesuffix(JSON_SUFFIX), partial(find_audio, stored, path)
    material = Material(stored, name, said_of(kept), sound=sound, lost=lost_of(kept))
    made, about = episode_tags(material, base), f"{path.parent.name}: " if is_library else ""
    notes = [f"Warning   {about}{each}" for each in why]
    notes += [f"Left out  {about}{each}" for each in made.left_out]
    notes += [f"Note      {about}{each}" for each in made.notes]
    # To know its length the audio is read, which is too much for a whole library.
    if not is_library and (attributes := enclosure(material, base)):
        notes.append(f"Enclosure where the sound with chapters takes the place of the other: {attributes}")
    return _Tagged(path.parent.name, item, made, tuple(notes), named_files(stored, path))


def _write(read: Feed, output: Path, episodes: Sequence[_Tagged], is_library: bool) -> ExitStatus:
    from aligner.feeds.writing import left, with_tags
    from aligner.outputs import check_outputs
    from aligner.storage.atomic import making, write_keeping

    tags = {each.item: each.tags.tags for each in episodes if each.item}
    if not tags:
        say("Written   nothing")
        return ExitStatus.UNUSABLE
    content = with_tags(read, tags)
    check_outputs([output], [named for each in episodes for named in each.named])
    with making(output.parent):
        kept = write_keeping({output: content})
    stays = sum((left(item, own) for item, own in tags.items()), Counter[str]())
    uploads = "what quotecast export LIBRARY --profile podcast -o DIR writes into DIR"
    say(
        f"Written   {output}",
        *(f"Item      {' '.join(item.told.get('title', '').split()) or item.told.get('guid', '')}" for item in tags),
        f"Tags      {_counted(Counter(tag.name for own in tags.values() for tag in own))}",
        *([f"Stays     {_counted(stays)}"] if stays else []),
        *(line for each in episodes for line in each.notes),
        f"Upload    {uploads if is_library else ', '.join(episodes[0].tags.files)}",
        *(f"Kept      {each}, as it was before" for each in kept),
    )
    return ExitStatus.DONE


def _counted(count: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in count.items())


def _led_to(path: Path) -> Path:
    """Where the feed lies that ``path`` names, to be written in place: a link to it stays."""
    from media.safe_fs import place, where

    try:
        return where(path) if place(path).is_symlink() else path
    except OSError:  # whoever reads it is told why
        return path

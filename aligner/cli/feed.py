"""``quotecast feed``: print the tags of one or all episodes, or write them into the items of a feed."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import log, message_of, say
from aligner.errors import ExitStatus
from aligner.feeds.reading import Feed, Item, read_feed
from aligner.feeds.tags import PLACEHOLDER, EpisodeTags, checked_base, enclosure, episode_tags
from aligner.feeds.writing import find_item, left, with_tags
from aligner.formats import FORMATS, Material, lost_quotes, quotes_or_warnings, spoken_quotes
from aligner.model import Alignment
from aligner.outputs import alignments_in, check_outputs
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import making, write_keeping
from aligner.storage.file_names import JSON_SUFFIX, find_audio, named_files
from aligner.storage.history import recover
from media.errors import UserError
from media.safe_fs import is_folder


@dataclass(frozen=True, slots=True)
class _Tagged:
    """An episode's tags for a feed. ``folder`` is the name of the episode's folder, ``item`` the episode's item in the
    feed (None without a feed). ``notes`` are messages to print, ``named`` the episode's files, never overwritten."""

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
    help="Address of the folder with the episode's files; those of a LIBRARY are in URL/FOLDER/.",
)
@click.option("--item", metavar="TEXT", help="GUID, title, link or enclosure of the item.  [default: the episode's]")
@click.option(
    "-o", "--output", type=PATH, metavar="FILE", help="Where to write.  [default: FEED, with a copy of the old one]"
)
def feed(alignment: Path, file: Path | None, base_url: str | None, item: str | None, output: Path | None) -> int:
    """Print the tags for the files and saved quotes of ALIGNMENT, to paste into the episode's item of a feed.

    With FEED they are written into that item; the rest stays as it is, with its comments. A LIBRARY is a folder of
    episodes' folders: all of them are written.
    """
    is_library = is_folder(alignment)
    if file is None and (item is not None or output):
        raise click.UsageError("--item and -o go with a FEED")
    if file and base_url is None:
        raise click.UsageError("a feed needs --base-url, the address of the folder in which the files will lie")
    if item is not None and is_library:
        raise click.UsageError("--item goes with one ALIGNMENT, not with a LIBRARY")
    base = checked_base(PLACEHOLDER if base_url is None else base_url)
    bases = {alignment: base}
    if is_library:
        paths = alignments_in(alignment)
        bases = {path: f"{base}{quote(os.fsencode(path.parent.name), safe='')}/" for path in paths}
    target = output or file
    recover(*(path.parent for path in (*bases, target) if path))
    read = read_feed(file) if file else None
    episodes = _episodes(read, item, bases, is_library)
    if read and target:
        return _write(read, target, [*episodes], is_library)
    for each in episodes:
        say(*([f"{each.folder}:"] if is_library else []), *(tag.written() for tag in each.tags.tags))
        for line in each.notes:
            log(line)
    return ExitStatus.DONE


def _episodes(read: Feed | None, wanted: str | None, bases: Mapping[Path, str], is_library: bool) -> Iterator[_Tagged]:
    """Yield the tags and the feed item of each episode; in a library, skip those that fail, and say so. ``wanted``
    is the user's text to find the item, if any. ``bases`` maps alignment files to their folders' web addresses."""
    taken: set[Item] = set()
    for path, base in bases.items():
        try:
            stored = read_alignment(path)
            item = find_item(read, wanted, stored) if read else None
            if item in taken:
                log(f"Without   {path.parent.name}: another episode has the item already")
                continue
            yield _tagged(path, stored, base, item, is_library)
            taken |= {item} if item else set()
        except UserError as error:
            if not is_library:
                raise
            log(f"Without   {path.parent.name}: {message_of(error)}")


def _tagged(path: Path, stored: Alignment, base: str, item: Item | None, is_library: bool) -> _Tagged:
    quotes, why = quotes_or_warnings(path.parent, stored)  # tags of files need no quotes
    name, audio = path.name.removesuffix(JSON_SUFFIX), partial(find_audio, stored, path)
    material = Material(stored, name, spoken_quotes(quotes), find_audio=audio, lost=lost_quotes(quotes), file=path)
    tags, about = episode_tags(material, base), f"{path.parent.name}: " if is_library else ""
    notes = [f"Warning   {about}{each}" for each in why]
    notes += [f"Left out  {about}{each}" for each in tags.left_out]
    if missing := FORMATS["sync"].unavailable(material):
        notes.append(f"Left out  {about}sync file: {missing}")
    notes += [f"Note      {about}{each}" for each in tags.notes]
    # Reading the audio to find its length takes too long for a whole library.
    if not is_library and (attributes := enclosure(material, base)):
        notes.append(f"Enclosure if the audio with chapters replaces the other: {attributes}")
    return _Tagged(path.parent.name, item, tags, tuple(notes), named_files(stored, path))


def _write(read: Feed, output: Path, episodes: Sequence[_Tagged], is_library: bool) -> ExitStatus:
    tags = {each.item: each.tags.tags for each in episodes if each.item}
    if not tags:
        say("Written   nothing")
        return ExitStatus.UNUSABLE
    content = with_tags(read, tags)
    check_outputs([output], [named for each in episodes for named in each.named])
    with making(output.parent):
        copies = write_keeping({output: content})
    stays = sum((left(item, own) for item, own in tags.items()), Counter[str]())
    uploads = "what quotecast export LIBRARY --profile podcast -o DIR writes into DIR"
    say(
        f"Written   {output}",
        *(f"Item      {' '.join(item.names.get('title', '').split()) or item.names.get('guid', '')}" for item in tags),
        f"Tags      {_counted(Counter(tag.kind for own in tags.values() for tag in own))}",
        *([f"Stays     {_counted(stays)}"] if stays else []),
        *(line for each in episodes for line in each.notes),
        f"Upload    {uploads if is_library else ', '.join(episodes[0].tags.files)}",
        *(f"Kept      {each}, as it was before" for each in copies),
    )
    return ExitStatus.DONE


def _counted(count: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in count.items())

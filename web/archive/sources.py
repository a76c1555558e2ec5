"""Read all feeds and folders of an archive and return their audio and transcripts for pairing.

A feed item and an audio file in a folder become one ``Audio`` if they are very likely the same recording.
"""

from __future__ import annotations

import math
import os.path
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

from aligner.feeds.items import Feed, FeedItem, Link, name_in, read_items
from aligner.feeds.reading import LARGEST_BYTES
from aligner.publication import is_web_address
from media.errors import UserError
from media.safe_fs import is_folder, is_regular, read_regular
from web.archive.errors import ArchiveError, reason_of, redacted
from web.archive.fetching import Limits, fetch, host_of
from web.archive.folders import OnFile, read_folders
from web.archive.names import clues_of, distinctive_words
from web.archive.pairing import SURE
from web.archive.pairing import pair as find_pairs
from web.archive.records import Audio, NameFacts, Source, SourceContents, Text
from web.errors import WebError
from web.worker_pool import call

_FEED_ENDINGS = (".xml", ".rss", ".atom")
_PREFERRED_TYPES = (
    "text/plain", "text/html", "application/json", "text/vtt", "application/x-subrip", "application/srt",
)  # fmt: skip
"""Types of transcripts in feeds, the best first: captions come last, since they are derived from documents."""

_SAME_LENGTH, _SAME_SECONDS = 0.03, 90.0  # by which the duration in a feed may be wrong

T = TypeVar("T", Audio, Text)


def location_of(source: str) -> str:
    """Return the location of a source: a web address as it is, a path as an absolute path. Raises ArchiveError if
    ``source`` is neither a web address nor an existing path."""
    if "://" in source and not is_regular(Path(source)):
        if not is_web_address(source):
            raise ArchiveError(
                "{source}: is no address of the web, such as https://example.org/feed.xml",
                source=redacted(source),
            )
        return source
    if not (is_folder(Path(source)) or is_regular(Path(source))):
        raise ArchiveError("{path}: nothing is there; expected a feed, a folder or a file", path=source)
    return os.path.abspath(source)  # noqa: PTH100 - Path.resolve would follow links, which may lead elsewhere later


def read_sources(library: Path, sources: Sequence[Source], known: Collection[str], on_file: OnFile) -> SourceContents:
    """Return the contents of all sources, except the folder ``library``. Errors are stored by source in
    ``SourceContents.unread``. ``known``: paths of imported files; ``on_file(done, total)`` is called before each
    file."""
    contents = SourceContents()
    folders = list[Path]()
    for source in sources:
        try:
            if is_feed(source.location):
                feed = _feed(source)
                contents.items = {item.key: item for item in feed.items} | contents.items
                contents.faults += feed.faults
                contents.read.append(replace(source, show=feed.show))
            else:
                folders.append(Path(location_of(source.location)))
                contents.read.append(source)
        except (UserError, WebError, OSError) as error:
            name = redacted(source.location)
            contents.unread[source.location] = f"{name}: {reason_of(error).removeprefix(f'{name}: ')}"
    read_folders(folders, library, known, on_file, contents)
    files = _without_duplicates(contents, contents.audio, lambda each: each.key)
    items = [_audio_of(item) for item in contents.items.values()]
    contents.audio = _merged(items, {each.key: each for each in files})
    contents.texts = _without_duplicates(contents, contents.texts, lambda each: each.words_hash)
    return contents


def is_feed(location: str) -> bool:
    """Return whether a source is a feed: an address, or a file with a feed's extension."""
    return "://" in location or (Path(location).suffix.lower() in _FEED_ENDINGS and is_regular(Path(location)))


def declared_text(item: FeedItem) -> Text | None:
    """Return the transcript that a feed declares for an item, or None. If there are several, prefer one in the item's
    language, then a document to captions, then the type that comes first in ``_PREFERRED_TYPES``."""

    def rank(link: Link) -> tuple[bool, bool, int]:
        kind = (link.type or "").partition(";")[0].strip().lower()
        known = _PREFERRED_TYPES.index(kind) if kind in _PREFERRED_TYPES else len(_PREFERRED_TYPES)
        return link.language not in (None, item.language), link.role == "captions", known

    link = min(item.transcripts, key=rank, default=None)
    return Text(f"feed:{link.url}", clues_of((), ()), link=link) if link else None


def _feed(source: Source) -> Feed:
    location = source.location
    if "://" not in location:
        return call(read_items, read_regular(Path(location), LARGEST_BYTES), location, location)
    fetched = fetch(location, Limits(LARGEST_BYTES, frozenset([host_of(location)] if source.is_private else [])))
    assert fetched
    feed = call(read_items, fetched.content, location, redacted(location), location)
    if source.is_private and feed.show.url:
        feed = replace(feed, show=replace(feed.show, url=None))
    return feed


def _without_duplicates(contents: SourceContents, items: Sequence[T], identity: Callable[[T], str]) -> list[T]:
    """Return the items without duplicates. A duplicate has the same ``identity(item)`` as an earlier item; the names of
    the two are added to ``contents.duplicates``."""
    first = dict[str, T]()
    for item in items:
        same = first.setdefault(identity(item), item)
        if same is not item:
            contents.duplicates.append((same.name, item.name))
    return list(first.values())


def _audio_of(item: FeedItem) -> Audio:
    name = PurePosixPath(name_in(item.audio.url)).stem
    clues = clues_of(
        (name,) if name else (), (item.title,) if item.title else (), language=item.language, show=item.show,
        date=item.date, length=item.seconds,
        keywords=distinctive_words(" ".join([item.title or "", item.about, *item.persons])),
    )  # fmt: skip
    if item.number is not None:
        clues = replace(clues, facts=replace(clues.facts, numbers=frozenset([(item.season, item.number)])))
    return Audio(item.key, clues, item=item)


def _merged(items: Sequence[Audio], files: Mapping[str, Audio]) -> list[Audio]:
    """Return the audio of feed items and files. An item and a file become one ``Audio`` if they are very likely the
    same recording. ``files`` maps the ``key`` of each file's ``Audio`` to that ``Audio``."""
    unmatched, merged = dict(files), {item.key: item for item in items}
    # The pairing expects transcripts, so files pose as such; their length in seconds would mislead it.
    as_texts = [Text(key, replace(each.clues, length=None), each.file) for key, each in files.items()]
    for each in find_pairs(items, as_texts).pairs if items and files else ():
        file = unmatched[each.best.text.key]
        if each.confidence >= SURE and _have_similar_length(each.audio, file):
            merged[each.audio.key] = _merge(each.audio, unmatched.pop(file.key))
    return [*merged.values(), *unmatched.values()]


def _merge(item: Audio, file: Audio) -> Audio:
    mine, other = item.clues, file.clues
    facts = NameFacts(
        mine.facts.numbers or other.facts.numbers, mine.facts.bare | other.facts.bare,
        mine.facts.dates or other.facts.dates, mine.facts.words | other.facts.words,
    )  # fmt: skip
    clues = replace(
        mine, names=(*other.names, *mine.names), titles=(*mine.titles, *other.titles), facts=facts,
        show=mine.show or other.show, date=mine.date or other.date, length=other.length or mine.length,
        keywords=mine.keywords | other.keywords,
    )  # fmt: skip
    return replace(item, clues=clues, file=file.file, own_folder=file.own_folder)


def _have_similar_length(item: Audio, file: Audio) -> bool:
    mine, other = item.clues.length, file.clues.length
    return not mine or not other or math.isclose(mine, other, rel_tol=_SAME_LENGTH, abs_tol=_SAME_SECONDS)

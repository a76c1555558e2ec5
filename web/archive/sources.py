"""All sources of an archive read at once: feeds and folders, in any mix, as audio and transcripts to pair.

An item of a feed and an audio file in a folder are one if all that both say makes that sure.
"""

from __future__ import annotations

import hashlib
import math
import os.path
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

from aligner.feeds.items import Feed, FeedItem, Link, name_in, read_items
from aligner.feeds.reading import LARGEST_BYTES
from aligner.publication import is_web_address
from aligner.storage.atomic import write_file
from media.errors import UserError
from media.safe_fs import is_folder, is_regular, read_regular
from web.archive.errors import ArchiveError, reason_of, shown
from web.archive.fetching import Limits, fetch, host_of
from web.archive.folders import Watch, read_folders
from web.archive.names import clues_of, distinctive_words
from web.archive.pairing import SURE
from web.archive.pairing import pair as find_pairs
from web.archive.records import Audio, NameFacts, Offer, Source, Text
from web.archive.state import Archive
from web.errors import WebError
from web.worker_pool import call

_FEED_ENDINGS = (".xml", ".rss", ".atom")
_PREFERRED_TYPES = (
    "text/plain", "text/html", "application/json", "text/vtt", "application/x-subrip", "application/srt",
)  # fmt: skip
"""Types of transcripts that a feed declares: what people write and read before captions, which are made of it."""

_SAME_LENGTH, _SAME_SECONDS = 0.03, 90.0  # by which a feed's duration may be wrong

T = TypeVar("T", Audio, Text)


def place_of(source: str) -> str:
    """Return a source as it is remembered: an address, or an absolute path.

    Raises ArchiveError: it is an address of another kind than is fetched, or nothing is there.
    """
    if "://" in source and not is_regular(Path(source)):
        if not is_web_address(source):
            raise ArchiveError(
                "{source}: is no address of the web, such as https://example.org/feed.xml", source=shown(source)
            )
        return source
    if not (is_folder(Path(source)) or is_regular(Path(source))):
        raise ArchiveError("{path}: nothing is there; expected a feed, a folder or a file", path=source)
    return os.path.abspath(source)  # noqa: PTH100 - Path.resolve would follow links, which may lead elsewhere later


def read_sources(archive: Archive, sources: Sequence[Source], known: Collection[str], watch: Watch) -> Offer:
    """Read all sources; one that cannot be read is told in ``unread`` and stops no other. Files whose paths are
    ``known`` are not read again."""
    offer = Offer()
    folders = list[Path]()
    for source in sources:
        try:
            if is_feed(source.place):
                feed, state = _feed(archive, source)
                offer.items = {item.key: item for item in feed.items} | offer.items
                offer.faults += feed.faults
                offer.read.append(replace(source, state=state, show=feed.show))
            else:
                folders.append(Path(place_of(source.place)))
                offer.read.append(source)
        except (UserError, WebError, OSError) as error:
            reason = reason_of(error).removeprefix(f"{shown(source.place)}: ")
            offer.unread[source.place] = f"{shown(source.place)}: {reason}"
    read_folders(folders, archive.root, known, watch, offer)
    files = _once(offer, offer.audio, lambda each: each.key)
    offer.audio = _joined([_audio_of(item) for item in offer.items.values()], {each.key: each for each in files})
    offer.texts = _once(offer, offer.texts, lambda each: each.wording)
    return offer


def is_feed(place: str) -> bool:
    """Return whether a source is a feed: an address, or a file that is called as one."""
    return "://" in place or (Path(place).suffix.lower() in _FEED_ENDINGS and is_regular(Path(place)))


def declared_text(item: FeedItem) -> Text | None:
    """Return the transcript that a feed declares for an item: of several the one in its language, of the type that is
    likeliest to be written by people."""

    def rank(link: Link) -> tuple[bool, bool, int]:
        kind = (link.type or "").partition(";")[0].strip().lower()
        known = _PREFERRED_TYPES.index(kind) if kind in _PREFERRED_TYPES else len(_PREFERRED_TYPES)
        return link.language not in (None, item.language), link.role == "captions", known

    link = min(item.transcripts, key=rank, default=None)
    return Text(f"feed:{link.url}", clues_of((), ()), link=link) if link else None


def _feed(archive: Archive, source: Source) -> tuple[Feed, str]:
    """Read a feed; return it and what its server said of its state."""
    if "://" not in source.place:
        return call(read_items, read_regular(Path(source.place), LARGEST_BYTES), source.place, source.place), ""
    kept = archive.folder / f"feed {hashlib.sha256(source.place.encode()).hexdigest()[:16]}"
    limits = Limits(LARGEST_BYTES, frozenset([host_of(source.place)] if source.is_private else []))
    fetched = fetch(source.place, limits, source.state if is_regular(kept) else "")
    if fetched:
        write_file(kept, fetched.content)
    content = fetched.content if fetched else read_regular(kept, LARGEST_BYTES)
    feed = call(read_items, content, source.place, shown(source.place), source.place)
    if source.is_private and feed.show.url:
        feed = replace(feed, show=replace(feed.show, url=None))
    return feed, fetched.state if fetched else source.state


def _once(offer: Offer, items: Sequence[T], identity: Callable[[T], str]) -> list[T]:
    """Return each of these once; the others are duplicates."""
    first = dict[str, T]()
    for item in items:
        same = first.setdefault(identity(item), item)
        if same is not item:
            offer.duplicates.append((same.name, item.name))
    return list(first.values())


def _audio_of(item: FeedItem) -> Audio:
    name = PurePosixPath(name_in(item.audio.url)).stem
    clues = clues_of(
        (name,) if name else (), (item.title,) if item.title else (), language=item.language, show=item.show,
        date=item.date, length=item.seconds,
        said=distinctive_words(" ".join([item.title or "", item.about, *item.persons])),
    )  # fmt: skip
    if item.number is not None:
        clues = replace(clues, facts=replace(clues.facts, numbers=frozenset([(item.season, item.number)])))
    return Audio(item.key, clues, item=item)


def _joined(items: Sequence[Audio], files: Mapping[str, Audio]) -> list[Audio]:
    """Return items of feeds and audio files, those that surely are the same as one."""
    left, joined = dict(files), {item.key: item for item in items}
    # What an audio file says stands for what a transcript would: the same hints speak for it, except its length.
    stands = [Text(key, replace(each.clues, length=None), each.file) for key, each in files.items()]
    for each in find_pairs(items, stands).pairs if items and files else ():
        file = left[each.best.text.key]
        if each.confidence >= SURE and _are_as_long(each.audio, file):
            joined[each.audio.key] = _one(each.audio, left.pop(file.key))
    return [*joined.values(), *left.values()]


def _one(item: Audio, file: Audio) -> Audio:
    """Return an item of a feed with the file that holds its audio; the feed's numbers and dates count first."""
    mine, other = item.clues, file.clues
    facts = NameFacts(
        mine.facts.numbers or other.facts.numbers, mine.facts.bare | other.facts.bare,
        mine.facts.dates or other.facts.dates, mine.facts.words | other.facts.words,
    )  # fmt: skip
    clues = replace(
        mine, names=(*other.names, *mine.names), titles=(*mine.titles, *other.titles), facts=facts,
        show=mine.show or other.show, date=mine.date or other.date, length=other.length or mine.length,
        said=mine.said | other.said,
    )  # fmt: skip
    return replace(item, clues=clues, file=file.file, alone_in=file.alone_in)


def _are_as_long(item: Audio, file: Audio) -> bool:
    mine, other = item.clues.length, file.clues.length
    return not mine or not other or math.isclose(mine, other, rel_tol=_SAME_LENGTH, abs_tol=_SAME_SECONDS)

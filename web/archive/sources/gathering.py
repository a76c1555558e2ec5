"""From sources, feeds and folders in any mix, to what there is to pair.

A sound that lies in a folder and is an item of a feed is one: by the name of its file or its size, else by all that
speaks for it, where that is sure.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os.path
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aligner.feeds.reading import LARGEST_BYTES
from aligner.publication import is_web_address
from aligner.storage.private import write_private
from media.confinement import is_folder, is_regular, open_regular, read_regular
from media.errors import UserError
from media.moving import make_private_folder
from web.archive.errors import ArchiveError, FetchError, shown, shown_place, told
from web.archive.pairing.assignment import SURE, pair
from web.archive.pairing.items import Clues, Entry, Link, Sound, Text
from web.archive.pairing.names import folded
from web.archive.sources.asking import Limits
from web.archive.sources.encodings import Once, once
from web.archive.sources.feeds import Feed, read_feed
from web.archive.sources.fetching import Validators, fetch
from web.archive.sources.folders import Found, Watch, look_through, said_in
from web.errors import WebError
from web.library.folders import SOUNDS, TEXTS

_FEED_ENDINGS = (".xml", ".rss", ".atom")
_FEED_BEGINS = (b"<?xml", b"<rss", b"<feed")
_PREFERRED = ("text/plain", "text/html", "application/json", "text/vtt", "application/x-subrip", "application/srt")
"""Types of declared transcripts, those that people wrote and read before captions, which are mostly made of them."""
DECLARED = 0.98
"""Confidence of what a feed declares: it was put there by whoever publishes the sound."""

_GONE = (404, 410)  # statuses of what is not there
_SAME_LENGTH, _SAME_SECONDS = 0.03, 90.0  # by which a feed's duration may be off


@dataclass(frozen=True, slots=True)
class Gathered:
    """What there is; the states of the feeds that were fetched, by address; by show the address of its cover; and in
    words which sources could not be read, of feeds also by address."""

    found: Found
    states: Mapping[str, Validators]
    covers: Mapping[str, str]
    unread: tuple[str, ...] = ()
    unread_feeds: frozenset[str] = frozenset()

    @property
    def named(self) -> set[str]:
        """The addresses of all that the feeds name which were read."""
        entries = [sound.entry for sound in self.found.sounds if sound.entry]
        links = [link.url for entry in entries for link in (entry.sound, *entry.transcripts) if link]
        return {*links, *(entry.cover for entry in entries if entry.cover), *self.covers.values()}


def place_of(source: str) -> str:
    """A source as it is remembered: an address, or an absolute path.

    Raises
    ------
    ArchiveError
        It is an address of another kind than is fetched.
    """
    if "://" in source and not is_regular(Path(source)):
        if not is_web_address(source):
            raise ArchiveError(
                "{source}: is no address of the web, such as https://example.org/feed.xml", source=shown(source)
            )
        return source
    return whole_path(source)


def whole_path(path: str) -> str:
    """An absolute path without steps up, so that a folder is one source however it is named."""
    return os.path.abspath(path)  # noqa: PTH100 - Path.resolve would follow links, which may lead elsewhere later


@dataclass(frozen=True, slots=True)
class Reading:
    """How sources are read: with which ``limits``, of what lies in the ``library`` nothing; feeds are asked whether
    they are still what is ``known``, and their content is kept in the folder ``kept``; ``skipped`` files are not looked
    into, and of sounds in several encodings there is ``each_once``. ``watch`` is told of files;
    ``own`` are the paths of texts of which episodes were made."""

    library: Path
    limits: Limits
    kept: Path
    known: Mapping[str, Validators] = field(default_factory=dict)
    skipped: Callable[[Path], bool] = lambda _: False
    each_once: Once = once
    watch: Watch = lambda *_: None
    own: Collection[str] = ()


def gather(places: Sequence[str], reading: Reading, lenient: bool = False) -> Gathered:
    """Read all sources; where that is ``lenient``, one that cannot be read hinders no other.

    Raises
    ------
    ArchiveError, FeedError, Unusable
        A source cannot be read.
    """
    feeds, states, unread, failed = dict[str, Feed](), dict[str, Validators](), list[str](), set[str]()
    folders = [Path(place) for place in places if not is_feed(place)]
    if lenient:
        unread = [f"{each}: is not there" for each in folders if not (is_folder(each) or is_regular(each))]
        folders = [each for each in folders if is_folder(each) or is_regular(each)]
    found = look_through(folders, reading.library, reading.watch, reading.skipped, reading.each_once, reading.own)
    for place in filter(is_feed, places):
        try:
            if read := _read(place, reading, bool(found.texts or found.sounds)):
                feeds[place], states[place] = read
        except (UserError, WebError) as error:
            if not lenient:
                raise
            failed.add(place)
            unread.append(_why_unread(shown_place(place), error))
    items = [_sound_of(place, entry) for place, feed in feeds.items() for entry in feed.entries]
    faults = [fault for feed in feeds.values() for fault in feed.faults]
    covers = {feed.title: feed.cover for feed in feeds.values() if feed.title and feed.cover}
    whole = replace(found, sounds=tuple(_joined(items, found.sounds)), faults=(*found.faults, *faults))
    return Gathered(whole, states, covers, tuple(unread), frozenset(failed))


def _why_unread(name: str, error: UserError | WebError) -> str:
    reason = told(error)
    is_gone = isinstance(error, FetchError) and error.message.values.get("status") in _GONE
    forget = "; where it is gone for good, quotecast archive forget takes it off the list" if is_gone else ""
    return f"{reason if reason.startswith(f'{name}: ') else f'{name}: {reason}'}{forget}"


def keys_in_feed(place: str, reading: Reading) -> frozenset[str] | None:
    """The keys of what a feed has by now; None where it cannot be read."""
    with contextlib.suppress(UserError, WebError, OSError):
        if read := _read(place, reading, anyway=True):
            return frozenset(_key_of(place, entry.guid) for entry in read[0].entries)
    return None


def is_feed(place: str) -> bool:
    """Whether a source is a feed: an address, or a file that begins as one."""
    if "://" in place:
        return True
    path = Path(place)
    if path.suffix.lower() in (*SOUNDS, *TEXTS) or not is_regular(path):
        return False
    if path.suffix.lower() in _FEED_ENDINGS:
        return True
    with open_regular(path) as file:
        return file.read(100).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_FEED_BEGINS)


def declared_text(sound: Sound) -> Text | None:
    """The transcript that the feed declares for a sound: of several the one in its language, and of the likeliest
    type."""
    if not sound.entry or not sound.entry.transcripts:
        return None
    language = sound.entry.language

    def rank(link: Link) -> tuple[bool, bool, int]:
        kind = (link.type or "").partition(";")[0].strip().lower()
        known = _PREFERRED.index(kind) if kind in _PREFERRED else len(_PREFERRED)
        return link.language not in (None, language), link.role == "captions", known

    link = min(sound.entry.transcripts, key=rank)
    return Text(f"feed:{link.url}", Clues(), link=link, of=sound.key)


def _read(place: str, reading: Reading, anyway: bool) -> tuple[Feed, Validators] | None:
    """A feed and its state; None where it is as it was, but for where it is to be read ``anyway``."""
    if "://" not in place:
        try:
            return read_feed(read_regular(Path(place), LARGEST_BYTES), place), Validators()
        except OSError as error:
            raise ArchiveError("{path}: cannot be read ({reason})", path=place, reason=error.strerror) from error
    kept = kept_at(reading.kept, place)
    known = reading.known.get(place) if is_regular(kept) else None
    answer = fetch(place, replace(reading.limits, most_bytes=LARGEST_BYTES), known)
    if answer is None:
        assert known
        return (read_feed(read_regular(kept, LARGEST_BYTES), shown(place), place), known) if anyway else None
    feed = read_feed(answer.content, shown(place), answer.url)
    make_private_folder(reading.kept)
    write_private(kept, answer.content)
    return feed, answer.validators


def kept_at(folder: Path, place: str) -> Path:
    """Where the content of a feed is kept in the folder for that."""
    return folder / hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()[:24]


def _sound_of(place: str, entry: Entry) -> Sound:
    """An item of a feed as what it is to be paired by."""
    assert entry.sound
    clues = Clues.of(
        tuple(filter(None, [_stem(entry.sound.url)])),
        tuple(filter(None, [entry.title])),
        language=entry.language,
        show=entry.show,
        date=entry.date,
        length=entry.seconds,
        said=said_in(" ".join([entry.title or "", entry.description, *entry.persons, *entry.chapters])),
    )
    if entry.number is not None:
        clues = replace(clues, told=replace(clues.told, numbers=frozenset([(entry.season, entry.number)])))
    return Sound(_key_of(place, entry.guid), clues, entry=entry)


def _key_of(place: str, guid: str) -> str:
    return f"feed:{place}#{guid}"


def feed_of(key: str, guid: str) -> str | None:
    """The feed of which what has this key is the item with that guid; None where it is none."""
    ending = f"#{guid}"
    return key[len("feed:") : -len(ending)] if key.startswith("feed:") and key.endswith(ending) else None


def _joined(items: Sequence[Sound], files: Sequence[Sound]) -> list[Sound]:
    """Items of feeds and sounds of folders, those that are the same as one."""
    if not items or not files:
        return [*items, *files]
    left, joined = {sound.key: sound for sound in files}, list[Sound]()
    rest = list[Sound]()
    names, sizes = (Counter(filter(None, map(mark, items))) for mark in (_named, _sized))
    by_name, by_size = defaultdict[object, list[Sound]](list), defaultdict[object, list[Sound]](list)
    for sound in files:
        assert sound.file
        by_name[folded(sound.file.path.stem)].append(sound)
        by_size[sound.file.size].append(sound)
    for item in items:
        same = by_name[_named(item)] if names[_named(item)] == 1 else []
        same = same if len(same) == 1 else by_size[_sized(item)] if sizes[_sized(item)] == 1 else []
        if len(same) == 1 and same[0].key in left:
            joined.append(_one(item, left.pop(same[0].key)))
        else:
            rest.append(item)
    # What a file says stands here for what a text would: the same clues speak for it, but for its length.
    stands = [Text(s.key, replace(s.clues, length=None), s.file, folder=s.folder) for s in left.values()]
    for each in pair(rest, stands).pairs:
        file = left[each.text.key]
        if each.confidence >= SURE and _are_as_long(each.sound, file):
            joined.append(_one(each.sound, left.pop(file.key)))
            rest.remove(each.sound)
    return [*joined, *rest, *left.values()]


def _one(item: Sound, file: Sound) -> Sound:
    assert item.entry
    return replace(file.also(item.entry, item.clues), key=item.key)


def _named(item: Sound) -> str:
    assert item.entry
    assert item.entry.sound
    return folded(_stem(item.entry.sound.url))


def _sized(item: Sound) -> int | None:
    assert item.entry
    assert item.entry.sound
    return item.entry.sound.size


def _are_as_long(item: Sound, file: Sound) -> bool:
    mine, other = item.clues.length, file.clues.length
    return not mine or not other or math.isclose(mine, other, rel_tol=_SAME_LENGTH, abs_tol=_SAME_SECONDS)


def _stem(url: str) -> str:
    """What the file at an address is called."""
    name = unquote(urlsplit(url).path).rpartition("/")[2]
    return name.rpartition(".")[0] or name

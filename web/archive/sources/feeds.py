"""What a feed says of its episodes: RSS or Atom, read by feedparser once it is known to be no more than a feed is.

Conventions
-----------
- A feed comes from outside: it is checked by ``aligner.feeds.events`` first, which refuses document types, and so
  entities, deep nesting, and more of anything than feeds have; all of it runs in a child with limits.
- Of the podcast namespace feedparser keeps the last element of a name; all that an item has of it is read beside that.
- Chapters are those that stand in the feed itself (Podlove Simple Chapters); their titles tell of the episode. Of
  those that lie in a file, its address is told.
- Addresses are taken as they are written, a relative one from where the feed is; whether one may be asked is decided
  where it is fetched.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.parsers import expat

from aligner.errors import FeedError
from aligner.feeds.events import NAMESPACES, Reader
from aligner.feeds.reading import LARGEST_BYTES
from aligner.languages import language_code
from aligner.publication import is_web_address, published_date
from web.archive.pairing.items import Entry, Link
from web.bounded import call

_MOST_LINKS = 50  # transcripts or persons of an item
_LONGEST_TITLE, _LONGEST_DESCRIPTION = 300, 20_000  # characters
_WANTED = frozenset(
    ["transcript", "person", "season", "episode", "alternateEnclosure", "source", "integrity", "chapters"]
)
_CHAPTER = "http://podlove.org/simple-chapters chapter"  # https://podlove.org/simple-chapters, version 1.2
_MOST_CHAPTERS = 200
_DAY = re.compile(r"[^\W\d_]{3}")  # the name of a day or month
_TAG = re.compile(r"<[^>]{0,2000}>")
_SOUND = ("audio/", "video/")
_MIME = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".opus": "audio/ogg", ".mp4": "video/mp4"}


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's episodes, newest as the feed has them, and what it says of all: the show's title, language, cover."""

    title: str | None = None
    language: str | None = None
    cover: str | None = None
    entries: tuple[Entry, ...] = ()
    faults: tuple[str, ...] = ()


def read_feed(content: bytes, named: str, base: str | None = None) -> Feed:
    """The feed that ``content`` is, called ``named`` in errors and found at the address ``base``, if it was.

    Raises
    ------
    FeedError
        It is no feed, or more than one is.
    Unusable
        Reading it took too long, or too much memory.
    """
    if len(content) > LARGEST_BYTES:
        raise FeedError(
            "{path}: larger than {most} MB; a podcast's feed was expected", path=named, most=LARGEST_BYTES // 10**6
        )
    return call(_read, content, named, base)


def _read(content: bytes, named: str, base: str | None) -> Feed:
    import feedparser

    podcast = _check(content, named)
    try:
        parsed = feedparser.parse(io.BytesIO(content), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # what it raises of elements that are not as it expects has no common kind
        raise FeedError(
            "{path}: holds what no reader of feeds expects ({detail})", path=named, detail=_fall(error)
        ) from error
    if not parsed.get("version") or len(parsed.entries) != len(podcast.items):
        raise FeedError("{path}: is no podcast's feed; expected RSS or Atom", path=named)
    channel = parsed.feed
    feed = Feed(_line(channel.get("title")), language_code(channel.get("language")), _cover(channel, base))
    entries, seen, faults = list[Entry](), set[str](), list[str]()
    for each, elements, chapters in zip(parsed.entries, podcast.items, podcast.chapters, strict=True):
        entry = replace(_entry(each, elements, feed, base), chapters=tuple(filter(None, chapters)))
        if entry.sound is None:
            faults.append(f"{entry.name or 'an item'}: has no sound")
        elif entry.guid in seen:
            faults.append(f"{entry.name}: is in the feed twice")
        else:
            seen.add(entry.guid)
            entries.append(entry)
    return replace(feed, entries=tuple(entries), faults=tuple(faults))


@dataclass(slots=True)
class _Element:
    name: str
    attributes: Mapping[str, str]
    within: _Element | None = None
    text: str = ""


def _check(content: bytes, named: str) -> _Podcast:
    """What feedparser does not tell of each item, of a feed that is no more than one."""
    try:
        Reader(named).read(content)
        return _Podcast().read(content)
    except expat.ExpatError as error:
        raise FeedError(
            "{path}: is no XML, by line {line} ({detail}); expected a podcast's feed",
            path=named, line=error.lineno, detail=expat.ErrorString(error.code),
        ) from error  # fmt: skip
    except (ValueError, LookupError) as error:
        raise FeedError("{path}: its encoding cannot be read; expected UTF-8, UTF-16 or Latin-1", path=named) from error


class _Podcast:
    """Reads what items have of the podcast namespace, and their chapters; of content that ``Reader`` has passed."""

    def __init__(self) -> None:
        self.items: list[list[_Element]] = []
        self.chapters: list[list[str]] = []  # of each item, their titles
        self._open: list[_Element | None] = []
        self._depth_of_item = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def read(self, content: bytes) -> _Podcast:
        self._parser.Parse(content, True)
        return self

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        element = None
        if not self._depth_of_item and local in ("item", "entry"):
            self._depth_of_item = len(self._open) + 1
            self.items.append([])
            self.chapters.append([])
        elif self._depth_of_item and name == _CHAPTER and len(self.chapters[-1]) < _MOST_CHAPTERS:
            self.chapters[-1].append(_line(attributes.get("title")) or "")
        elif self._depth_of_item and space in NAMESPACES and local in _WANTED and len(self.items[-1]) < 4 * _MOST_LINKS:
            element = _Element(local, attributes, self._open[-1])
            self.items[-1].append(element)
            self._parser.CharacterDataHandler = self._characters
        self._open.append(element)

    def _end(self, _name: str) -> None:
        self._open.pop()
        self._parser.CharacterDataHandler = self._characters if self._open and self._open[-1] else None
        if len(self._open) < self._depth_of_item:
            self._depth_of_item = 0

    def _characters(self, text: str) -> None:
        if (element := self._open[-1]) and len(element.text) < _LONGEST_TITLE:
            element.text += text


def _entry(item: Mapping[str, Any], elements: list[_Element], feed: Feed, base: str | None) -> Entry:
    sound = _sound(item, elements, base)
    date = published_date(item.get("published") or item.get("updated") or "") or _day(item)
    transcripts = [
        Link(url, _of(e, "type"), language_code(_of(e, "language")), role=_of(e, "rel"))
        for e in elements
        if e.name == "transcript" and (url := _address(e.attributes.get("url"), base))
    ]
    # Where an item has none, feedparser takes its guid for one, as RSS has it; many are no addresses.
    link = _address(item.get("link"), None if item.get("link") == item.get("id") else base)
    return Entry(
        guid=str(item.get("id") or (sound.url if sound else "") or link or "")[:2000],
        title=_line(item.get("title")),
        show=feed.title,
        date=date if date and len(date) == len("2025-03-04") else None,
        link=link if link and link != (sound and sound.url) else None,
        season=_number(item.get("itunes_season"), elements, "season"),
        number=_number(item.get("itunes_episode"), elements, "episode"),
        seconds=_seconds(item.get("itunes_duration")),
        language=feed.language,
        description=_plain(_texts(item)),
        cover=_cover(item, base),
        persons=tuple(_line(e.text) or "" for e in elements if e.name == "person" and _line(e.text))[:_MOST_LINKS],
        sound=sound,
        transcripts=tuple(transcripts[:_MOST_LINKS]),
        chapters_at=next((_address(_of(e, "url"), base) for e in elements if e.name == "chapters"), None),
    )


def _sound(item: Mapping[str, Any], elements: list[_Element], base: str | None) -> Link | None:
    """The enclosure that is a sound, else one that is a video, else the first whose name says so."""
    links = [
        Link(url, each.get("type"), size=_whole(each.get("length")), integrity=_integrity(url, elements, base))
        for each in item.get("enclosures", ())
        if (url := _address(each.get("href") or each.get("url"), base))
    ]
    for begun in _SOUND:
        for link in links:
            if (link.type or "").lower().startswith(begun):
                return link
    return next((link for link in links if Path(link.url.partition("?")[0]).suffix.lower() in _MIME), None)


def _integrity(url: str, elements: list[_Element], base: str | None) -> str | None:
    """The hash that the feed declares for an address, where that is a source of an alternate enclosure with one."""
    for each in elements:
        if each.name == "source" and each.within and _address(each.attributes.get("uri"), base) == url:
            for other in elements:
                if other.name == "integrity" and other.within is each.within and _of(other, "type") == "sri":
                    return _of(other, "value")
    return None


def _cover(of: Mapping[str, Any], base: str | None) -> str | None:
    image = of.get("image")
    return _address(image.get("href") or image.get("url"), base) if isinstance(image, Mapping) else None


def _fall(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:150]


def _texts(item: Mapping[str, Any]) -> str:
    contents = item.get("content") or ()
    return " ".join([item.get("summary") or "", *(each.get("value") or "" for each in contents)])[:_LONGEST_DESCRIPTION]


def _plain(text: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", text)).split())


def _address(text: object, base: str | None) -> str | None:
    if not isinstance(text, str) or not text.strip():
        return None
    try:
        url = urljoin(base or "", text.strip())
    except ValueError:
        return None
    return url if is_web_address(url) else None


def _of(element: _Element, name: str) -> str | None:
    return element.attributes.get(name, "").strip()[:500] or None


def _line(text: object) -> str | None:
    return " ".join(_plain(text).split())[:_LONGEST_TITLE] or None if isinstance(text, str) else None


def _day(item: Mapping[str, Any]) -> str | None:
    """The day that feedparser finds in a text with names: in numbers alone it finds days that nobody told."""
    if not _DAY.search(str(item.get("published") or item.get("updated") or "")):
        return None
    parsed = item.get("published_parsed") or item.get("updated_parsed")
    return (
        time.strftime("%Y-%m-%d", parsed) if isinstance(parsed, time.struct_time) and parsed.tm_year >= 1900 else None
    )


def _number(told: object, elements: Iterable[_Element], name: str) -> int | None:
    found = [told, *(e.text for e in elements if e.name == name)]
    return next((number for each in found if (number := _whole(each)) is not None and number < 100_000), None)


def _whole(text: object) -> int | None:
    text = str(text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _seconds(told: object) -> float | None:
    """``1:02:03``, ``62:03`` or seconds."""
    parts = str(told or "").strip().split(":")
    if not 1 <= len(parts) <= 3 or any(not part.isascii() or not part.isdecimal() or len(part) > 6 for part in parts):
        return None
    seconds = 0
    for part in parts:
        seconds = 60 * seconds + int(part)
    return float(seconds) or None

"""Read the show and items of an RSS or Atom feed with feedparser.

Conventions
-----------
- A feed is untrusted. ``parse_xml`` refuses deep nesting, and document types, since they may define entities. Callers
  read the feed in a child process with limits.
- feedparser keeps only the last of several elements with the same name in the podcast namespace. So this module reads
  these elements itself, and the titles of chapters too (https://podlove.org/simple-chapters, version 1.2).
- Relative URLs are resolved. Whether a URL is allowed is checked by the caller that fetches it.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from aligner.errors import FeedError
from aligner.feeds.reading import LARGEST_BYTES, NAMESPACES, parse_xml
from aligner.languages import language_code
from aligner.publication import is_web_address, published_date

if TYPE_CHECKING:
    from lxml import etree

_MOST_OF_AN_ITEM = 200  # elements that are read without feedparser
_LONGEST_TITLE, _LONGEST_TEXT = 300, 20_000  # characters
_CHAPTER = "{http://podlove.org/simple-chapters}chapter"
_LONGEST_PUBLIC = 40  # characters; a longer part of a URL may be a key, a UUID has 36
_TAG = re.compile(r"<[^>]{0,2000}>")
_AUDIO_ENDINGS = (".mp3", ".m4a", ".ogg", ".opus", ".mp4", ".aac", ".flac", ".wav")


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a file, such as a transcript. ``feed`` is the URL or path of the feed that contains the link."""

    url: str
    feed: str = ""
    type: str | None = None
    language: str | None = None
    size_bytes: int | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """A podcast as its feed describes it. ``url`` is the feed's public URL, None if the feed is private."""

    title: str | None = None
    description: str | None = None
    cover: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class FeedItem:
    """An item of a feed. ``feed`` is the URL or path of the feed; ``date`` is ISO 8601; ``about`` holds the description
    and the titles of chapters as text."""

    feed: str
    guid: str
    audio: Link
    title: str | None = None
    show: str | None = None
    date: str | None = None
    page: str | None = None
    season: int | None = None
    number: int | None = None
    seconds: float | None = None
    language: str | None = None
    about: str = ""
    cover: str | None = None
    persons: tuple[str, ...] = ()
    transcripts: tuple[Link, ...] = ()

    @property
    def key(self) -> str:
        """An identifier that is unique among all feeds; a GUID is unique only within its feed."""
        return hashlib.sha256(f"{self.feed}\n{self.guid}".encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its show and its items in document order. ``faults`` has a sentence about each unusable item."""

    show: Show
    items: tuple[FeedItem, ...] = ()
    faults: tuple[str, ...] = ()


def read_items(content: bytes, location: str, name: str, base: str | None = None) -> Feed:
    """Parse the ``content`` of the feed at ``location``, a URL or file, and resolve relative URLs against ``base``.

    Raises FeedError if the content is too large, not RSS or Atom, or has a DOCTYPE. The error calls the feed ``name``.
    """
    if len(content) > LARGEST_BYTES:
        raise FeedError(
            "{path}: larger than {most} MB; a podcast's feed was expected", path=name, most=LARGEST_BYTES // 10**6
        )
    import feedparser

    elements_of = _elements_of(content, name)
    try:
        parsed = feedparser.parse(io.BytesIO(content), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # feedparser raises various exceptions for unexpected elements
        detail = f"{type(error).__name__}: {error}"[:150]
        raise FeedError("{path}: holds what no reader of feeds expects ({detail})", path=name, detail=detail) from error
    if not parsed.get("version") or len(parsed.entries) != len(elements_of):
        raise FeedError("{path}: is no podcast's feed; expected RSS or Atom", path=name)
    channel = parsed.feed
    show = Show(
        _line(channel.get("title")), _plain(channel.get("subtitle") or channel.get("summary") or "") or None,
        _cover(channel, base), _subscription(location, channel),
    )  # fmt: skip
    language = language_code(channel.get("language"))
    items, faults = dict[str, FeedItem](), list[str]()
    for entry, elements in zip(parsed.entries, elements_of, strict=True):
        item = _item(entry, elements, location, show, language, base)
        if item is None:
            faults.append(f"{_line(entry.get('title')) or 'an item'}: has no audio")
        elif item.guid in items:
            faults.append(f"{item.title or item.guid}: is in the feed twice")
        else:
            items[item.guid] = item
    return Feed(show, tuple(items.values()), tuple(faults))


def _elements_of(content: bytes, name: str) -> list[list[etree._Element]]:
    """Parse a feed; return for each item a list of its podcast elements, then its chapters. Raises FeedError."""
    root = parse_xml(content, name)
    items = root.iterfind(".//{*}item") if root.find(".//{*}item") is not None else root.iterfind(".//{*}entry")
    wanted = [f"{{{space}}}{local}" for space in NAMESPACES for local in ("transcript", "person", "season", "episode")]
    return [
        [*islice(item.iter(*wanted), _MOST_OF_AN_ITEM), *islice(item.iter(_CHAPTER), _MOST_OF_AN_ITEM)]
        for item in items
    ]


def _item(
    entry: Mapping[str, Any],
    elements: Sequence[etree._Element],
    location: str,
    show: Show,
    language: str | None,
    base: str | None,
) -> FeedItem | None:
    """Return an item of a feed from feedparser's ``entry`` and its podcast ``elements``; None if it has no audio."""
    audio = _audio(entry, location, base)
    if audio is None:
        return None
    date = published_date(entry.get("published") or entry.get("updated") or "")
    # feedparser uses the GUID for a missing link, as RSS specifies, but many GUIDs are not URLs.
    page = _address(entry.get("link"), None if entry.get("link") == entry.get("id") else base)
    chapters = [each.get("title", "") for each in elements if each.tag == _CHAPTER]
    return FeedItem(
        feed=location,
        guid=str(entry.get("id") or audio.url.partition("?")[0])[:2000],
        audio=audio,
        title=_line(entry.get("title")),
        show=show.title,
        date=date if date and len(date) == len("2025-03-04") else None,
        page=page if page != audio.url else None,
        season=_number(entry.get("itunes_season"), elements, "season"),
        number=_number(entry.get("itunes_episode"), elements, "episode"),
        seconds=_seconds(entry.get("itunes_duration")),
        language=language,
        about=" ".join([_plain(_texts(entry)), *map(_plain, chapters)])[:_LONGEST_TEXT],
        cover=_cover(entry, base),
        persons=tuple(name for each in _called("person", elements) if (name := _line(each.text))),
        transcripts=tuple(_transcripts(elements, location, base)),
    )


def _audio(entry: Mapping[str, Any], location: str, base: str | None) -> Link | None:
    """Return the first enclosure with an audio type, else with a video type, else with an audio file extension."""
    links = [
        Link(url, location, each.get("type"), size_bytes=_whole(each.get("length")))
        for each in entry.get("enclosures", ())
        if (url := _address(each.get("href") or each.get("url"), base))
    ]
    for kind in ("audio/", "video/"):
        for link in links:
            if (link.type or "").lower().startswith(kind):
                return link
    return next((link for link in links if Path(urlsplit(link.url).path).suffix.lower() in _AUDIO_ENDINGS), None)


def _transcripts(elements: Sequence[etree._Element], location: str, base: str | None) -> list[Link]:
    return [
        Link(url, location, _of(each, "type"), language_code(_of(each, "language")), role=_of(each, "rel"))
        for each in _called("transcript", elements)
        if (url := _address(each.get("url"), base))
    ]


def _subscription(location: str, channel: Mapping[str, Any]) -> str | None:
    """Return the public URL of a feed; None if the feed is private, or if the URL seems to contain a secret key."""
    own = next((each.get("href") for each in channel.get("links", ()) if each.get("rel") == "self"), None)
    url = own if own and is_web_address(own) else location
    if not is_web_address(url) or str(channel.get("itunes_block") or "").strip().lower() in ("1", "yes", "true"):
        return None
    parts = urlsplit(url)
    has_key = parts.query or "@" in parts.netloc or max(map(len, parts.path.split("/"))) >= _LONGEST_PUBLIC
    return None if has_key else url


def _cover(of: Mapping[str, Any], base: str | None) -> str | None:
    image = of.get("image")
    return _address(image.get("href") or image.get("url"), base) if isinstance(image, Mapping) else None


def _texts(entry: Mapping[str, Any]) -> str:
    contents = entry.get("content") or ()
    return " ".join([entry.get("summary") or "", *(each.get("value") or "" for each in contents)])[:_LONGEST_TEXT]


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


def _of(element: etree._Element, name: str) -> str | None:
    return element.get(name, "").strip()[:500] or None


def _called(name: str, elements: Iterable[etree._Element]) -> list[etree._Element]:
    """Return the elements in the podcast namespace whose local name is ``name``."""
    return [each for each in elements if each.tag.endswith(f"}}{name}") and each.tag != _CHAPTER]


def _line(text: object) -> str | None:
    return _plain(text)[:_LONGEST_TITLE] or None if isinstance(text, str) else None


def _number(value: object, elements: Sequence[etree._Element], name: str) -> int | None:
    found = [value, *(each.text for each in _called(name, elements))]
    return next((number for each in found if (number := _whole(each)) is not None and number < 100_000), None)


def _whole(text: object) -> int | None:
    text = str(text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _seconds(text: object) -> float | None:
    """Return the seconds of a duration such as ``1:02:03``, ``62:03`` or ``3723``; None for other text."""
    parts = [_whole(part) for part in str(text or "").strip().split(":")]
    if len(parts) > 3 or any(part is None or part > 999_999 for part in parts):
        return None
    seconds = 0
    for part in parts:
        seconds = 60 * seconds + (part or 0)
    return float(seconds) or None


def name_in(url: str) -> str:
    """Return the file name in a URL, without the query, which may contain a listener's secret key."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "?"
    return unquote(parts.path).rstrip("/").rpartition("/")[2] or parts.hostname or "?"

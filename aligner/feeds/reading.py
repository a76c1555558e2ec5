"""Parse a podcast feed into an XML tree, into which the module ``writing`` inserts an episode's tags.

A feed with a DOCTYPE is refused, since its entities could expand to more than memory holds. libxml2 itself refuses
elements nested more than 256 deep and texts of more than 10 MB.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.errors import FeedError
from media.safe_fs import read_regular

if TYPE_CHECKING:
    from lxml import etree

NAMESPACE = "https://podcastindex.org/namespace/1.0"
_EARLIER = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"  # in feeds from before 2021
NAMESPACES = (NAMESPACE, _EARLIER)
LARGEST_BYTES = 50_000_000  # two hundred thousand words of descriptions are 2 MB

_NAMED_BY = ("guid", "title", "link")


@dataclass(eq=False, frozen=True, slots=True)
class Item:
    """An item of a feed. ``names`` holds the text of the item's ``guid``, ``title`` and ``link``, and the URL of its
    ``enclosure``, each without white space around it. An element that the item lacks is not in ``names``."""

    element: etree._Element
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its file, its tree, and its items in document order."""

    path: Path
    root: etree._Element
    items: tuple[Item, ...]


def read_feed(path: Path) -> Feed:
    """Return the feed in a file. Raises FeedError if the file cannot be read, is larger than ``LARGEST_BYTES``, is not
    RSS, or has a DOCTYPE."""
    try:
        return parse_feed(read_regular(path, LARGEST_BYTES), path)
    except OSError as error:
        raise FeedError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error


def parse_feed(content: bytes, path: Path) -> Feed:
    """Parse a feed. Raises FeedError, which names ``path``, if the content is not RSS or has a DOCTYPE."""
    root = parse_xml(content, path)
    channel = root.find("channel") if root.tag == "rss" else None
    if channel is None:
        raise FeedError("{path}: is no podcast's feed; expected RSS, with a channel in it", path=path)
    return Feed(path, root, tuple(Item(each, _names_of(each)) for each in channel.findall("item")))


def parse_xml(content: bytes, path: Path | str) -> etree._Element:
    """Return the root element of an untrusted document. Raises FeedError, which names ``path``, if the document is not
    XML or has a DOCTYPE."""
    from lxml import etree

    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False))
    except etree.XMLSyntaxError as error:
        raise FeedError(
            "{path}: is no XML, by line {line} ({detail}); expected a podcast's feed",
            path=path, line=error.lineno or 1, detail=error.msg,
        ) from error  # fmt: skip
    if root.getroottree().docinfo.doctype:
        raise FeedError("{path}: declares a document type, which no feed needs; take that out", path=path)
    return root


def _names_of(item: etree._Element) -> dict[str, str]:
    names = {name: (item.findtext(name) or "").strip() for name in _NAMED_BY if item.find(name) is not None}
    enclosure = item.find("enclosure")
    return names if enclosure is None else {**names, "enclosure": enclosure.get("url", "").strip()}

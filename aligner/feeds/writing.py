"""Write an episode's tags into its item of a feed, and leave the rest, comments and layout included, unchanged."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from aligner.errors import FeedError
from aligner.feeds.items import name_in
from aligner.feeds.reading import NAMESPACE, NAMESPACES, Feed, Item
from aligner.feeds.tags import KINDS, Tag, writable
from aligner.model import Alignment

if TYPE_CHECKING:
    from lxml import etree

_BLANKS = " \t\r\n"  # of XML


def find_item(feed: Feed, wanted: str | None, alignment: Alignment) -> Item:
    """Return the item whose GUID, title, link or enclosure is ``wanted``; if ``wanted`` is None, the episode's item.

    The episode's item is found by GUID, or else by URL, title or audio file name. Raises FeedError unless exactly one
    item matches.
    """
    if wanted is not None:
        found = [item for item in feed.items if _key(wanted) in map(_key, item.names.values())]
    else:
        found = next(filter(None, _likely(feed, alignment)), [])
    what = wanted or alignment.episode.title or alignment.audio.file
    if not found:
        raise FeedError(
            "{path}: has no item {what}; name it by its GUID, title, link or enclosure", path=feed.path, what=what
        )
    if len(found) > 1:
        raise FeedError(
            "{path}: has {count} items {what}; name one by what it alone has, a GUID, title, link or enclosure",
            path=feed.path, count=len(found), what=what,
        )  # fmt: skip
    return found[0]


def _likely(feed: Feed, alignment: Alignment) -> Iterator[list[Item]]:
    """Yield lists of the items that match the episode: first by GUID, then by URL, by title, and by audio file name."""
    episode, file = alignment.episode, _key(PurePosixPath(alignment.audio.file).name)
    if episode.guid:
        yield [each for each in feed.items if _key(episode.guid) == _key(each.names.get("guid", ""))]
    if episode.url:
        addresses = ("link", "guid", "enclosure")
        yield [each for each in feed.items if _key(episode.url) in (_key(each.names.get(of, "")) for of in addresses)]
    if episode.title:
        title = _typed(episode.title)
        yield [each for each in feed.items if _typed(each.names.get("title", "")) == title]
    yield [each for each in feed.items if _key(name_in(each.names.get("enclosure", ""))) == file]


def _typed(title: str) -> str:
    """Return a title for comparison: in lower case, with straight apostrophes."""
    return _key(title).casefold().replace("’", "'")


def _key(text: str) -> str:
    """Return a text for comparison: in NFC, with single spaces."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def with_tags(feed: Feed, tags: Mapping[Item, Sequence[Tag]]) -> bytes:
    """Return the feed in UTF-8 with the given tags inserted into its items. In an item, new tags replace old tags of
    the same kind, except transcripts in another language."""
    from lxml import etree

    spaces = feed.root.nsmap
    known = next((each for each in spaces.values() if each in NAMESPACES), NAMESPACE)
    for item, own in tags.items():
        _put(item, own, known)
    kept = [prefix for prefix in spaces if prefix]
    top = {} if known in spaces.values() or "podcast" in spaces else {"podcast": NAMESPACE}
    etree.cleanup_namespaces(feed.root, top_nsmap=top, keep_ns_prefixes=kept)
    content: bytes = etree.tostring(feed.root.getroottree(), encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + content.rstrip(b"\n") + b"\n"


def _put(item: Item, tags: Sequence[Tag], namespace: str) -> None:
    """Replace the item's old tags with ``tags`` in the given namespace, one per line, indented like the first element.

    Text between elements (invalid in a feed) is unchanged.
    """
    from lxml import etree

    parent, old = item.element, replaced_elements(item, tags)
    indent = parent.text if _is_blank(parent.text) else None
    place = parent.index(old[0]) if old else len(parent)
    for each in old:
        _remove(each)
    if not tags:
        return
    above = _text_above(parent, place)
    following = above if _is_blank(above) else indent
    if _is_blank(above):
        _set_text_above(parent, place, indent)
    for number, tag in enumerate(tags):
        element = etree.Element(f"{{{namespace}}}{tag.name}", {k: writable(v) for k, v in tag.attributes.items()})
        element.text = None if tag.text is None else writable(tag.text)
        element.tail = indent if number + 1 < len(tags) else following
        parent.insert(place + number, element)


def _remove(element: etree._Element) -> None:
    """Remove an element and the white space beside it. Keep the text after the element, which lxml would remove too."""
    parent = element.getparent()
    if parent is None:
        return
    place, after = parent.index(element), element.tail
    above = _text_above(parent, place)
    parent.remove(element)
    if _is_blank(above) and _is_blank(after):
        _set_text_above(parent, place, after)
    elif not _is_blank(after):
        _set_text_above(parent, place, (above or "") + (after or ""))


def _text_above(parent: etree._Element, place: int) -> str | None:
    """Return the text just before the child element with the index ``place``."""
    above: str | None = parent[place - 1].tail if place else parent.text
    return above


def _set_text_above(parent: etree._Element, place: int, text: str | None) -> None:
    if place:
        parent[place - 1].tail = text
    else:
        parent.text = text


def _is_blank(text: str | None) -> bool:
    return not (text or "").strip(_BLANKS)


def replaced_elements(item: Item, tags: Sequence[Tag]) -> list[etree._Element]:
    """Return the elements of the item that ``with_tags`` would replace with ``tags``."""
    kinds = {tag.kind for tag in tags}
    languages = {None, *(_language(tag.attributes.get("language")) for tag in tags if tag.name == "transcript")}
    return [
        each
        for kind, each in _elements(item)
        if kind in kinds and (kind != "transcript" or _language(each.get("language")) in languages)
    ]


def left(item: Item, tags: Sequence[Tag]) -> Counter[str]:
    """Count by kind, one of ``KINDS``, the tags that ``with_tags`` would leave in the item."""
    gone = replaced_elements(item, tags)
    return Counter(kind for kind, each in _elements(item) if kind in KINDS and each not in gone)


def _elements(item: Item) -> Iterator[tuple[str, etree._Element]]:
    """Yield the item's child elements in the podcast namespace, each with its kind (``Tag.kind``)."""
    for each in item.element.iterchildren("*"):
        space, _, name = each.tag[1:].rpartition("}")
        if space in NAMESPACES:
            yield Tag(name, each.attrib).kind, each


def _language(tag: str | None) -> str | None:
    return tag.partition("-")[0].lower() if tag else None

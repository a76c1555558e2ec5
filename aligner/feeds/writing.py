"""An episode's tags in a podcast's feed: everything else in its file stays as it is, to the byte."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from aligner.errors import FeedError
from aligner.feeds.events import NAMESPACE, Element, Item
from aligner.feeds.reading import Feed, parse_feed, read_elements
from aligner.feeds.tags import KINDS, Tag, writable
from aligner.model import Alignment

_SPACE = " \t\r\n"
_NAMED = 8  # items in one message
_WIDEST = 200  # characters of a line end and what is blank after it; a megabyte, for each tag once more, is no layout


@dataclass(frozen=True, slots=True)
class _Edit:
    """Bytes, half-open, and what is put in their place."""

    start: int
    end: int
    content: bytes = b""


def find_item(feed: Feed, wanted: str | None, alignment: Alignment) -> Item:
    """Return the item whose GUID, title, link or enclosure is ``wanted``; without that the episode's, by its GUID, else
    its address, its title, or the name of its audio.

    Raises
    ------
    FeedError
        There is no such item, or more than one.
    """
    if wanted is not None:
        found = [item for item in feed.items if _key(wanted) in map(_key, item.told.values())]
    else:
        found = next(filter(None, _likely(feed, alignment)), [])
    what = wanted or alignment.episode.title or alignment.audio.file
    if not found:
        raise FeedError(
            "{path}: has no item {what}; name it by its GUID, title, link or enclosure", path=feed.path, what=what
        )
    if len(found) > 1:
        raise _several(feed, found, what)
    return found[0]


def _several(feed: Feed, found: Sequence[Item], what: str) -> FeedError:
    """That these items have one name, and what each has that no other of the feed has."""
    count = len(found)
    having = Counter(name for item in feed.items for name in {*map(_key, item.told.values())})
    alone = [[name for name in item.told.values() if name and having[_key(name)] == 1] for item in found]
    if not (named := [f'"{min(names, key=len)}"' for names in alone if names]):
        return FeedError(
            "{path}: has {count} items {what}, and nothing that tells them apart; give each a GUID of its own",
            path=feed.path, count=count, what=what,
        )  # fmt: skip
    ways = ", ".join([*named[:_NAMED], *(["…"] if named[_NAMED:] else [])])
    return FeedError(
        "{path}: has {count} items {what}; name one by what it alone has: {ways}",
        path=feed.path, count=count, what=what, ways=ways,
    )  # fmt: skip


def _likely(feed: Feed, alignment: Alignment) -> Iterator[list[Item]]:
    """The items that may be the episode's, by what is surest first."""
    episode, file = alignment.episode, _key(PurePosixPath(alignment.audio.file).name)
    if episode.guid:
        yield [each for each in feed.items if _key(episode.guid) == _key(each.told.get("guid", ""))]
    if episode.url:
        addresses = ("link", "guid", "enclosure")
        yield [each for each in feed.items if _key(episode.url) in (_key(each.told.get(of, "")) for of in addresses)]
    if episode.title:
        title = _typed(episode.title)
        yield [each for each in feed.items if _typed(each.told.get("title", "")) == title]
    yield [each for each in feed.items if _key(_file_name(each.told.get("enclosure", ""))) == file]


def _file_name(address: str) -> str:
    try:
        return PurePosixPath(unquote(urlsplit(address).path)).name
    except ValueError:  # it is none
        return ""


def _typed(title: str) -> str:
    """A title without its case, and with the apostrophes that people type."""
    return _key(title).casefold().replace("’", "'")


def _key(text: str) -> str:
    """What two writings of a name have in common."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def with_tags(feed: Feed, tags: Mapping[Item, Sequence[Tag]]) -> bytes:
    """Return the feed with these tags in its items, whose elements it reads.

    The tags take the place of those that an item has of their kinds, but a transcript in another language stays; what
    the item has of a kind that is not among them stays too.

    Raises
    ------
    FeedError
        An item has more elements than items have, or the feed would be another one, which its encoding can lead to.
    """
    numbers = {item: number for number, item in enumerate(feed.items) if item in tags}
    read_elements(feed, numbers.values())
    prefix, edits = _free(feed.prefixes), list[_Edit]()
    if not all(item.prefix for item in tags):
        edits.append(_Edit(feed.root, feed.root, _encoded(feed, f' xmlns:{prefix}="{NAMESPACE}"')))
    for item, own in tags.items():
        edits += _edits(feed, item, own, item.prefix or prefix)
    made = _edited(feed.content, edits)
    _check(feed, tags, numbers, made)
    return made


def _edits(feed: Feed, item: Item, tags: Sequence[Tag], prefix: str) -> Iterator[_Edit]:
    written = [_encoded(feed, tag.written(prefix)) for tag in tags]
    if old := replaced(item, tags):
        yield _Edit(old[0].start, old[0].end, _line_space(feed, old[0].start).join(written))
        yield from (_Edit(_line_start(feed, each.start), each.end) for each in old[1:])
    else:
        space, at = _line_space(feed, item.first), _space_start(feed, item.close)
        yield _Edit(at, at, b"".join(space + each for each in written))


def replaced(item: Item, tags: Sequence[Tag]) -> list[Element]:
    """Which of the item's elements the tags take the place of."""
    kinds = {tag.name for tag in tags}
    languages = {_language(tag.attributes.get("language")) for tag in tags if tag.name == "transcript"}
    return [
        each
        for each in item.elements
        if each.name in kinds
        and not (each.name == "transcript" and _language(each.attributes.get("language")) not in {*languages, None})
    ]


def left(item: Item, tags: Sequence[Tag]) -> Counter[str]:
    """How many the item has, and keeps, of each kind that an episode's tags can be."""
    gone = set(replaced(item, tags))
    return Counter(each.name for each in item.elements if each.name in KINDS and each not in gone)


def _language(tag: str | None) -> str | None:
    return tag.partition("-")[0].lower() if tag else None


def _free(taken: frozenset[str]) -> str:
    return next(name for number in count(1) if (name := f"podcast{number if number > 1 else ''}") not in taken)


def _encoded(feed: Feed, text: str) -> bytes:
    return text.encode(feed.encoding, "xmlcharrefreplace")


def _space_start(feed: Feed, at: int) -> int:
    """Where the blank space begins that stands before the tag that begins ``at``; there, if there is none."""
    size = _WIDEST * feed.unit
    while before := _markup(feed, max(0, at - size), at):
        blank = len(before) - len(before.rstrip(_SPACE))
        at -= blank * feed.unit
        if blank < len(before):
            break
        size *= 2  # few feeds have much of it, and some have nothing else
    return at


def _line_space(feed: Feed, at: int) -> bytes:
    """That line end and what is blank after it, for other lines to begin so: no more than anybody indents by."""
    return feed.content[_line_start(feed, at) : at][: _WIDEST * feed.unit]


def _line_start(feed: Feed, at: int) -> int:
    """Of that space, where its last line begins, the line end before it included."""
    start = _space_start(feed, at)
    space = _markup(feed, start, at)
    end = max(0, space.rfind("\n"))
    return start + feed.unit * (end - space.endswith("\r", 0, end))


def _markup(feed: Feed, start: int, end: int) -> str:
    """Those bytes as far as they are characters of markup, each of one unit."""
    return feed.content[start:end].decode(feed.encoding if feed.unit > 1 else "latin-1", "replace")


def _edited(content: bytes, edits: Sequence[_Edit]) -> bytes:
    parts, at = [], 0
    for edit in sorted(edits, key=lambda each: each.start):
        parts += [content[at : edit.start], edit.content]
        at = edit.end
    return b"".join([*parts, content[at:]])


def _check(feed: Feed, tags: Mapping[Item, Sequence[Tag]], numbers: Mapping[Item, int], made: bytes) -> None:
    """Make sure that the new feed is the old one but for the tags, and has these."""
    after = parse_feed(made, feed.path)
    before, now = ([each.told for each in one.items] for one in (feed, after))
    if before == now:
        read_elements(after, numbers.values())
    if before != now or any(_lacks(after.items[number], item, tags[item]) for item, number in numbers.items()):
        raise FeedError("{path}: the tags cannot be written in its encoding; save it as UTF-8", path=feed.path)


def _lacks(made: Item, item: Item, tags: Sequence[Tag]) -> bool:
    gone = set(replaced(item, tags))
    wanted = [_facts(tag.name, tag.attributes, tag.text or "") for tag in tags]
    wanted += [_facts(each.name, each.attributes, each.text) for each in item.elements if each not in gone]
    return sorted(wanted) != sorted(_facts(each.name, each.attributes, each.text) for each in made.elements)


def _facts(name: str, attributes: Mapping[str, str], text: str) -> tuple[str, list[tuple[str, str]], str]:
    return name, sorted((key, writable(value)) for key, value in attributes.items()), writable(text)

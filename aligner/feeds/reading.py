"""Where the items of a podcast's feed stand in its file, to the byte.

Read by expat, which says of all that it finds where that begins in the bytes as they are, whatever their encoding.
"""

from __future__ import annotations

import codecs
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from aligner.errors import FeedError
from aligner.feeds.events import ITEM, Item, Reader
from media.safe_fs import read_regular

LARGEST_BYTES = 50_000_000  # two hundred thousand words of descriptions are 2 MB

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's bytes and what stands where. A character of its markup takes ``unit`` bytes; ``encoding`` writes more.

    ``root`` is the byte after the name of its first element, where a namespace can be declared; ``prefixes`` are those
    that stand for another one somewhere.
    """

    path: Path
    content: bytes
    encoding: str
    unit: int
    root: int
    prefixes: frozenset[str]
    items: tuple[Item, ...]


def read_feed(path: Path) -> Feed:
    """The feed in a file.

    Raises
    ------
    FeedError
        It cannot be read, is larger than ``LARGEST_BYTES``, no XML, no RSS, nested beyond what a feed is, has more
        items, elements or names than one has, or a declaration of a document type.
    """
    try:
        content = read_regular(path, LARGEST_BYTES)
    except OSError as error:
        raise FeedError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error
    return parse_feed(content, path)


def parse_feed(content: bytes, path: Path) -> Feed:
    """The feed that ``content`` is; as ``read_feed``, which read it at ``path``."""
    reader = Reader(path)
    try:
        reader.read(content)
    except expat.ExpatError as error:
        raise FeedError(
            "{path}: is no XML, by line {line} ({detail}); expected a podcast's feed",
            path=path, line=error.lineno, detail=expat.ErrorString(error.code),
        ) from error  # fmt: skip
    except (ValueError, LookupError) as error:  # an encoding that expat does not know, nor Python as it needs it
        raise FeedError("{path}: its encoding cannot be read; expected UTF-8, UTF-16 or Latin-1", path=path) from error
    if not reader.is_feed:
        raise FeedError("{path}: is no podcast's feed; expected RSS, with a channel in it", path=path)
    encoding = _encoding(content, reader.declared)
    unit = 2 if encoding.startswith("utf-16") else 1
    root = reader.root + len(f"<{ITEM[0]}") * unit
    return Feed(path, content, encoding, unit, root, frozenset(reader.prefixes), tuple(reader.items))


def read_elements(feed: Feed, numbers: Collection[int]) -> None:
    """Read the ``elements`` of the feed's items that have these numbers.

    Raises
    ------
    FeedError
        One has more than items have.
    """
    reader = Reader(feed.path, numbers)
    reader.read(feed.content)
    for number in numbers:
        feed.items[number].elements = reader.items[number].elements


def _encoding(content: bytes, declared: str | None) -> str:
    """What text is written in; where mark and declaration contradict each other, what every encoding has in common."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            is_other = declared and encoding == "utf-8" and codecs.lookup(declared).name != "utf-8"
            return "ascii" if is_other else encoding
    if b"\0" in content[:2]:
        return "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    return declared or "utf-8"

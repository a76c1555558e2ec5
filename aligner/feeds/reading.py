"""Where the items of a podcast's feed stand in its file, to the byte.

Read by expat, which says of all that it finds where that begins in the bytes as they are, whatever their encoding. A
declaration of a document type is refused: with it come entities, which may stand for more than any memory holds.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from aligner.errors import FeedError
from media.confinement import read_regular

NAMESPACE = "https://podcastindex.org/namespace/1.0"
_EARLIER = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"  # feeds of before 2021 have it
_NAMESPACES = (NAMESPACE, _EARLIER)

LARGEST_BYTES = 50_000_000  # two hundred thousand words of descriptions are 2 MB
_DEEPEST = 50  # elements within one another; feeds have six
_LONGEST = 100_000  # characters of a title or the like; what is longer is read so far

_ITEM = ("rss", "channel", "item")
_TOLD = ("guid", "title", "link")
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


@dataclass(eq=False)
class Element:
    """An element of the podcast namespace that stands right in an item; ``start`` and ``end`` are bytes, half-open. It
    equals no other, as an item does."""

    name: str
    attributes: Mapping[str, str]
    start: int
    end: int = 0
    text: str = ""


@dataclass(eq=False)
class Item:
    """An item: its ``guid``, ``title``, ``link`` and the address of its ``enclosure``, stripped, as far as it has them.

    ``first`` is the byte at which its first child begins, ``close`` that of its end tag; ``prefix`` is what the podcast
    namespace is called there, None where it has no name.
    """

    prefix: str | None
    told: dict[str, str] = field(default_factory=dict)
    elements: list[Element] = field(default_factory=list)
    first: int = 0
    close: int = 0


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
        It cannot be read, is larger than ``LARGEST_BYTES``, no XML, no RSS, nested beyond what a feed is, or has a
        declaration of a document type.
    """
    try:
        content = read_regular(path, LARGEST_BYTES)
    except OSError as error:
        raise FeedError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error
    return parse_feed(content, path)


def parse_feed(content: bytes, path: Path) -> Feed:
    """The feed that ``content`` is; as ``read_feed``, which read it at ``path``."""
    reader = _Reader(path)
    try:
        reader.parser.Parse(content, True)
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
    root = reader.root + len(f"<{_ITEM[0]}") * unit
    return Feed(path, content, encoding, unit, root, frozenset(reader.prefixes), tuple(reader.items))


def _encoding(content: bytes, declared: str | None) -> str:
    """What text is written in; where mark and declaration contradict each other, what every encoding has in common."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            is_other = declared and encoding == "utf-8" and codecs.lookup(declared).name != "utf-8"
            return "ascii" if is_other else encoding
    if b"\0" in content[:2]:
        return "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
    return declared or "utf-8"


class _Reader:
    """What expat tells, in its order. Where an element ends is known from what comes next, whatever that is."""

    def __init__(self, path: Path) -> None:
        self.items: list[Item] = []
        self.prefixes: set[str] = set()
        self.declared: str | None = None
        self.root, self.is_feed = 0, False
        self._path = path
        self._names: list[str] = []
        self._spaces: dict[str, list[str | None]] = {}  # by prefix, those declared around here, the innermost last
        self._own: dict[str, None] = {}  # the prefixes that stand for the podcast namespace here
        self._item: Item | None = None
        self._text: list[str] | None = None  # of the item's child in which the reader is
        self._length = 0  # of that, in characters
        self._open: Element | None = None
        self._ended: Element | None = None
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._refuse_types
        parser.StartNamespaceDeclHandler = self._space
        parser.EndNamespaceDeclHandler = self._space_end
        parser.StartElementHandler = self._noticing(self._start)
        parser.EndElementHandler = self._noticing(self._end)
        for other in ("CommentHandler", "ProcessingInstructionHandler", "StartCdataSectionHandler"):
            setattr(parser, other, self._noticing(lambda *_: None))
        self._reading = self._noticing(self._characters)

    def _noticing(self, handle: Callable[..., None]) -> Callable[..., None]:
        def handler(*told: Any) -> None:
            if self._ended:
                self._ended.end, self._ended = self.parser.CurrentByteIndex, None
                self.parser.CharacterDataHandler = None
            handle(*told)

        return handler

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.declared = encoding

    def _refuse_types(self, *_: object) -> None:
        raise FeedError("{path}: declares a document type, which no feed needs; take that out", path=self._path)

    def _space(self, prefix: str | None, uri: str | None) -> None:
        if prefix:
            self._spaces.setdefault(prefix, []).append(uri)
            self._note(prefix)
            if uri not in _NAMESPACES:
                self.prefixes.add(prefix)

    def _space_end(self, prefix: str | None) -> None:
        if prefix:
            self._spaces[prefix].pop()
            self._note(prefix)

    def _note(self, prefix: str) -> None:
        """Whether that prefix is one of the podcast namespace; a feed may declare thousands, and have as many items."""
        declared = self._spaces[prefix]
        if declared and declared[-1] in _NAMESPACES:
            self._own[prefix] = None
        else:
            self._own.pop(prefix, None)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        self._names.append(name)
        if len(self._names) > _DEEPEST:
            raise FeedError("{path}: is nested deeper than feeds are", path=self._path)
        path = tuple(self._names)
        if len(path) == 1:
            self.root = at
        self.is_feed = self.is_feed or path == _ITEM[:2]
        if path == _ITEM:
            self._item = Item(next(reversed(self._own), None))
            self.items.append(self._item)
        elif self._item and path[:-1] == _ITEM:
            self._text, self._length = [], 0
            self._item.first = self._item.first or at
            if name == "enclosure":
                self._item.told[name] = attributes.get("url", "").strip()
            space, _, rest = name.partition(" ")
            if space in _NAMESPACES:
                self._open = Element(rest.partition(" ")[0], attributes, at)
                self._item.elements.append(self._open)
            # To be told of every line of all descriptions would take most of the time.
            self.parser.CharacterDataHandler = self._reading if self._open or name in _TOLD else None

    def _end(self, name: str) -> None:
        path = tuple(self._names)
        self._names.pop()
        if path == _ITEM and self._item:
            self._item.close, self._item = self.parser.CurrentByteIndex, None
        elif self._item and path[:-1] == _ITEM:
            text, self._text = "".join(self._text or ()), None
            self.parser.CharacterDataHandler = self._reading if self._open else None
            if name in _TOLD:
                self._item.told[name] = text.strip()
            if self._open:
                self._open.text = text
                self._ended, self._open = self._open, None

    def _characters(self, text: str) -> None:
        if self._text is not None and len(self._names) == len(_ITEM) + 1:
            self._text.append(text)
            self._length += len(text)
            if self._length > _LONGEST:
                self.parser.CharacterDataHandler = None

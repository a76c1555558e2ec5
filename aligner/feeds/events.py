"""What expat tells of a podcast's feed, in its order, as far as there is no more of anything than a feed has.

A declaration of a document type is refused: with it come entities, which may stand for more than any memory holds.
What items have of the podcast namespace is kept only of those that are asked for: of all, it would take hundreds of
megabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

from aligner.errors import FeedError

NAMESPACE = "https://podcastindex.org/namespace/1.0"
_EARLIER = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"  # feeds of before 2021 have it
NAMESPACES = (NAMESPACE, _EARLIER)

_DEEPEST = 50  # elements within one another; feeds have six
_MOST_ITEMS = 100_000  # the largest archives of broadcasters have some twenty thousand
_MOST_ELEMENTS = 3_000_000  # thirty in each of so many items
_MOST_IN_ITEM = 10_000  # elements of the podcast namespace, and attributes of theirs; items have a hundred at most
_MOST_NAMES = 10_000  # of elements, attributes and namespaces; feeds have a hundred
_LONGEST = 100_000  # characters of a title or the like; what is longer is read so far
_LONGEST_TAG = 1_000_000  # bytes, of a comment too; expat holds the whole of one, and all of its attributes at once

ITEM = ("rss", "channel", "item")
_TOLD = ("guid", "title", "link")


@dataclass(eq=False, slots=True)
class Element:
    """An element of the podcast namespace that stands right in an item; ``start`` and ``end`` are bytes, half-open. It
    equals no other, as an item does."""

    name: str
    attributes: Mapping[str, str]
    start: int
    end: int = 0
    text: str = ""


@dataclass(eq=False, slots=True)
class Item:
    """An item: its ``guid``, ``title``, ``link`` and the address of its ``enclosure``, stripped, as far as it has them.

    ``first`` is the byte at which its first child begins, ``close`` that of its end tag; ``prefix`` is what the podcast
    namespace is called there, None where it has no name. ``elements`` are what stands right in it of that, once
    ``read_elements`` has read them.
    """

    prefix: str | None
    told: dict[str, str] = field(default_factory=dict)
    elements: list[Element] = field(default_factory=list)
    first: int = 0
    close: int = 0


class Reader:
    """What expat tells, in its order. Where an element ends is known from what comes next, whatever that is.

    ``path`` is where it is, a file or an address. Only the items with the given ``numbers``, from 0, get their
    ``elements``; what comes after the last of these is not read.
    """

    def __init__(self, path: Path | str, numbers: Collection[int] = ()) -> None:
        self.items: list[Item] = []
        self.prefixes: set[str] = set()
        self.declared: str | None = None
        self.root, self.is_feed = 0, False
        self._path, self._numbers = path, frozenset(numbers)
        self._last = max(numbers, default=None)
        self._begun = self._in_item = 0  # elements, and those kept of the current item, with their attributes
        self._names: list[str] = []
        self._known: dict[str, str] = {}  # all names that there were
        self._spaces: dict[str, list[str | None]] = {}  # by prefix, those declared around here, the innermost last
        self._own: dict[str, None] = {}  # the prefixes that stand for the podcast namespace here
        self._item: Item | None = None
        self._text: list[str] | None = None  # of the item's child in which the reader is
        self._length = 0  # of that, in characters
        self._open: Element | None = None
        self._ended: Element | None = None
        self.parser = parser = expat.ParserCreate(namespace_separator=" ", intern=self._known)
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

    def read(self, content: bytes) -> None:
        """Have expat tell of it, bit by bit, for it to hold no tag that no feed has.

        Raises
        ------
        FeedError
            It is none of a feed, or more than one has.
        expat.ExpatError, ValueError, LookupError
            As ``Parse``.
        """
        ends = [*range(_LONGEST_TAG, len(content), _LONGEST_TAG), len(content)]
        for start, end in zip([0, *ends], ends, strict=False):
            self.parser.Parse(content[start:end], end == len(content))
            if end - self.parser.CurrentByteIndex > _LONGEST_TAG:
                raise FeedError(
                    "{path}: a tag of more than {most} MB; a podcast's feed was expected",
                    path=self._path, most=_LONGEST_TAG // 1_000_000,
                )  # fmt: skip
            if self._last is not None and len(self.items) > self._last + 1:
                break

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
            if uri not in NAMESPACES:
                self.prefixes.add(prefix)

    def _space_end(self, prefix: str | None) -> None:
        if prefix:
            self._spaces[prefix].pop()
            self._note(prefix)

    def _note(self, prefix: str) -> None:
        """Whether that prefix is one of the podcast namespace; a feed may declare thousands, and have as many items."""
        declared = self._spaces[prefix]
        if declared and declared[-1] in NAMESPACES:
            self._own[prefix] = None
        else:
            self._own.pop(prefix, None)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        self._names.append(name)
        self._begun += 1
        path = tuple(self._names)
        if len(path) == 1:
            self.root = at
        self.is_feed = self.is_feed or path == ITEM[:2]
        if path == ITEM:
            self._item = Item(next(reversed(self._own), None))
            self.items.append(self._item)
            self._in_item = 0
        elif self._item and path[:-1] == ITEM:
            self._text, self._length = [], 0
            self._item.first = self._item.first or at
            if name == "enclosure":
                self._item.told[name] = attributes.get("url", "").strip()
            space, _, rest = name.partition(" ")
            if space in NAMESPACES and len(self.items) - 1 in self._numbers:
                self._open = Element(rest.partition(" ")[0], attributes, at)
                self._take(self._item, self._open)
            # To be told of every line of all descriptions would take most of the time.
            self.parser.CharacterDataHandler = self._reading if self._open or name in _TOLD else None
        self._check_bounds()

    def _check_bounds(self) -> None:
        """That there is no more of anything than a feed has."""
        if len(self._names) > _DEEPEST:
            raise FeedError("{path}: is nested deeper than feeds are", path=self._path)
        if len(self.items) > _MOST_ITEMS:
            raise FeedError(
                "{path}: more than {most} items; a podcast's feed was expected", path=self._path, most=_MOST_ITEMS
            )
        if self._begun > _MOST_ELEMENTS:
            raise FeedError(
                "{path}: more than {most} elements; a podcast's feed was expected", path=self._path, most=_MOST_ELEMENTS
            )
        if len(self._known) > _MOST_NAMES:
            raise FeedError(
                "{path}: more than {most} names of elements and attributes; a podcast's feed was expected",
                path=self._path, most=_MOST_NAMES,
            )  # fmt: skip

    def _take(self, item: Item, element: Element) -> None:
        item.elements.append(element)
        self._in_item += 1 + len(element.attributes)
        if self._in_item > _MOST_IN_ITEM:
            raise FeedError(
                "{path}: more than {most} tags and attributes in one item; a podcast's feed was expected",
                path=self._path, most=_MOST_IN_ITEM,
            )  # fmt: skip

    def _end(self, name: str) -> None:
        path = tuple(self._names)
        self._names.pop()
        if path == ITEM and self._item:
            self._item.close, self._item = self.parser.CurrentByteIndex, None
        elif self._item and path[:-1] == ITEM:
            text, self._text = "".join(self._text or ()), None
            self.parser.CharacterDataHandler = self._reading if self._open else None
            if name in _TOLD:
                self._item.told[name] = text.strip()
            if self._open:
                self._open.text = text
                self._ended, self._open = self._open, None

    def _characters(self, text: str) -> None:
        if self._text is not None and len(self._names) == len(ITEM) + 1:
            self._text.append(text)
            self._length += len(text)
            if self._length > _LONGEST:
                self.parser.CharacterDataHandler = None

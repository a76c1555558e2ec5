"""A reading system for EPUB 3.3 with media overlays: it opens a book, walks the spine and plays.

Written from the standards, without our writer.
"""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag

from lxml import etree

_NS = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "smil": "http://www.w3.org/ns/SMIL",
    "epub": "http://www.idpf.org/2007/ops",
}
_CLOCK = re.compile(r"(\d+):([0-5]\d):([0-5]\d)\.(\d{3})")


@dataclass(frozen=True)
class Lit:
    """The text that is highlighted while a clip plays; times in milliseconds."""

    text: str
    begin: int
    end: int


@dataclass(frozen=True)
class Document:
    """A document of the spine: its root, and what its overlay plays."""

    name: str
    root: Any
    lit: tuple[Lit, ...]

    @property
    def is_chapter(self) -> bool:
        return bool(self.root.xpath("//h:section[@epub:type='chapter']", namespaces=_NS))

    @property
    def text(self) -> str:
        """All text that it shows, except the speakers."""
        return "".join(self.root.xpath("//h:body//text()[not(ancestor::*[@class='speaker'])]", namespaces=_NS))

    @property
    def speakers(self) -> list[str]:
        return [_text(each) for each in self.root.xpath("//*[@class='speaker']")]

    def of_class(self, name: str) -> list[str]:
        return [_text(each) for each in self.root.xpath(f"//*[@class='{name}']")]


class Book:
    """A book; opening it asserts that its links resolve and its overlays are valid."""

    def __init__(self, content: bytes) -> None:
        assert content[30:58] == b"mimetypeapplication/epub+zip"  # EPUB OCF 3.3, 4.3
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        assert self._zip.testzip() is None
        assert self._zip.infolist()[0].compress_type == zipfile.ZIP_STORED
        container = self._xml("META-INF/container.xml")
        [path] = container.xpath("//c:rootfile/@full-path", namespaces=_NS)
        self._folder, self.package = posixpath.dirname(path), self._xml(path)
        items = self.package.xpath("//opf:manifest/opf:item", namespaces=_NS)
        self.items = {item.get("id"): item for item in items}
        assert len(self.items) == len(items)
        named = {self._beside(path, item.get("href")) for item in items}
        assert named == {*self._zip.namelist()} - {"mimetype", "META-INF/container.xml", path}
        self._roots = {
            name: self._xml(name)
            for name in (self._beside(path, item.get("href")) for item in items)
            if name.endswith((".xhtml", ".smil"))
        }
        self.spine = [
            self._document(self.items[each], path)
            for each in self.package.xpath("//opf:spine/opf:itemref/@idref", namespaces=_NS)
        ]
        [self.nav] = [item for item in items if item.get("properties") == "nav"]
        self._check_links()

    @property
    def chapters(self) -> list[Document]:
        return [each for each in self.spine if each.is_chapter]

    @property
    def contents(self) -> list[tuple[str, str]]:
        """The table of contents: the label of each entry, and the text that it links to."""
        root = self._roots[f"{self._folder}/{self.nav.get('href')}"]
        links = root.xpath("//h:nav[@epub:type='toc']//h:a", namespaces=_NS)
        return [(_text(link), _text(self._target(self.nav.get("href"), link.get("href")))) for link in links]

    def read(self, name: str) -> bytes:
        return self._zip.read(f"{self._folder}/{name}")

    def meta(self, name: str) -> list[str]:
        """Return the values of a property of the book."""
        found = self.package.xpath(f"//opf:meta[@property='{name}'][not(@refines)]", namespaces=_NS)
        return [each.text for each in found]

    def dublin_core(self, name: str) -> list[str]:
        return [each.text for each in self.package.xpath(f"//dc:{name}", namespaces=_NS)]

    def _document(self, item: Any, path: str) -> Document:
        name = self._beside(path, item.get("href"))
        overlay = item.get("media-overlay")
        if overlay is None:
            return Document(name, self._roots[name], ())
        [stated] = self.package.xpath(f"//opf:meta[@refines='#{overlay}']", namespaces=_NS)
        smil = self._beside(path, self.items[overlay].get("href"))
        played = []
        order = [each.get("id") for each in self._roots[name].iter() if each.get("id")]
        at = -1
        for par in self._roots[smil].iter(f"{{{_NS['smil']}}}par"):
            text, audio = par
            target, fragment = urldefrag(text.get("src"))
            assert self._beside(smil, target) == name
            assert order.index(fragment) > at  # in the order of the page
            at = order.index(fragment)
            self._check_audio(self._beside(smil, audio.get("src")))
            [element] = self._roots[name].xpath(f"//*[@id='{fragment}']")
            played.append(
                Lit(_text(element), _milliseconds(audio.get("clipBegin")), _milliseconds(audio.get("clipEnd")))
            )
        assert played
        assert _milliseconds(stated.text) == sum(each.end - each.begin for each in played)
        return Document(name, self._roots[name], tuple(played))

    def _check_audio(self, name: str) -> None:
        [item] = [each for each in self.items.values() if f"{self._folder}/{each.get('href')}" == name]
        assert item.get("media-type") in ("audio/mpeg", "audio/mp4", "audio/ogg; codecs=opus")
        assert self._zip.getinfo(name).compress_type == zipfile.ZIP_STORED

    def _check_links(self) -> None:
        for name, root in self._roots.items():
            ids = root.xpath("//@id")
            assert len(ids) == len({*ids})
            for link in root.xpath("//h:*/@href | //h:*/@src", namespaces=_NS):
                if not link.startswith(("http:", "https:")):
                    assert self._target(name, link, self._beside(name, "")) is not None

    def _target(self, source: str, link: str, folder: str | None = None) -> Any:
        target, fragment = urldefrag(link)
        name = posixpath.normpath(posixpath.join(self._folder if folder is None else folder, target))
        assert name in self._zip.namelist()
        if not fragment:
            return self._roots[name].find("h:body", _NS) if name in self._roots else name
        [found] = self._roots[name].xpath(f"//*[@id='{fragment}']")
        return found

    def _beside(self, name: str, link: str) -> str:
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), link))

    def _xml(self, name: str) -> Any:
        return etree.fromstring(self._zip.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _milliseconds(clock: str) -> int:
    found = _CLOCK.fullmatch(clock)
    assert found
    hours, minutes, seconds, rest = map(int, found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest

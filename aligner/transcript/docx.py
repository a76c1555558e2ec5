"""Word documents: the files of the archive, paragraphs and table cells in order, headings, footnote marks.

That is told by relationships (ECMA-376, part 2), by which programs may call them what they like. No other file is
read, such as pictures, however many there are.

They are walked through once: tracked insertions and content controls are text too.
"""

from __future__ import annotations

import io
import itertools
import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aligner.errors import TranscriptError
from aligner.model import Kind
from aligner.transcript.draft import Draft, DraftWriter, Run
from aligner.transcript.names import shortened

MAX_XML_BYTES = 40_000_000  # of each file that is read
MAX_MEMBERS = 5_000

_ROOT = ""  # whose relationships are those of the archive
# The last parts of relationships' types, which begin otherwise in strict documents; and what files are called mostly.
_DOCUMENT = ("officeDocument", "word/document.xml")
_STYLES = ("styles", "word/styles.xml")
_PROPERTIES = ("core-properties", "docProps/core.xml")


@dataclass(frozen=True, slots=True)
class WordPackage:
    """The roots of a document, of its styles and of its properties; None for one that is not there."""

    document: Any
    styles: Any
    properties: Any


def open_package(data: bytes, file: str) -> WordPackage:
    """What is read of a Word document.

    Raises
    ------
    TranscriptError
        It is broken, none, locked by a password, or holds more than a transcript can.
    """
    from lxml.etree import LxmlError

    # What zipfile lets through of archives that lie about themselves.
    unreadable = (
        zipfile.BadZipFile,
        zlib.error,
        LxmlError,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
        OverflowError,
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Archive(archive, file).package()
    except unreadable as error:
        raise broken(file) from error


def broken(file: str) -> TranscriptError:
    return TranscriptError("{path}: a broken Word document; open it and save it anew as .docx or .txt", path=file)


class _Archive:
    """The archive's files by their names, in which case and the direction of slashes tell nothing apart."""

    def __init__(self, archive: zipfile.ZipFile, file: str) -> None:
        self._archive, self._file = archive, file
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise self._too_large(sum(member.file_size for member in members))
        if any(member.flag_bits & 0x1 for member in members):
            raise TranscriptError("{path}: protected by a password; save it without one", path=file)
        self._members = {_plain(member.filename): member for member in members}

    def package(self) -> WordPackage:
        name = self._related(_ROOT, *_DOCUMENT)
        document = self._root(name)
        if document is None or not (name == _DOCUMENT[1] or document.tag.endswith("}document")):
            raise TranscriptError(
                "{path}: not a Word document (no word/document.xml in it); .docx was expected", path=self._file
            )
        styles, properties = self._related(name, *_STYLES), self._related(_ROOT, *_PROPERTIES)
        return WordPackage(document, self._root(styles), self._root(properties))

    def _related(self, name: str, kind: str, otherwise: str) -> str:
        """The file that stands in a relation of that kind to another, or to the archive; ``otherwise`` if none is
        named."""
        folder, base = posixpath.split(name)
        relations = self._root(posixpath.join(folder, "_rels", f"{base}.rels"))
        for each in relations.iterchildren("{*}Relationship") if relations is not None else ():
            if each.get("Type", "").rpartition("/")[2] == kind and each.get("TargetMode") != "External":
                target = posixpath.join("/", folder, each.get("Target", "").replace("\\", "/"))
                return posixpath.normpath(target).lstrip("/")
        return otherwise

    def _root(self, name: str) -> Any:
        """The root of one of the files, None if there is none; a document type, which Word never writes, is none.

        libxml2's own limits hold: elements 256 deep, and no more text from entities than there is.
        """
        from lxml import etree

        member = self._members.get(_plain(name))
        if member is None:
            return None
        if member.file_size > MAX_XML_BYTES:  # zipfile itself reads no more than that says
            raise self._too_large(member.file_size)
        # Others take as much memory as the archive asks for.
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise broken(self._file)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(self._archive.read(member), parser)
        if root.getroottree().docinfo.doctype:
            raise ValueError("a document type")
        return root

    def _too_large(self, size_bytes: int) -> TranscriptError:
        return TranscriptError(
            "{path}: unpacks to {size:.0f} MB; a transcript was expected", path=self._file, size=size_bytes / 1e6
        )


def _plain(name: str) -> str:
    """A name by which a file is known, whatever wrote the archive."""
    return name.replace("\\", "/").lstrip("/").casefold()


MAX_PIECES = 500_000  # paragraphs and runs; Word may make a run of every word, and a day of talk has 220,000
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DC = "{http://purl.org/dc/elements/1.1/}"

_TITLE = "title"
_HEADINGS = ("heading", _TITLE, "subtitle", "toc heading")  # what the names of their styles begin with


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of elements begin with: those of texts, and those of formulas."""

    w: str
    m: str


TRANSITIONAL = Names(
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}",
)
STRICT = Names(  # of what Word saves as "Strict Open XML Document"
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}", "{http://purl.oclc.org/ooxml/officeDocument/math}"
)


def read_docx(data: bytes, file: str) -> Draft:
    """The draft of a Word document.

    Raises
    ------
    TranscriptError
        The document is broken, or holds more than a transcript can.
    """
    package = open_package(data, file)
    names = STRICT if package.document.tag.startswith(STRICT.w) else TRANSITIONAL
    body = package.document.find(f"{names.w}body")
    if body is None:
        raise broken(file)
    named = _style_names(package.styles, names.w)
    writer = DraftWriter()
    titles: list[str] = []
    numbers = itertools.count(1)
    for paragraph in _paragraphs(body, names, file):
        # Footnotes are numbered in order, as Word shows them.
        runs = [run if run is not None else Run(f"[{next(numbers)}]") for run in paragraph.runs]
        name = named.get(paragraph.style or "", "")
        writer.add(runs, Kind.HEADING if name.startswith(_HEADINGS) else None)
        if name == _TITLE:
            titles.append(" ".join("".join(run.text for run in paragraph.runs if run is not None).split()))
    draft = writer.draft(_text(package.properties, f"{DC}title"), _text(package.properties, f"{DC}language"))
    return replace(draft, headline=_headline(titles))


def _headline(titles: Iterable[str]) -> str | None:
    """The title of the whole text, where one paragraph is called that; where several are, they are of its parts."""
    told = [title for title in titles if title]
    return shortened(told[0]) or None if len(told) == 1 else None


def _text(properties: Any, name: str) -> str | None:
    found = properties.find(name) if properties is not None else None
    return " ".join((found.text or "").split()) or None if found is not None else None


def _style_names(styles: Any, w: str) -> Mapping[str, str]:
    """The names of styles by their identifiers; those of Word's own are English in every language of it."""
    return {
        str(style.get(f"{w}styleId")): str(name.get(f"{w}val")).casefold()
        for style in (styles.iterchildren(f"{w}style") if styles is not None else ())
        if (name := style.find(f"{w}name")) is not None
    }


@dataclass(slots=True)
class _Paragraph:
    """A paragraph's style, and its runs with None for the mark of a footnote."""

    style: str | None
    runs: list[Run | None] = field(default_factory=list)


def _paragraphs(body: Any, names: Names, file: str) -> list[_Paragraph]:
    """The paragraphs in the order in which they start; one in a text box has its runs for itself."""
    from lxml.etree import iterwalk

    w, m = names.w, names.m
    found: list[_Paragraph] = []
    within: list[_Paragraph] = []
    told: set[Any] = set()  # what has a choice with text in it
    pieces, texts, texts_before = 0, 0, list[int]()
    tags = [f"{w}p", f"{w}r", f"{m}r", f"{w}t", f"{w}moveFrom", f"{MC}Choice", f"{MC}Fallback"]
    walk = iterwalk(body, events=("start", "end"), tag=tags)
    for event, element in walk:
        match event, element.tag.rpartition("}")[2]:
            case "start", "p":
                style = element.find(f"{w}pPr/{w}pStyle")
                found.append(_Paragraph(style.get(f"{w}val") if style is not None else None))
                within.append(found[-1])
                pieces += 1
            case "end", "p":
                within.pop()
            case "start", "r" if within:
                runs = list(itertools.islice(_runs(element, names), MAX_PIECES))
                within[-1].runs += runs
                pieces += 1 + len(runs)
            case "start", "t":
                texts += 1
            case "start", "Choice":
                texts_before.append(texts)
            case "end", "Choice":
                if texts > texts_before.pop():
                    told.add(element.getparent())
            # Written twice: a tracked move leaves what it moved, old readers get a copy of each text box.
            case "start", "moveFrom":
                walk.skip_subtree()
            case "start", "Fallback" if element.getparent() in told:
                walk.skip_subtree()
        if pieces > 2 * MAX_PIECES:  # a run and the text in it
            raise TranscriptError(
                "{path}: more than {most} paragraphs and runs of text; a transcript was expected",
                path=file,
                most=MAX_PIECES,
            )
    return found


def _runs(run: Any, names: Names) -> Iterator[Run | None]:
    w, m = names.w, names.m
    bold = _is_bold(run, w)
    for node in run:
        if node.tag in (f"{w}t", f"{m}t"):
            yield Run(node.text or "", bold)
        elif node.tag in (f"{w}br", f"{w}cr"):
            yield Run("\n", bold)
        elif node.tag in (f"{w}tab", f"{w}ptab"):
            yield Run(" ", bold)
        elif node.tag == f"{w}noBreakHyphen":
            yield Run("\u2011", bold)
        elif node.tag in (f"{w}footnoteReference", f"{w}endnoteReference"):
            yield None


def _is_bold(run: Any, w: str) -> bool:
    mark = run.find(f"{w}rPr/{w}b")
    style = run.find(f"{w}rPr/{w}rStyle")
    if mark is not None:
        return mark.get(f"{w}val", "1") not in ("0", "false", "off")
    return style is not None and str(style.get(f"{w}val")).casefold() == "strong"

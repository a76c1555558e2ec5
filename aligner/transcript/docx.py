"""Word documents: paragraphs and table cells in order, heading styles, bold names, footnote marks.

Three of the archive's files are read, whatever else is in it, and walked through once: tracked insertions and content
controls are text too.
"""

from __future__ import annotations

import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aligner.errors import TranscriptError
from aligner.model import Kind
from aligner.transcript.draft import Draft, DraftWriter, Run

MAX_UNPACKED_BYTES = 200_000_000  # pictures included
MAX_XML_BYTES = 40_000_000  # of each file that is read
MAX_MEMBERS = 5_000
MAX_PIECES = 500_000  # paragraphs and runs; Word may make a run of every word, and a day of talk has 220,000
DOCUMENT, STYLES, PROPERTIES = "word/document.xml", "word/styles.xml", "docProps/core.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DC = "{http://purl.org/dc/elements/1.1/}"


def read_docx(data: bytes, file: str) -> Draft:
    """The draft of a Word document.

    Raises
    ------
    TranscriptError
        The document is broken, or holds more than a transcript can.
    """
    document, styles, properties = _opened(data, file)
    body = document.find(f"{W}body")
    if body is None:
        raise _broken(file)
    headings = _heading_styles(styles)
    writer = DraftWriter()
    numbers = itertools.count(1)
    for paragraph in _paragraphs(body, file):
        # Footnotes are numbered in order, as Word shows them.
        runs = [run if run is not None else Run(f"[{next(numbers)}]") for run in paragraph.runs]
        writer.add(runs, Kind.HEADING if paragraph.style in headings else None)
    return writer.draft(_text(properties, f"{DC}title"), _text(properties, f"{DC}language"))


def _broken(file: str) -> TranscriptError:
    return TranscriptError("{path}: a broken Word document; open it and save it anew as .docx or .txt", path=file)


def _opened(data: bytes, file: str) -> tuple[Any, Any, Any]:
    """The roots of the document, of its styles and of its properties; None for one that is not there."""
    from lxml.etree import LxmlError

    # What zipfile lets through of archives that lie about themselves.
    broken = (zipfile.BadZipFile, zlib.error, LxmlError, ValueError, OSError, EOFError, NotImplementedError)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive.infolist(), file)
            return _root(archive, DOCUMENT), _root(archive, STYLES), _root(archive, PROPERTIES)
    except broken as error:
        raise _broken(file) from error


def _check(members: list[zipfile.ZipInfo], file: str) -> None:
    """Refuse what would unpack to more than memory should hold; zipfile itself reads no more than the sizes say."""
    total = sum(member.file_size for member in members)
    read = [member for member in members if member.filename in (DOCUMENT, STYLES, PROPERTIES)]
    too_large = total > MAX_UNPACKED_BYTES or any(member.file_size > MAX_XML_BYTES for member in read)
    if too_large or len(members) > MAX_MEMBERS:
        raise TranscriptError(
            "{path}: unpacks to {size:.0f} MB; a transcript was expected", path=file, size=total / 1e6
        )
    if any(member.flag_bits & 0x1 for member in members):
        raise TranscriptError("{path}: protected by a password; save it without one", path=file)
    if DOCUMENT not in {member.filename for member in members}:
        raise TranscriptError("{path}: not a Word document (no word/document.xml in it); .docx was expected", path=file)
    # Others take as much memory as the archive asks for.
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in read):
        raise _broken(file)


def _root(archive: zipfile.ZipFile, name: str) -> Any:
    """The root of one of the archive's files, None if it has none; a document type, which Word never writes, is none.

    libxml2's own limits hold: elements 256 deep, and no more text from entities than there is.
    """
    from lxml import etree

    if name not in archive.namelist():
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(archive.read(name), parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("a document type")
    return root


def _text(properties: Any, name: str) -> str | None:
    found = properties.find(name) if properties is not None else None
    return " ".join((found.text or "").split()) or None if found is not None else None


def _heading_styles(styles: Any) -> frozenset[str]:
    """Style identifiers of titles and headings; their names are English in every language of Word."""
    names = {
        style.get(f"{W}styleId"): str(name.get(f"{W}val")).casefold()
        for style in (styles.iterchildren(f"{W}style") if styles is not None else ())
        if (name := style.find(f"{W}name")) is not None
    }
    openings = ("heading", "title", "subtitle", "toc heading")
    return frozenset(style for style, name in names.items() if style and name.startswith(openings))


@dataclass(slots=True)
class _Paragraph:
    """A paragraph's style, and its runs with None for the mark of a footnote."""

    style: str | None
    runs: list[Run | None] = field(default_factory=list)


def _paragraphs(body: Any, file: str) -> list[_Paragraph]:
    """The paragraphs in the order in which they start; one in a text box has its runs for itself."""
    from lxml.etree import iterwalk

    found: list[_Paragraph] = []
    within: list[_Paragraph] = []
    told: set[Any] = set()  # what has a choice with text in it
    pieces, texts, texts_before = 0, 0, list[int]()
    tags = [f"{W}p", f"{W}r", f"{M}r", f"{W}t", f"{W}moveFrom", f"{MC}Choice", f"{MC}Fallback"]
    walk = iterwalk(body, events=("start", "end"), tag=tags)
    for event, element in walk:
        match event, element.tag.rpartition("}")[2]:
            case "start", "p":
                style = element.find(f"{W}pPr/{W}pStyle")
                found.append(_Paragraph(style.get(f"{W}val") if style is not None else None))
                within.append(found[-1])
                pieces += 1
            case "end", "p":
                within.pop()
            case "start", "r" if within:
                runs = list(itertools.islice(_runs(element), MAX_PIECES))
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


def _runs(run: Any) -> Iterator[Run | None]:
    bold = _is_bold(run)
    for node in run:
        if node.tag in (f"{W}t", f"{M}t"):
            yield Run(node.text or "", bold)
        elif node.tag in (f"{W}br", f"{W}cr"):
            yield Run("\n", bold)
        elif node.tag in (f"{W}tab", f"{W}ptab"):
            yield Run(" ", bold)
        elif node.tag == f"{W}noBreakHyphen":
            yield Run("\u2011", bold)
        elif node.tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            yield None


def _is_bold(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}b")
    style = run.find(f"{W}rPr/{W}rStyle")
    if mark is not None:
        return mark.get(f"{W}val", "1") not in ("0", "false", "off")
    return style is not None and str(style.get(f"{W}val")).casefold() == "strong"

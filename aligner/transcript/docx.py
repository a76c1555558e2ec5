"""Read Word documents: paragraphs and table cells in order, headings, footnote marks.

Tracked insertions, content controls and text boxes are read as text. Of the ZIP archive, only the files with the text,
the styles and the properties are unpacked, never pictures.
"""

from __future__ import annotations

import io
import itertools
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from aligner.errors import TranscriptError
from aligner.model import Kind
from aligner.transcript.draft import Draft, DraftWriter, Run
from aligner.transcript.names import shortened

MAX_XML_BYTES = 40_000_000  # of each member
MAX_PIECES = 500_000  # paragraphs and runs of text; Word may make each of the 220,000 words of a day a run

_DOCUMENT, _STYLES, _PROPERTIES = "word/document.xml", "styles.xml", "docProps/core.xml"
_TITLE = "title"
_HEADINGS = ("heading", _TITLE, "subtitle", "toc heading")  # prefixes of style names


def read_docx(data: bytes, file: str) -> Draft:
    """Return the draft of a Word document; ``file`` is its path for error messages. Raises TranscriptError if the file
    is broken, too large, or not a Word document."""
    from lxml.etree import LxmlError

    # zipfile raises all of these for a broken archive.
    unreadable = (zipfile.BadZipFile, zlib.error, LxmlError, ValueError, OSError, EOFError, NotImplementedError)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive, file)
    except (*unreadable, OverflowError) as error:
        raise _broken(file) from error


def _broken(file: str) -> TranscriptError:
    return TranscriptError("{path}: a broken Word document; open it and save it again as .docx or .txt", path=file)


def _read(archive: zipfile.ZipFile, file: str) -> Draft:
    name = _document_name(archive, file)
    document = _root(archive, name, file)
    if document is None:
        raise TranscriptError("{path}: not a Word document (no text in it); .docx was expected", path=file)
    body = document.find("{*}body")
    if body is None:
        raise _broken(file)
    styles = _style_names(_root(archive, posixpath.join(posixpath.dirname(name), _STYLES), file))
    properties = _root(archive, _PROPERTIES, file)
    writer = DraftWriter()
    titles: list[str] = []
    numbers = itertools.count(1)
    for paragraph in _paragraphs(body, file):
        runs = [Run(f"[{next(numbers)}]") if run is None else run for run in paragraph.runs]
        style = styles.get(paragraph.style or "", "")
        writer.add(runs, Kind.HEADING if style.startswith(_HEADINGS) else None)
        text = " ".join("".join(run.text for run in paragraph.runs if run is not None).split())
        if style == _TITLE and text:
            titles.append(text)
    draft = writer.draft(_text(properties, "title"), _text(properties, "language"))
    # Several titles are those of chapters.
    return replace(draft, headline=shortened(titles[0]) if len(titles) == 1 else None)


def _document_name(archive: zipfile.ZipFile, file: str) -> str:
    """Return the name of the archive member with the text. The name varies: Word Online calls it document2.xml."""
    relations = _root(archive, "_rels/.rels", file)
    types = relations.iterchildren("{*}Relationship") if relations is not None else ()
    targets = (each.get("Target", "") for each in types if each.get("Type", "").endswith("/officeDocument"))
    return str(next(targets, _DOCUMENT)).lstrip("/")


def _root(archive: zipfile.ZipFile, name: str, file: str) -> Any:
    """Return the root element of an archive member, or None if there is no such member. Raises ValueError if the member
    declares a document type: Word never does, and a document type may define entities."""
    from lxml import etree

    try:
        member = archive.getinfo(name)
    except KeyError:
        return None
    if member.flag_bits & 1:
        raise TranscriptError("{path}: protected by a password; save it without one", path=file)
    if member.file_size > MAX_XML_BYTES:  # zipfile reads no more than the size in the archive's directory
        raise TranscriptError(
            "{path}: unpacks to {size:.0f} MB; a transcript was expected", path=file, size=member.file_size / 1e6
        )
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _broken(file)  # LZMA takes as much memory as the archive demands
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(archive.read(member), parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("a document type")
    return root


def _text(properties: Any, name: str) -> str | None:
    text = properties.findtext(f"{{*}}{name}") if properties is not None else None
    return " ".join(text.split()) if text is not None else None


def _style_names(styles: Any) -> dict[str, str]:
    return {
        _value(style, "styleId"): _value(name, "val").casefold()
        for style in (styles.iterchildren("{*}style") if styles is not None else ())
        if (name := style.find("{*}name")) is not None
    }


def _value(element: Any, name: str) -> str:
    """Return the value of the attribute ``name`` in any namespace, because its namespace varies between documents."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


@dataclass(slots=True)
class _Paragraph:
    """A paragraph's style and runs (pieces of text). A run of None stands for a footnote mark."""

    style: str | None
    runs: list[Run | None] = field(default_factory=list)


def _paragraphs(body: Any, file: str) -> list[_Paragraph]:
    """Return all paragraphs, sorted by start. Paragraphs in a text box are separate from the paragraph with the box."""
    from lxml.etree import iterwalk

    found: list[_Paragraph] = []
    within: list[_Paragraph] = []
    pieces = 0
    walk = iterwalk(body, events=("start", "end"), tag=["{*}p", "{*}r", "{*}moveFrom", "{*}Fallback"])
    for event, element in walk:
        match event, element.tag.rpartition("}")[2]:
            case "start", "p":
                style = element.find("{*}pPr/{*}pStyle")
                found.append(_Paragraph(_value(style, "val") if style is not None else None))
                within.append(found[-1])
                pieces += 1
            case "end", "p":
                within.pop()
            case "start", "r" if within:
                runs = list(itertools.islice(_runs(element), MAX_PIECES))
                within[-1].runs += runs
                pieces += len(runs)
            # These repeat text: the origin of a tracked move, and a text box as older versions read it.
            case "start", "moveFrom" | "Fallback":
                walk.skip_subtree()
        if pieces > MAX_PIECES:
            raise TranscriptError(
                "{path}: more than {most} paragraphs and runs of text; a transcript was expected",
                path=file, most=MAX_PIECES,
            )  # fmt: skip
    return found


def _runs(run: Any) -> Iterator[Run | None]:
    bold = _is_bold(run)
    for node in run.iterchildren("{*}*"):
        match node.tag.rpartition("}")[2]:
            case "t":
                yield Run(node.text or "", bold)
            case "br" | "cr":
                yield Run("\n", bold)
            case "tab" | "ptab":
                yield Run(" ", bold)
            case "noBreakHyphen":
                yield Run("\u2011", bold)
            case "footnoteReference" | "endnoteReference":
                yield None


def _is_bold(run: Any) -> bool:
    mark = run.find("{*}rPr/{*}b")
    style = run.find("{*}rPr/{*}rStyle")
    if mark is not None:
        return _value(mark, "val") not in ("0", "false", "off")
    return style is not None and _value(style, "val").casefold() == "strong"

"""Word documents: paragraphs and table cells in order, heading styles, bold names, footnote marks.

The XML is walked rather than python-docx's paragraphs, which leave out tracked insertions and content controls.
"""

from __future__ import annotations

import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from aligner.errors import TranscriptError
from aligner.model import Kind
from aligner.transcript.draft import Draft, DraftWriter, Run

MAX_UNPACKED_BYTES = 200_000_000  # pictures included
MAX_XML_BYTES = 40_000_000
MAX_MEMBERS = 5_000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def read_docx(data: bytes, file: str) -> Draft:
    """The draft of a Word document.

    Raises
    ------
    TranscriptError
        The document is broken, or unpacks to more than a transcript can hold.
    """
    _check_size(data, file)
    body, headings, title, language = _opened(data, file)
    writer = DraftWriter()
    numbers = itertools.count(1)
    for paragraph in body.iter(f"{W}p"):
        if not _is_copy(paragraph):
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            is_heading = style is not None and style.get(f"{W}val") in headings
            writer.add(list(_runs(paragraph, numbers)), Kind.HEADING if is_heading else None)
    return writer.draft(title, language)


def _opened(data: bytes, file: str) -> tuple[Any, set[str], str, str]:
    """The document's body, its heading styles, title and language."""
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    # What python-docx lets through when a part is missing, misplaced or not XML.
    broken = (
        OpcError,
        LxmlError,
        KeyError,
        ValueError,
        AttributeError,
        TypeError,
        OSError,
        zipfile.BadZipFile,
        zlib.error,
    )
    try:
        document = docx.Document(io.BytesIO(data))
        properties = document.core_properties
        return document.element.body, _heading_styles(document), properties.title, properties.language
    except broken as error:
        raise TranscriptError(
            "{path}: a broken Word document; open it and save it anew as .docx or .txt", path=file
        ) from error


def _check_size(data: bytes, file: str) -> None:
    """Refuse what would unpack to more than memory should hold; zipfile itself reads no more than the sizes say."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise TranscriptError(
            "{path}: a broken Word document; open it and save it anew as .docx or .txt", path=file
        ) from error
    xml = sum(member.file_size for member in members if member.filename.lower().endswith((".xml", ".rels")))
    total = sum(member.file_size for member in members)
    if total > MAX_UNPACKED_BYTES or xml > MAX_XML_BYTES or len(members) > MAX_MEMBERS:
        raise TranscriptError(
            "{path}: unpacks to {size:.0f} MB; a transcript was expected", path=file, size=total / 1e6
        )
    if any(member.flag_bits & 0x1 for member in members):
        raise TranscriptError("{path}: protected by a password; save it without one", path=file)
    if "word/document.xml" not in {member.filename for member in members}:
        raise TranscriptError("{path}: not a Word document (no word/document.xml in it); .docx was expected", path=file)


def _heading_styles(document: Any) -> set[str]:
    """Style identifiers of titles and headings; their names are English in every language of Word."""
    return {
        style.style_id
        for style in document.styles
        if style.style_id and (style.name or "").casefold().startswith(("heading", "title", "subtitle", "toc heading"))
    }


def _is_copy(element: Any) -> bool:
    """Written twice: the second copy of a text box is for old readers, a tracked move leaves what it moved."""
    if next(element.iterancestors(f"{W}moveFrom"), None) is not None:
        return True
    fallback = next(element.iterancestors(f"{MC}Fallback"), None)
    choices = fallback.itersiblings(f"{MC}Choice", preceding=True) if fallback is not None else ()
    return any(next(choice.iter(f"{W}t"), None) is not None for choice in choices)


def _runs(paragraph: Any, numbers: Iterator[int]) -> Iterator[Run]:
    """The paragraph's runs; footnotes are numbered in order, as Word shows them."""
    for run in paragraph.iter(f"{W}r", f"{M}r"):
        if next(run.iterancestors(f"{W}p"), None) is not paragraph or _is_copy(run):
            continue  # a text box's own paragraph
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
                yield Run(f"[{next(numbers)}]")


def _is_bold(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}b")
    style = run.find(f"{W}rPr/{W}rStyle")
    if mark is not None:
        return mark.get(f"{W}val", "1") not in ("0", "false", "off")
    return style is not None and str(style.get(f"{W}val")).casefold() == "strong"

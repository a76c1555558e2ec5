"""A Word document's archive: which of its files are the text, the styles and the properties, and what stands in them.

That is told by relationships (ECMA-376, part 2), by which programs may call them what they like. No other file is
read, such as pictures, however many there are.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any

from aligner.errors import TranscriptError

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

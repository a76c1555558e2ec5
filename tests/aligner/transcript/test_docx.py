"""Word documents."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from aligner.errors import TranscriptError


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture
def talk():
    document = docx.Document()
    document.core_properties.title = "Le port, la nuit"
    document.add_heading("Le port", level=1)
    for name, words in [("Ana Sol", "Bonsoir."), ("Leo Paz", "Bonsoir. (rires)"), ("Ana Sol", "On y va ?")]:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{name} : ").bold = True
        paragraph.add_run(words)
    return document


def test_a_document_gives_headings_and_bold_speakers(read, rows, talk):
    found = read(saved(talk), "a.docx")
    assert rows(found) == [
        ("heading", None, "Le port"),
        ("speech", "Ana Sol", "Bonsoir."),
        ("speech", "Leo Paz", "Bonsoir. (rires)"),
        ("stage", "Leo Paz", "(rires)"),
        ("speech", "Ana Sol", "On y va ?"),
    ]
    assert found.title == "Le port, la nuit"


def test_a_footnote_is_numbered_in_the_text(read, of_kind, talk):
    for paragraph in talk.paragraphs[1:3]:
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), "7")
        paragraph.add_run("")._r.append(reference)
    assert of_kind(read(saved(talk), "a.docx"), "note") == ["[1]", "[2]"]


def test_table_cells_are_read_in_order(read, rows, talk):
    table = talk.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Leo Paz :", "Trop tard."
    assert rows(read(saved(talk), "a.docx"))[-1] == ("speech", "Leo Paz", "Trop tard.")


def test_tracked_insertions_are_read_and_deletions_are_not(read, talk):
    run = talk.paragraphs[1].add_run(" Enfin.")._r
    inserted = OxmlElement("w:ins")
    run.addprevious(inserted)
    inserted.append(run)
    assert "Bonsoir. Enfin." in read(saved(talk), "a.docx").text


def test_a_line_break_starts_a_line(read, rows):
    document = docx.Document()
    for name, words in [("Ana Sol  0:03", "Hello."), ("Leo Paz  0:05", "Hi.")]:
        document.add_paragraph(f"{name}\n{words}")
    assert rows(read(saved(document), "a.docx")) == [("speech", "Ana Sol", "Hello."), ("speech", "Leo Paz", "Hi.")]


def test_a_document_that_unpacks_to_too_much_is_refused(read):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 50_000_000)
    with pytest.raises(TranscriptError, match="unpacks to 50 MB"):
        read(stream.getvalue(), "a.docx")


def test_a_broken_document_is_refused(read, talk):
    whole = saved(talk)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["word/document.xml"] = members["word/document.xml"][:200]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    for broken in (whole[: len(whole) // 2], stream.getvalue()):
        with pytest.raises(TranscriptError, match="broken Word document"):
            read(broken, "a.docx")


def test_another_kind_of_office_file_is_refused(read):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(TranscriptError, match="not a Word document"):
        read(stream.getvalue(), "a.docx")

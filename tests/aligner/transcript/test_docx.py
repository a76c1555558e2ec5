"""Word documents are read with their headings, speakers, footnotes and tables."""

import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from aligner.errors import TranscriptError
from aligner.transcript.docx import read_docx


def saved(document):
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def packed(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def members_of(document):
    with zipfile.ZipFile(io.BytesIO(saved(document))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


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


def test_a_line_break_starts_a_line(read, rows):
    document = docx.Document()
    for name, words in [("Ana Sol  0:03", "Hello."), ("Leo Paz  0:05", "Hi.")]:
        document.add_paragraph(f"{name}\n{words}")
    assert rows(read(saved(document), "a.docx")) == [("speech", "Ana Sol", "Hello."), ("speech", "Leo Paz", "Hi.")]


def test_a_document_that_unpacks_to_too_much_is_refused(read):
    with pytest.raises(TranscriptError, match="unpacks to 50 MB"):
        read(packed({"word/document.xml": b"\0" * 50_000_000}), "a.docx")


def test_a_broken_document_is_refused(read, talk):
    whole, members = saved(talk), members_of(talk)
    members["word/document.xml"] = members["word/document.xml"][:200]
    for broken in (whole[: len(whole) // 2], packed(members)):
        with pytest.raises(TranscriptError, match="broken Word document"):
            read(broken, "a.docx")


def test_the_relationships_name_the_member_with_the_text(read, rows, talk):
    members = members_of(talk)
    members["word/document2.xml"] = members.pop("word/document.xml")
    members["_rels/.rels"] = members["_rels/.rels"].replace(b"word/document.xml", b"/word/document2.xml")
    found = read(packed(members), "a.docx")
    assert rows(found) == rows(read(saved(talk), "a.docx"))
    assert found.title == "Le port, la nuit"


def test_the_title_above_the_text_is_its_headline(read, rows, talk):
    first = talk.paragraphs[0]
    first.insert_paragraph_before("Roue libre")
    title = first.insert_paragraph_before("Le port,\n la nuit ", style="Title")
    first.insert_paragraph_before("Un épisode de mer", style="Subtitle")
    draft = read_docx(saved(talk), "a.docx")
    assert draft.headline == "Le port, la nuit"
    assert ("heading", None, "Le port,") in rows(read(saved(talk), "a.docx"))
    title.insert_paragraph_before("", style="Title")
    assert read_docx(saved(talk), "a.docx").headline == "Le port, la nuit"
    title.insert_paragraph_before("Une autre partie", style="Title")
    assert read_docx(saved(talk), "a.docx").headline is None

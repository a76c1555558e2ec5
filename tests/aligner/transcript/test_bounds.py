"""Files larger than any transcript are refused in one sentence; odd content is read as text."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from aligner.errors import TranscriptError
from tests.tables import over_rows

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PARAGRAPH = "<w:p><w:r><w:t>hello there</w:t></w:r></w:p>"


def body(content):
    return f"<w:document {W}><w:body>{content}</w:body></w:document>"


def word(document, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("word/document.xml", document)
    return stream.getvalue()


def refused(read, content, name):
    with pytest.raises(TranscriptError) as caught:
        read(content, name)
    return caught.value.message


@pytest.mark.nightly
@over_rows(
    "content, name, refusal",
    [
        ("a\n\n" * 100_001, "a.txt", "more than 100000 lines"),
        ("a" * 5_000_001, "a.txt", "5 million characters"),
        ("<div>" * 20_000 + "Down here.", "a.html", "nested too deep"),
        ("a " * 500_001, "a.txt", "more than 500000 words"),
    ],
)
def test_files_larger_than_any_transcript_are_refused(read, content, name, refusal):
    assert refusal in refused(read, content, name)


@pytest.mark.nightly
@over_rows(
    "text, refusal",
    {
        "deep": ("<w:p>" * 500, "broken Word document"),
        "paragraphs": (body(PARAGRAPH * 500_000), "more than 500000 paragraphs"),
        "one run": (body(f"<w:p><w:r>{'<w:tab/>' * 600_000}</w:r></w:p>"), "more than 500000 paragraphs"),
    },
)
def test_deep_or_very_long_word_documents_are_refused(read, text, refusal):
    assert refusal in refused(read, word(text), "a.docx")


@over_rows(
    "document",
    [
        f'<!DOCTYPE a [<!ENTITY x "{"y" * 9}">]><w:document {W}><w:body>{PARAGRAPH}</w:body></w:document>',
        f'<!DOCTYPE a SYSTEM "file:///etc/passwd"><w:document {W}><w:body>{PARAGRAPH}</w:body></w:document>',
        f"<w:document {W}/>",
        "<a/>",
        '<?xml version="1.0" encoding="no-such"?><a/>',
    ],
)
def test_invalid_word_documents_are_refused(read, document):
    assert "broken Word document" in refused(read, word(document), "a.docx")


@over_rows("odd", ["<![foo[ x ]]>", "<![endif]>", "&#xd83d;", "&#0;", "&#" + "9" * 5000])
def test_odd_markup_does_not_stop_the_reader(read, odd):
    text = read(f"<p>hello there</p>{odd}<p>and then</p>", "a.html").text
    assert "hello there" in text
    assert "and then" in text
    text.encode("utf-8")


def test_surrogates_and_nul_in_json_are_replaced(read):
    segments = [{"body": "hello \ud83d there \0 you", "speaker": "Ana \udc00"}]
    found = read(json.dumps({"segments": segments, "title": "\ud83d"}), "a.json")
    assert found.text == "hello \ufffd there \ufffd you\n"
    assert (found.segments[0].speaker, found.title) == ("Ana \ufffd", "\ufffd")


def test_markdown_with_too_much_markup_is_read_as_plain_text(read):
    assert "hello" in read("hello there " + "[" * 300_001, "a.md").text

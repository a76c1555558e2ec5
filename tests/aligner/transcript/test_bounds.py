"""What is more than any transcript holds is refused in one sentence, and what is odd in it is text all the same."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from aligner.errors import TranscriptError
from tests.tables import over_rows

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PARAGRAPH = "<w:p><w:r><w:t>hello there</w:t></w:r></w:p>"


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
def test_more_than_any_transcript_holds_is_refused(read, content, name, refusal):
    assert refusal in refused(read, content, name)


@pytest.mark.nightly
def test_paragraphs_of_word(read):
    assert "broken Word document" in refused(read, word("<w:p>" * 500), "a.docx")
    body = f"<w:document {W}><w:body>{{}}</w:body></w:document>"
    assert "more than 500000 paragraphs" in refused(read, word(body.format(PARAGRAPH * 500_000)), "a.docx")
    assert len(read(word(body.format(PARAGRAPH * 10)), "a.docx").words) == 20


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
def test_a_document_of_word_that_is_none(read, document):
    assert "broken Word document" in refused(read, word(document), "a.docx")


@over_rows("odd", ["<![foo[ x ]]>", "<![endif]>", "&#xd83d;", "&#0;", "&#" + "9" * 5000])
def test_odd_markup(read, odd):
    text = read(f"<p>hello there</p>{odd}<p>and then</p>", "a.html").text
    assert "hello there" in text
    assert "and then" in text
    text.encode("utf-8")


def test_half_an_emoji_and_nothing(read):
    segments = [{"body": "hello \ud83d there \0 you", "speaker": "Ana \udc00"}]
    found = read(json.dumps({"segments": segments, "title": "\ud83d"}), "a.json")
    assert found.text == "hello \ufffd there \ufffd you\n"
    assert (found.segments[0].speaker, found.title) == ("Ana \ufffd", "\ufffd")


def test_markup_without_end_is_read_as_plain_text(read):
    assert "hello" in read("hello there " + "[" * 300_001, "a.md").text

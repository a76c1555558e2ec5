"""What is more than any transcript holds is refused in one sentence, and what is odd in it is text all the same."""

from __future__ import annotations

import io
import json
import os
import zipfile

import pytest

from aligner.errors import TranscriptError
from aligner.transcript import read_transcript

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


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_lines(read, name):
    assert "more than 100000 lines" in refused(read, "a\n" * 100_001, name)
    assert len(read("a b\n\n" * 1000, name).words) == 2000


def test_words(read):
    assert "more than 500000 words" in refused(read, "a " * 500_001, "a.txt")


def test_marks(read):
    assert "more than 500000 paragraphs, notes" in refused(read, "hello " + "[1]" * 500_001, "a.txt")


def test_paragraphs_of_word(read):
    assert "broken Word document" in refused(read, word("<w:p>" * 500), "a.docx")
    body = f"<w:document {W}><w:body>{{}}</w:body></w:document>"
    assert "more than 500000 paragraphs" in refused(read, word(body.format(PARAGRAPH * 500_000)), "a.docx")
    assert len(read(word(body.format(PARAGRAPH * 10)), "a.docx").words) == 20


@pytest.mark.parametrize(
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


def test_an_archive_is_not_unpacked_in_ways_that_take_what_memory_it_asks_for(read):
    document = f"<w:document {W}><w:body>{PARAGRAPH}</w:body></w:document>"
    assert "broken Word document" in refused(read, word(document, zipfile.ZIP_LZMA), "a.docx")


def test_tags_that_never_end(read):
    assert "tags that never end" in refused(read, "<p>hello</p>" + '<a b=">" ' * 100_000, "a.html")
    assert "hello there" in read('<p>hello there</p><a b=">" ' * 20, "a.html").text


@pytest.mark.parametrize("odd", ["<![", "<![foo[ x ]]>", "<!", "<![endif]>", "<![CDATA[", "&#xd83d;", "&#0;", "<!--"])
def test_odd_markup(read, odd):
    text = read(f"<p>hello there</p>{odd}<p>and then</p>", "a.html").text
    assert "hello there" in text
    assert "and then" in text
    text.encode("utf-8")


@pytest.mark.parametrize("codec", ["punycode", "idna", "undefined", "hex", "zlib", "unicode_escape", "no-such", "..."])
def test_codecs_by_which_no_page_is_written(read, codec):
    page = f'<meta charset="{codec}"><p>L’été est là.'.encode("cp1252")
    assert read(page, "a.html").text == "L’été est là.\n"


def test_half_an_emoji_and_nothing(read):
    segments = [{"body": "hello \ud83d there \0 you", "speaker": "Ana \udc00"}]
    found = read(json.dumps({"segments": segments, "title": "\ud83d"}), "a.json")
    assert found.text == "hello \ufffd there \ufffd you\n"
    assert (found.segments[0].speaker, found.title) == ("Ana \ufffd", "\ufffd")


def test_markup_without_end_is_read_as_plain_text(read):
    assert "hello" in read("hello there " + "[" * 300_001, "a.md").text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_a_fifo_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(TranscriptError, match="is no regular file"):
        read_transcript(tmp_path / "a.txt")


def test_a_table_right_below_a_line_is_one(read):
    assert "\nZoe\n" in read("As follows:\n| Ana | Leo |\n|---|---|\n| Zoe | Tom |\n\nThat was it.", "a.md").text

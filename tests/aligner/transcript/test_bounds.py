"""What is more than any transcript holds is refused in one sentence, and what is odd in it is text all the same."""

from __future__ import annotations

import io
import json
import os
import struct
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


@pytest.mark.slow
def test_marks(read):
    assert "more than 500000 paragraphs, notes" in refused(read, "hello " + "[1]" * 500_001, "a.txt")


@pytest.mark.slow
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


@pytest.mark.parametrize("offset", [10**9, 2**63, 2**64 - 1])
def test_an_archive_whose_file_lies_beyond_its_end(read, offset):
    whole = word(f"<w:document {W}><w:body>{PARAGRAPH}</w:body></w:document>")
    entry, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    listed = bytearray(whole[entry:end] + struct.pack("<HHQ", 1, 8, offset))  # a place of 64 bits
    struct.pack_into("<H", listed, 30, 12)
    struct.pack_into("<L", listed, 42, 0xFFFFFFFF)
    closing = bytearray(whole[end:])
    struct.pack_into("<L", closing, 12, len(listed))
    assert "broken Word document" in refused(read, whole[:entry] + listed + closing, "a.docx")


@pytest.mark.slow
def test_tags_that_never_end(read):
    for page in ('<p>hello there</p><a b=">" ' * 20, "<p>hello there</p>" + '<a b=">" ' * 100_000):
        assert "hello there" in read(page, "a.html").text


def test_tags(read):
    assert "more than 150000 tags" in refused(read, "<p>hello" * 150_001, "a.html")


@pytest.mark.parametrize(
    "odd", ["<![", "<![foo[ x ]]>", "<!", "<![endif]>", "<![CDATA[", "&#xd83d;", "&#0;", "<!--", "&#" + "9" * 5000]
)
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


LONG = "Ada " * 100_000


def properties_of_word() -> bytes:
    stream = io.BytesIO(word(f"<w:document {W}><w:body>{PARAGRAPH}</w:body></w:document>"))
    dc = "http://purl.org/dc/elements/1.1/"
    core = f'<c xmlns:dc="{dc}"><dc:title>{LONG}</dc:title><dc:language>{LONG}</dc:language></c>'
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("docProps/core.xml", core)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (properties_of_word(), "a.docx"),
        (f"<html lang='{LONG}'><title>{LONG}</title><p><cite>{LONG}</cite>: Hello there.</p></html>", "a.html"),
        (f"---\ntitle: {LONG[:900]}\nlang: {LONG[:900]}\n---\n\n**{LONG}:** Hello there.\n", "a.md"),
        (f"WEBVTT\nLanguage: {LONG}\n\n00:00.000 --> 00:02.000\n<v {LONG}>Hello there.</v>\n", "a.vtt"),
        (json.dumps({"title": LONG, "language": LONG, "segments": [{"speaker": LONG, "body": "Hello."}]}), "a.json"),
    ],
    ids=lambda value: value if str(value).startswith("a.") else "",
)
def test_what_a_file_says_of_itself_is_no_longer_than_is_shown(read, content, name):
    found = read(content, name)
    told = [found.title, found.language, *(segment.speaker for segment in found.segments)]
    assert any(told)
    assert all(len(text) <= 300 for text in told if text)


@pytest.mark.parametrize("length", [299, 300, 301])
def test_a_title_is_shortened_only_where_it_is_too_long(read, length):
    title = read(json.dumps({"title": "x" * length, "segments": [{"body": "Hello."}]}), "a.json").title
    assert title == ("x" * length if length <= 300 else f"{'x' * 299}…")


@pytest.mark.slow
def test_quote_marks_beyond_all_measure_leave_a_markdown_file_text(read):
    text = "".join(f"> said {k}\n\nanswered\n\n" for k in range(26_000))
    assert "said 25999" in read(text, "a.md").text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{{"segments": [{{"speaker": "{label}", "body": "hello there", "startTime": 1, "endTime": 2}}]}}', "a.json"),
        ("<p><cite>{label}:</cite> hello there</p>", "a.html"),
        ("WEBVTT\n\n00:00.000 --> 00:02.000\n<v {label}>hello there</v>\n", "a.vtt"),
    ],
)
def test_a_speakers_label_is_no_longer_than_its_field_in_the_app(read, text, name):
    (speaker,) = {segment.speaker for segment in read(text.format(label="Ana " + "x" * 200), name).segments}
    assert speaker
    assert len(speaker) == 100
    assert speaker.endswith("…")

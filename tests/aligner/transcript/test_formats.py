"""Formats are detected, bytes are decoded, and unreadable or too large files are refused in one sentence."""

import hashlib
import io
import json
import zipfile

import docx
import pytest

from aligner.errors import TranscriptError
from aligner.transcript import MAX_BYTES, read_transcript
from aligner.transcript.formats import decode
from aligner.transcript.html import MAX_TAGS
from tests.tables import over_rows


@over_rows(
    "name, content, reason",
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\n", "empty"),
        ("a.txt", bytes(range(32)) * 20, "binary"),
        ("a.txt", b"ID3 and so on", "audio"),
        ("a.txt", b"[Musique]\n[1]\n", "no spoken text"),
        ("a.txt", b"\x81\x8d\x8f\x90 nothing known", "neither UTF-8"),
        ("a.pdf", b"%PDF-1.7\n", r"PDF; .*\.docx"),
        ("a.txt", b"%PDF-1.7\n", "PDF"),
        ("a.rtf", b"{\\rtf1 hello}", "RTF"),
        ("a.doc", b"\xd0\xcf\x11\xe0rest", r"\.doc\)"),
        ("a.odt", b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text", "ZIP"),
        ("a.zip", b"PK\x03\x04nothing", "ZIP"),
        ("a.csv", b"speaker,words", r"\.csv"),
        ("a.json", b'{"segments": [\n{"body": "a"},]}', "line 2: not JSON"),
        ("a.json", b"[1, 2]", '"segments"'),
        ("a.json", b'{"segments": [{"body": "ok"}, {"speaker": "Ana"}]}', 'segment 1 has no "body"'),
        ("a.json", b"[" * 100_000, "nested too deep"),
        ("a.vtt", b"WEBVTT\n\nNOTE nothing else\n", "no caption"),
        ("a.srt", b"just words\n", "no caption"),
        ("a.docx", b"PK\x03\x04 broken", "broken Word document"),
        ("a.docx", b"plain words", "broken Word document"),
        ("a.html", b"<p>" * (MAX_TAGS + 1), "tags"),
    ],
)
def test_unreadable_files_are_refused_in_one_line_that_names_the_file(read, name, content, reason):
    with pytest.raises(TranscriptError, match=reason) as refused:
        read(content, name)
    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(TranscriptError, match="no such file"):
        read_transcript(tmp_path / "gone.txt")
    with pytest.raises(TranscriptError, match="cannot be read"):
        read_transcript(tmp_path)


def test_a_file_too_large_is_refused_before_it_is_loaded(tmp_path):
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(TranscriptError, match="20 MB"):
        read_transcript(path)


@over_rows(
    "content, first",
    [
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n", "Hello"),
        (b"WEBVTT is a format of captions", "WEBVTT is a format of captions"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHello\n", "Hello"),
        (b"<!DOCTYPE html><title>x</title><p>Hello", "Hello"),
        (b'{"version": "1.0.0", "segments": [{"body": "Hello"}]}', "Hello"),
    ],
)
def test_the_content_of_a_text_file_can_show_its_format(read, content, first):
    assert " ".join(word.text for word in read(content, "a.txt").words) == first


@over_rows("name", ["episode", "episode.12", "TALK.TXT"])
def test_a_file_without_a_known_extension_is_text(read, name):
    assert read("Hello there.", name).text == "Hello there."


def test_a_transcript_has_the_name_and_hash_of_its_file(read):
    content = "\ufeffBonjour.\r\n".encode()
    found = read(content, "é.txt")
    assert found.file == "é.txt"
    assert found.sha256 == hashlib.sha256(content).hexdigest()


TALK = [
    ("Ana Sol", "Good evening, everyone[1]. (laughs)"),
    ("Leo Paz", "Here is a rule: never row at night."),
    ("Ana Sol", "Why not? The sea (all of it) is the same."),
    ("Leo Paz", "It is not."),
]


def rendered(name):
    """The talk as a file of the given name."""
    if name.endswith(".json"):
        return json.dumps({"segments": [{"speaker": speaker, "body": words} for speaker, words in TALK]})
    if name.endswith(".vtt"):
        cues = [f"00:0{n}.000 --> 00:0{n}.900\n<v {speaker}>{words}\n" for n, (speaker, words) in enumerate(TALK)]
        return "WEBVTT\n\n" + "\n".join(cues)
    if name.endswith(".docx"):
        document = docx.Document()
        for speaker, words in TALK:
            document.add_paragraph(f"{speaker}: {words}")
        stream = io.BytesIO()
        document.save(stream)
        return stream.getvalue()
    line = {
        ".html": "<p><b>{}:</b> {}</p>\n",
        ".md": "**{}:** {}\n\n",
        ".srt": "1\n00:00:01,000 --> 00:00:02,000\n{}: {}\n\n",
    }
    return "".join(line.get(name[name.index(".") :], "{}: {}\n").format(*turn) for turn in TALK)


@over_rows("name", ["a.txt", "a.md", "a.html", "a.docx", "a.json", "a.srt", "a.vtt"])
def test_a_talk_is_the_same_in_every_format(read, rows, name):
    expected = [("speech", *turn) for turn in TALK]
    expected[1:1] = [("note", "Ana Sol", "[1]"), ("stage", "Ana Sol", "(laughs)")]
    assert rows(read(rendered(name), name)) == expected


TEXT = "Déjà l’été — « cœur »\r\nfin\u00a0!\n"


@over_rows("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_common_encodings_is_decoded(encoding):
    assert decode(TEXT.encode(encoding), "t.txt") == TEXT


@over_rows(
    "content, declared, text",
    {
        "UTF-16 by its mark alone": (b"\xfe\xff" + "こんにちは".encode("utf-16-be"), None, "こんにちは"),
        "a lost byte": (("é" * 100).encode() + b"\xc3 fin", None, "é" * 100 + "\ufffd fin"),
        "as declared": ("Příliš".encode("iso-8859-2"), "iso-8859-2", "Příliš"),
        "UTF-8, declared as something else": ("été".encode(), "iso-8859-1", "été"),
        "declared as nothing known": ("été".encode("cp1252"), "x-klingon", "été"),
        # WHATWG Encoding Standard, 4.2: a label of Windows-1252.
        "declared as Latin-1": ("L’œuvre — 3 €".encode("cp1252"), "latin1", "L’œuvre — 3 €"),
    },
)
def test_damaged_and_declared_encodings_are_decoded(content, declared, text):
    assert decode(content, "t.html", declared) == text


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

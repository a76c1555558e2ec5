"""What is written says, when it is read, what was meant to be written."""

from __future__ import annotations

from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import TranscriptError
from aligner.model import Kind, Transcript, outermost
from aligner.transcript import draft_of
from aligner.transcript.retexting import Paragraph, retexted
from aligner.transcript.structure import segments_of, words_of
from aligner.transcript.writing import text_in, written

MARKDOWN = """---
title: La roue
lang: fr
---

# La roue

**Ana Sol :** Bonjour à [tous](https://example.org/tous).

**Leo :** Avec *plaisir*, oui.

- **Ana Sol :** On commence ?

> **Leo :** Oui_ou_non, vraiment.
"""


def transcript(name: str, content: bytes) -> Transcript:
    draft = draft_of(PurePath(name), content)
    segments = segments_of(draft)
    return Transcript(name, "0" * 64, draft.text, segments, words_of(draft.text, segments))


def changed(content: bytes, index: int, *texts: str, name: str = "talk.md") -> bytes:
    before = transcript(name, content)
    inner = dict(outermost(before.segments))[index]
    speaker = before.segments[index].speaker
    after = retexted(before, range(index, inner.stop), [Paragraph(Kind.SPEECH, speaker, text) for text in texts])
    made = written(name, after.text, content, before.text)
    assert made.keeps_name
    assert transcript(name, made.content).text == after.text
    return made.content


def test_a_word_of_markdown_is_changed_and_all_else_stays():
    new = changed(MARKDOWN.encode(), 1, "Bonsoir à tous.")
    assert new.decode() == MARKDOWN.replace("Bonjour", "Bonsoir")


def test_a_paragraph_of_markdown_is_parted_and_taken_out():
    parted = changed(MARKDOWN.encode(), 2, "Avec plaisir.", "Oui.").decode()
    assert (
        "**Ana Sol :** Bonjour à [tous](https://example.org/tous).\n\nLeo : Avec plaisir.\n\nOui.\n\n- **Ana" in parted
    )
    without = changed(MARKDOWN.encode(), 2).decode()
    assert "plaisir" not in without
    assert "title: La roue" in without


def test_what_would_be_markup_is_shown_as_it_is():
    for text in [
        "# pas un titre",
        "1. premier",
        "a * b * c <i> & [x](y) `z` ~~w~~",
        "- tiret",
        "[^1] et [2]",
        "\\*",
        "a|b",
    ]:
        assert text in transcript("talk.md", changed(MARKDOWN.encode(), 2, f"Oui. {text}")).text
        changed(MARKDOWN.encode(), 0, text)


def test_line_ends_of_markdown_stay():
    content = MARKDOWN.replace("\n", "\r\n").encode()
    assert changed(content, 1, "Bonsoir à tous.") == content.replace(b"Bonjour", b"Bonsoir")


def test_markdown_whose_source_is_not_there_becomes_text():
    made = written("talk.md", "Oui.\n", None, "Non.\n")
    assert (made.content, made.keeps_name) == (b"Oui.\n", False)


@pytest.mark.parametrize("name", ["talk.docx", "talk.html", "talk.srt", "talk.vtt", "talk.json"])
def test_other_formats_become_text_beside_them(name):
    made = written(name, "Oui.\n", b"whatever", "Non.\n")
    assert (made.content, made.keeps_name) == (b"Oui.\n", False)


@pytest.mark.parametrize("name", ["talk.txt", "talk", "talk.TEXT"])
def test_plain_text_stays_so_in_utf_8(name):
    made = written(name, "Été.\r\n", "Ete.\r\n".encode("latin-1"), "Ete.\r\n")
    assert (made.content, made.keeps_name) == ("Été.\r\n".encode(), True)


@pytest.mark.parametrize("text", ["ID3 tags\n", "%PDF\n", "WEBVTT\n\n00:01.000 --> 00:02.000\nOui\n", "<p>Oui</p>\n"])
def test_text_that_would_be_read_as_something_else_is_refused(text):
    with pytest.raises(TranscriptError, match="begins with"):
        written("talk.txt", text, None, "Oui.\n")


PIECES = st.sampled_from(
    [
        "Leo",
        ": ",
        " ",
        "*",
        "_",
        "#",
        "- ",
        "1. ",
        "[",
        "](",
        ")",
        "<b>",
        "&amp;",
        "`",
        "\\",
        "|",
        "—",
        "é",
        "mot",
        ".",
        "~~",
        "===",
        "![x]",
        "http://a.b",
        "«",
        "\u202e",
        "م",
        "\xa0",
    ]
)
LINES = st.one_of(st.text(max_size=20), st.lists(PIECES, max_size=10).map("".join))


@given(LINES, st.integers(0, 4))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_into_markdown_is_read_again(line, index):
    content = MARKDOWN.encode()
    before = transcript("talk.md", content)
    starts = [at for at, _ in outermost(before.segments)]
    segments = range(starts[index], [*starts, len(before.segments)][index + 1])
    after = retexted(before, segments, [Paragraph(Kind.SPEECH, before.segments[starts[index]].speaker, line)])
    made = written("talk.md", after.text, content, before.text)
    assert text_in("talk.md" if made.keeps_name else "talk.txt", made.content) == after.text

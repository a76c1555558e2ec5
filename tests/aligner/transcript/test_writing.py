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
from aligner.transcript.writing import same_text, text_in, written
from tests.tables import over_rows

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


def said(text: str) -> Transcript:
    return Transcript("talk.txt", "0" * 64, text, (), ())


def changed(content: bytes, index: int, *texts: str, name: str = "talk.md") -> bytes:
    before = transcript(name, content)
    inner = dict(outermost(before.segments))[index]
    speaker = before.segments[index].speaker
    after = retexted(before, range(index, inner.stop), [Paragraph(Kind.SPEECH, speaker, text) for text in texts])
    made = written(name, after, content, before)
    assert made.keeps_name
    assert transcript(name, made.content).text == after.text
    return made.content


def test_a_word_of_markdown_is_changed_and_all_else_stays():
    new = changed(MARKDOWN.encode(), 1, "Bonsoir à tous.")
    assert new.decode() == MARKDOWN.replace("Bonjour", "Bonsoir")


def test_a_paragraph_of_markdown_is_split_and_removed():
    split = changed(MARKDOWN.encode(), 2, "Avec plaisir.", "Oui.").decode()
    assert split == MARKDOWN.replace("*plaisir*, oui.", "plaisir.\n\nOui.")
    without = changed(MARKDOWN.encode(), 2).decode()
    assert "plaisir" not in without
    assert "title: La roue" in without


def rewritten(content: str, index: int, *paragraphs: Paragraph, put_in: bool = False) -> str:
    before = transcript("talk.md", content.encode())
    inner = dict(outermost(before.segments))[index]
    after = retexted(before, range(index, index if put_in else inner.stop), paragraphs)
    return written("talk.md", after, content.encode(), before).content.decode()


def test_a_paragraph_that_becomes_a_heading_is_marked_as_one_and_back():
    made = rewritten(MARKDOWN, 2, Paragraph(Kind.HEADING, None, "Le cinéma & les <ondes>"))
    assert made == MARKDOWN.replace("**Leo :** Avec *plaisir*, oui.", "## Le cinéma & les <ondes>")
    back = rewritten(made, 2, Paragraph(Kind.SPEECH, "Leo", "Avec plaisir, oui."))
    assert back == MARKDOWN.replace("*plaisir*", "plaisir")


def test_a_paragraph_without_a_label_becomes_a_heading_though_its_text_is_the_same():
    source = "**Ana :** Bonjour à tous.\n\nEt puis on parle du cinéma.\n\n**Leo :** Oui.\n"
    before = transcript("talk.md", source.encode())
    told = Paragraph(Kind.HEADING, None, "Et puis on parle du cinéma.")
    assert not same_text("talk.md", retexted(before, range(1, 2), [told]), before)
    assert same_text("talk.txt", retexted(before, range(1, 2), [told]), before)
    assert rewritten(source, 1, told) == source.replace("Et puis", "## Et puis")


@over_rows("label", ["**{}:** ", "**{}**: ", "__{}:__ ", "*{}* : ", "{}: "])
def test_labels_are_marked_as_the_file_marks_them(label):
    ana, leo = label.format("Ana"), label.format("Leo")
    source = f"{ana}Bonjour à *tous* ici.\n\n{leo}Oui, R&D.\n\n{ana}Bien.\n"
    put_in = rewritten(source, 2, Paragraph(Kind.SPEECH, "Zoé Bo", "Et moi & vous ?"), put_in=True)
    assert put_in == source.replace(f"\n\n{ana}Bien", f"\n\n{label.format('Zoé Bo')}Et moi & vous ?\n\n{ana}Bien")
    told = rewritten(source, 0, Paragraph(Kind.SPEECH, "Leo", "Bonjour à tous ici."))
    assert told.startswith(f"{leo}Bonjour à *tous* ici.\n\n")


TABLE = """# La roue

**Ana Sol :** Bonjour à *tous*.

| Heure | Sujet            |
| ----: | :--------------- |
|  9 h  | **La** rustine   |

**Leo :** Avec *plaisir*, oui.

<p class="credit">Montage : Zoé.</p>

**Ana Sol :** On commence ?
"""


def test_beside_a_table_and_html_markdown_stays_markdown_and_they_stay_to_the_letter():
    assert changed(TABLE.encode(), paragraph(TABLE, "Bonjour"), "Bonsoir à tous.").decode() == TABLE.replace(
        "Bonjour", "Bonsoir"
    )
    split = changed(TABLE.encode(), paragraph(TABLE, "Avec"), "Avec plaisir, oui.", "Et puis voilà.").decode()
    assert split == TABLE.replace("*plaisir*, oui.\n", "*plaisir*, oui.\n\nEt puis voilà.\n")


def test_what_is_changed_within_a_table_becomes_text():
    before, at = transcript("talk.md", TABLE.encode()), paragraph(TABLE, "La rustine")
    inner = dict(outermost(before.segments))[at]
    after = retexted(before, range(at, inner.stop), [Paragraph(Kind.SPEECH, None, "Rien du tout")])
    assert not written("talk.md", after, TABLE.encode(), before).keeps_name


def paragraph(source: str, start: str) -> int:
    """The index of the paragraph that begins so."""
    read = transcript("talk.md", source.encode())
    found = ((index, read.text[read.segments[index].char_start :]) for index, _ in outermost(read.segments))
    return next(index for index, text in found if text.startswith(start))


def test_line_ends_of_markdown_stay():
    content = MARKDOWN.replace("\n", "\r\n").encode()
    assert changed(content, 1, "Bonsoir à tous.") == content.replace(b"Bonjour", b"Bonsoir")


@over_rows("name", ["talk.docx", "talk.html", "talk.srt", "talk.vtt", "talk.json", "talk.md"])
def test_other_formats_and_markdown_that_is_gone_become_text_beside_them(name):
    made = written(name, said("Oui.\n"), None if name == "talk.md" else b"whatever", said("Non.\n"))
    assert (made.content, made.keeps_name) == (b"Oui.\n", False)


@over_rows("name", ["talk.txt", "talk", "talk.TEXT"])
def test_plain_text_stays_so_in_utf_8(name):
    made = written(name, said("Été.\r\n"), "Ete.\r\n".encode("latin-1"), said("Ete.\r\n"))
    assert (made.content, made.keeps_name) == ("Été.\r\n".encode(), True)


@over_rows("text", ["ID3 tags\n", "%PDF\n", "WEBVTT\n\n00:01.000 --> 00:02.000\nOui\n", "<p>Oui</p>\n"])
def test_text_that_would_be_read_as_something_else_is_refused(text):
    with pytest.raises(TranscriptError, match="begins with"):
        written("talk.txt", said(text), None, said("Oui.\n"))


PIECES = st.sampled_from(
    ["Leo", ": ", " ", "*", "_", "#", "- ", "1. ", "[", "](", ")", "<b>", "&amp;", "`", "\\", "|", "—", "é", "mot", ".",
     "~~", "===", "![x]", "http://a.b", "«", "\u202e", "م", "\xa0", "[^1]"]
)  # fmt: skip
LINES = st.one_of(st.text(max_size=20), st.lists(PIECES, max_size=10).map("".join))


@pytest.mark.nightly
@given(LINES, st.integers(0, 4))
@settings(max_examples=150, deadline=None)
def test_whatever_is_written_into_markdown_is_read_again(line, index):
    content = MARKDOWN.encode()
    before = transcript("talk.md", content)
    starts = [at for at, _ in outermost(before.segments)]
    segments = range(starts[index], [*starts, len(before.segments)][index + 1])
    after = retexted(before, segments, [Paragraph(Kind.SPEECH, before.segments[starts[index]].speaker, line)])
    made = written("talk.md", after, content, before)
    assert text_in("talk.md" if made.keeps_name else "talk.txt", made.content) == after.text

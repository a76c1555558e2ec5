"""A written transcript reads back as its text, and keeps the markup that did not change."""

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
    result = written(name, after, content, before)
    assert result.keeps_name
    assert transcript(name, result.content).text == after.text
    return result.content


@over_rows("line_end", ["\n", "\r\n"])
def test_a_word_of_markdown_is_changed_and_all_other_bytes_stay(line_end):
    content = MARKDOWN.replace("\n", line_end).encode()
    assert changed(content, 1, "Bonsoir à tous.") == content.replace(b"Bonjour", b"Bonsoir")


def test_a_paragraph_of_markdown_is_split_and_removed():
    split = changed(MARKDOWN.encode(), 2, "Avec plaisir.", "Oui.").decode()
    assert split == MARKDOWN.replace("*plaisir*, oui.", "plaisir.\n\nOui.")
    assert "plaisir" not in changed(MARKDOWN.encode(), 2).decode()


def rewritten(content: str, index: int, *paragraphs: Paragraph, is_new: bool = False) -> str:
    before = transcript("talk.md", content.encode())
    inner = dict(outermost(before.segments))[index]
    after = retexted(before, range(index, index if is_new else inner.stop), paragraphs)
    return written("talk.md", after, content.encode(), before).content.decode()


def test_a_paragraph_becomes_a_heading_and_back():
    made = rewritten(MARKDOWN, 2, Paragraph(Kind.HEADING, None, "Le cinéma & les <ondes>"))
    assert made == MARKDOWN.replace("**Leo :** Avec *plaisir*, oui.", "## Le cinéma & les <ondes>")
    back = rewritten(made, 2, Paragraph(Kind.SPEECH, "Leo", "Avec plaisir, oui."))
    assert back == MARKDOWN.replace("*plaisir*", "plaisir")


def test_a_change_of_kind_alone_is_written():
    source = "**Ana :** Bonjour à tous.\n\nEt puis on parle du cinéma.\n\n**Leo :** Oui.\n"
    before = transcript("talk.md", source.encode())
    new = Paragraph(Kind.HEADING, None, "Et puis on parle du cinéma.")
    assert not same_text("talk.md", retexted(before, range(1, 2), [new]), before)
    assert same_text("talk.txt", retexted(before, range(1, 2), [new]), before)
    assert rewritten(source, 1, new) == source.replace("Et puis", "## Et puis")


@over_rows("label", ["**{}:** ", "**{}**: ", "__{}:__ ", "*{}* : ", "{}: "])
def test_new_labels_have_the_style_of_the_file(label):
    ana, leo = label.format("Ana"), label.format("Leo")
    source = f"{ana}Bonjour à *tous* ici.\n\n{leo}Oui, R&D.\n\n{ana}Bien.\n"
    is_new = rewritten(source, 2, Paragraph(Kind.SPEECH, "Zoé Bo", "Et moi & vous ?"), is_new=True)
    assert is_new == source.replace(f"\n\n{ana}Bien", f"\n\n{label.format('Zoé Bo')}Et moi & vous ?\n\n{ana}Bien")
    new = rewritten(source, 0, Paragraph(Kind.SPEECH, "Leo", "Bonjour à tous ici."))
    assert new.startswith(f"{leo}Bonjour à *tous* ici.\n\n")


TABLE = """# La roue

**Ana Sol :** Bonjour à *tous*.

| Heure | Sujet            |
| ----: | :--------------- |
|  9 h  | **La** rustine   |

**Leo :** Avec *plaisir*, oui.

<p class="credit">Montage : Zoé.</p>

**Ana Sol :** On commence ?
"""


def test_tables_and_html_beside_a_change_stay_byte_for_byte():
    assert changed(TABLE.encode(), paragraph(TABLE, "Bonjour"), "Bonsoir à tous.").decode() == TABLE.replace(
        "Bonjour", "Bonsoir"
    )
    split = changed(TABLE.encode(), paragraph(TABLE, "Avec"), "Avec plaisir, oui.", "Et puis voilà.").decode()
    assert split == TABLE.replace("*plaisir*, oui.\n", "*plaisir*, oui.\n\nEt puis voilà.\n")


def test_a_change_within_a_table_makes_a_text_file():
    before, at = transcript("talk.md", TABLE.encode()), paragraph(TABLE, "La rustine")
    inner = dict(outermost(before.segments))[at]
    after = retexted(before, range(at, inner.stop), [Paragraph(Kind.SPEECH, None, "Rien du tout")])
    assert not written("talk.md", after, TABLE.encode(), before).keeps_name


def paragraph(source: str, start: str) -> int:
    """The index of the paragraph that begins so."""
    read = transcript("talk.md", source.encode())
    found = ((index, read.text[read.segments[index].char_start :]) for index, _ in outermost(read.segments))
    return next(index for index, text in found if text.startswith(start))


@over_rows("name", ["talk.docx", "talk.html", "talk.srt", "talk.vtt", "talk.json", "talk.md"])
def test_other_formats_and_missing_markdown_get_a_text_file_beside_them(name):
    result = written(name, said("Oui.\n"), None if name == "talk.md" else b"whatever", said("Non.\n"))
    assert (result.content, result.keeps_name) == (b"Oui.\n", False)


@over_rows("name", ["talk.txt", "talk", "talk.TEXT"])
def test_plain_text_is_written_in_utf_8(name):
    result = written(name, said("Été.\r\n"), "Ete.\r\n".encode("latin-1"), said("Ete.\r\n"))
    assert (result.content, result.keeps_name) == ("Été.\r\n".encode(), True)


@over_rows("text", ["ID3 tags\n", "%PDF\n", "WEBVTT\n\n00:01.000 --> 00:02.000\nOui\n"])
def test_text_that_would_be_read_as_another_format_is_refused(text):
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
def test_any_text_written_into_markdown_reads_back(line, index):
    content = MARKDOWN.encode()
    before = transcript("talk.md", content)
    starts = [at for at, _ in outermost(before.segments)]
    segments = range(starts[index], [*starts, len(before.segments)][index + 1])
    after = retexted(before, segments, [Paragraph(Kind.SPEECH, before.segments[starts[index]].speaker, line)])
    result = written("talk.md", after, content, before)
    assert text_in("talk.md" if result.keeps_name else "talk.txt", result.content) == after.text

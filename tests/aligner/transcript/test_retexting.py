"""Replacing paragraphs changes only these, and labels that would name the wrong speaker."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import TranscriptError
from aligner.model import Kind, Segment, Transcript, outermost
from aligner.transcript.retexting import Paragraph, retexted
from aligner.transcript.structure import words_of
from tests.aligner.storage.written_texts import rows_of, transcript_of

TALK = """Ana Sol : Bonjour à tous.

Et merci d’être là.

Leo : Avec plaisir.

Ana Sol : On commence ?

Leo : Oui.
"""


def said(speaker: str | None, text: str) -> Paragraph:
    return Paragraph(Kind.SPEECH, speaker, text)


def changed(text: str, segments: range, *paragraphs: Paragraph) -> str:
    return retexted(transcript_of(text), segments, paragraphs).text


def test_a_corrected_word_changes_nothing_else():
    new = retexted(transcript_of(TALK), range(2, 3), [said("Leo", "Avec grand plaisir.")])
    assert new.text == TALK.replace("Avec plaisir", "Avec grand plaisir")
    assert rows_of(new) == rows_of(transcript_of(new.text))
    assert [segment.pinned for segment in new.segments] == [False, False, True, False, False]


def test_speech_without_a_speaker_belongs_to_the_previous_one():
    new = retexted(transcript_of(TALK), range(4, 4), [said(None, "Une seconde.")])
    assert rows_of(new)[4] == (Kind.SPEECH, "Ana Sol", "Une seconde.")
    assert rows_of(new) == rows_of(transcript_of(new.text))


def test_a_turn_without_a_label_gets_one_after_another_speaker():
    new = retexted(transcript_of(TALK), range(0, 1), [said("Leo", "Bonjour à tous.")])
    assert new.text == TALK.replace("Ana Sol : Bonjour", "Leo : Bonjour").replace("Et merci", "Ana Sol : Et merci")
    assert rows_of(new) == rows_of(transcript_of(new.text))


def test_a_new_speaker_gets_a_label_in_the_style_of_the_text():
    assert "\n\nZoé : Avec plaisir.\n\n" in changed(TALK, range(2, 3), said("Zoé", "Avec plaisir."))
    above = "Ana Sol\nBonjour.\n\nLeo Roy\nOui.\n\nAna Sol\nBien.\n\nLeo Roy\nOui.\n"
    assert "\n\nZoé Li\nNon.\n\n" in changed(above, range(1, 2), said("Zoé Li", "Non."))
    capitals = "ANA: Hello.\nLEO: Yes.\nANA: Well.\nLEO: Yes.\n"
    assert changed(capitals, range(1, 2), said("ANA", "Yes.")).startswith("ANA: Hello.\nANA: Yes.\nANA: Well.")
    assert changed("Hello there.\nYes.\n", range(0, 1), said("Ana", "Hello there.")) == "Ana: Hello there.\nYes.\n"


def test_a_time_in_a_label_stays():
    text = "Ana Sol 00:00:12\nBonjour.\n\nLeo Roy 00:00:14\nOui.\n\nAna Sol 00:00:20\nBien.\n"
    new = changed(text, range(1, 2), said("Ana Sol", "Oui."))
    assert new == text.replace("Leo Roy", "Ana Sol")


def test_french_dashes():
    text = "— Bonjour.\n— Salut.\n— Ça va ?\n"
    assert changed(text, range(1, 2), said(None, "Salut à toi.")) == text.replace("Salut.", "Salut à toi.")
    assert changed(text, range(1, 2), said(None, "— Non.")) == text.replace("Salut.", "Non.")
    assert changed(text, range(1, 2), said("Ana", "Salut.")) == "— Bonjour.\nAna: Salut.\n— Ça va ?\n"


def test_a_turn_is_split_and_two_are_joined():
    parted = retexted(transcript_of(TALK), range(0, 1), [said("Ana Sol", "Bonjour."), said("Leo", "À tous.")])
    assert parted.text.startswith("Ana Sol : Bonjour.\n\nLeo : À tous.\n\nAna Sol : Et merci d’être là.\n\n")
    assert rows_of(parted) == rows_of(transcript_of(parted.text))
    joined = changed(TALK, range(0, 2), said("Ana Sol", "Bonjour à tous. Et merci d’être là."))
    assert joined.startswith("Ana Sol : Bonjour à tous. Et merci d’être là.\n\nLeo : Avec")


def test_paragraphs_are_inserted_anywhere():
    new = said("Leo", "Neuf.")
    assert changed(TALK, range(0, 0), new).startswith("Leo : Neuf.\n\nAna Sol : Bonjour")
    assert changed(TALK, range(1, 1), new).startswith(
        "Ana Sol : Bonjour à tous.\n\nLeo : Neuf.\n\nAna Sol : Et merci d’être là.\n\n"
    )
    assert changed(TALK, range(5, 5), new).endswith("Leo : Oui.\n\nNeuf.\n")


def test_paragraphs_are_removed_anywhere():
    assert changed(TALK, range(0, 1)).startswith("Ana Sol : Et merci d’être là.\n\nLeo : Avec")
    assert changed(TALK, range(4, 5)).endswith("Ana Sol : On commence ?\n")
    assert changed(TALK, range(2, 3), said(None, " … ")) == TALK.replace("Leo : Avec plaisir.\n\n", "")


def test_not_all_speech_can_be_removed():
    with pytest.raises(TranscriptError, match="would have no speech left"):
        changed(TALK, range(0, 5), Paragraph(Kind.NOTE, None, "Une note"))


def test_marks_in_a_new_paragraph_are_found():
    new = retexted(transcript_of(TALK), range(2, 3), [said("Leo", "Avec [rires] plaisir[2].")])
    assert rows_of(new)[2:5] == [
        (Kind.SPEECH, "Leo", "Avec [rires] plaisir[2]."),
        (Kind.STAGE, "Leo", "[rires]"),
        (Kind.NOTE, "Leo", "[2]"),
    ]
    assert [segment.pinned for segment in new.segments] == [False, False, True, True, True, False, False]
    back = retexted(new, range(2, 5), [said("Leo", "Avec plaisir.")])
    assert back.text == TALK


def test_new_lines_are_wrapped_at_the_width_of_the_text():
    words = ["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize"]
    words += ["quatorze", "quinze", "seize"]
    wrapped = "\r\n\r\n".join(
        f"{name}: " + " ".join(words[:9]) + "\r\n" + " ".join(words[9:]) + "." for name in ["Ana", "Leo"] * 3
    )
    new = retexted(transcript_of(wrapped), range(1, 2), [said("Leo", " ".join(words * 2) + ".")])
    inserted = new.text[new.segments[1].char_start : new.segments[1].char_end]
    assert inserted.count("\r\n") == 3
    assert max(map(len, new.text.splitlines())) <= max(map(len, wrapped.splitlines())) + len("Leo: ")
    assert rows_of(transcript_of(new.text)) == rows_of(new)


def test_speakers_outside_the_text_are_written_into_it():
    text = "Bonjour.\nOui.\nBien.\n"
    starts = [(0, 8, "Ana"), (9, 13, "Leo"), (14, 19, "Ana")]
    segments = tuple(Segment(Kind.SPEECH, speaker, start, end) for start, end, speaker in starts)
    voices = Transcript("talk.vtt", "0" * 64, text, segments, words_of(text, segments))
    new = retexted(voices, range(1, 2), [said("Leo", "Oui, oui.")])
    assert new.text == "Ana: Bonjour.\nLeo: Oui, oui.\nAna: Bien.\n"
    assert retexted(new, range(1, 2), [said("Leo", "Oui.")]).text == "Ana: Bonjour.\nLeo: Oui.\nAna: Bien.\n"


HOSTILE = [
    "Leo : Oui", "\x00\x07oui", "a\r\nb\u2028c", "\ud83d", "\u202eoui", "[", "]", "¹", "# a", "— a", "::", " ", "{}",
]  # fmt: skip
TEXTS = st.one_of(st.text(min_size=1, max_size=30), st.sampled_from(HOSTILE))
PARAGRAPHS = st.builds(
    Paragraph,
    st.sampled_from(Kind),
    st.one_of(st.none(), st.sampled_from(["Ana Sol", "Leo", "Zoé", "?", "a\nb"])),
    TEXTS,
)
ORIGINALS = st.lists(
    st.sampled_from(
        ["Ana Sol : Bonjour.", "Leo : Oui.", "Je vais.", "— Non.", "# Titre", "[rires]", "[00:12] Un mot.", "***"]
    ),
    min_size=1,
    max_size=12,
).map(lambda lines: "\n\n".join(["Leo : Debout.", *lines]) + "\n")


@pytest.mark.nightly
@given(ORIGINALS, st.data(), st.lists(PARAGRAPHS, max_size=4))
@settings(max_examples=400, deadline=None)
def test_new_segments_fit_the_text_and_all_others_stay(text, data, paragraphs):
    before = transcript_of(text)
    outer = [index for index, _ in outermost(before.segments)]
    starts = [*outer, len(before.segments)]
    first = data.draw(st.integers(0, len(outer)))
    stop = data.draw(st.integers(first, len(outer)))
    segments = range(starts[first], starts[stop])
    try:
        after = retexted(before, segments, paragraphs)
    except TranscriptError:
        return

    left = len(before.segments) - segments.stop
    assert rows_of(after)[: segments.start] == rows_of(before)[: segments.start]
    assert rows_of(after)[len(after.segments) - left :] == rows_of(before)[segments.stop :]
    inserted = after.segments[segments.start : len(after.segments) - left]
    assert all(segment.pinned for segment in inserted)
    assert not any(segment.pinned for segment in after.segments if segment not in inserted)
    assert after.words == words_of(after.text, after.segments)
    assert all(segment.char_end <= len(after.text) for segment in after.segments)
    written = [after.text[segment.char_start : segment.char_end] for segment in inserted]
    said_there = "".join(re.sub(r"[\W_]", "", line) for line in written)
    for paragraph in paragraphs:
        kept = re.sub(r"[\W_]", "", re.sub("[\ud800-\udfff\x00-\x1f\x7f-\x9f]", " ", paragraph.text))
        assert kept in said_there
    assert not [line for line in written if "\n" in line]


@pytest.mark.nightly
@given(ORIGINALS, st.data())
@settings(max_examples=200, deadline=None)
def test_replacing_a_paragraph_by_itself_changes_nothing(text, data):
    before = transcript_of(text)
    index, inner = data.draw(st.sampled_from(list(outermost(before.segments))))
    kind, speaker, words = rows_of(before)[index]
    same = retexted(before, range(index, inner.stop), [Paragraph(kind, speaker, words)])
    if any(map(str.isalnum, words)):
        assert same.text == text
        assert [(s.char_start, s.char_end) for s in same.segments] == [
            (s.char_start, s.char_end) for s in before.segments
        ]

"""What a person said of paragraphs stays, whatever becomes of the file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aligner.corrections.structure_overrides import structured
from aligner.model import Kind, Transcript
from aligner.transcript.retexting import Paragraph, retexted
from aligner.transcript.speakers import renamed
from aligner.transcript.structure import words_of
from tests.aligner.storage.written_texts import TALK, rows_of, timed, transcript_of


@pytest.fixture
def set_by_hand() -> Transcript:
    """A paragraph in two: a reader would see neither that another says the first, nor that the second is a note."""
    paragraphs = [Paragraph(Kind.SPEECH, "Zoé", "Avec"), Paragraph(Kind.NOTE, None, "plaisir et sans façon.")]
    return retexted(transcript_of(TALK), range(1, 2), paragraphs)


def test_of_the_same_file_all_stays(set_by_hand):
    read = transcript_of(set_by_hand.text)
    assert rows_of(read) != rows_of(set_by_hand)
    assert structured(read, timed(set_by_hand)).segments == set_by_hand.segments


def test_without_anything_set_a_reader_decides():
    read = transcript_of(TALK)
    other = replace(timed(read), transcript=replace(read, segments=read.segments[:1], words=read.words[:3]))
    assert structured(read, other) == read


def test_in_an_edited_file_it_follows_its_paragraphs(set_by_hand):
    text = "Un mot de plus.\n\n" + set_by_hand.text.replace("sans façon", "sans la moindre façon")
    now = structured(transcript_of(text, "2" * 64), timed(set_by_hand))
    assert (Kind.SPEECH, "Zoé", "Avec") in rows_of(now)
    assert (Kind.NOTE, None, "plaisir et sans la moindre façon.") in rows_of(now)
    assert [segment.pinned for segment in now.segments].count(True) == 2
    assert now.words == words_of(now.text, now.segments)


def test_speakers_are_called_as_they_are_now(set_by_hand):
    names = {"Ana Sol": "Ana S."}
    earlier = timed(retexted(set_by_hand, range(4, 5), [Paragraph(Kind.SPEECH, "Ana Sol", "Oui.")]))
    now = renamed(structured(transcript_of(earlier.transcript.text), earlier), names)
    assert [segment.speaker for segment in now.segments] == ["Ana S.", "Zoé", None, "Ana S.", "Ana S."]

"""What a person said of a transcript's structure, before it is aligned and after: it stays."""

from dataclasses import replace
from pathlib import Path

import pytest

from aligner.corrections.structure_overrides import (
    StructureOverrides,
    read_structure,
    structured,
    with_structure,
    write_structure,
)
from aligner.errors import TranscriptError
from aligner.model import Kind, Transcript, outermost
from aligner.transcript import TranscriptFile, draft_of, read_transcript
from aligner.transcript.retexting import Paragraph, retexted
from aligner.transcript.speakers import renamed
from aligner.transcript.structure import words_of
from tests.aligner.storage.written_texts import TALK, rows_of, timed, transcript_of
from tests.tables import over_rows

TEXT = """Ana: Good day to you all, and welcome.

Bo: Thank you.

And one thing more.

Ana: What is it?

Note: bring some water with you.

Bo: I will.

Of the sea

Ana: Let us go (laughs) then.
"""


@pytest.fixture
def read(tmp_path: Path) -> Transcript:
    path = tmp_path / "talk.txt"
    path.write_text(TEXT, encoding="utf-8")
    return read_transcript(path)


def shown(transcript: Transcript) -> list[tuple[str, str | None, str]]:
    outer = [transcript.segments[index] for index, _ in outermost(transcript.segments)]
    return [(s.kind.value, s.speaker, transcript.text[s.char_start : s.char_end]) for s in outer]


def pinned(transcript: Transcript) -> list[str]:
    return [transcript.text[s.char_start : s.char_end] for s in transcript.segments if s.pinned]


def start_of(transcript: Transcript, text: str) -> int:
    return transcript.text.index(text)


def told(read: Transcript, **what: object) -> Transcript:
    return with_structure(read, StructureOverrides(read.sha256, **what))  # type: ignore[arg-type]


def test_a_label_that_is_none_is_text_of_who_spoke_before_it_and_so_is_what_goes_on(read: Transcript) -> None:
    now = told(read, labels={"Bo": False})
    assert ("speech", "Ana", "Bo: Thank you.") in shown(now)
    assert ("speech", "Ana", "And one thing more.") in shown(now)
    assert ("speech", "Ana", "Bo: I will.") in shown(now)
    assert now.text == read.text
    assert "Ana: What" not in "".join(pinned(now))


def test_what_was_taken_for_text_is_a_label(read: Transcript) -> None:
    as_text = told(read, labels={"Note": False})
    now = told(read, labels={"Note": True})
    assert [text for kind, speaker, text in shown(now) if speaker == "Note"] == ["bring some water with you."]
    assert "Note: bring some water with you." in [text for _, _, text in shown(as_text)]


def test_a_paragraph_is_what_it_was_said_to_be(read: Transcript) -> None:
    heading = told(read, kinds={start_of(read, "And one thing more."): Kind.HEADING})
    assert ("heading", None, "And one thing more.") in shown(heading)
    assert pinned(heading) == ["And one thing more."]
    speech = told(read, kinds={start_of(read, "Of the sea"): Kind.SPEECH})
    assert ("speech", "Bo", "Of the sea") in shown(speech)


def edited(read: Transcript, *replaced: tuple[str, str]) -> Transcript:
    text = TEXT
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    path = Path(read.file).with_suffix(".txt")
    draft = draft_of(path, text.encode("utf-8"))
    return TranscriptFile(path, "f" * 64, draft).understood()


ABOVE = ("Ana: Good day", "Ana: A paragraph that was put in above.\n\nAna: Good day")


def test_in_a_file_that_was_edited_since_what_was_told_follows_its_paragraphs(read: Transcript) -> None:
    what = StructureOverrides.of(read, {"Bo": False}, {start_of(read, "Of the sea"): Kind.SPEECH})
    now = with_structure(edited(read, ABOVE, ("Of the sea", "Of the seas")), what)
    assert ("speech", "Ana", "Of the seas") in shown(now)
    assert ("speech", "Ana", "Bo: Thank you.") in shown(now)


def test_it_is_written_and_read_again(tmp_path: Path) -> None:
    kinds, texts = {12: Kind.HEADING, 99: Kind.SPEECH}, {12: "Of the sea", 99: "…"}
    what = StructureOverrides("ab" * 32, {"Note": False, "Zoé": True}, kinds, texts)
    write_structure(tmp_path / "structure.json", what)
    assert read_structure(tmp_path / "structure.json") == what


@over_rows("content", [b"", b"{}", b'{"format": "quotecast-structure", "version": 2}', b"\xff"])
def test_a_file_that_is_none_of_ours_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "structure.json").write_bytes(content)
    with pytest.raises(TranscriptError, match="cannot be read"):
        read_structure(tmp_path / "structure.json")


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

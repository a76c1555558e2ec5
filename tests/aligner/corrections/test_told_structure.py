"""What a person said of a transcript's structure before it is aligned."""

from __future__ import annotations

from pathlib import Path

import pytest

from aligner.corrections.told_structure import ToldStructure, read_structure, with_structure, write_structure
from aligner.errors import TranscriptError
from aligner.model import Kind, Transcript, outermost
from aligner.transcript import read_transcript

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
    return with_structure(read, ToldStructure(read.sha256, **what))  # type: ignore[arg-type]


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


def test_notes_within_a_paragraph_stay_what_they_are(read: Transcript) -> None:
    now = told(read, kinds={start_of(read, "Of the sea"): Kind.NOTE})
    assert any(s.kind is Kind.STAGE for s in now.segments)
    assert [w.text for w in now.words] == [w.text for w in read.words]


def test_where_nothing_is_told_or_of_another_file_it_is_as_it_was_read(read: Transcript) -> None:
    assert told(read).segments == read.segments
    assert with_structure(read, None) == read
    assert with_structure(read, ToldStructure("0" * 64, {"Bo": False})) == read


def test_where_nobody_would_speak_any_more_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text("Ana: Good day to you all.\n", encoding="utf-8")
    read = read_transcript(path)
    with pytest.raises(TranscriptError, match="nothing would be said"):
        told(read, kinds={5: Kind.NOTE})


def test_it_is_written_and_read_again(tmp_path: Path) -> None:
    what = ToldStructure("ab" * 32, {"Note": False, "Zoé": True}, {12: Kind.HEADING, 99: Kind.SPEECH})
    write_structure(tmp_path / "structure.json", what)
    assert read_structure(tmp_path / "structure.json") == what


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": "quotecast-structure", "version": 2}', b"\xff"])
def test_a_file_that_is_none_of_ours_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "structure.json").write_bytes(content)
    with pytest.raises(TranscriptError, match="cannot be read"):
        read_structure(tmp_path / "structure.json")
